"""The entry of the administrator in the work navigation, and where the log's subjects of this app are to be seen."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import has_right
from accounts.rights import Action
from audit.subjects import SubjectPage, names_in, page_by_number, subject_pages
from sso.models import ConnectedSystem, OutsideProvider
from ui.navigation import WORK, NavItem, register


def register_navigation() -> None:
    register(
        NavItem(
            label=_("Single sign-on"),
            url_name="sso:systems",
            section=WORK,
            order=85,
            icon="link",
            shown=lambda request: has_right(request.user, Action.MANAGE_SSO),
        )
    )
    subject_pages.register("sso:system")(
        SubjectPage(
            page_by_number("sso:system"), (Action.MANAGE_SSO,), _("Connected system"), names_in(ConnectedSystem)
        )
    )
    subject_pages.register("sso:provider")(
        SubjectPage(
            lambda _key: reverse("sso:outsides"), (Action.MANAGE_SSO,), _("Outside provider"), names_in(OutsideProvider)
        )
    )
