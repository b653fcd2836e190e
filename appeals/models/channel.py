"""What the hub knows of a channel besides its payloads: parameters, conversations, refusals, files to fetch."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.models.appeal import Appeal
from appeals.models.choices import LANGUAGES, Channel
from appeals.models.message import Message


class ChannelParameters(models.Model):
    """Numbers of one channel, edited by the administrator."""

    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, unique=True)
    join_within_hours = models.PositiveSmallIntegerField(
        _("a message joins the open appeal for, hours"), default=72,
        help_text=_("Later, a message that answers nothing opens a new appeal. 0: every message opens a new one."),
    )  # fmt: skip
    appeals_per_day = models.PositiveSmallIntegerField(_("most new appeals of one sender in a day"), default=20)
    largest_file_mb = models.PositiveSmallIntegerField(_("largest file, MB"), default=20)

    class Meta:
        ordering = ["channel"]
        verbose_name = _("parameters of a channel")
        verbose_name_plural = _("parameters of the channels")

    def __str__(self) -> str:
        return self.get_channel_display()


class ChannelThread(models.Model):
    """A conversation with one person in one channel: his language and what he has sent before the first real text."""

    thread_key = models.CharField(max_length=120, unique=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, blank=True)
    wants_new = models.BooleanField(_("the next text opens a new appeal"), default=False)
    held = models.JSONField(_("deliveries that wait for a text"), default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return f"{self.pk}"


class ChannelCounter(models.Model):
    """How many deliveries of a channel were turned away on a day, and why."""

    class Reason(models.TextChoices):
        FORGED = "forged", _("Signature wrong")
        MALFORMED = "malformed", _("Not understood")
        TOO_LARGE = "too_large", _("Too large")
        BOUNCE = "bounce", _("Message of ours that came back")
        IGNORED = "ignored", _("Nothing to do")

    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        ordering = ["-day", "channel", "reason"]
        verbose_name = _("refused deliveries")
        verbose_name_plural = _("refused deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "day", "reason"], name="channel_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.reason}"


class RemoteFile(models.Model):
    """A file that a messenger keeps for us: fetched after the message it came with is safe."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        STORED = "stored", _("Stored")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="remote_files", verbose_name=_("appeal"))
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="remote_files")
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices)
    remote_id = models.CharField(max_length=255)
    unique_id = models.CharField(max_length=120)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size, bytes"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("file of a messenger")
        verbose_name_plural = _("files of messengers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal", "channel", "unique_id"], name="remote_file_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="remote_file_due", condition=models.Q(status="waiting")),
        ]

    def __str__(self) -> str:
        return self.name
