"""The work of the staff on an appeal: who has it, internal notes, saved filters of the queue."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.appeal import Appeal, Question
from organizations.models import Department


class Assignment(models.Model):
    """Who had the appeal (or one question of it) from when to when. The running executor is also kept on the appeal."""

    class Part(models.TextChoices):
        EXECUTOR = "executor", _("Executor")
        CO_EXECUTOR = "co_executor", _("Co-executor")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="assignments", verbose_name=_("appeal"))
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="assignments", db_index=False
    )
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("unit"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("person"),
    )
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_at = models.DateTimeField(_("from"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes: ClassVar = [
            models.Index(
                fields=["user", "appeal"], name="assignment_running", condition=models.Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.part}"


class Note(models.Model):
    """An internal note; never shown to the applicant."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="notes", verbose_name=_("appeal"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.at:%Y-%m-%d}"


class ExtensionProposal(models.Model):
    """An executor's wish for a later due date; a head decides it, once."""

    class Decision(models.TextChoices):
        GRANTED = "granted", _("Term extended")
        REFUSED = "refused", _("Extension refused")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="extension_proposals", verbose_name=_("appeal"))
    ground = models.TextField(_("ground"))
    until = models.DateTimeField(_("new due date"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("proposed extension")
        verbose_name_plural = _("proposed extensions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appeal"], name="one_open_proposal", condition=models.Q(decided_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.until:%Y-%m-%d}"


class Leftover(models.Model):
    """What a redaction has still to remove: a file, or, without a path, notices that were not sent yet."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="+")
    path = models.CharField(max_length=250, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("remainder of personal data")
        verbose_name_plural = _("remainders of personal data")

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.path or '-'}"


class SavedFilter(models.Model):
    """A named set of queue filters of one user; `query` is the query string of the queue page."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("filters"), max_length=1000)
    is_default = models.BooleanField(_("opened first"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name"),
            models.UniqueConstraint(fields=["user"], name="one_default_filter", condition=models.Q(is_default=True)),
        ]

    def __str__(self) -> str:
        return self.name
