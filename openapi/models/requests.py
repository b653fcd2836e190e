"""Requests that must have their effect once, however often they are sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from openapi.models.applications import Application


class IdempotentRequest(models.Model):
    """An `Idempotency-Key` of an application, what was asked under it, and what was answered.

    The row is inserted and completed in the transaction of the effect itself: it exists if and only if the effect does.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "key"], name="request_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="request_age")]

    def __str__(self) -> str:
        return self.key
