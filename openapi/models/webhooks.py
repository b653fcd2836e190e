"""Where a program wants its events sent, what was sent there, and every try."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from openapi.models.applications import Application


class Subscription(models.Model):
    """An address of an application; each filter that is empty lets everything through."""

    class State(models.TextChoices):
        ON = "on", _("On")
        PAUSED = "paused", _("Paused after failures")
        OFF = "off", _("Switched off")

    application = models.ForeignKey(Application, models.CASCADE, related_name="webhooks", verbose_name=_("application"))
    url = models.CharField(_("address"), max_length=500)
    types = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("types of events"))
    topics = ArrayField(models.BigIntegerField(), default=list, blank=True)
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(default="")
    old_secret_until = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ON)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message to one address. Its id and its body stay the same however often it is tried."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Given up")
        RECORDED = "recorded", _("Recorded in the sandbox")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries", db_index=False)
    message_id = models.CharField(max_length=48)
    type = models.CharField(_("event"), max_length=40)
    body = models.TextField()
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("delivery to a program")
        verbose_name_plural = _("deliveries to programs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "message_id"], name="webhook_message_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subscription", "next_try_at", "id"],
                name="webhook_due",
                condition=models.Q(status="waiting"),
            ),
            models.Index(fields=["subscription", "-id"], name="webhook_newest"),
            # Of millions that arrived the few that did not.
            models.Index(fields=["subscription", "-id"], name="webhook_dead", condition=models.Q(status="dead")),
        ]

    def __str__(self) -> str:
        return self.message_id


class Attempt(models.Model):
    """One try, written before it begins: one without an end was cut off with its worker."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    begun_at = models.DateTimeField(_("time"), default=timezone.now)
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=60, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("try of a delivery")
        verbose_name_plural = _("tries of deliveries")

    def __str__(self) -> str:
        return f"{self.status_code or self.error}"
