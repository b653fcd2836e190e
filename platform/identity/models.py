"""How an account's identity was proven: the present proof, the append-only record of every step, open challenges."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField


class IdentityRecord(models.Model):
    """One step up or down, with what proved it. The database refuses to change or delete a row."""

    class Method(models.TextChoices):
        CONTACT_CONFIRMED = "contact_confirmed", _("Contact confirmed by a code")
        CONTACT_GONE = "contact_gone", _("No confirmed contact any more")
        IIN_GIVEN = "iin_given", _("IIN given")
        IIN_CHANGED = "iin_changed", _("IIN changed")
        SIGNATURE = "signature", _("Confirmed by state signature")
        ORGANIZATION = "organization", _("Right to sign for an organization confirmed")
        RELEASED = "released", _("Confirmation by state signature taken back")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="identity_records", verbose_name=_("user")
    )
    method = models.CharField(_("method"), max_length=20, choices=Method.choices)
    level = models.PositiveSmallIntegerField(_("level"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who did it")
    )
    reason = models.TextField(_("reason"), blank=True)
    iin_hash = models.CharField(max_length=64, blank=True)
    certificate_serial = models.CharField(_("serial number of the certificate"), max_length=80, blank=True)
    certificate_issuer = models.CharField(_("issuer of the certificate"), max_length=250, blank=True)
    # Keyed, since it is made of the name and the IIN: only who has the certificate can compare.
    subject_hash = models.CharField(max_length=64, blank=True)
    valid_from = models.DateTimeField(_("certificate valid from"), null=True)
    valid_until = models.DateTimeField(_("certificate valid until"), null=True)
    challenge_digest = models.CharField(max_length=64, blank=True)
    signature_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = _("record of an identity")
        verbose_name_plural = _("records of identities")
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="identity_record_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.method}"


class ProvenIdentity(models.Model):
    """The account that has proven an identity by state signature: one account for one IIN."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        primary_key=True,
        related_name="proven_identity",
        verbose_name=_("user"),
    )
    iin_hash = models.CharField(max_length=64, unique=True)
    proven_at = models.DateTimeField(_("confirmed"))
    renewed_at = models.DateTimeField(_("confirmed anew"))
    valid_until = models.DateTimeField(_("certificate valid until"))
    # The signature itself, so that the proof can be checked again by somebody else; goes with the personal data.
    signature = EncryptedTextField(default="")
    challenge = EncryptedTextField(default="")

    class Meta:
        verbose_name = _("identity confirmed by signature")
        verbose_name_plural = _("identities confirmed by signature")

    def __str__(self) -> str:
        return str(self.user_id)


class Representation(models.Model):
    """The account may act for an organization: shown by the organization's key, until its certificate ends."""

    class Post(models.TextChoices):
        CEO = "CEO", _("Head")
        CAN_SIGN = "CAN_SIGN", _("Employee with the right to sign")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="representations", verbose_name=_("user")
    )
    bin = EncryptedTextField(_("BIN"))
    bin_hash = models.CharField(max_length=64, db_index=True)
    organization = models.CharField(_("organization"), max_length=300)
    post = models.CharField(_("capacity"), max_length=20, choices=Post.choices)
    proven_at = models.DateTimeField(_("confirmed"))
    valid_until = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("right to act for an organization")
        verbose_name_plural = _("rights to act for organizations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "bin_hash"], name="representation_once_per_organization")
        ]

    def __str__(self) -> str:
        return self.organization


class SignatureChallenge(models.Model):
    """A text that is to be signed: random, for one account and one purpose, good for five minutes and one use."""

    class Purpose(models.TextChoices):
        IDENTITY = "identity", _("Confirm my identity")
        ORGANIZATION = "organization", _("Act for an organization")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    nonce = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # What came back in time waits here while the signature cannot be checked.
    signature = EncryptedTextField(default="")
    received_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="challenge_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}"
