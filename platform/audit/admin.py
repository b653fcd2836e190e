"""The record of who looked at, exported or configured what; edits in the administration site are entered here too."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.dispatch import receiver

from accounts.models import User
from audit.models import AccessRecord
from audit.trail import record_access
from common.admin import LogAdmin, configured


@receiver(configured, dispatch_uid="audit-configured")
def keep_configuration(actor: User, subject: str, what: list[str], **_: Any) -> None:
    record_access(actor=actor, action=AccessRecord.Action.CONFIGURED, subject_ref=subject[:80], fields=what)


@admin.register(AccessRecord)
class AccessRecordAdmin(LogAdmin):
    list_display = ("at", "actor", "action", "subject_ref", "fields", "reason", "address")
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("subject_ref", "=actor__username")
    ordering = ("-id",)
