"""Celery entry points: each takes ids and calls one step."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from appeals import escalation, events, routing


@shared_task
def suggest_route(event_id: int) -> None:
    """Intake or a new classification: find who answers."""
    routing.suggest_route(events.appeal_of(event_id))


@shared_task
def open_second_look(event_id: int) -> None:
    """A disputed answer: give the appeal to a different unit."""
    routing.open_second_look(events.appeal_of(event_id))


@shared_task
def fire_due_timers() -> int:
    """Take every rung of the ladder that has come."""
    now, fired = timezone.now(), 0
    while batch := escalation.due_steps(now):
        taken = sum(escalation.take_step(timer_id, now=now) for timer_id in batch)
        fired += taken
        if not taken:
            break
    return fired


@shared_task
def recalculate_terms() -> int:
    """Carry out the recalculations that edits of the calendar have asked for."""
    return escalation.recalculate_terms(escalation.waiting_recalculations(timezone.now()))
