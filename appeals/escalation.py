"""What the clock itself does: reminders and escalation along the ladder, terms anew after an edit of their tables."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import F
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


# After an edit of the calendar or of the ladder


def request_recalculation(*, reason: str, actor: User | None = None, of_ladder: bool = False) -> TermRecalculation:
    """Ask for the open terms to be computed anew; written in the transaction of the edit itself.

    Many edits in a row are carried out as one: the request that waits is young enough to see them all.
    """
    young = TermRecalculation.objects.filter(done_at__isnull=True, requested_at__gt=timezone.now() - SETTLING / 2)
    wish = {"reason": reason[:250], "requested_by": actor, "of_ladder": of_ladder}
    waiting = young.filter(after=0, **wish).first()
    if waiting:
        return waiting
    return TermRecalculation.objects.create(**wish)


def waiting_recalculations(now: datetime) -> list[int]:
    """Requests that every process has had time to see."""
    rows = TermRecalculation.objects.filter(done_at__isnull=True, requested_at__lte=now - SETTLING)
    return list(rows.order_by("requested_at").values_list("pk", flat=True))


def recalculate_terms(request_ids: list[int]) -> int:
    """Compute every open term and its next reminder by the tables as they stand.

    Each term that moves gets an event with its reason. What is done is kept batch by batch: whoever takes up the
    requests of a process that died goes on where it stopped, and doing a batch again changes nothing.
    """
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
    told = [row for row in requests if not row.of_ladder] or requests  # the applicant reads why his term moved
    reason = "; ".join(dict.fromkeys(row.reason for row in told))
    rows = TermRecalculation.objects.filter(pk__in=[row.pk for row in requests])
    total = 0
    for batch in _open_timers(after=min(row.after for row in requests)):
        moved = sum(_unless_broken(_recalculate, pk, reason=reason) for pk in _differing(batch))
        rows.update(after=batch[-1].pk, moved=F("moved") + moved)
        total += moved
    rows.update(done_at=timezone.now())
    return total


def _open_timers(*, after: int) -> Iterator[Sequence[Timer]]:
    """Running clocks in the order of their keys; found without locking anybody."""
    rows = Timer.objects.filter(stopped_at__isnull=True).annotate(regime=F("appeal__regime")).order_by("pk")
    while batch := list(rows.filter(pk__gt=after).prefetch_related("pauses")[:BATCH]):
        yield batch
        after = batch[-1].pk


def _differing(batch: Sequence[Timer]) -> list[int]:
    """Those whose due time or next reminder the present tables would set differently."""
    now = timezone.now()
    return [timer.pk for timer in batch if _is_moved(timer) or _is_aimed_elsewhere(timer, now)]


def _is_moved(timer: Timer) -> bool:
    """A term extended by decision stays where the decision put it."""
    return timer.extended_until is None and timers.due_by_calendar(timer) != timer.due_at


def _is_aimed_elsewhere(timer: Timer, now: datetime) -> bool:
    regime: str = timer.regime  # type: ignore[attr-defined]  # annotated by the query
    aimed_at = timer.next_share, timer.next_step_at
    return timer.paused_at is None and timers.step_by_ladder(timer, regime, at=now) != aimed_at


@transaction.atomic
def _recalculate(timer_id: int, reason: str) -> bool:
    """True when the due time moved; a reminder that comes at another time is no change of the case."""
    appeal_id = Timer.objects.values_list("appeal_id", flat=True).get(pk=timer_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    timer = Timer.objects.prefetch_related("pauses").get(pk=timer_id)
    timer.appeal = appeal
    before, now = timer.due_at, timezone.now()
    if timer.stopped_at:
        return False
    if not timers.recalculate(timer, at=now):
        timers.aim_anew(timer, appeal.regime, at=now)
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
