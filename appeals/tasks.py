"""Celery entry points: each takes ids and calls one step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from celery import current_app, shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from appeals import (
    deliveries,
    dialogue,
    escalation,
    events,
    feedback,
    handing_on,
    malware_scans,
    notices,
    proofs,
    remote_files,
    routing,
    staff_notices,
    threads,
)
from appeals.personal_data import leftovers
from common.events import hint_taken


def reaction(step: Callable[[int], None]) -> Any:
    """A task that an event has started; `waiting` is the row that goes away with its work.

    A database that restarts or has two of us wait for each other is tried again soon. Anything else that fails is a
    mistake in the code: the row stays and the task comes again with the sweep, after the mistake has been mended too.
    """

    def task(event_id: int, waiting: int | None = None) -> None:
        if waiting is None:
            step(event_id)
        else:
            handing_on.finish(waiting, partial(step, event_id))

    task.__doc__ = step.__doc__
    return shared_task(
        name=f"{__name__}.{step.__name__}",
        autoretry_for=(OperationalError, InterfaceError, OSError),
        retry_backoff=2,
        retry_backoff_max=60,
        max_retries=5,
    )(task)


@reaction
def suggest_route(event_id: int) -> None:
    """Intake or a new classification: find who answers."""
    routing.suggest_route(events.appeal_of(event_id), event_id=event_id)


@reaction
def open_second_look(event_id: int) -> None:
    """A disputed answer: give the appeal to a different unit."""
    routing.open_second_look(events.appeal_of(event_id))


@shared_task
def close_silent_appeals() -> int:
    """Close what was answered and not judged within the term."""
    found = feedback.silent_ones(timezone.now())
    for appeal_id in found:
        feedback.close_silent(appeal_id)
    return len(found)


@shared_task
def end_overdue_waits() -> int:
    """Let the clock run on where the applicant has not answered within the time given to him."""
    waits = dialogue.overdue_waits(timezone.now())
    for appeal_id, due_at in waits:
        dialogue.end_wait(appeal_id, at=due_at, why=dialogue.WaitEnd.NO_ANSWER)
    return len(waits)


@shared_task
def fire_due_timers() -> int:
    """Take every rung of the ladder that has come."""
    now, fired = timezone.now(), 0
    while batch := escalation.due_steps(now):
        taken = escalation.take_steps(batch, now=now)
        fired += taken
        if not taken:
            break
    return fired


@shared_task
def recalculate_terms() -> int:
    """Carry out the recalculations that edits of the calendar have asked for."""
    return escalation.recalculate_terms(escalation.waiting_recalculations(timezone.now()))


@shared_task
def process_waiting_deliveries() -> int:
    """Turn what the channels delivered into appeals and messages. Hinted after each delivery, and called by beat."""
    hint_taken(deliveries.PROCESS_TASK)
    return deliveries.process_waiting()


@shared_task
def process_delivery(delivery_id: int) -> None:
    """One delivery, when somebody has asked for another try."""
    deliveries.process(delivery_id)


@shared_task
def fetch_remote_files() -> int:
    """Fetch the files that messengers keep for us."""
    hint_taken(threads.FETCH_TASK)
    return remote_files.fetch_due()


@shared_task
def scan_waiting_files() -> int:
    """Ask the virus scanner about the files that it did not answer for."""
    return malware_scans.scan_waiting()


@shared_task
def remove_leftovers() -> int:
    """Remove what anonymised appeals have left behind: files of a killed worker, notices that have gone since."""
    return leftovers.remove()


@reaction
def tell_applicant(event_id: int) -> None:
    """The notice of an event to the applicant."""
    notices.tell_applicant(event_id)


@reaction
def tell_staff(event_id: int) -> None:
    """The notice of an event to whom it gives work."""
    staff_notices.tell_staff(event_id)


@reaction
def deliver_forwarded(event_id: int) -> None:
    """A forwarded case to the body that answers it."""
    staff_notices.deliver_forwarded(event_id)


@shared_task
def verify_changed_histories(after: int = 0) -> int:
    """Every night: the histories of the appeals to which something happened within the day; a chunk in each task."""
    found = proofs.changed_since(timezone.now() - proofs.A_DAY, after=after)
    broken = proofs.verify(found)
    if len(found) == proofs.CHUNK:
        current_app.send_task("appeals.tasks.verify_changed_histories", args=[found[-1]])
    return broken
