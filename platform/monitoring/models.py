"""Moments that the monitoring asks for: the last tick, the last backup, the end of the certificate."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Moment(models.Model):
    """A named point in time; each name has one row, which is overwritten."""

    class Name(models.TextChoices):
        TICK = "tick", _("A worker did what beat asked for")
        BACKUP = "backup", _("A backup was made")
        CERTIFICATE = "certificate", _("End of the certificate of the site")

    name = models.CharField(_("name"), max_length=20, choices=Name.choices, primary_key=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("moment of the monitoring")
        verbose_name_plural = _("moments of the monitoring")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
