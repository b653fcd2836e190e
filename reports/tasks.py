"""Celery entry points of the statistics: each calls one step."""

from __future__ import annotations

import datetime as dt
import logging

from celery import shared_task
from django.utils import timezone

from reports import refreshing
from reports.models import EarlyWarning
from reports.opendata import tasks as _open_data  # noqa: F401  # its tasks announce themselves
from reports.qr import limits
from reports.warning import tension_days, watch

logger = logging.getLogger(__name__)


@shared_task(name="reports.tasks.refresh_rollups")
def refresh_rollups() -> int:
    """Each minute: count what changed. A large hub that was never counted waits for `manage.py rebuild_rollups`."""
    if refreshing.needs_rebuild():
        logger.warning("rollups_need_rebuild")
        return 0
    return refreshing.refresh()


@shared_task(name="reports.tasks.forget_qr_salts")
def forget_qr_salts() -> int:
    """Each hour: throw away what could lead from a rating of an earlier day back to a device or a network."""
    return limits.forget_salts(timezone.localdate())


@shared_task(name="reports.tasks.verify_recent_rollups")
def verify_recent_rollups() -> int:
    """Each night: compare the figures of the last weeks with the events; a difference is logged and counted anew."""
    return refreshing.verify_recent()


@shared_task(name="reports.tasks.watch_growth")
def watch_growth() -> int:
    """Each hour: warn of topics and city sectors that grow; yesterday too, for what was counted late."""
    today = timezone.localdate()
    days = (today - dt.timedelta(days=1), today)
    return sum(watch.look(EarlyWarning.Kind.GROWTH, day) for day in days)


@shared_task(name="reports.tasks.watch_texts")
def watch_texts() -> int:
    """Each night: warn of repeated addresses and new wordings, and take the tension of the day that has ended."""
    tension_days.measure_missing(timezone.localdate())  # first: texts of a large city may take as long as a task may
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    return sum(watch.look(kind, yesterday) for kind in (EarlyWarning.Kind.ADDRESS, EarlyWarning.Kind.WORDING))
