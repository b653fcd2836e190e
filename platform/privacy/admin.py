"""The editable rows of the duties, and their logs, in the administration site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import LogAdmin, StaffAdmin
from privacy.models import CaseEvent, ConsentEvent, ConsentPurpose, Ground, RetentionRule, RetentionRun, Term
from privacy.registries import retention


class ConfirmedAdmin(StaffAdmin):
    """Whoever edits a shipped value has looked at it: it counts as confirmed from then on."""

    readonly_fields: ClassVar[Any] = ("is_default",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.is_default = False
        super().save_model(request, obj, form, change)


@admin.register(Term)
class TermAdmin(ConfirmedAdmin):
    effect = _("Holds for what is received from now on; running terms keep the value they began with.")
    list_display = ("slug", "working_days", "basis", "is_default")


@admin.register(Ground)
class GroundAdmin(ConfirmedAdmin):
    effect = _("The officer chooses among these grounds; the person reads their names in the answer.")
    list_display = ("slug", "use", "name_kk", "name_ru", "law", "is_active", "is_default")
    list_filter = ("use", "is_active")


@admin.register(RetentionRule)
class RetentionRuleAdmin(ConfirmedAdmin):
    effect = _("Holds from the next night on. What is deleted cannot be brought back: look at the preview first.")
    list_display = ("record_type", "amount", "unit", "action", "since", "is_enabled", "is_default")
    list_filter = ("is_enabled", "is_default")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("is_default", "record_type") if obj else ("is_default",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Only what the kind of record can do is offered."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "record_type" and field is not None:
            field.help_text = ", ".join(slug for slug, _kind in retention)
        return field


@admin.register(ConsentPurpose)
class ConsentPurposeAdmin(StaffAdmin):
    effect = _("Switched off, the forms stop asking within seconds. Consents already given stay recorded.")
    list_display = ("slug", "name_kk", "name_ru", "is_asked")


@admin.register(RetentionRun)
class RetentionRunAdmin(LogAdmin):
    list_display = ("day", "rule", "counted", "removed", "errors", "last_error", "started_at", "finished_at")
    list_select_related = ("rule",)
    ordering = ("-id",)


@admin.register(ConsentEvent)
class ConsentEventAdmin(LogAdmin):
    list_display = ("at", "kind", "purpose", "subject_ref", "version", "language", "channel")
    list_filter = ("kind", "purpose")
    list_select_related = ("purpose",)
    ordering = ("-id",)


@admin.register(CaseEvent)
class CaseEventAdmin(LogAdmin):
    list_display = ("at", "case_ref", "kind", "actor")
    list_filter = ("kind",)
    list_select_related = ("actor",)
    ordering = ("-id",)
