"""How the keys are used, by the hour."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from openapi.models.applications import ApiKey, Application


class UsageHour(models.Model):
    """Calls of one key in one hour: the operation, its result, and how many fell into each class of latency.

    Written anew from the counters and never added to, so that storing an hour twice counts nothing twice.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="+", db_index=False)
    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+", db_index=False)
    hour = models.DateTimeField(_("hour"))
    operation = models.CharField(_("operation"), max_length=80)
    status = models.PositiveSmallIntegerField(_("status"))
    code = models.CharField(_("code"), max_length=40, blank=True)
    calls = models.PositiveIntegerField(_("calls"))
    latency = ArrayField(models.PositiveIntegerField(), verbose_name=_("calls by class of latency"))

    class Meta:
        verbose_name = _("use of a key in an hour")
        verbose_name_plural = _("use of keys by the hour")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "hour", "operation", "status", "code"], name="usage_hour_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["application", "hour"], name="usage_of_application"),
            models.Index(fields=["hour"], name="usage_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.operation}"
