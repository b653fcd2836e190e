"""The register of breaches of personal data and the persons they touch."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from privacy.models.terms import Timed


class Breach(Timed):
    """Something happened to personal data; the authorised body is told within one working day of its discovery."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Somebody saw what he must not")
        DISCLOSURE = "disclosure", _("Data sent or published by mistake")
        LOSS = "loss", _("Data lost or destroyed")
        CHANGE = "change", _("Data changed without right")
        OTHER = "other", _("Other")

    class Severity(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft: to be confirmed")
        OPEN = "open", _("Open")
        NOTIFIED = "notified", _("Authorised body told")
        CLOSED = "closed", _("Closed")

    title = models.CharField(_("title"), max_length=200)
    what = models.TextField(_("what happened"), blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices, default=Severity.MEDIUM)
    categories = models.CharField(_("which data"), max_length=300, blank=True)
    measures = models.TextField(_("measures taken"), blank=True)
    contact_name = models.CharField(_("responsible person"), max_length=200, blank=True)
    contact_phone = models.CharField(_("phone of the responsible person"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail of the responsible person"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened by")
    )
    source = models.CharField(max_length=60, blank=True, editable=False)
    notified_at = models.DateTimeField(_("authorised body told"), null=True, blank=True)
    notified_how = models.CharField(_("how it was told"), max_length=200, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("invented for the demo city"), default=False, editable=False)

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = _("breach of personal data")
        verbose_name_plural = _("breaches of personal data")
        indexes: ClassVar = [
            models.Index(fields=["next_mark_at"], name="breach_mark", condition=models.Q(done_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source"], name="one_breach_per_alarm", condition=~models.Q(source=""))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> str:
        return f"breach:{self.pk}"


class AffectedQuery(models.Model):
    """How persons came onto the list: by a filter, by what an account looked at, or from a file."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="queries")
    source = models.CharField(_("source"), max_length=20)
    params = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    found = models.PositiveIntegerField(_("persons added"), default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("search for affected persons")
        verbose_name_plural = _("searches for affected persons")

    def __str__(self) -> str:
        return f"{self.breach_id} {self.source}"


class AffectedPerson(models.Model):
    """One person a breach touches, with what the authorised body asks for: name and/or IIN and/or phone."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="persons")
    ref = models.CharField(max_length=80)
    name = EncryptedTextField(_("name"), default="")
    iin = EncryptedTextField(_("IIN"), default="")
    phone = EncryptedTextField(_("phone"), default="")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("affected person")
        verbose_name_plural = _("affected persons")
        constraints: ClassVar = [models.UniqueConstraint(fields=["breach", "ref"], name="affected_once")]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.pk}"
