"""The editable working calendar: days off, moved days and office hours."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.names import TrilingualName


class CalendarDay(TrilingualName):
    """A day that differs from the ordinary week. Filled from `holidays`, edited by the administrator."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Public holiday")
        MOVED_OFF = "moved_off", _("Moved day off")
        MOVED_WORK = "moved_work", _("Worked day off")

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class OfficeHours(models.Model):
    """Opening hours of the akimat for one day of the week; no row for a weekday means closed."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices, unique=True)
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"))
    break_from = models.TimeField(_("break from"), null=True, blank=True)
    break_until = models.TimeField(_("break until"), null=True, blank=True)

    class Meta:
        ordering = ["weekday"]
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="hours_close_after_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at} – {self.closes_at}"
