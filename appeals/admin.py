"""Tables that steer the work on appeals, and the history to look at. Cases themselves are not edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals import deliveries
from appeals.models import (
    AppealEvent,
    ChannelCounter,
    ChannelParameters,
    EscalationStep,
    KnowledgeArticle,
    RawDelivery,
    ReplyGateParameters,
    ReplyTemplate,
    RoutingRule,
    SlaPolicy,
    TermRecalculation,
    Topic,
)
from appeals.reference.versions import COPIED, replace_rule
from common.admin import NAMES, RELATED_ONLY, LogAdmin, StaffAdmin


@admin.register(Topic)
class TopicAdmin(StaffAdmin):
    list_display = (
        "slug", *NAMES, "sector", "default_category", "default_regime", "default_priority", "hand_over_to", "is_active",
    )  # fmt: skip
    list_filter = ("is_active", "sector", "default_regime", "default_priority", "default_category")
    list_select_related = ("sector",)
    search_fields = ("slug", *NAMES, "keywords")


@admin.register(SlaPolicy)
class SlaPolicyAdmin(StaffAdmin):
    """A changed term holds for appeals that come from now on; clocks already running keep theirs."""

    list_display = (
        "code", "timer_code", "regime", "kind", "topic", "priority", "organization", "amount", "unit",
        "internal_margin", "is_active", "basis",
    )  # fmt: skip
    list_filter = ("is_active", "timer_code", "regime", "priority", "unit")
    list_select_related = ("topic", "organization")
    search_fields = ("code", "basis")
    autocomplete_fields = ("topic", "organization")

    def get_fieldsets(self, request: HttpRequest, obj: SlaPolicy | None = None) -> Any:
        """The rule that surprises stands above the form."""
        told = _("A changed term holds for appeals that come from now on; clocks already running keep theirs.")
        return [(None, {"fields": self.get_fields(request, obj), "description": told})]


@admin.register(EscalationStep)
class EscalationStepAdmin(StaffAdmin):
    list_display = ("timer_code", "regime", "share", "recipient", "is_active")
    list_filter = ("timer_code", "regime", "recipient", "is_active")


class InForceFilter(admin.SimpleListFilter):
    """The versions in force, unless the old ones are asked for."""

    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("old", _("ended versions")), ("all", _("all versions"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        in_force = Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now())
        if self.value() == "old":
            return queryset.exclude(in_force)
        return queryset if self.value() == "all" else queryset.filter(in_force)


@admin.register(RoutingRule)
class RoutingRuleAdmin(StaffAdmin):
    """An edit ends the version in force and adds the next one, so that old cases keep the rule they went by."""

    list_display = (
        "id", "topic", "sector", "area", "category", "off_hours_only", "department", "auto_assign", "version",
        "valid_from", "valid_until",
    )  # fmt: skip
    list_filter = (InForceFilter, "auto_assign", "off_hours_only", "category", ("department", RELATED_ONLY))
    list_select_related = ("topic", "sector", "area", "department")
    search_fields = ("topic__name_kk", "topic__name_ru", "topic__slug", "department__name_kk", "department__name_ru")
    autocomplete_fields = ("topic", "sector", "area", "department")
    fields = (*COPIED, "version", "replaces", "valid_from", "valid_until")
    readonly_fields = ("version", "replaces", "valid_from", "valid_until")
    actions = ("end_now",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        ended = obj is not None and obj.valid_until is not None and obj.valid_until <= timezone.now()
        return super().has_change_permission(request, obj) and not ended

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A rule is ended, not deleted: appeals point to the version they went by."""
        return False

    def save_model(self, request: HttpRequest, obj: RoutingRule, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        elif form.changed_data:
            newer = replace_rule(obj, **{name: form.cleaned_data[name] for name in COPIED})
            obj.pk, obj.version, obj.valid_from = newer.pk, newer.version, newer.valid_from

    @admin.action(description=_("End the chosen rules now"))
    def end_now(self, request: HttpRequest, queryset: QuerySet[RoutingRule]) -> None:
        for rule in queryset.filter(valid_until__isnull=True):
            rule.valid_until = timezone.now()
            rule.save(update_fields=["valid_until"])
            self.log_change(request, rule, [{"changed": {"fields": ["valid_until"]}}])


@admin.register(KnowledgeArticle)
class KnowledgeArticleAdmin(StaffAdmin):
    list_display = ("slug", "topic", "title_kk", "title_ru", "title_en", "is_active", "updated_at")
    list_filter = ("is_active", ("topic", RELATED_ONLY))
    list_select_related = ("topic",)
    search_fields = ("slug", "title_kk", "title_ru", "title_en", "body_kk", "body_ru", "body_en")
    autocomplete_fields = ("topic",)


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(StaffAdmin):
    list_display = ("title", "topic", "regime", "outcome", "language", "is_active")
    list_filter = ("is_active", "language", "outcome", "regime", ("topic", RELATED_ONLY))
    list_select_related = ("topic",)
    search_fields = ("title", "body")
    autocomplete_fields = ("topic",)


@admin.register(ChannelParameters)
class ChannelParametersAdmin(StaffAdmin):
    list_display = ("channel", "join_within_hours", "appeals_per_day", "largest_file_mb")


@admin.register(ReplyGateParameters)
class ReplyGateParametersAdmin(StaffAdmin):
    """Numbers in a single row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# To look at


@admin.register(AppealEvent)
class AppealEventAdmin(LogAdmin):
    list_display = ("occurred_at", "appeal", "seq", "kind", "actor", "recorded_at", "reacted_at", "is_public")
    list_filter = ("kind",)
    list_select_related = ("appeal", "actor")
    search_fields = ("=appeal__number",)
    ordering = ("-id",)
    fields = (
        "appeal", "question", "seq", "kind", "actor", "occurred_at", "recorded_at", "reacted_at", "is_public",
        "reason", "data", "prev_hash", "hash",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppealEvent]:
        """Confidential cases have readers of their own, who open them in the hub."""
        return super().get_queryset(request).filter(appeal__is_confidential=False)


@admin.register(RawDelivery)
class RawDeliveryAdmin(LogAdmin):
    list_display = ("received_at", "channel", "external_id", "status", "attempts", "error")
    list_filter = ("status", "channel")
    search_fields = ("=external_id",)
    ordering = ("-id",)
    fields = ("received_at", "channel", "external_id", "status", "attempts", "error")
    actions = ("try_again",)

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[RawDelivery]) -> None:
        """Failed deliveries are taken up anew; whatever else was chosen stays as it is."""
        for delivery_id in queryset.values_list("pk", flat=True):
            deliveries.try_again(delivery_id)


@admin.register(ChannelCounter)
class ChannelCounterAdmin(LogAdmin):
    list_display = ("day", "channel", "reason", "count")
    list_filter = ("channel", "reason")


@admin.register(TermRecalculation)
class TermRecalculationAdmin(LogAdmin):
    list_display = ("requested_at", "requested_by", "reason", "done_at", "moved")
    list_select_related = ("requested_by",)
    ordering = ("-id",)
