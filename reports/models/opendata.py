"""Open data as rows: versions that never change, their files, and the runs that made them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OpenDataTerms(models.Model):
    """Under which licence data go out, whom to ask, and how long versions are kept: one row, edited by the staff."""

    licence_title = models.CharField(_("licence"), max_length=120, default="CC BY 4.0")
    licence_url = models.URLField(
        _("text of the licence"), max_length=200, default="https://creativecommons.org/licenses/by/4.0/"
    )
    is_confirmed = models.BooleanField(
        _("the akimat has confirmed this licence"), default=False,
        help_text=_("Until then the pages say that it is a default."),
    )  # fmt: skip
    contact_email = models.EmailField(_("e-mail for questions about the data"), blank=True, default="")
    versions_kept = models.PositiveSmallIntegerField(
        _("versions kept of each dataset"), default=24,
        help_text=_("Older ones lose their files; their line in the history stays. At least 2."),
    )  # fmt: skip
    settling_days = models.PositiveSmallIntegerField(
        _("days after the end of a quarter until its appeals are published"), default=45,
        help_text=_("Most are answered by then. What is published of a quarter does not change any more."),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="one_open_data_terms")]

    def __str__(self) -> str:
        return self.licence_title


class DatasetVersion(models.Model):
    """What a dataset was at one moment. Content and files never change; it can be withheld, and may be pruned."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("Published")
        WITHHELD = "withheld", _("Withheld")

    dataset = models.CharField(_("dataset"), max_length=40)
    number = models.PositiveIntegerField(_("version"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    rows = models.PositiveIntegerField(_("rows"))
    content_hash = models.CharField(max_length=64)  # of the rows with the description of the columns
    schema_hash = models.CharField(max_length=64)
    fields = models.JSONField(default=list)  # names and types of the columns as they were
    covers_from = models.DateField(null=True)
    covers_until = models.DateField(null=True)
    figures = models.JSONField(default=dict)  # what the method counted: left out, coarsened, hidden
    rows_added = models.PositiveIntegerField(null=True)
    rows_removed = models.PositiveIntegerField(null=True)
    has_demo = models.BooleanField(default=False)
    is_pruned = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PUBLISHED)
    reason = models.TextField(_("reason"), blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("version of a dataset")
        verbose_name_plural = _("versions of datasets")
        constraints: ClassVar = [models.UniqueConstraint(fields=["dataset", "number"], name="dataset_version_once")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PUBLISHED and not self.is_pruned


class DatasetFile(models.Model):
    """One version in one format."""

    version = models.ForeignKey(DatasetVersion, models.CASCADE, related_name="files")
    format = models.CharField(max_length=8)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "format"], name="dataset_file_once")]

    def __str__(self) -> str:
        return f"{self.version} {self.format}"


class DatasetRun(models.Model):
    """An attempt to make a version: waits, runs, and ends with one, without a change, or with an error."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        MADE = "made", _("Version made")
        UNCHANGED = "unchanged", _("Nothing has changed")
        FAILED = "failed", _("Failed")

    dataset = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    is_afresh = models.BooleanField(default=False)  # also what earlier versions have published already
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)  # the maker was alive then
    ended_at = models.DateTimeField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    version = models.ForeignKey(DatasetVersion, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dataset"], condition=models.Q(state__in=("waiting", "running")), name="dataset_run_alone"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["dataset", "-id"], name="dataset_run_last")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.state}"
