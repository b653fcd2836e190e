"""The running clocks of an appeal: start, stop, pause, resume, extend, recalculate. The rules are in `sla`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from appeals import sla, terms
from appeals.models import Appeal, Question, SlaPolicy, Timer, TimerCode, TimerPause
from common.errors import Conflict

# The timers whose due time is the appeal's own: the answer, or the second look after a dispute.
LEADING = (TimerCode.ANSWER, TimerCode.SECOND_LOOK)
# What a new classification measures anew.
RESELECTED = (TimerCode.FIRST_REACTION, TimerCode.ANSWER)


def plan(appeal: Appeal, codes: Iterable[TimerCode], *, at: datetime) -> list[Timer]:
    """Timers of a new appeal, not yet stored; fills the appeal's registration, first day and due time."""
    calendar = terms.calendar()
    answer = terms.policy_for(appeal, TimerCode.ANSWER)
    in_working_time = bool(answer and answer.working_time_registration)
    appeal.registered_at = calendar.registration_instant(at) if in_working_time else at
    appeal.due_at = appeal.registered_at
    if answer:
        appeal.clock_start_on = sla.first_day(terms.term_of(answer), appeal.registered_at, calendar)
    planned = [timer for code in codes if (timer := _timer(appeal, code, appeal.registered_at)) is not None]
    for timer in planned:
        _lead(appeal, timer)
    return planned


def start(appeal: Appeal, code: TimerCode, *, at: datetime, question: Question | None = None) -> Timer | None:
    """Start a clock by the policy in force; None when no policy asks for one.

    A leading clock moves the appeal's due time in memory: the caller lists `due_at` among the changed fields.
    """
    timer = _timer(appeal, code, at, question)
    if timer is not None:
        timer.save(force_insert=True)
        _lead(appeal, timer)
    return timer


def draft(appeal: Appeal, code: TimerCode, *, at: datetime, question: Question | None = None) -> Timer | None:
    """A clock not yet stored, for the bulk step that saves many at once."""
    timer = _timer(appeal, code, at, question)
    if timer is not None:
        _lead(appeal, timer)
    return timer


def aim(timer: Timer, regime: str, *, after: datetime) -> None:
    """Point a clock at the first rung of the ladder after an instant; the caller saves it."""
    _aim(timer, regime, after=after)


def running(appeal: Appeal, code: TimerCode, question: Question | None = None) -> Timer | None:
    return Timer.objects.filter(appeal=appeal, code=code, question=question, stopped_at__isnull=True).first()


def stop(
    appeal: Appeal,
    code: TimerCode,
    *,
    at: datetime,
    question: Question | None = None,
    outcome: Timer.Outcome | None = None,
) -> Timer | None:
    """Stop a running clock; the outcome is read from the instant unless the clock is cancelled."""
    timer = running(appeal, code, question)
    if timer is None:
        return None
    if timer.paused_at:
        _end_pause(appeal, timer, at)
    timer.stopped_at = at
    timer.outcome = outcome or (Timer.Outcome.MET if at <= timer.due_at else Timer.Outcome.MISSED)
    timer.next_step_at = None
    timer.save(update_fields=["due_at", "paused_at", "stopped_at", "outcome", "next_step_at"])
    return timer


def stop_all(appeal: Appeal, *, at: datetime, cancel: bool = False) -> list[Timer]:
    """Stop every running clock of the appeal, questions' clocks included."""
    stopped = []
    for timer in Timer.objects.filter(appeal=appeal, stopped_at__isnull=True).select_related("question"):
        outcome = Timer.Outcome.CANCELLED if cancel else None
        done = stop(appeal, TimerCode(timer.code), at=at, question=timer.question, outcome=outcome)
        if done:
            stopped.append(done)
    return stopped


def pause(appeal: Appeal, *, at: datetime, reason: str) -> list[Timer]:
    """Let the leading clocks and those of the questions stand still while the applicant is asked.

    Only where the policy allows it.
    """
    paused = []
    for timer in _answering(appeal).filter(paused_at__isnull=True).select_related("policy"):
        if timer.policy is not None and not timer.policy.pauses:
            continue
        timer.paused_at = at
        timer.save(update_fields=["paused_at"])
        TimerPause.objects.create(timer=timer, started_at=at, reason=reason)
        paused.append(timer)
    return paused


def resume(appeal: Appeal, *, at: datetime) -> list[Timer]:
    """Let them run on; the due time moves by what the pause took. The caller saves the appeal's `due_at`."""
    resumed = []
    for timer in _answering(appeal).filter(paused_at__isnull=False):
        _end_pause(appeal, timer, at)
        _aim_again(timer, appeal.regime, at=at)
        timer.save(update_fields=["paused_at", "due_at", "target_at", "next_step_at", "next_share"])
        _lead(appeal, timer)
        resumed.append(timer)
    return resumed


def extend(appeal: Appeal, *, until: datetime, at: datetime) -> Timer:
    """Move the due time of the leading clock to `until`, at most to the cap counted from registration.

    Questions whose term would end before go with it: the answer as a whole waits for them.
    """
    timer = _leading(appeal).first()
    if timer is None:
        raise Conflict(_("No term is running that could be extended."), code="no_timer")
    if until <= timer.due_at:
        raise Conflict(_("The new date must be later than the present one."), code="not_later")
    cap = latest_extension(appeal)
    if cap is not None and until > cap:
        raise Conflict(
            _("The term can be extended at most until %(date)s.") % {"date": f"{cap:%d.%m.%Y}"}, code="over_cap"
        )
    for extended in (timer, *_answering(appeal).filter(question__isnull=False, due_at__lt=until)):
        extended.extended_until = extended.due_at = until
        extended.target_at = None
        _aim(extended, appeal.regime, after=at)
        extended.save(update_fields=["extended_until", "due_at", "target_at", "next_step_at", "next_share"])
    _lead(appeal, timer)
    return timer


def latest_extension(appeal: Appeal) -> datetime | None:
    """The last instant to which the term may be extended; None where no cap is set."""
    policy = terms.policy_for(appeal, TimerCode.EXTENSION_CAP)
    if policy is None or appeal.registered_at is None:
        return None
    return sla.extension_cap(appeal.registered_at, terms.term_of(policy), terms.calendar())


def reselect(appeal: Appeal, *, at: datetime) -> bool:
    """After a change of topic, kind, priority or body the running clocks take the terms in force, from their own start.

    True when the due time moved. A term that was extended by decision stays.
    """
    before = appeal.due_at
    for timer in Timer.objects.filter(appeal=appeal, code__in=RESELECTED, stopped_at__isnull=True):
        policy = terms.policy_for(appeal, TimerCode(timer.code))
        if policy is None or timer.policy_id == policy.pk or timer.extended_until:
            continue
        timer.policy, timer.amount, timer.unit, timer.day_count = policy, policy.amount, policy.unit, policy.day_count
        timer.appeal = appeal
        timer.save(update_fields=["policy", "amount", "unit", "day_count"])
        recalculate(timer, at=at)
    return appeal.due_at != before


def run_again(appeal: Appeal, *, stopped_at: datetime, at: datetime) -> None:
    """Undo of a cancellation: what it stopped runs on as if nothing had been, pauses and extension kept.

    Rungs of the ladder that came in between are not told afterwards. The caller saves the appeal's `due_at`.
    """
    codes = LEADING if appeal.department_id else [*LEADING, TimerCode.FORWARD, TimerCode.REGISTER]
    stopped = Timer.objects.filter(
        appeal=appeal, code__in=codes, stopped_at=stopped_at, outcome=Timer.Outcome.CANCELLED
    )
    for timer in stopped:
        timer.stopped_at, timer.outcome = None, ""
        _aim(timer, appeal.regime, after=at)
        timer.save(update_fields=["stopped_at", "outcome", "next_step_at", "next_share"])
        _lead(appeal, timer)


def end_wait(appeal: Appeal, *, at: datetime) -> list[Timer]:
    """The applicant is no longer waited for: what stood still for him runs on. The caller saves `due_at`."""
    stop(appeal, TimerCode.APPLICANT_INFO, at=at, outcome=Timer.Outcome.CANCELLED)
    return resume(appeal, at=at)


def due_by_calendar(timer: Timer) -> datetime:
    """The due time the calendar gives now, finished pauses included."""
    calendar = terms.calendar()
    due = sla.due_at(sla.Term(timer.amount, timer.unit, timer.day_count), timer.started_at, calendar)
    for stood in _finished_pauses(timer):
        due = sla.due_after_pause(timer.unit, due, stood.started_at, stood.ended_at, calendar)
    return due


def recalculate(timer: Timer, *, at: datetime) -> bool:
    """Compute the due time anew after the calendar changed; true when it moved. Extended terms stay as decided."""
    due = due_by_calendar(timer)
    if timer.extended_until is not None or due == timer.due_at:
        return False
    timer.due_at = due
    timer.target_at = _target(timer.policy, sla.Term(timer.amount, timer.unit, timer.day_count), timer.started_at)
    for stood in _finished_pauses(timer):
        _move_target(timer, stood.started_at, stood.ended_at)
    _aim_again(timer, timer.appeal.regime, at=at)
    timer.save(update_fields=["due_at", "target_at", "next_step_at", "next_share"])
    _lead(timer.appeal, timer)
    return True


def advance(timer: Timer, *, regime: str) -> None:
    """After a rung of the ladder has been told: aim at the next one."""
    _aim(timer, regime, after_share=timer.next_share or 0)
    timer.save(update_fields=["next_step_at", "next_share"])


def clock_of(timer: Timer, pauses: Iterable[TimerPause] | None = None) -> sla.Clock:
    """The timer as a value for the rules; give the pauses when they are at hand already."""
    finished = _finished_pauses(timer) if pauses is None else _finished(pauses)
    return sla.Clock(
        unit=timer.unit,
        started_at=timer.started_at,
        due_at=timer.due_at,
        day_count=timer.day_count,
        pauses=finished,
        paused_at=timer.paused_at,
        stopped_at=timer.stopped_at,
    )


def _finished_pauses(timer: Timer) -> tuple[sla.Pause, ...]:
    return _finished(timer.pauses.all()) if timer.pk else ()


def _finished(pauses: Iterable[TimerPause]) -> tuple[sla.Pause, ...]:
    return tuple(sla.Pause(row.started_at, row.ended_at) for row in pauses if row.ended_at)


def _leading(appeal: Appeal) -> QuerySet[Timer]:
    return Timer.objects.filter(appeal=appeal, question=None, code__in=LEADING, stopped_at__isnull=True)


def _answering(appeal: Appeal) -> QuerySet[Timer]:
    """The leading clock and the clocks of the questions: what runs until somebody answers."""
    return Timer.objects.filter(appeal=appeal, code__in=LEADING, stopped_at__isnull=True)


def _timer(appeal: Appeal, code: TimerCode, at: datetime, question: Question | None = None) -> Timer | None:
    policy = terms.policy_for(appeal, code)
    if policy is None:
        return None
    term = terms.term_of(policy)
    timer = Timer(
        appeal=appeal,
        question=question,
        code=code,
        policy=policy,
        amount=policy.amount,
        unit=policy.unit,
        day_count=policy.day_count,
        started_at=at,
        due_at=sla.due_at(term, at, terms.calendar()),
        target_at=_target(policy, term, at),
    )
    _aim(timer, appeal.regime)
    return timer


def _target(policy: SlaPolicy | None, term: sla.Term, start_at: datetime) -> datetime | None:
    if policy is None or not policy.internal_margin:
        return None
    return sla.target_at(term, start_at, terms.calendar(), margin=policy.internal_margin)


def _lead(appeal: Appeal, timer: Timer) -> None:
    if timer.code in LEADING and timer.question_id is None:
        appeal.due_at = timer.due_at


def _aim(timer: Timer, regime: str, *, after: datetime | None = None, after_share: int = 0) -> None:
    """Point the timer at the first rung of the ladder after an instant or above a share."""
    timer.next_step_at = timer.next_share = None
    shares = terms.shares_for(regime, timer.code)
    clock = clock_of(timer) if shares else None
    while clock and (step := sla.next_step(clock, shares, terms.calendar(), after_share=after_share)):
        after_share, instant = step
        if after is None or instant > after:
            timer.next_share, timer.next_step_at = step
            return


def _aim_again(timer: Timer, regime: str, *, at: datetime) -> None:
    timer.next_share, timer.next_step_at = step_by_ladder(timer, regime, at=at)


def step_by_ladder(timer: Timer, regime: str, *, at: datetime) -> tuple[int | None, datetime | None]:
    """After the due time or the ladder changed: the first rung still to come, or one that has passed before anybody
    was told of it. A rung put in below those that were told, and already passed, is told to nobody."""
    untold = timer.next_share
    shares = terms.shares_for(regime, timer.code)
    clock, share = clock_of(timer) if shares else None, 0
    while clock and (step := sla.next_step(clock, shares, terms.calendar(), after_share=share)):
        share, instant = step
        if instant > at or (untold is not None and share >= untold):
            return step
    return None, None


def aim_anew(timer: Timer, regime: str, *, at: datetime) -> bool:
    """Point a running clock at the rung that the present ladder gives; true when it pointed elsewhere.

    A clock that stands still is aimed when it runs on.
    """
    before = timer.next_share, timer.next_step_at
    if timer.stopped_at or timer.paused_at:
        return False
    timer.next_share, timer.next_step_at = step_by_ladder(timer, regime, at=at)
    if (timer.next_share, timer.next_step_at) == before:
        return False
    timer.save(update_fields=["next_share", "next_step_at"])
    return True


def _end_pause(appeal: Appeal, timer: Timer, at: datetime) -> None:
    """Give back what the pause took; a term that was extended by decision still ends at the cap at the latest.

    The pause itself is no extension, so a term that nobody extended gets back all of it (APPC art. 76).
    """
    if timer.paused_at is None:
        return
    before = timer.due_at
    timer.due_at = sla.due_after_pause(timer.unit, before, timer.paused_at, at, terms.calendar())
    cap = latest_extension(appeal) if timer.extended_until else None
    if cap is not None:
        timer.due_at = max(before, min(timer.due_at, cap))
    _move_target(timer, timer.paused_at, at)
    TimerPause.objects.filter(timer=timer, ended_at__isnull=True).update(ended_at=at)
    timer.paused_at = None


def _move_target(timer: Timer, paused_at: datetime, resumed_at: datetime) -> None:
    """The internal target is given back what the term is."""
    if timer.target_at is not None:
        timer.target_at = sla.due_after_pause(timer.unit, timer.target_at, paused_at, resumed_at, terms.calendar())
