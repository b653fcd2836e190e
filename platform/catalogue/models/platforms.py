"""Systems around the hub, what is known of each and how surely, and what flows between them."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName


class State(models.TextChoices):
    """How far the integration with the hub has come."""

    CONNECTED = "connected", _("Connected")
    IN_TEST = "in_test", _("In test")
    PLANNED = "planned", _("Planned")
    KNOWN = "known", _("Not connected")
    RETIRED = "retired", _("Retired")


class Certainty(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed by the source")
    REPORTED = "reported", _("Reported by one source")
    UNVERIFIED = "unverified", _("Not verified")


class Source(models.TextChoices):
    STUDY = "study", _("Study of the “Listening State” in Turkistan")
    LAW = "law", _("Legal act")
    PAGE = "page", _("Public page")
    OWNER = "owner", _("The owner of the system")
    HUB = "hub", _("Code and settings of the hub")
    NONE = "none", _("No source yet")


class Sourced(models.Model):
    """How surely something is known, and from where."""

    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty.choices, default=Certainty.UNVERIFIED)
    source_kind = models.CharField(_("kind of source"), max_length=10, choices=Source.choices, default=Source.NONE)
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Title, number or address, so that others find it.")
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        abstract = True


class Trilingual(models.Model):
    """A text in three languages; `text` gives the one of the active language."""

    text_kk = models.TextField(_("text in Kazakh"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"))

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        return self.text_in(get_language() or "kk")

    def text_in(self, language: str) -> str:
        return getattr(self, f"text_{language[:2]}", "") or self.text_kk


class Platform(TrilingualName):
    """A system that the hub exchanges something with, or might."""

    class Kind(models.TextChoices):
        HUB = "hub", _("The hub and its parts")
        CENTRE = "centre", _("Contact centres and reception")
        PORTAL = "portal", _("Portals")
        APP = "app", _("Mobile applications")
        MESSENGER = "messenger", _("Messengers and mail")
        IDENTITY = "identity", _("Identity and signature")
        GATEWAY = "gateway", _("Message gateways")
        OPERATION = "operation", _("Security and monitoring")
        PARTNER = "partner", _("Programs of partners")

    key = models.SlugField(
        _("key"), max_length=40, unique=True,
        help_text=_("Stands in the address and in the open API; a connector names it. Do not change it."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state of integration"), max_length=10, choices=State.choices, default=State.KNOWN)
    website = models.URLField(
        _("public site"), max_length=200, blank=True, validators=[URLValidator(schemes=["https"])],
        help_text=_("What residents open, never an internal address."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_public = models.BooleanField(
        _("shown to everybody"), default=True, help_text=_("Off: seen by the staff alone, neither page nor open API.")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["position", "key"]
        verbose_name = _("system of the catalogue")
        verbose_name_plural = _("systems of the catalogue")


class PlatformFact(Trilingual, Sourced):
    """One thing that is known of a system."""

    class Aspect(models.TextChoices):
        PURPOSE = "purpose", _("Purpose")
        OWNER = "owner", _("Owner")
        TECHNOLOGY = "technology", _("Technology")
        DATA = "data", _("Data held")
        INTERFACES = "interfaces", _("Interfaces")
        ENCRYPTION = "encryption", _("Encryption")
        PARTNERS = "partners", _("Exchange partners")
        OPERATION = "operation", pgettext_lazy("how a system is run", "Operation")

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="facts", verbose_name=_("system"))
    aspect = models.CharField(_("aspect"), max_length=12, choices=Aspect.choices)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["platform", "aspect", "id"]
        verbose_name = _("fact about a system")
        verbose_name_plural = _("facts about systems")

    def __str__(self) -> str:
        return f"{self.platform_id} {self.aspect}"


class DataFlow(Trilingual, Sourced):
    """What one system hands over to another one; the text says which data."""

    class Personal(models.TextChoices):
        YES = "yes", _("Personal data")
        NO = "no", _("No personal data")
        UNKNOWN = "unknown", _("Not known")

    class Direction(models.TextChoices):
        ONE_WAY = "one_way", _("One way")
        BOTH = "both", _("Both ways")

    class Encryption(models.TextChoices):
        TLS = "tls", _("TLS on the way")
        CHANNEL = "channel", _("Protected channel of the operator")
        INSIDE = "inside", _("Inside one network, not encrypted")
        NONE = "none", _("Not encrypted")
        UNKNOWN = "unknown", _("Not known")

    origin = models.ForeignKey(Platform, models.CASCADE, related_name="flows_out", verbose_name=_("from"))
    target = models.ForeignKey(Platform, models.CASCADE, related_name="flows_in", verbose_name=_("to"))
    personal = models.CharField(_("personal data"), max_length=8, choices=Personal.choices, default=Personal.UNKNOWN)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.ONE_WAY)
    protocol = models.CharField(_("protocol"), max_length=80, blank=True, help_text=_("Empty: not known."))
    encryption = models.CharField(_("encryption"), max_length=8, choices=Encryption.choices, default=Encryption.UNKNOWN)
    state = models.CharField(_("state of integration"), max_length=10, choices=State.choices, default=State.PLANNED)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("data flow")
        verbose_name_plural = _("data flows")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "target", "protocol"], name="flow_once"),
            models.CheckConstraint(condition=~Q(origin=F("target")), name="flow_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.target_id}"
