"""Celery entry points of what knows no domain."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from common import pending_files

KEPT_FOR = timedelta(days=1)


@shared_task
def forget_pending_files() -> int:
    """Delete the files of forms that were never sent."""
    return pending_files.forget_older_than(timezone.now() - KEPT_FOR)
