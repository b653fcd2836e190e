"""The log in the administration site: to look at, never to change."""

from __future__ import annotations

from django.contrib import admin

from audit.models import AuditRecord
from common.admin import LogAdmin


@admin.register(AuditRecord)
class AuditRecordAdmin(LogAdmin):
    list_display = ("at", "actor", "action", "outcome", "subject_ref", "fields", "reason", "address", "seq")
    list_filter = ("category", "outcome", "action")
    list_select_related = ("actor",)
    search_fields = ("subject_ref", "=actor__username")
    ordering = ("-id",)
