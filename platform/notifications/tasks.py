"""Celery entry points: each calls one function of the delivery."""

from __future__ import annotations

from celery import shared_task

from common.events import hint_taken
from notifications import delivery


@shared_task(name=delivery.SEND_TASK)
def send_due_notifications() -> int:
    """Send everything that is due. Hinted after each commit that queues, and called by beat."""
    hint_taken(delivery.SEND_TASK)
    tried = 0
    while batch := delivery.send_due():
        tried += batch
    return tried


@shared_task(name=delivery.HURRY_TASK)
def send_hurried_notifications() -> int:
    """The same for codes and the like alone, beside a long batch of other messages."""
    hint_taken(delivery.HURRY_TASK)
    tried = 0
    while batch := delivery.send_due(hurried=True):
        tried += batch
    return tried
