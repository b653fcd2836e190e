"""The pages of the officer beside each other, and who may open which."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Person
from privacy.access import may_manage, may_manage_breaches, may_take_down, may_write_texts

TABS: tuple[tuple[str, str | Promise, Callable[[Person], bool]], ...] = (
    ("staff", _("Requests"), may_manage),
    ("staff-takedowns", _("Take-downs"), may_take_down),
    ("staff-breaches", _("Breaches"), may_manage_breaches),
    ("staff-retention", _("Retention"), may_manage),
    ("staff-texts", _("Texts of consent"), may_write_texts),
)
