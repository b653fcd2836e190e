"""Celery entry points of the open API: each calls one function."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from common.events import hint_taken, publish
from openapi import feed, idempotency, usage_hours
from openapi.sandbox import databases, worlds
from openapi.webhooks import by_hand, outbox, sending

SENDING_SECONDS = 20.0


@shared_task
def forget_requests() -> int:
    """Delete the Idempotency-Keys of requests that nobody repeats any more."""
    return idempotency.forget_old(timezone.now())


@shared_task
def store_usage() -> int:
    """Make rows of the counted calls, so that they outlive the key-value server."""
    return usage_hours.store(timezone.now())


@shared_task
def prepare_sandboxes() -> str:
    """Make what every sandbox is a copy of, once after each update: else the first partner waits for it."""
    return databases.ensure_seed(waits=False)


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
    """Send what is due. Hinted after each commit that writes a message, and called by beat.

    A worker that waits for strangers' servers does nothing else: after a while the tasks behind get their turn. The
    time limit of tasks must not be reached, for what has been sent by then would not be written down and sent again.
    """
    hint_taken(outbox.SEND_TASK)
    tried, ends = 0, time.monotonic() + SENDING_SECONDS
    while batch := sending.send_due():
        tried += batch
        if time.monotonic() >= ends:
            publish(outbox.SEND_TASK)
            break
    return tried


@shared_task(name=by_hand.TASK)
def send_from_sandbox(owner_id: int, delivery_id: int) -> bool:
    """Send the message of a sandbox that its owner wants to see arrive."""
    return by_hand.send(owner_id, delivery_id)
