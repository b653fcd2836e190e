"""Celery entry points of the open API."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from openapi import idempotency


@shared_task
def forget_requests() -> int:
    """Delete the Idempotency-Keys of requests that nobody repeats any more."""
    return idempotency.forget_old(timezone.now())
