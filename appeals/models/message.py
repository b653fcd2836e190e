"""What was said and what was sent along: raw deliveries, messages of the thread, files."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.appeal import Appeal
from appeals.models.choices import Channel
from common.crypto import EncryptedTextField


class RawDelivery(models.Model):
    """A payload as a channel delivered it, stored before anything is understood of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PROCESSED = "processed", _("Processed")
        IGNORED = "ignored", _("Nothing to do")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    external_id = models.CharField(_("id in the channel"), max_length=200)
    payload = EncryptedTextField(_("payload"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="deliveries")

    class Meta:
        verbose_name = _("raw delivery")
        verbose_name_plural = _("raw deliveries")
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "external_id"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="delivery_waiting", condition=models.Q(status="waiting")),
            # What retention has still to empty; the rows it has emptied are millions.
            models.Index(fields=["received_at"], name="delivery_with_payload", condition=~models.Q(payload="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id}"


class Message(models.Model):
    """One message in the thread between the applicant and the hub, after the first text of the appeal."""

    class Direction(models.TextChoices):
        IN = "in", _("From the applicant")
        OUT = "out", _("To the applicant")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages", verbose_name=_("appeal"))
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    external_id = models.CharField(_("id in the channel"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"), default=timezone.now)
    is_revision = models.BooleanField(_("corrects an earlier text"), default=False)
    moved_from = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], name="message_once", condition=~models.Q(external_id="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.at:%Y-%m-%d %H:%M}"


class Attachment(models.Model):
    """A file of an appeal, re-encoded or checked before it is kept; served only through a view that asks for rights."""

    class Purpose(models.TextChoices):
        APPEAL = "appeal", _("From the applicant")
        EVIDENCE = "evidence", _("Evidence of what was done")
        INTERNAL = "internal", _("Internal")

    class Scan(models.TextChoices):
        CLEAN = "clean", _("Clean")
        WAITING = "waiting", _("Not yet scanned for viruses")
        INFECTED = "infected", _("Held a virus and was removed")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="attachments", verbose_name=_("appeal"))
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="attachments")
    reply = models.ForeignKey("appeals.Reply", models.PROTECT, null=True, blank=True, related_name="attachments")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.APPEAL)
    file = models.FileField(_("file"), upload_to="attachments/%Y/%m/%d", max_length=250)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(_("virus scan"), max_length=8, choices=Scan.choices, blank=True, default="")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(scan="waiting"), name="attachment_waits_for_scan"),
        ]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @property
    def is_scanned(self) -> bool:
        """Nothing more is expected of a virus scanner."""
        return self.scan != self.Scan.WAITING
