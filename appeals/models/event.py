"""The history of an appeal: append-only, hash-chained, and the outbox of the pipeline at once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.models.appeal import Appeal, Question
from common.events import Event


class EventKind(models.TextChoices):
    """What can happen to an appeal, in the past tense."""

    RECEIVED = "appeal_received", _("Appeal received")
    CONTACT_CONFIRMED = "contact_confirmed", _("Contact confirmed")
    REGISTERED = "appeal_registered", _("Appeal registered")
    CLASSIFIED = "appeal_classified", _("Topic and kind set")
    ROUTE_SUGGESTED = "route_suggested", _("Unit suggested")
    ASSIGNED = "appeal_assigned", _("Given to a unit")
    CLAIMED = "appeal_claimed", _("Taken into work")
    HANDED_BACK = "appeal_handed_back", _("Handed back")
    CO_EXECUTOR_ADDED = "co_executor_added", _("Co-executor added")
    CO_EXECUTOR_REMOVED = "co_executor_removed", _("Co-executor removed")
    MESSAGE_RECEIVED = "message_received", _("Message from the applicant")
    MESSAGE_SENT = "message_sent", _("Message to the applicant")
    MESSAGE_MOVED = "message_moved", _("Message moved")
    INFO_REQUESTED = "info_requested", _("Applicant asked for information")
    INFO_RECEIVED = "info_received", _("Applicant answered the question")
    CLOCK_PAUSED = "clock_paused", _("Clock paused")
    CLOCK_RESUMED = "clock_resumed", _("Clock resumed")
    EXTENSION_PROPOSED = "extension_proposed", _("Extension proposed")
    EXTENSION_REFUSED = "extension_refused", _("Extension refused")
    TERM_EXTENDED = "term_extended", _("Term extended")
    TERM_RECALCULATED = "term_recalculated", _("Term recalculated after a change of the calendar")
    SPLIT = "questions_split", _("Split into questions")
    QUESTION_ANSWERED = "question_answered", _("Question answered")
    FORWARDED = "appeal_forwarded", _("Forwarded to another body")
    LINKED = "appeal_linked", _("Linked with another appeal")
    UNLINKED = "appeal_unlinked", _("Link removed")
    INCIDENT_JOINED = "incident_joined", _("Joined to an incident")
    INCIDENT_LEFT = "incident_left", _("Taken out of an incident")
    NOTE_ADDED = "note_added", _("Internal note")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    CONFIDENTIALITY_CHANGED = "confidentiality_changed", _("Confidentiality changed")
    ATTACHMENT_ADDED = "attachment_added", _("File added")
    REPLY_DRAFTED = "reply_drafted", _("Reply drafted")
    REPLY_SENT = "reply_sent", _("Answer sent")
    RATED = "answer_rated", _("Answer rated by the applicant")
    DISPUTED = "answer_disputed", _("Answer disputed")
    REOPENED = "appeal_reopened", _("Reopened for a second look")
    CLOSED = "appeal_closed", _("Closed")
    WITHDRAWN = "appeal_withdrawn", _("Withdrawn by the applicant")
    PROMOTED = "appeal_promoted", _("Promoted to a statutory appeal")
    REMINDED = "reminder_sent", _("Reminder about the term")
    ESCALATED = "appeal_escalated", _("Escalated")
    NOTICE_FAILED = "notice_failed", _("Message could not be delivered")
    IMPORTED = "history_imported", _("Imported from another system")
    REDACTED = "personal_data_removed", _("Personal data removed")
    TAKEN_DOWN = "taken_down", _("Hidden from the public list")
    SHOWN_AGAIN = "shown_again", _("In the public list again")


class AppealEvent(Event):
    """One change of one appeal. The database refuses updates (but for `reacted_at`) and deletes."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="events", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    kind = models.CharField(_("event"), max_length=30, choices=EventKind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_public = models.BooleanField(_("shown to the applicant"), default=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        constraints: ClassVar = [models.UniqueConstraint(fields=["appeal", "seq"], name="event_seq_once")]
        indexes: ClassVar = [
            models.Index(fields=["recorded_at"], name="event_outbox", condition=models.Q(reacted_at__isnull=True)),
            models.Index(fields=["kind", "-occurred_at"], name="event_by_kind"),
        ]


class WaitingTask(models.Model):
    """A task an event has started and nobody has finished: the task deletes its row in the transaction of its work.

    What the queue server loses, or a killed worker leaves, is handed on again when the row is due.
    """

    event = models.ForeignKey(AppealEvent, models.PROTECT, related_name="+", db_index=False)
    task = models.CharField(max_length=60)
    attempts = models.PositiveSmallIntegerField(default=1)
    next_try_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.task} {self.event_id}"
