"""Answers to the applicant and his judgement of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.appeal import Appeal
from appeals.models.choices import LANGUAGES, Outcome, Verdict
from organizations.models import Department


class Reply(models.Model):
    """An answer: a draft until `sent_at` is set, then never changed."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="replies", verbose_name=_("appeal"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("unit")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    outcome = models.CharField(_("outcome"), max_length=18, choices=Outcome.choices, blank=True)
    text = models.TextField(_("text"), blank=True)
    measures = models.TextField(_("what was done"), blank=True)
    done_on = models.DateField(_("when it was done"), null=True, blank=True)
    done_by = models.CharField(_("by whom it was done"), max_length=250, blank=True)
    is_interim = models.BooleanField(_("interim answer"), default=False)
    findings = models.JSONField(_("findings of the gate"), default=list, blank=True)
    override_ground = models.TextField(_("ground for sending over a finding"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    updated_at = models.DateTimeField(_("saved"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal"], name="one_open_draft", condition=models.Q(sent_at__isnull=True))
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["department", "-sent_at"], name="reply_recent", condition=models.Q(sent_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.language}"


class Feedback(models.Model):
    """The applicant's judgement of one answer."""

    class Reason(models.TextChoices):
        INCOMPLETE = "incomplete", _("Incomplete answer")
        NOT_SPECIFIC = "not_specific", _("No specific information")
        LATE = "late", _("Answer was late")
        OTHER = "other", _("Other reason")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="feedback", verbose_name=_("appeal"))
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="feedback", verbose_name=_("reply"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    is_dispute = models.BooleanField(_("disputed"), default=False)
    given_at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes: ClassVar = [
            models.Index(fields=["given_at"], name="feedback_disputes", condition=models.Q(is_dispute=True))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__gte=1, rating__lte=5), name="rating_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.verdict}"
