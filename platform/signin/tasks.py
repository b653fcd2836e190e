"""Celery entry points: each calls one step."""

from __future__ import annotations

from celery import shared_task

from signin import known_devices, limits, registration, sessions, trusted_devices


@shared_task(name="signin.tasks.forget_what_has_ended")
def forget_what_has_ended() -> int:
    """Rows that say nothing any more: counts of past windows, registrations nobody finished, trust that is over."""
    return limits.forget_ended() + registration.forget_ended() + trusted_devices.forget_ended()


@shared_task(name="signin.tasks.forget_what_is_over")
def forget_what_is_over() -> int:
    """Rows of ended sessions, and devices nobody has used for more than a year."""
    return sessions.forget_ended() + known_devices.forget_old()
