"""Rollups: counts per day, month and year and per scope, always rebuilt whole from the facts (`reports.rollups`)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


def count() -> models.IntegerField[int, int]:
    return models.IntegerField(default=0)


class Measures(models.Model):
    """What is counted, grouped by the day that decides where it is counted. Percentiles come from `answer_days`."""

    # by the day of filing
    received = count()
    repeated = count()
    # by the day on which the term of the first answer ended; a term still running is counted when its day is over
    due = count()
    kept = count()
    late = count()
    not_done = count()
    lapsed = count()  # of these: left the work afterwards without an answer
    deemed_refusals = count()
    extended = count()
    # by the day on which the appeal left the work of the hub
    done = count()
    forwarded = count()
    withdrawn = count()
    without_answer = count()
    first_contact = count()
    # by the day of the answer; an appeal has several when the second look answers again
    answered = count()
    on_time = count()
    overdue = count()
    checked = count()
    formal = count()
    judged = count()
    solved = count()
    partly = count()
    not_solved = count()
    disputed = count()
    disputed_incomplete = count()  # of these, by what the applicant named; he may name several
    disputed_not_specific = count()
    disputed_late = count()
    disputed_other = count()
    disputed_unnamed = count()
    mended = count()
    rated = count()
    rating_sum = count()
    answer_days = models.JSONField(default=dict)  # {"calendar days until the answer": how many answers}

    class Meta:
        abstract = True


class Rollup(Measures):
    """The sum of one day, month or year in one scope: the whole city, one dimension, or a pair of them.

    `scope` says by bits which of the dimensions are told apart (`reports.dimensions`); the others are 0 or empty.
    """

    class Grain(models.TextChoices):
        DAY = "d", "day"
        MONTH = "m", "month"
        YEAR = "y", "year"

    grain = models.CharField(max_length=1, choices=Grain.choices)
    start_on = models.DateField()
    scope = models.SmallIntegerField()
    area_id = models.IntegerField(default=0)
    sector_id = models.IntegerField(default=0)
    topic_id = models.IntegerField(default=0)
    department_id = models.IntegerField(default=0)
    executor_id = models.IntegerField(default=0)
    channel = models.CharField(max_length=16, default="")
    category = models.CharField(max_length=16, default="")
    applicant = models.CharField(max_length=15, default="")
    regime = models.CharField(max_length=8, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scope", "grain", "start_on", "area_id", "sector_id", "topic_id", "department_id",
                        "executor_id", "channel", "category", "applicant", "regime"],
                name="rollup_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.grain} {self.start_on} {self.scope}"


class MonthCell(Measures):
    """A month with all public dimensions told apart: what two filters and a breakdown are read from."""

    start_on = models.DateField()
    area_id = models.IntegerField(default=0)
    sector_id = models.IntegerField(default=0)
    topic_id = models.IntegerField(default=0)
    department_id = models.IntegerField(default=0)
    channel = models.CharField(max_length=16, default="")
    category = models.CharField(max_length=16, default="")
    applicant = models.CharField(max_length=15, default="")
    regime = models.CharField(max_length=8, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["start_on", "area_id", "sector_id", "topic_id", "department_id", "channel", "category",
                        "applicant", "regime"],
                name="month_cell_once",
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["area_id", "start_on"], name="month_cell_area"),
            models.Index(fields=["sector_id", "start_on"], name="month_cell_sector"),
            models.Index(fields=["topic_id", "start_on"], name="month_cell_topic"),
            models.Index(fields=["department_id", "start_on"], name="month_cell_department"),
            models.Index(fields=["channel", "start_on"], name="month_cell_channel"),
            models.Index(fields=["start_on"], name="month_cell_not_done", condition=models.Q(not_done__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.start_on}"


class RollupState(models.Model):
    """How far the rollups are: one row. The day after `built_through` has to be built although nothing changed."""

    built_through = models.DateField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    rebuilt_at = models.DateTimeField(null=True)
    rebuild_done = models.PositiveSmallIntegerField(default=100)  # percent of a rebuild of everything that is under way

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="one_rollup_state")]

    def __str__(self) -> str:
        return f"{self.built_through}"
