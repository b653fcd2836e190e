"""Who looked at, exported or configured what; the life of an appeal itself is in appeals.models.event."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessRecord(models.Model):
    """One view of protected data, one export or one change of configuration. Append-only."""

    class Action(models.TextChoices):
        VIEWED_IDENTITY = "viewed_identity", _("Viewed personal data")
        VIEWED_RESTRICTED = "viewed_restricted", _("Viewed a confidential appeal")
        DOWNLOADED = "downloaded", _("Downloaded a file")
        EXPORTED = "exported", _("Exported data")
        CONFIGURED = "configured", _("Changed configuration")

    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    action = models.CharField(_("action"), max_length=30, choices=Action.choices)
    subject_ref = models.CharField(_("subject"), max_length=80)
    fields = models.JSONField(_("fields"), default=list)
    reason = models.TextField(_("reason"), blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True)

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        indexes: ClassVar = [
            models.Index(fields=["subject_ref", "-id"], name="access_by_subject"),
            models.Index(fields=["actor", "-id"], name="access_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_ref}"
