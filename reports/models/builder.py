"""Questions of the report builder that somebody keeps."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    return secrets.token_urlsafe(16)


class SavedQuestion(models.Model):
    """A question with a name. `query` is the query part of its address; nothing of the answer is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(_("shared with the staff"), default=False)
    token = models.CharField(max_length=32, unique=True, default=new_token)  # by which it is opened from a link
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("saved question")
        verbose_name_plural = _("saved questions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="question_name_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-changed_at"], name="question_shared", condition=models.Q(is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.name
