"""A browser from which a person has signed in before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class KnownDevice(models.Model):
    """Known by a random token in a cookie, kept here as a hash bound to the account.

    The hashes of two accounts on one browser cannot be connected, and the token itself is not kept:
    the rows tell a new device from an old one and nothing else. The browser and the system are kept coarsely
    (`Chrome/Android`), so that a stolen cookie on another system is a new device.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices", verbose_name=_("user"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("browser and system"), max_length=80, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        indexes: ClassVar = [models.Index(fields=["last_seen_at"], name="device_by_last_seen")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
