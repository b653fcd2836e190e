"""Messages out: one row per message, written in the transaction of what it tells about."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField


class Notification(models.Model):
    """A message to one address by one transport. `dedupe_key` makes writing it twice harmless."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        CANCELLED = "cancelled", _("Cancelled")

    class Transport(models.TextChoices):
        CONSOLE = "console", _("Console")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")
        TELEGRAM = "telegram", _("Telegram")
        INBOX = "inbox", _("Staff inbox")

    dedupe_key = models.CharField(max_length=120, unique=True)
    transport = models.CharField(_("transport"), max_length=12, choices=Transport.choices)
    address = EncryptedTextField(_("address"))
    language = models.CharField(max_length=2, default="kk")
    template = models.CharField(_("template"), max_length=60)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"))
    secret_body = EncryptedTextField(default="", blank=True)  # in the place of `body` until it has gone: codes, links
    good_until = models.DateTimeField(_("of use until"), null=True, blank=True)  # later it is not sent any more
    headers = models.JSONField(default=dict, blank=True)
    subject_ref = models.CharField(_("about"), max_length=60, db_index=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    provider_id = models.CharField(_("provider's id"), max_length=200, blank=True)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="notifications", db_index=False
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes: ClassVar = [
            # What retention has still to empty; the rows it has emptied are millions.
            models.Index(fields=["created_at"], name="notification_with_text", condition=~models.Q(body="")),
            models.Index(
                fields=["created_at"],
                name="notification_with_code",
                condition=models.Q(template__contains="code") & ~models.Q(body=""),
            ),
            models.Index(fields=["next_try_at"], name="notification_due", condition=models.Q(status="waiting")),
            models.Index(
                fields=["next_try_at"],
                name="notification_hurries",
                condition=models.Q(status="waiting", good_until__isnull=False),
            ),
            models.Index(fields=["user", "-id"], name="notification_inbox", condition=models.Q(transport="inbox")),
            models.Index(
                fields=["user"], name="notification_unread", condition=models.Q(transport="inbox", read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.subject_ref}"

    @property
    def text(self) -> str:
        """What is sent; a secret is readable only until then."""
        return str(self.secret_body or self.body)


class Preference(models.Model):
    """By which ways somebody wants which notices; a group that is not named has its defaults, as has who has no row."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    media = models.JSONField(_("ways by groups of notices"), default=dict, blank=True)

    class Meta:
        verbose_name = _("preference for notifications")
        verbose_name_plural = _("preferences for notifications")

    def __str__(self) -> str:
        return f"{self.user_id}"
