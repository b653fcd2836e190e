"""Celery entry points of the open API: each calls one function."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from common.events import hint_taken
from openapi import feed, idempotency, usage_hours
from openapi.sandbox import worlds
from openapi.webhooks import outbox, sending


@shared_task
def forget_requests() -> int:
    """Delete the Idempotency-Keys of requests that nobody repeats any more."""
    return idempotency.forget_old(timezone.now())


@shared_task
def store_usage() -> int:
    """Make rows of the counted calls, so that they outlive the key-value server."""
    return usage_hours.store(timezone.now())


@shared_task
def remove_unused_sandboxes() -> int:
    """Drop sandboxes that nobody has entered for two months."""
    return worlds.remove_unused(timezone.now())


@shared_task(name=feed.TASK)
def append_feed() -> int:
    """Give every event that waits its place in the feed. Hinted after each commit, and called by beat."""
    hint_taken(feed.TASK)
    appended = 0
    while (entries := feed.append()) is not None:
        appended += len(entries)
    return appended


@shared_task(name=outbox.SEND_TASK)
def send_webhooks() -> int:
    """Send every message that is due. Hinted after each commit that writes one, and called by beat."""
    hint_taken(outbox.SEND_TASK)
    tried = 0
    while batch := sending.send_due():
        tried += batch
    return tried
