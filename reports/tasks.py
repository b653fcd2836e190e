"""Celery entry points of the statistics: each calls one step."""

from __future__ import annotations

import logging

from celery import shared_task

from reports import refreshing

logger = logging.getLogger(__name__)


@shared_task(name="reports.tasks.refresh_rollups")
def refresh_rollups() -> int:
    """Each minute: count what changed. A large hub that was never counted waits for `manage.py rebuild_rollups`."""
    if refreshing.needs_rebuild():
        logger.warning("rollups_need_rebuild")
        return 0
    return refreshing.refresh()


@shared_task(name="reports.tasks.verify_recent_rollups")
def verify_recent_rollups() -> int:
    """Each night: compare the figures of the last weeks with the events; a difference is logged and built anew."""
    return refreshing.verify_recent()
