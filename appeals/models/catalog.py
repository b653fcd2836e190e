"""Editable tables that steer the work: topics, terms, escalation ladder, routing, ready texts. No term is in code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from appeals.models.choices import LANGUAGES, Category, Kind, Outcome, Priority, Regime, TermUnit, TimerCode
from common.names import TrilingualName
from organizations.models import Area, Department, Organization, Sector


class Topic(TrilingualName):
    """What an appeal is about, as the contact centres and the sectors name it."""

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="topics", verbose_name=_("sector"))
    default_category = models.CharField(
        _("category"), max_length=16, choices=Category.choices, default=Category.PERSONAL
    )
    default_regime = models.CharField(_("legal regime"), max_length=8, choices=Regime.choices, default=Regime.REQUEST)
    default_priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    hand_over_to = models.CharField(
        _("hand over at once to"), max_length=60, blank=True, help_text=_("Emergency line such as 112 or 104.")
    )
    keywords = models.TextField(_("words that point to it"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class SlaPolicy(models.Model):
    """A term: which timer, for which appeals, how long. The most specific active row wins (appeals.sla)."""

    class DayCount(models.TextChoices):
        AFTER = "after", _("day 1 is the first day after registration")
        INCLUSIVE = "inclusive", _("day 1 is the day of registration")

    code = models.CharField(_("code"), max_length=30, unique=True)
    timer_code = models.CharField(_("timer"), max_length=20, choices=TimerCode.choices)
    regime = models.CharField(_("legal regime"), max_length=8, choices=Regime.choices, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, blank=True)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit of measure"), max_length=14, choices=TermUnit.choices)
    day_count = models.CharField(_("counting of days"), max_length=10, choices=DayCount.choices, default=DayCount.AFTER)
    working_time_registration = models.BooleanField(
        _("registered in working time only"),
        default=False,
        help_text=_("After hours and on days off: the next working day."),
    )
    internal_margin = models.PositiveSmallIntegerField(
        _("internal target, units earlier"),
        default=0,
        help_text=_("Staff are shown a target this much before the term."),
    )
    pauses = models.BooleanField(_("pauses while the applicant is asked"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    basis_kk = models.CharField(_("basis in Kazakh"), max_length=250, blank=True)
    basis_ru = models.CharField(_("basis in Russian"), max_length=250, blank=True)
    basis_en = models.CharField(_("basis in English"), max_length=250, blank=True)

    class Meta:
        ordering = ["timer_code", "code"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return f"{self.code}: {self.amount} {self.get_unit_display()}"

    @property
    def basis(self) -> str:
        """The article of law, or that the term is a default to be confirmed, in the active language."""
        language = (get_language() or "kk")[:2]
        return getattr(self, f"basis_{language}", "") or self.basis_kk or self.basis_en


class EscalationStep(models.Model):
    """A rung of the ladder: at which share of the term who is told."""

    timer_code = models.CharField(_("timer"), max_length=20, choices=TimerCode.choices)
    regime = models.CharField(_("legal regime"), max_length=8, choices=Regime.choices, blank=True)
    share = models.PositiveSmallIntegerField(
        _("share of the term, %"), help_text=_("100 is the due time; 120 is a fifth of the term later.")
    )
    recipient = models.CharField(_("who is told"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["timer_code", "share"]
        verbose_name = _("escalation step")
        verbose_name_plural = _("escalation ladder")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["timer_code", "regime", "share", "recipient"], name="escalation_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.timer_code} {self.share} % → {self.get_recipient_display()}"


class RoutingRule(models.Model):
    """Topic × city sector × time → unit. A change is a new row with a higher version; the old one gets an end."""

    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city sector")
    )
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, blank=True)
    off_hours_only = models.BooleanField(_("only outside office hours"), default=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("unit"))
    auto_assign = models.BooleanField(
        _("assign without an inspector"), default=False, help_text=_("Otherwise the rule only suggests.")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replaces")
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")

    def __str__(self) -> str:
        return f"{self.topic or self.sector or '*'} / {self.area or '*'} → {self.department} (v{self.version})"


class KnowledgeArticle(models.Model):
    """A ready consultation: what an operator may answer at first contact, in three languages."""

    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("topic")
    )
    slug = models.SlugField(_("key"), max_length=80, unique=True)
    title_kk = models.CharField(_("title in Kazakh"), max_length=250)
    title_ru = models.CharField(_("title in Russian"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    body_kk = models.TextField(_("text in Kazakh"))
    body_ru = models.TextField(_("text in Russian"))
    body_en = models.TextField(_("text in English"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("ready consultation")
        verbose_name_plural = _("knowledge base")

    def __str__(self) -> str:
        return self.title_kk


class ReplyTemplate(models.Model):
    """A text to start a reply from, bound to topic and outcome. Placeholders in braces are filled from the appeal."""

    title = models.CharField(_("title"), max_length=200)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    regime = models.CharField(_("legal regime"), max_length=8, choices=Regime.choices, blank=True)
    outcome = models.CharField(_("outcome"), max_length=18, choices=Outcome.choices)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["outcome", "language", "title"]
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")

    def __str__(self) -> str:
        return self.title


class ReplyGateParameters(models.Model):
    """Numbers of the reply gate, one row, edited by the methodologist."""

    near_copy_share = models.DecimalField(
        _("near copy: share of equal word groups"), max_digits=3, decimal_places=2, default="0.80"
    )
    compare_with_last = models.PositiveSmallIntegerField(_("compare with the last replies of the unit"), default=200)
    shortest = models.PositiveSmallIntegerField(_("shortest reply, characters"), default=60)

    class Meta:
        verbose_name = _("parameters of the reply gate")
        verbose_name_plural = _("parameters of the reply gate")

    def __str__(self) -> str:
        return f"{self.near_copy_share}"
