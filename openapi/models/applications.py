"""A program that calls the hub, its keys, and the appeals that came through it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.models import Appeal, Channel


class Environment(models.TextChoices):
    SANDBOX = "sandbox", _("Sandbox")
    LIVE = "live", _("Live")


class State(models.TextChoices):
    """A sandbox application works at once; a live one after somebody of the hub has approved it."""

    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", pgettext_lazy("program", "Refused")
    SUSPENDED = "suspended", _("Suspended")


class Application(models.Model):
    """A program or a system of somebody: what it may do, from where, and how much. It outlives its keys."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="programs", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("what it is for"), max_length=2000)
    organization_name = models.CharField(_("organization"), max_length=250, blank=True)
    contact = models.EmailField(_("e-mail for technical news"), blank=True)
    environment = models.CharField(_("environment"), max_length=8, choices=Environment.choices)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    networks = ArrayField(
        models.CharField(max_length=43),
        default=list,
        blank=True,
        verbose_name=_("allowed networks"),
        help_text=_("Addresses or networks from which its keys work, one in a line. Empty: from everywhere."),
    )
    channel = models.CharField(
        _("channel"), max_length=16, choices=Channel.choices, default=Channel.MOBILE,
        help_text=_("Under which channel the appeals it files are counted."),
    )  # fmt: skip
    files_for_others = models.BooleanField(
        _("files for others"),
        default=False,
        help_text=_("May file appeals of other people, as a portal or a contact centre does; else the owner's only."),
    )
    acts_as = models.CharField(
        _("acts as"), max_length=20, blank=True,
        help_text=_("In the sandbox: the role of the invented person in whose name it calls. Empty: a resident."),
    )  # fmt: skip
    rate = models.PositiveIntegerField(_("requests per minute"), default=600)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision_reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="application_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sandbox(self) -> bool:
        return self.environment == Environment.SANDBOX


class ApiKey(models.Model):
    """One secret of an application. Only its keyed hash is kept, so it can be shown once."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="keys", verbose_name=_("application"))
    prefix = models.CharField(_("begins with"), max_length=16, unique=True)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    last_used_at = models.DateTimeField(_("last used"), null=True)
    last_used_address = models.GenericIPAddressField(_("last used from"), null=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def is_valid_at(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class FiledAppeal(models.Model):
    """An appeal that an application filed: its own to read, whoever the applicant is."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, primary_key=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="filed", db_index=False)
    external_id = models.CharField(_("number in that system"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("filed appeal")
        verbose_name_plural = _("filed appeals")
        indexes: ClassVar = [models.Index(fields=["application", "-appeal"], name="filed_newest")]

    def __str__(self) -> str:
        return f"{self.appeal_id}"
