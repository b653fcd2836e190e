"""Celery entry points of identities."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from identity import challenges


@shared_task
def forget_challenges() -> int:
    """Delete texts that nobody can sign any more."""
    return challenges.forget_old(timezone.now())
