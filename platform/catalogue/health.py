"""How a connection is: a pure rule over the book of its checks and runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import ConnectorJob

# A check that is this many times overdue was not made: whoever makes them stands still.
PATIENCE = 3
SHORTEST_PATIENCE = timedelta(minutes=5)


class Health(models.TextChoices):
    WORKS = "works", _("Works")
    FAILS = "fails", _("Does not work")
    SILENT = "silent", _("Not checked for too long")
    PAUSED = "paused", _("Paused")
    WAITING = "waiting", _("Not checked yet")
    NOT_SET_UP = "not_set_up", _("Not set up")


TONES: dict[str, str] = {
    Health.WORKS: "good",
    Health.FAILS: "bad",
    Health.SILENT: "warn",
    Health.PAUSED: "warn",
    Health.WAITING: "calm",
    Health.NOT_SET_UP: "calm",
}
# Of several connections with one system the worst counts.
WORST_FIRST = (Health.FAILS, Health.SILENT, Health.PAUSED, Health.WAITING, Health.WORKS, Health.NOT_SET_UP)


def of_job(row: ConnectorJob, every: timedelta, now: datetime) -> Health:
    if row.paused_at is not None:
        return Health.PAUSED
    if row.failures:
        return Health.FAILS
    if row.last_succeeded_at is None:
        return Health.WAITING
    if now - row.due_at > max(every * PATIENCE, SHORTEST_PATIENCE):
        return Health.SILENT
    return Health.WORKS


def worst(found: Iterable[Health]) -> Health | None:
    """None where nothing is known of any."""
    return min(found, key=WORST_FIRST.index, default=None)
