"""Facts: what the statistics know of an appeal and of each of its answers. No name, no text, no address.

Rows are computed whole from the events and the clocks of an appeal (`reports.facts`), never added to. Foreign keys are
plain numbers: the statistics are a store of their own, and 0 stands for "not given", so that keys compare as equal.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Term(models.TextChoices):
    """What became of the term of the first answer. The empty value: no clock ran (an import without terms)."""

    KEPT = "kept", "kept"
    LATE = "late", "late"
    OPEN = "open", "open"
    PAUSED = "paused", "paused"
    CANCELLED = "cancelled", "cancelled"
    LAPSED = "lapsed", "lapsed"  # ran out, and then the appeal left the work without an answer


class Ending(models.TextChoices):
    """How an appeal left the work of the hub; empty while it has not, and again after it was reopened."""

    ANSWERED = "answered", "answered"
    FIRST_CONTACT = "first_contact", "first_contact"
    FORWARDED = "forwarded", "forwarded"
    WITHDRAWN = "withdrawn", "withdrawn"
    WITHOUT_ANSWER = "without_answer", "without_answer"
    MERGED = "merged", "merged"  # a duplicate, which lives on in another appeal


class AppealFact(models.Model):
    """One appeal. Days are days of the city (Asia/Almaty)."""

    appeal_id = models.BigIntegerField(primary_key=True)
    area_id = models.IntegerField(default=0)
    sector_id = models.IntegerField(default=0)
    topic_id = models.IntegerField(default=0)
    department_id = models.IntegerField(default=0)  # gave the first final answer; before it, has the case
    executor_id = models.IntegerField(default=0)
    incident_id = models.IntegerField(default=0)
    channel = models.CharField(max_length=16)
    category = models.CharField(max_length=16)
    applicant = models.CharField(max_length=15)
    regime = models.CharField(max_length=8)
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=2)
    received_on = models.DateField()
    due_on = models.DateField(null=True)
    term = models.CharField(max_length=9, blank=True, default="", choices=Term.choices)
    done_on = models.DateField(null=True)
    ending = models.CharField(max_length=14, blank=True, default="", choices=Ending.choices)
    is_repeated = models.BooleanField(default=False)
    is_extended = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received_on"], name="fact_received"),
            models.Index(fields=["due_on"], name="fact_due"),
            models.Index(fields=["done_on"], name="fact_done"),
            models.Index(fields=["received_on"], name="fact_in_work", condition=models.Q(ending="")),
            models.Index(
                fields=["incident_id", "received_on"], name="fact_incident", condition=models.Q(incident_id__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.received_on}"


class AnswerFact(models.Model):
    """One final answer of an appeal, the consultation at first contact among them."""

    appeal_id = models.BigIntegerField()
    reply_id = models.BigIntegerField(primary_key=True)
    position = models.PositiveSmallIntegerField()  # 1 is the first answer, more come after a second look
    answered_on = models.DateField()
    days = models.IntegerField()  # calendar days since the filing, or since the case was reopened
    department_id = models.IntegerField(default=0)
    executor_id = models.IntegerField(default=0)
    outcome = models.CharField(max_length=18, blank=True, default="")
    on_time = models.BooleanField(null=True)  # None: no clock judged it
    is_checked = models.BooleanField(default=False)  # the reply gate looked at it
    is_formal = models.BooleanField(default=False)
    verdict = models.CharField(max_length=12, blank=True, default="")
    rating = models.PositiveSmallIntegerField(null=True)
    is_disputed = models.BooleanField(default=False)
    dispute_reasons = models.JSONField(default=list)  # what the applicant named; empty where he wrote a line alone

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["appeal_id"], name="answer_fact_appeal"),
            models.Index(fields=["answered_on"], name="answer_fact_day"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.answered_on}"


class ChangedDay(models.Model):
    """A day of which facts have changed since its rollups were built. Only builders write it, one at a time."""

    day = models.DateField(primary_key=True)
    noted_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.day}"


class ChangedAppeal(models.Model):
    """An appeal that got an event since its facts were computed.

    A trigger of the history writes a row in the event's own transaction; nobody updates it, so no writer waits.
    """

    appeal_id = models.BigIntegerField()
    noted_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.appeal_id}"
