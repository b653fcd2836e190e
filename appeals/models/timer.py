"""The legal clock as rows: every deadline of an appeal, its pauses and its next reminder."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.appeal import Appeal, Question
from appeals.models.catalog import SlaPolicy
from appeals.models.choices import TermUnit, TimerCode


class Timer(models.Model):
    """A deadline. Amount and unit are frozen from the policy: a later edit of the policy changes nothing begun."""

    class Outcome(models.TextChoices):
        MET = "met", _("In time")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="timers", verbose_name=_("appeal"))
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="timers", db_index=False)
    code = models.CharField(_("timer"), max_length=20, choices=TimerCode.choices)
    policy = models.ForeignKey(SlaPolicy, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit of measure"), max_length=14, choices=TermUnit.choices)
    day_count = models.CharField(max_length=10, choices=SlaPolicy.DayCount.choices, default=SlaPolicy.DayCount.AFTER)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    target_at = models.DateTimeField(_("internal target"), null=True, blank=True)
    extended_until = models.DateTimeField(_("extended until"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    next_step_at = models.DateTimeField(_("next reminder"), null=True, blank=True)
    next_share = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appeal", "question", "code"], name="one_running_timer", nulls_distinct=False,
                condition=models.Q(stopped_at__isnull=True),
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["next_step_at"], name="timer_next_step",
                condition=models.Q(stopped_at__isnull=True, paused_at__isnull=True, next_step_at__isnull=False),
            ),
            models.Index(fields=["code", "due_at"], name="timer_running", condition=models.Q(stopped_at__isnull=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.due_at:%Y-%m-%d %H:%M}"


class TimerPause(models.Model):
    """A stretch in which a timer stood still, with its reason."""

    timer = models.ForeignKey(Timer, models.PROTECT, related_name="pauses", verbose_name=_("timer"))
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["timer"], name="one_open_pause", condition=models.Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.timer_id} {self.started_at:%Y-%m-%d}"


class TermRecalculation(models.Model):
    """A wish to compute the open timers anew, written with every edit of the calendar or of the ladder."""

    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    reason = models.CharField(_("reason"), max_length=250)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    moved = models.PositiveIntegerField(_("terms moved"), default=0)
    of_ladder = models.BooleanField(default=False, editable=False)  # only the reminders change, no term
    after = models.BigIntegerField(default=0, editable=False)  # the last timer that was looked at

    class Meta:
        ordering = ["-id"]
        verbose_name = _("recalculation of terms")
        verbose_name_plural = _("recalculations of terms")
        indexes: ClassVar = [
            models.Index(
                fields=["requested_at"], name="recalculation_waiting", condition=models.Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.requested_at:%Y-%m-%d %H:%M}"
