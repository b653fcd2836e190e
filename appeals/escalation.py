"""What the clock itself does: reminders and escalation along the ladder, terms anew after an edit of the calendar."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import User
from appeals import events, terms, timers
from appeals.models import Appeal, EventKind, TermRecalculation, Timer, TimerCode
from common.rows import SECONDS, forget_rows

logger = logging.getLogger(__name__)

BATCH = 500
RECALCULATING = 0x5445524D  # "TERM": any number that nothing else of this database uses
# Longer than any process keeps the old calendar in memory, so that no term is computed by it afterwards.
SETTLING = timedelta(seconds=2 * SECONDS)


# Reminders and escalation


def due_steps(now: datetime, limit: int = BATCH) -> list[int]:
    """Timers whose next rung of the ladder has come, the longest waiting first."""
    rows = Timer.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, next_step_at__lte=now)
    return list(rows.order_by("next_step_at").values_list("pk", flat=True)[:limit])


def take_steps(timer_ids: list[int], *, now: datetime) -> int:
    """Tell what has come; a timer that cannot be told must not keep the others waiting."""
    return sum(_unless_broken(take_step, timer_id, now=now) for timer_id in timer_ids)


def _unless_broken(step: Callable[..., bool], timer_id: int, **given: object) -> bool:
    try:
        return step(timer_id, **given)
    except OperationalError:  # the database's trouble, not the timer's: the next tick tries again
        raise
    except Exception:
        logger.exception("timer_is_broken", extra={"timer": timer_id})
        return False


@transaction.atomic
def take_step(timer_id: int, *, now: datetime) -> bool:
    """Tell the rung of the ladder that has come, once, however many of us run: the appeal's lock decides."""
    appeal_id = Timer.objects.values_list("appeal_id", flat=True).get(pk=timer_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    timer = Timer.objects.get(pk=timer_id)
    if timer.stopped_at or timer.paused_at or timer.next_step_at is None or timer.next_step_at > now:
        return False
    share = timer.next_share or 0
    kind = EventKind.REMINDED if share < 100 else EventKind.ESCALATED
    data = {
        "timer": timer.code,
        "share": share,
        "due_at": timer.due_at,
        "roles": terms.roles_for(appeal.regime, timer.code, share),
    }
    events.record(appeal, kind, data=data, question=timer.question)
    timers.advance(timer, regime=appeal.regime)
    return True


def expired(code: TimerCode, now: datetime, limit: int = BATCH) -> list[int]:
    """Appeals with a running timer of this code past its due time (the wait for an answer, the time to judge)."""
    rows = Timer.objects.filter(code=code, stopped_at__isnull=True, due_at__lte=now)
    return list(rows.order_by("due_at").values_list("appeal_id", flat=True)[:limit])


# After an edit of the calendar


def request_recalculation(*, reason: str, actor: User | None = None) -> TermRecalculation:
    """Ask for the open terms to be computed anew; written in the transaction of the edit itself.

    Many edits in a row are carried out as one: the request that waits is young enough to see them all.
    """
    young = TermRecalculation.objects.filter(done_at__isnull=True, requested_at__gt=timezone.now() - SETTLING / 2)
    waiting = young.filter(reason=reason[:250]).first()
    if waiting:
        return waiting
    return TermRecalculation.objects.create(reason=reason[:250], requested_by=actor)


def waiting_recalculations(now: datetime) -> list[int]:
    """Requests that every process has had time to see."""
    rows = TermRecalculation.objects.filter(done_at__isnull=True, requested_at__lte=now - SETTLING)
    return list(rows.order_by("requested_at").values_list("pk", flat=True))


def recalculate_terms(request_ids: list[int]) -> int:
    """Compute every open term by the calendar as it stands; each that moves gets an event with its reason."""
    with _alone() as is_alone:
        return _recalculate_all(request_ids) if is_alone else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else recalculates: a large recalculation takes longer than the next tick waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RECALCULATING])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [RECALCULATING])


def _recalculate_all(request_ids: list[int]) -> int:
    forget_rows()
    requests = list(TermRecalculation.objects.filter(pk__in=request_ids, done_at__isnull=True))
    if not requests:
        return 0
    reason = "; ".join(dict.fromkeys(row.reason for row in requests))
    moved = sum(_unless_broken(_recalculate, timer_id, reason=reason) for timer_id in _open_timers())
    TermRecalculation.objects.filter(pk__in=[row.pk for row in requests]).update(done_at=timezone.now(), moved=moved)
    return moved


def _open_timers() -> Iterator[int]:
    """Open timers whose due time the present calendar would set differently; found without locking anybody."""
    last = 0
    while True:
        rows = Timer.objects.filter(stopped_at__isnull=True, extended_until__isnull=True, pk__gt=last)
        batch = list(rows.order_by("pk").prefetch_related("pauses")[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        yield from (timer.pk for timer in batch if timers.due_by_calendar(timer) != timer.due_at)


@transaction.atomic
def _recalculate(timer_id: int, reason: str) -> bool:
    appeal_id = Timer.objects.values_list("appeal_id", flat=True).get(pk=timer_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    timer = Timer.objects.prefetch_related("pauses").get(pk=timer_id)
    timer.appeal = appeal
    before = timer.due_at
    if timer.stopped_at or not timers.recalculate(timer, at=timezone.now()):
        return False
    is_leading = timer.code in timers.LEADING and timer.question_id is None
    events.record(
        appeal,
        EventKind.TERM_RECALCULATED,
        reason=reason,
        data={"timer": timer.code, "before": before, "after": timer.due_at},
        question=timer.question,
        changed=["due_at"] if is_leading else [],
        is_public=is_leading,
    )
    return True
