"""What every duty shares: editable terms and legal grounds, a clock in working days, a history nobody can change."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]


class Term(models.Model):
    """In how many working days a duty is done; the law changes, so the number is a row."""

    class Slug(models.TextChoices):
        KNOW = "know", _("Request: what is kept about me")
        CORRECT = "correct", _("Request: correct my data")
        RESTRICT = "restrict", _("Request: restrict the use of my data")
        DELETE = "delete", _("Request: delete my data")
        WITHDRAW = "withdraw", _("Request: withdraw my consent")
        TAKE_DOWN = "take_down", _("Take something down from a public page")
        BREACH = "breach", _("Tell the authorised body of a breach")

    slug = models.CharField(_("duty"), max_length=12, choices=Slug.choices, unique=True)
    working_days = models.PositiveSmallIntegerField(_("working days"), validators=[MinValueValidator(1)])
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    is_default = models.BooleanField(
        _("shipped value"), default=True, help_text=_("Nobody has confirmed this value yet: check it with a lawyer.")
    )

    class Meta:
        ordering = ["slug"]
        verbose_name = _("term of a duty")
        verbose_name_plural = _("terms of duties")

    def __str__(self) -> str:
        return f"{self.get_slug_display()}: {self.working_days}"


class Ground(TrilingualName):
    """Why data stay although their owner asks for deletion, or why something is taken down or not."""

    class Use(models.TextChoices):
        KEEP = "keep", _("Data must stay")
        TAKE_DOWN = "take_down", _("Taken down")
        LEAVE = "leave", _("Stays public")

    slug = models.SlugField(_("slug"), unique=True)
    use = models.CharField(_("used for"), max_length=10, choices=Use.choices)
    law = models.CharField(_("law"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("shipped value"), default=True)

    class Meta:
        ordering = ["use", "slug"]
        verbose_name = _("legal ground")
        verbose_name_plural = _("legal grounds")


class Timed(models.Model):
    """A duty with a term in working days; `next_mark_at` is when somebody must be told next (50, 80, 100 %)."""

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    working_days = models.PositiveSmallIntegerField(_("term, working days"))
    due_at = models.DateTimeField(_("due"))
    told_share = models.PositiveSmallIntegerField(default=0, editable=False)
    next_mark_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_late(self) -> bool:
        return (self.done_at or timezone.now()) > self.due_at


class CaseEvent(models.Model):
    """One step of a request, a take-down or a breach: who did what and when. The database refuses changes."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Received")
        DECIDED = "decided", _("Decided")
        EXECUTED = "executed", _("Carried out")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Taken back by the person")
        EXPORTED = "exported", _("Copy of the data made")
        DOWNLOADED = "downloaded", _("Copy of the data downloaded")
        EXPIRED = "expired", _("Copy of the data deleted")
        FAILED = "failed", _("Copy of the data could not be made")
        RETRIED = "retried", _("Copy of the data begun again")
        HIDDEN = "hidden", _("Hidden from public pages")
        RESTORED = "restored", _("Public again")
        REMINDED = "reminded", _("Reminder about the term")
        CHANGED = "changed", _("Changed")
        PERSONS = "persons", _("List of affected persons extended")
        LISTED = "listed", _("List of affected persons downloaded")
        NOTIFIED = "notified", _("Authorised body told")
        CLOSED = "closed", _("Closed")

    case_ref = models.CharField(max_length=40)
    kind = models.CharField(_("event"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict)

    class Meta:
        ordering = ["id"]
        verbose_name = _("step of a duty")
        verbose_name_plural = _("steps of duties")
        indexes: ClassVar = [models.Index(fields=["case_ref", "id"], name="privacy_event_of_case")]

    def __str__(self) -> str:
        return f"{self.case_ref} {self.kind}"
