"""Systems that sign people in through the hub, and what each person has agreed to hand over to them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName
from organizations.models import Organization


def new_client_id() -> str:
    return uuid.uuid4().hex


def new_subject() -> str:
    return uuid.uuid4().hex


class ConnectedSystem(TrilingualName):
    """A registered system. allauth's client row exists only while the system is on: off means unknown everywhere."""

    class Kind(models.TextChoices):
        CONFIDENTIAL = "confidential", _("with a server that keeps a secret")
        PUBLIC = "public", _("without a secret (an app or a page in the browser)")

    client_id = models.CharField(max_length=100, unique=True, default=new_client_id, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.CONFIDENTIAL)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("owner"))
    contact = models.CharField(_("contact"), max_length=250)
    redirect_uris = models.JSONField(_("redirect addresses"), default=list)
    logout_uris = models.JSONField(_("addresses after signing out"), default=list)
    scopes = models.JSONField(_("scopes"), default=list)
    for_staff_only = models.BooleanField(_("for the staff only"), default=False)
    secret_hash = models.CharField(max_length=200, blank=True, default="", editable=False)
    secret_made_at = models.DateTimeField(null=True, editable=False)
    old_secret_hash = models.CharField(max_length=200, blank=True, default="", editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    switched_off_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name_kk", "id"]
        verbose_name = _("connected system")
        verbose_name_plural = _("connected systems")

    @property
    def is_on(self) -> bool:
        return self.switched_off_at is None

    @property
    def is_confidential(self) -> bool:
        return self.kind == self.Kind.CONFIDENTIAL

    @property
    def secret_edition(self) -> str:
        """What a form carries to say which secret it means to replace."""
        return self.secret_made_at.isoformat() if self.secret_made_at else ""


class Connection(models.Model):
    """A person and a system: the name by which the system knows him, and what he lets it have."""

    system = models.ForeignKey(ConnectedSystem, models.CASCADE, related_name="connections")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="connections")
    subject = models.CharField(max_length=64, unique=True, default=new_subject, editable=False)
    scopes = models.JSONField(default=list)
    is_remembered = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["system", "user"], name="connection_once")]

    def __str__(self) -> str:
        return f"{self.system} {self.subject}"


class SystemSignIn(models.Model):
    """One sign-in to a system: its code, how the person had proved himself, and the family of its tokens."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="sign_ins")
    code_hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    authenticated_at = models.DateTimeField()
    methods = models.JSONField(default=list)
    level = models.CharField(max_length=100)
    redeemed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["connection", "-id"], name="sign_in_by_connection")]

    def __str__(self) -> str:
        return f"{self.connection} {self.at}"


class SpentToken(models.Model):
    """A refresh token that was exchanged for the next one: seeing it again means that somebody else has a copy."""

    hash = models.CharField(max_length=64, primary_key=True)
    sign_in = models.ForeignKey(SystemSignIn, models.CASCADE, related_name="spent_tokens")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.sign_in_id} {self.at}"
