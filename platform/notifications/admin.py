"""Messages out, to see what went and what did not; addresses and texts stay closed."""

from __future__ import annotations

from django.contrib import admin

from common.admin import LogAdmin
from notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(LogAdmin):
    list_display = ("created_at", "transport", "template", "subject_ref", "language", "status", "attempts", "sent_at")
    list_filter = ("status", "transport", "template")
    search_fields = ("=subject_ref", "=provider_id")
    ordering = ("-id",)
    fields = (
        "created_at", "transport", "template", "subject_ref", "language", "status", "attempts", "next_try_at",
        "sent_at", "provider_id", "error",
    )  # fmt: skip
