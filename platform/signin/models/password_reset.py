"""By which way a password was set anew."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User


class PasswordReset(models.Model):
    """By which way the password was set anew: until another way was used, this one is no second factor."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    medium = models.CharField(max_length=10)
    reset_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id} {self.medium}"
