"""The book of the connectors: what is due when, how each went, and which errors there were."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.connectors import LONGEST_DETAIL, REASONS


class Job(models.TextChoices):
    CHECK = "check", pgettext_lazy("what a connector does", "Check")
    RUN = "run", _("Run")


class ConnectorJob(models.Model):
    """One of the two things a connector does, as it stands. `leased_until` is the lock: who finds it free takes it."""

    connector = models.CharField(_("connector"), max_length=60)
    job = models.CharField(_("job"), max_length=5, choices=Job.choices)
    due_at = models.DateTimeField(_("next due"), default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(_("paused"), null=True)
    last_started_at = models.DateTimeField(_("last run"), null=True)
    last_finished_at = models.DateTimeField(null=True)
    last_succeeded_at = models.DateTimeField(_("last success"), null=True)
    last_milliseconds = models.PositiveIntegerField(_("duration"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    note = models.CharField(_("what it said"), max_length=LONGEST_DETAIL, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["connector", "job"], name="connector_job_once")]

    def __str__(self) -> str:
        return f"{self.connector} {self.job}"

    @property
    def is_running(self) -> bool:
        return self.leased_until is not None and self.leased_until > timezone.now()


class ConnectorRun(models.Model):
    """One check or run that has ended."""

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", _("Done")
        FAILED = "failed", _("Failed")

    class Trigger(models.TextChoices):
        SCHEDULE = "schedule", _("By schedule")
        HAND = "hand", _("By hand")

    job = models.ForeignKey(ConnectorJob, models.CASCADE, related_name="runs")
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    count = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=12, blank=True, choices=[(str(key), label) for key, label in REASONS.items()])
    detail = models.CharField(max_length=LONGEST_DETAIL, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["job", "-id"], name="connector_run_by_job"),
            models.Index(fields=["started_at"], name="connector_run_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.started_at}"
