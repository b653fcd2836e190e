"""Who filed the appeal, as stated on the day of filing."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField


class Applicant(models.Model):
    """A snapshot of the applicant for one appeal. Identifiers and contacts are encrypted; keyed hashes find them."""

    class Type(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        LEGAL_ENTITY = "legal_entity", _("Legal entity")
        ANONYMOUS = "anonymous", _("Anonymous appeal")

    type = models.CharField(_("type"), max_length=15, choices=Type.choices, default=Type.INDIVIDUAL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("account"),
    )
    full_name = EncryptedTextField(_("full name"), default="")
    identifier = EncryptedTextField(_("IIN or BIN"), default="")
    identifier_hash = models.CharField(max_length=64, default="", blank=True)
    representative_name = EncryptedTextField(_("representative"), default="")
    representative_ground = models.CharField(_("ground of representation"), max_length=250, blank=True, default="")
    phone = EncryptedTextField(_("phone"), default="")
    phone_hash = models.CharField(max_length=64, default="", blank=True)
    email = EncryptedTextField(_("e-mail"), default="")
    email_hash = models.CharField(max_length=64, default="", blank=True)
    postal_address = EncryptedTextField(_("postal address"), default="")
    thread_key = models.CharField(
        max_length=120,
        default="",
        blank=True,
        help_text=_("Channel and its own identity of the person, such as telegram:111."),
    )
    contact_confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_medium = models.CharField(
        max_length=5, default="", blank=True, help_text=_("sms or email when one contact was confirmed by code.")
    )

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        indexes: ClassVar = [
            models.Index(fields=["phone_hash", "-id"], name="applicant_phone", condition=~models.Q(phone_hash="")),
            models.Index(
                fields=["identifier_hash", "-id"], name="applicant_identifier", condition=~models.Q(identifier_hash="")
            ),
            models.Index(fields=["email_hash", "-id"], name="applicant_email", condition=~models.Q(email_hash="")),
            models.Index(fields=["thread_key", "-id"], name="applicant_thread", condition=~models.Q(thread_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.pk}"
