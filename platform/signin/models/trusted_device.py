"""A browser that is not asked for a code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class TrustedDevice(models.Model):
    """A browser of a resident that is not asked for a code until `expires_at`; the cookie holds the token."""

    user = models.ForeignKey(User, models.CASCADE, related_name="trusted_devices", verbose_name=_("user"))
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("device"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("trusted since"), default=timezone.now)
    expires_at = models.DateTimeField(_("trusted until"))
    last_used_at = models.DateTimeField(_("last used"), default=timezone.now)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)

    class Meta:
        verbose_name = _("trusted device")
        verbose_name_plural = _("trusted devices")
        ordering: ClassVar = ["-last_used_at"]

    def __str__(self) -> str:
        return self.label
