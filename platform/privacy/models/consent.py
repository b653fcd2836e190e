"""Texts of consent in their versions, and who gave or withdrew which one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName
from privacy.models.terms import LANGUAGES

PARTS = ("summary", "text", "operator", "term", "transfer", "categories")


class ConsentPurpose(TrilingualName):
    """What a consent is asked for. The switch stops asking at once; texts and consents given stay."""

    slug = models.SlugField(_("slug"), unique=True)
    is_asked = models.BooleanField(
        _("asked for"), default=True,
        help_text=_("A state body that acts by law may not need a consent for the appeal itself; then switch it off."),
    )  # fmt: skip
    in_filing = models.BooleanField(_("asked in the form of an appeal"), default=False, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("purpose of consent")
        verbose_name_plural = _("purposes of consent")


class ConsentText(models.Model):
    """One version of the words of a consent. Once published it is never changed; the database refuses it."""

    purpose = models.ForeignKey(ConsentPurpose, models.PROTECT, related_name="texts", verbose_name=_("purpose"))
    version = models.CharField(_("version"), max_length=20)
    summary_kk = models.TextField(_("one sentence beside the box, in Kazakh"))
    summary_ru = models.TextField(_("one sentence beside the box, in Russian"))
    summary_en = models.TextField(_("one sentence beside the box, in English"), blank=True)
    text_kk = models.TextField(_("text in Kazakh"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English, to read along"), blank=True)
    operator_kk = models.TextField(_("operator, in Kazakh"))
    operator_ru = models.TextField(_("operator, in Russian"))
    operator_en = models.TextField(_("operator, in English"), blank=True)
    term_kk = models.TextField(_("for how long, in Kazakh"))
    term_ru = models.TextField(_("for how long, in Russian"))
    term_en = models.TextField(_("for how long, in English"), blank=True)
    transfer_kk = models.TextField(_("who else gets the data, in Kazakh"))
    transfer_ru = models.TextField(_("who else gets the data, in Russian"))
    transfer_en = models.TextField(_("who else gets the data, in English"), blank=True)
    categories_kk = models.TextField(_("which data, in Kazakh"))
    categories_ru = models.TextField(_("which data, in Russian"))
    categories_en = models.TextField(_("which data, in English"), blank=True)
    effective_from = models.DateField(_("in force from"), default=timezone.localdate)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        ordering = ["purpose", "-effective_from", "-id"]
        verbose_name = _("text of consent")
        verbose_name_plural = _("texts of consent")
        constraints: ClassVar = [models.UniqueConstraint(fields=["purpose", "version"], name="consent_version_once")]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.version}"

    def said(self, part: str, language: str | None = None) -> str:
        """A part of the text in a language; Kazakh where it is not translated."""
        wanted = (language or get_language() or "kk")[:2]
        return getattr(self, f"{part}_{wanted}", "") or getattr(self, f"{part}_kk")


class ConsentEvent(models.Model):
    """A consent given or withdrawn; never changed. What was agreed to with a filing stands in the filing's event."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("Given")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("event"), max_length=10, choices=Kind.choices)
    purpose = models.ForeignKey(ConsentPurpose, models.PROTECT, related_name="+", verbose_name=_("purpose"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    subject_ref = models.CharField(_("about"), max_length=60)
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language shown"), max_length=2, choices=LANGUAGES)
    at = models.DateTimeField(_("time"), default=timezone.now)
    channel = models.CharField(_("channel"), max_length=16)
    evidence = models.CharField(_("evidence"), max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes: ClassVar = [
            models.Index(fields=["user", "purpose", "-id"], name="consent_of_user"),
            models.Index(fields=["subject_ref", "-id"], name="consent_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_ref} {self.kind} {self.version}"
