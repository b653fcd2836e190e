"""Runs of the verification: what is new every hour, everything at night, and the alarm when something does not hold."""

from __future__ import annotations

import time
from datetime import timedelta

from django.utils import timezone

from audit.alarm import raise_alarm
from audit.models import ChainCheck
from audit.verification import Link, Problem, Why, beginning, check_end, check_waiting, still_holds, walk
from common.events import chain_hash, stamp

ABANDONED = timedelta(hours=12)
LOOKED_AT = 20  # rows among which the last genuine one is looked for; else all begins anew


def check_new(seconds: float | None = None) -> ChainCheck:
    """What was sealed since the last verification that held, the end of the chain, and what waits.

    When the time is over it has verified a part, and the next run goes on after it.
    """
    ended = ChainCheck.objects.filter(finished_at__isnull=False, problem="").order_by("-id")
    last = next(filter(is_genuine, ended[:LOOKED_AT]), None)
    start: Link | Problem = Link(last.through_seq, last.through_hash) if last else beginning()
    check = ChainCheck(is_whole=False)
    if isinstance(start, Link) and not still_holds(start):
        start = Problem(start.seq, Why.MOVED)
    return _run(check, start, until=_until(seconds))


def keep(check: ChainCheck) -> ChainCheck:
    check.proof = _proof(check)
    check.save()
    return check


def is_genuine(check: ChainCheck) -> bool:
    """Whether the hub wrote this row: what somebody else says was verified, was not."""
    return check.proof == _proof(check)


def _proof(check: ChainCheck) -> str:
    times = [stamp(at) if at else "" for at in (check.started_at, check.finished_at)]
    said = [check.is_whole, check.through_seq, check.through_hash, check.checked, check.problem_seq, check.problem]
    return chain_hash(prev_hash="check", fields=[*times, *said])


def _until(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds


def check_whole(seconds: float | None = None) -> ChainCheck:
    """The whole chain from its beginning; with a limit of time it goes on where the last run stopped."""
    begun = ChainCheck.objects.filter(
        is_whole=True, finished_at__isnull=True, started_at__gt=timezone.now() - ABANDONED
    ).order_by("-id")
    check = next(filter(is_genuine, begun[:LOOKED_AT]), None)
    start: Link | Problem = Link(check.through_seq, check.through_hash) if check else beginning()
    return _run(check or ChainCheck(is_whole=True), start, until=_until(seconds))


def _run(check: ChainCheck, start: Link | Problem, *, until: float | None) -> ChainCheck:
    problem = start if isinstance(start, Problem) else None
    if isinstance(start, Link):
        problem, is_done = _walk(check, start, until)
        if not is_done:
            check.finished_at = None if check.is_whole else timezone.now()
            return keep(check)
    problem = problem or check_end() or check_waiting()
    if problem:
        check.problem, check.problem_seq = str(problem.why), problem.seq
    check.finished_at = timezone.now()
    keep(check)
    if problem:
        tell(problem)
    return check


def _walk(check: ChainCheck, start: Link, until: float | None) -> tuple[Problem | None, bool]:
    """How the walk ended, and whether it came to its end within the time."""
    check.through_seq, check.through_hash = start.seq, start.hash
    for step in walk(start):
        check.through_seq, check.through_hash = step.link.seq, step.link.hash
        check.checked += step.checked
        if step.problem:
            return step.problem, True
        if until is not None and time.monotonic() > until:
            return None, False
    return None, True


def tell(problem: Problem) -> None:
    raise_alarm(
        subject_ref=f"audit:{problem.seq}" if problem.seq else f"audit-row:{problem.row_id}",
        why=str(problem.why),
        details={"seq": problem.seq, "row": problem.row_id},
    )
