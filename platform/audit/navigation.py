"""The entry of the log in the navigation of whoever may see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.views.base import may_audit
from ui.navigation import WORK, NavItem, register


def register_navigation() -> None:
    register(
        NavItem(label=_("Audit log"), url_name="audit:log", section=WORK, order=90, icon="shield", shown=may_audit)
    )
