"""What early warning announces to the hub: its entries in the navigation, its notices, its periods of keeping."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action
from notifications import preferences
from privacy.models import RetentionRule
from privacy.registries import RecordType, retention
from reports.models import EarlyWarning
from reports.warning import selectors
from reports.warning.notices import GROUP
from ui.navigation import WORK, NavItem, register


def _may_oversee(request: HttpRequest) -> bool:
    return has_right(request.user, Action.OVERSEE)


def _new(request: HttpRequest) -> int | None:
    return (selectors.open_count(request.user) or None) if isinstance(request.user, User) else None


def _old(older: dt.datetime) -> QuerySet[EarlyWarning]:
    return EarlyWarning.objects.filter(closed_at__lt=older)


def _forget(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_old(older).order_by("pk").values_list("pk", flat=True)[:limit])
    EarlyWarning.objects.filter(pk__in=keys).delete()
    return len(keys)


def register_warning() -> None:
    register(
        NavItem(label=_("Warnings"), url_name="reports:warnings", section=WORK, order=62, icon="alert",
                shown=_may_oversee, count=_new),
    )  # fmt: skip
    preferences.announce(GROUP)
    retention.register("early_warnings")(
        RecordType(
            _("Early warnings"), (RetentionRule.Action.DELETE,), lambda older: _old(older).count(), _forget,
            _("Closed ones with their reasons; they hold neither texts nor addresses."), order=185,
        )
    )  # fmt: skip
