"""Reports that were made and kept as they were, and the schedules by which they are made and sent."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another on paper
CODE_LENGTH = 12
FOLDER = "periodic-reports"


class PeriodKind(models.TextChoices):
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


def new_code() -> str:
    """What stands in the check address: nobody finds it by trying."""
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))


def file_path(report: PublishedReport, name: str) -> str:
    """Files are found through their row alone."""
    return f"{FOLDER}/{report.starts_on:%Y}/{uuid.uuid4()}.{name.rpartition('.')[2]}"


class PublishedReport(models.Model):
    """One form of one period in one language, as it was made: its data frozen, its files with their digests.

    A later run of the same period whose data are others is a new version; one with the same data points to the old one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        SAME = "same", _("Nothing changed")
        FAILED = "failed", _("Failed")

    UNFINISHED = (State.WAITING, State.MAKING)

    form = models.CharField(_("form"), max_length=40)
    period_kind = models.CharField(_("period"), max_length=8, choices=PeriodKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by")
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(_("error"), blank=True)
    made_at = models.DateTimeField(_("made"), null=True)
    version = models.PositiveSmallIntegerField(_("version"), null=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    contents_deleted_at = models.DateTimeField(_("contents deleted"), null=True)  # then only the digests are left
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    data_sha256 = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    pdf = models.FileField(upload_to=file_path, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    xlsx = models.FileField(upload_to=file_path, blank=True)
    xlsx_sha256 = models.CharField(max_length=64, blank=True)
    xlsx_size = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("published report")
        verbose_name_plural = _("published reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form", "starts_on", "ends_on", "language", "version"],
                condition=models.Q(version__isnull=False),
                name="report_version_once",
            ),
            # Whoever asks while one is on its way gets that one.
            models.UniqueConstraint(
                fields=["form", "starts_on", "ends_on", "language"],
                condition=models.Q(state__in=["waiting", "making"]),
                name="report_in_work_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["form", "-starts_on", "-id"], name="report_by_form"),
            models.Index(fields=["pdf_sha256"], name="report_by_pdf"),
            models.Index(fields=["xlsx_sha256"], name="report_by_xlsx"),
            models.Index(fields=["data_sha256"], name="report_by_data"),
            models.Index(fields=["id"], name="report_in_work", condition=models.Q(state__in=["waiting", "making"])),
            models.Index(fields=["asked_at"], name="report_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.starts_on} {self.language} {self.version or self.state}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def has_contents(self) -> bool:
        return self.state == self.State.READY and self.contents_deleted_at is None

    @property
    def outcome(self) -> PublishedReport | None:
        """The version that a finished run has led to."""
        if self.state == self.State.SAME:
            return self.previous
        return self if self.state == self.State.READY else None


class ReportSchedule(models.Model):
    """A form made and sent by itself: after each week, month, quarter or year, on a day and at an hour of the city."""

    form = models.CharField(_("form"), max_length=40)
    period_kind = models.CharField(_("how often"), max_length=8, choices=PeriodKind.choices)
    day = models.PositiveSmallIntegerField(_("day"))  # of the week from 1; of the month after the period from 1 to 28
    hour = models.PositiveSmallIntegerField(_("hour"))
    languages = models.JSONField(_("languages"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    next_run_at = models.DateTimeField(_("next run"))
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True)  # its history stays

    class Meta:
        verbose_name = _("schedule of a report")
        verbose_name_plural = _("schedules of reports")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(day__gte=1, day__lte=28), name="schedule_day"),
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="schedule_hour"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_run_at"],
                name="schedule_due",
                condition=models.Q(is_active=True, deleted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.period_kind}"


class ScheduleRecipient(models.Model):
    """Who gets the report: a member of the staff by inbox and e-mail, or an address outside."""

    schedule = models.ForeignKey(ReportSchedule, models.CASCADE, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    email = models.EmailField(blank=True)

    class Meta:
        verbose_name = _("recipient of a report")
        verbose_name_plural = _("recipients of a report")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, email="") | (models.Q(user__isnull=True) & ~models.Q(email="")),
                name="recipient_user_or_email",
            ),
            models.UniqueConstraint(
                fields=["schedule", "user"], condition=models.Q(user__isnull=False), name="recipient_user_once"
            ),
            models.UniqueConstraint(
                fields=["schedule", "email"], condition=~models.Q(email=""), name="recipient_email_once"
            ),
        ]

    def __str__(self) -> str:
        return self.email or str(self.user_id)


class ScheduleRun(models.Model):
    """One time that a schedule made its reports, by the clock or by hand, and how it went."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    schedule = models.ForeignKey(ReportSchedule, models.CASCADE, related_name="runs")
    starts_on = models.DateField()
    ends_on = models.DateField()
    by_hand = models.BooleanField(default=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    sent = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    reports = models.ManyToManyField(PublishedReport, related_name="runs")

    class Meta:
        verbose_name = _("run of a schedule")
        verbose_name_plural = _("runs of schedules")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schedule", "starts_on"], condition=models.Q(by_hand=False), name="scheduled_run_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["schedule", "-id"], name="run_by_schedule"),
            models.Index(fields=["id"], name="run_open", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.starts_on}"
