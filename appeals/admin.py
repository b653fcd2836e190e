"""Tables that steer the work on appeals, and the history to look at. Cases themselves are not edited here."""

from __future__ import annotations

from typing import Any, ClassVar

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
from appeals.models.choices import TermUnit
from appeals.reference.versions import COPIED, replace_rule
from common.admin import NAMES, RELATED_ONLY, LogAdmin, StaffAdmin

ANY = _("Empty: any.")


@admin.register(Topic)
class TopicAdmin(StaffAdmin):
    effect = _("Holds for appeals filed from now on; those that have the topic already keep what it gave them.")
    help_texts: ClassVar = {
        "default_category": _("What the appeal is counted as, unless the operator chooses otherwise."),
        "default_regime": _("A statutory appeal needs the applicant's identity and has the terms of the Code."),
        "default_priority": _("Chooses the term: emergencies and urgent appeals have shorter ones."),
        "keywords": _(
            "Separated by commas or semicolons, endings are free. A text that holds them gets this topic suggested."
        ),
        "is_active": _("Off: not offered any more."),
    }
    list_display = ("slug", "name_kk", "name_ru", "sector", "default_priority", "default_regime", "is_active")
    list_filter = ("is_active", "sector", "default_regime", "default_priority", "default_category")
    list_select_related = ("sector",)
    search_fields = ("slug", *NAMES, "keywords")


@admin.register(SlaPolicy)
class SlaPolicyAdmin(StaffAdmin):
    """A changed term holds for appeals that come from now on; clocks already running keep theirs."""

    effect = _(
        "A changed term holds for appeals that come from now on; clocks already running keep theirs. Where several "
        "rows fit, the most specific one holds: priority weighs first, then topic, organization, kind and regime."
    )
    help_texts: ClassVar = {
        "timer_code": _("What is measured; each appeal has one clock of a kind."),
        "regime": ANY,
        "kind": ANY,
        "topic": ANY,
        "priority": ANY,
        "organization": _("Empty: any. Otherwise the organization whose department has the appeal."),
        "pauses": _("While the applicant is asked, the clock stands still and the due date moves."),
        "is_active": _("Off: the next less specific row holds."),
        "basis_kk": _("The article of law, or that the term is a default to be confirmed."),
    }
    list_display = ("code", "timer_code", "term", "holds_for", "is_active", "basis")
    list_filter = ("is_active", "timer_code", "regime", "priority", "unit")
    list_select_related = ("topic", "organization")
    search_fields = ("code", "basis_kk", "basis_ru", "basis_en", "topic__name_kk", "topic__name_ru")

    @admin.display(description=_("term"), ordering="amount")
    def term(self, row: SlaPolicy) -> str:
        unit = str(row.get_unit_display())
        return unit if row.unit == TermUnit.FIRST_CONTACT else f"{row.amount} {unit}"

    @admin.display(description=_("holds for"))
    def holds_for(self, row: SlaPolicy) -> str:
        """What an appeal must be for the row to fit; nothing at all: every appeal."""
        values = (
            row.get_priority_display(), row.topic, row.organization, row.get_kind_display(), row.get_regime_display()
        )  # fmt: skip
        return ", ".join(str(value) for value in values if value) or str(_("every appeal"))

    @admin.display(description=_("basis"))
    def basis(self, row: SlaPolicy) -> str:
        return row.basis


@admin.register(EscalationStep)
class EscalationStepAdmin(StaffAdmin):
    effect = _(
        "Running clocks follow the new ladder within half a minute. A rung that has passed already is not told "
        "afterwards. Below 100 % it is a reminder, from 100 % on an escalation."
    )
    help_texts: ClassVar = {
        "regime": ANY,
        "recipient": _("Executors and heads: those of the unit that has the appeal. Akim, deputies, inspectors: all."),
    }
    list_display = ("timer_code", "share", "recipient", "regime", "is_active")
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

    effect = _(
        "Saving ends this version and adds the next one; appeals routed before keep the version they went by. Where "
        "several rules fit, the most specific one is suggested."
    )
    help_texts: ClassVar = {
        "topic": ANY,
        "sector": ANY,
        "area": ANY,
        "category": ANY,
        "department": _("An external one: the appeal is forwarded, with a notice to the applicant."),
        "note": _("For whoever edits the rules."),
    }
    list_display = (
        "id", "topic", "sector", "area", "category", "off_hours_only", "department", "auto_assign", "version",
        "valid_from", "valid_until",
    )  # fmt: skip
    list_filter = (InForceFilter, "auto_assign", "off_hours_only", "category", ("department", RELATED_ONLY))
    list_select_related = ("topic", "sector", "area", "department")
    search_fields = ("topic__name_kk", "topic__name_ru", "topic__slug", "department__name_kk", "department__name_ru")
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
    effect = _("Operators read it to the caller and close the call as solved at first contact; the text is the answer.")
    help_texts: ClassVar = {"topic": _("An article of the chosen topic is found before others.")}
    list_display = ("slug", "topic", "title_kk", "title_ru", "title_en", "is_active", "updated_at")
    list_filter = ("is_active", ("topic", RELATED_ONLY))
    list_select_related = ("topic",)
    search_fields = ("slug", "title_kk", "title_ru", "title_en", "body_kk", "body_ru", "body_en")


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(StaffAdmin):
    effect = _("A start for an answer, offered where topic, regime, outcome and language fit. Sent answers stay.")
    help_texts: ClassVar = {
        "topic": ANY,
        "regime": ANY,
        "body": _(
            "Filled from the appeal: {applicant}, {number}, {received_on}, {address}, {topic}, {department}, "
            "{executor}, {due_on}, {today}, {measures}, {done_on}, {done_by}."
        ),
    }
    list_display = ("title", "topic", "regime", "outcome", "language", "is_active")
    list_filter = ("is_active", "language", "outcome", "regime", ("topic", RELATED_ONLY))
    list_select_related = ("topic",)
    search_fields = ("title", "body")


@admin.register(ChannelParameters)
class ChannelParametersAdmin(StaffAdmin):
    effect = _("Holds for messages that come from now on, within a minute.")
    help_texts: ClassVar = {
        "appeals_per_day": _("More of one sender are turned away until the next day."),
        "largest_file_mb": _("A larger file is not kept."),
    }
    list_display = ("channel", "join_within_hours", "appeals_per_day", "largest_file_mb")


@admin.register(ReplyGateParameters)
class ReplyGateParametersAdmin(StaffAdmin):
    """Numbers in a single row."""

    effect = _("Holds for every answer checked from now on; a finding can still be overridden with a written ground.")
    help_texts: ClassVar = {
        "near_copy_share": _(
            "From this share of equal word groups on an answer counts as a copy; 1.00 finds only whole ones."
        ),
        "compare_with_last": _("More of them find more copies and make the check slower."),
        "shortest": _("A shorter answer is held up."),
    }

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
