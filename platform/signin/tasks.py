"""Celery entry points: each calls one step."""

from __future__ import annotations

from celery import shared_task

from signin import limits, registration, trusted_devices


@shared_task(name="signin.tasks.forget_what_has_ended")
def forget_what_has_ended() -> int:
    """Rows that say nothing any more: counts of past windows, registrations nobody finished, trust that is over."""
    return limits.forget_ended() + registration.forget_ended() + trusted_devices.forget_ended()
