"""The log in the administration site: to look at, never to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Role
from accounts.permissions import has_role
from audit.models import AuditCheckpoint, AuditRecord, ChainCheck
from common.admin import LogAdmin


class OfficersOnly(LogAdmin):
    """The administration site is open to methodologists too; the log is not."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.ADMINISTRATOR, Role.SECURITY_OFFICER)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)


@admin.register(AuditRecord)
class AuditRecordAdmin(OfficersOnly):
    list_display = ("at", "actor", "action", "outcome", "subject_ref", "fields", "reason", "address", "seq")
    list_filter = ("category", "outcome", "action")
    list_select_related = ("actor",)
    search_fields = ("subject_ref", "=actor__username")
    ordering = ("-id",)


@admin.register(AuditCheckpoint)
class AuditCheckpointAdmin(OfficersOnly):
    list_display = ("seq", "records", "last_at", "made_at", "made_by", "reason")
    list_select_related = ("made_by",)
    ordering = ("-seq",)


@admin.register(ChainCheck)
class ChainCheckAdmin(OfficersOnly):
    list_display = ("started_at", "finished_at", "is_whole", "through_seq", "checked", "problem_seq", "problem")
    list_filter = ("is_whole",)
    ordering = ("-id",)
