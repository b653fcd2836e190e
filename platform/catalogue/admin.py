"""Tables of the catalogue to edit; each edit is kept with its values before and after in the audit log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import DataFlow, Platform, PlatformFact
from common.admin import NAMES, RELATED_ONLY, StaffAdmin

EFFECT = _("Seen at once on the public pages and in the open API. The audit log keeps every edit.")


@admin.register(Platform)
class PlatformAdmin(StaffAdmin):
    effect = EFFECT
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("key", *NAMES, "kind", "state", "is_public", "updated_at")
    list_filter = ("state", "kind", "is_public")
    search_fields = ("key", *NAMES)


@admin.register(PlatformFact)
class PlatformFactAdmin(StaffAdmin):
    effect = EFFECT
    help_texts: ClassVar = {
        "certainty": _("What nobody has confirmed stays “Not verified” and is shown so."),
        "checked_on": _("The day on which somebody read the source."),
    }
    list_display = ("platform", "aspect", "text_kk", "certainty", "source_kind", "checked_on")
    list_filter = ("certainty", "source_kind", "aspect", ("platform", RELATED_ONLY))
    list_select_related = ("platform",)
    search_fields = ("platform__key", "text_kk", "text_ru", "text_en", "source")


@admin.register(DataFlow)
class DataFlowAdmin(StaffAdmin):
    effect = EFFECT
    help_texts: ClassVar = {
        "text_kk": _("Which data, in a few words."),
        "direction": _("Both ways: the same line in the picture with two arrows."),
    }
    list_display = ("origin", "target", "text_kk", "personal", "protocol", "encryption", "state", "certainty")
    list_filter = ("state", "personal", "encryption", "certainty")
    list_select_related = ("origin", "target")
    search_fields = ("origin__key", "target__key", "text_kk", "text_ru", "text_en", "protocol")
