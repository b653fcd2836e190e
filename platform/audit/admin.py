"""The log in the administration site: to look at, never to change."""

from __future__ import annotations

from django.contrib import admin

from audit.models import AuditCheckpoint, AuditRecord, ChainCheck
from common.admin import LogAdmin


@admin.register(AuditRecord)
class AuditRecordAdmin(LogAdmin):
    list_display = ("at", "actor", "action", "outcome", "subject_ref", "fields", "reason", "address", "seq")
    list_filter = ("category", "outcome", "action")
    list_select_related = ("actor",)
    search_fields = ("subject_ref", "=actor__username")
    ordering = ("-id",)


@admin.register(AuditCheckpoint)
class AuditCheckpointAdmin(LogAdmin):
    list_display = ("seq", "records", "last_at", "made_at", "made_by", "reason")
    list_select_related = ("made_by",)
    ordering = ("-seq",)


@admin.register(ChainCheck)
class ChainCheckAdmin(LogAdmin):
    list_display = ("started_at", "finished_at", "is_whole", "through_seq", "checked", "problem_seq", "problem")
    list_filter = ("is_whole",)
    ordering = ("-id",)
