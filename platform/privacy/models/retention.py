"""For how long each kind of record is kept, what the nightly job did, and what it must leave alone."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.models.terms import Ground


class RetentionRule(models.Model):
    """One kind of record: how long it is kept and what happens then."""

    class Unit(models.TextChoices):
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")
        MONTHS = "months", _("months")
        YEARS = "years", _("years")

    class Action(models.TextChoices):
        DELETE = "delete", _("Delete")
        ANONYMISE = "anonymise", _("Anonymise")

    record_type = models.CharField(_("kind of record"), max_length=40, unique=True)
    amount = models.PositiveSmallIntegerField(_("kept for"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=6, choices=Unit.choices)
    action = models.CharField(_("what happens then"), max_length=10, choices=Action.choices)
    ground = models.CharField(_("ground"), max_length=250, blank=True)
    since = models.DateField(_("in force from"), default=timezone.localdate)
    is_enabled = models.BooleanField(_("switched on"), default=True)
    is_default = models.BooleanField(
        _("shipped value"), default=True, help_text=_("Nobody has confirmed this value yet: check it with a lawyer.")
    )

    class Meta:
        ordering = ["record_type"]
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")

    def __str__(self) -> str:
        return f"{self.record_type} {self.amount} {self.unit}"


class RetentionRun(models.Model):
    """One night of one rule: what was due, what went, what failed."""

    rule = models.ForeignKey(RetentionRule, models.CASCADE, related_name="runs", verbose_name=_("rule"))
    day = models.DateField(_("day"))
    started_at = models.DateTimeField(_("begun"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    counted = models.PositiveIntegerField(_("were due"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "day"], name="one_run_a_day")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.day}"

    @property
    def duration(self) -> dt.timedelta | None:
        return self.finished_at - self.started_at if self.finished_at else None


class LegalHold(models.Model):
    """An appeal or a person whose records nobody deletes: a court, a prosecutor, an inspection asks for them."""

    subject_ref = models.CharField(_("about"), max_length=60)
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="+", verbose_name=_("ground"))
    note = models.TextField(_("note"), blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        ordering = ["-placed_at"]
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_ref"], name="one_hold", condition=models.Q(lifted_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.subject_ref
