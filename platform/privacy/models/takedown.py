"""Requests to take something down from a public page: one working day by law."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from privacy.models.terms import LANGUAGES, Ground, Timed


class TakedownRequest(Timed):
    """Somebody says that a public item shows what it must not. Nobody needs an account to say so."""

    class State(models.TextChoices):
        NEW = "new", _("Waits for a decision")
        HIDDEN = "hidden", _("Hidden, waits for a decision")
        UPHELD = "upheld", _("Taken down")
        REJECTED = "rejected", _("Stays public")

    kind = models.CharField(_("kind of item"), max_length=20)
    item = models.CharField(_("item"), max_length=60)
    reason = EncryptedTextField(_("what is wrong with it"))
    contact = EncryptedTextField(_("contact"), default="")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    ground = models.ForeignKey(
        Ground, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    answer = models.TextField(_("answer"), blank=True)
    is_demo = models.BooleanField(_("invented for the demo city"), default=False, editable=False)

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("request to take down")
        verbose_name_plural = _("requests to take down")
        indexes: ClassVar = [
            models.Index(fields=["next_mark_at"], name="takedown_mark", condition=models.Q(done_at__isnull=True)),
            models.Index(fields=["kind", "item"], name="takedown_item"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item}"

    @property
    def ref(self) -> str:
        return f"takedown:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.NEW, self.State.HIDDEN}
