"""The akimat in which a partner tries things out."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Sandbox(models.Model):
    """One world for all sandbox applications of a person: a database of its own and a clock that can run ahead."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be prepared")

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sandbox", verbose_name=_("owner")
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PREPARING)
    ahead = models.DurationField(_("clock ahead by"), default=timedelta)
    made_from = models.CharField(_("made from"), max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    reset_at = models.DateTimeField(_("last reset"), null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("sandbox")
        verbose_name_plural = _("sandboxes")
        indexes: ClassVar = [models.Index(fields=["last_used_at"], name="sandbox_by_use")]

    def __str__(self) -> str:
        return f"{self.owner_id}"
