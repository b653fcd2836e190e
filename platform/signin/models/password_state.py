"""When a person's password was changed, and whether he must change it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class PasswordState(models.Model):
    """Kept beside the account; somebody without a row has never changed his password here."""

    user = models.OneToOneField(User, models.CASCADE, related_name="password_state", verbose_name=_("user"))
    changed_at = models.DateTimeField(_("password changed"), null=True, blank=True)
    due_since = models.DateTimeField(_("must be changed since"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of a password")
        verbose_name_plural = _("states of passwords")

    def __str__(self) -> str:
        return f"{self.user_id}"
