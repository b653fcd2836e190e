"""What holds for an appeal whatever has happened to it; each law names itself when it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from appeals import timers, workflow
from appeals.models import (
    Appeal,
    AppealLink,
    Assignment,
    LinkKind,
    Outcome,
    Question,
    Reply,
    Status,
    Timer,
    TimerCode,
    TimerPause,
)

WAITING = workflow.AT_WORK | {Status.RECEIVED, Status.REGISTERED}
# What may still run when nothing is owed any more: to tell of an extension is a duty of its own.
AFTER_ANSWER = {TimerCode.AUTO_CLOSE, TimerCode.EXTENSION_NOTICE}
AFTER_END = {TimerCode.EXTENSION_NOTICE}

Law = Callable[[Appeal], Iterable[str]]


def broken_laws(appeal: Appeal) -> list[str]:
    return [f"{appeal.pk} {appeal.status}: {words}" for law in LAWS for words in law(appeal)]


def _running(appeal: Appeal) -> list[Timer]:
    rows = Timer.objects.filter(appeal=appeal, stopped_at__isnull=True)
    return list(rows.select_related("policy", "question"))


def leading_clock(appeal: Appeal) -> Iterable[str]:
    leading = [row for row in _running(appeal) if row.code in timers.LEADING and row.question_id is None]
    if len(leading) > 1:
        yield f"{len(leading)} leading clocks run"
    if leading and appeal.status not in WAITING:
        yield f"the clock {leading[0].code} runs although nothing is owed"
    if not leading and appeal.status in WAITING:
        yield "no clock runs although something is owed"
    if len(leading) == 1 and leading[0].due_at != appeal.due_at:
        yield f"due {appeal.due_at} and its clock {leading[0].due_at}"


def other_clocks(appeal: Appeal) -> Iterable[str]:
    codes = {row.code for row in _running(appeal) if row.question_id is None}
    if appeal.status in (Status.CLOSED, Status.FORWARDED) and codes - AFTER_END:
        yield f"ended, and {codes - AFTER_END} run"
    if appeal.status == Status.ANSWERED and codes - AFTER_ANSWER:
        yield f"answered, and {codes - AFTER_ANSWER} run"
    if appeal.status != Status.ANSWERED and TimerCode.AUTO_CLOSE in codes:
        yield "the time to judge runs without an answer"
    if appeal.status != Status.RECEIVED and TimerCode.REGISTER in codes:
        yield "registered, and the time to register runs"
    if TimerCode.FORWARD in codes and appeal.department_id is not None:
        yield "a unit has it, and the time to forward runs"


def clocks_of_questions(appeal: Appeal) -> Iterable[str]:
    for row in _running(appeal):
        question = row.question
        if question and (question.answered_at or question.forwarded_at):
            yield f"question {question.position} is dealt with and its clock runs"
        if question and appeal.status not in WAITING:
            yield f"the clock of question {question.position} runs although nothing is owed"


def standing_clocks(appeal: Appeal) -> Iterable[str]:
    waits = appeal.status == Status.AWAITING_INFO
    asked = any(row.code == TimerCode.APPLICANT_INFO for row in _running(appeal))
    if waits != asked:
        yield f"waits for the applicant: {waits}; the time given to him runs: {asked}"
    for row in _running(appeal):
        may_stand = row.code in timers.LEADING and row.question_id is None and (row.policy is None or row.policy.pauses)
        if bool(row.paused_at) != (waits and may_stand):
            yield f"{row.code} stands: {bool(row.paused_at)}"
    open_pauses = TimerPause.objects.filter(timer__appeal=appeal, ended_at__isnull=True)
    stray = open_pauses.exclude(timer__paused_at__isnull=False, timer__stopped_at__isnull=True)
    if stray.exists():
        yield "a pause without a clock that stands"


def ends(appeal: Appeal) -> Iterable[str]:
    ended = appeal.status in (Status.CLOSED, Status.FORWARDED)
    if ended != (appeal.closed_at is not None):
        yield f"closed at {appeal.closed_at}"
    if ended and not appeal.outcome:
        yield "ended without an outcome"
    if appeal.outcome and appeal.status in WAITING:
        yield "has an outcome while it is open"
    if appeal.status == Status.ANSWERED and appeal.answered_at is None:
        yield "answered, nobody knows when"


def assignments(appeal: Appeal) -> Iterable[str]:
    whole = Assignment.objects.filter(appeal=appeal, question__isnull=True, ended_at__isnull=True)
    executors = list(whole.filter(part=Assignment.Part.EXECUTOR))
    if len(executors) > 1:
        yield f"{len(executors)} executors"
    if appeal.status in workflow.AT_WORK:
        if appeal.department is None or appeal.department.is_external:
            yield f"at work in {appeal.department}"
        for row in executors:
            if (row.department_id, row.user_id) != (appeal.department_id, appeal.executor_id):
                yield f"given to {row.department_id}/{row.user_id}, is with {appeal.department_id}/{appeal.executor_id}"
        if appeal.executor_id and not executors:
            yield "has an executor to whom nobody gave it"
    if appeal.status in (Status.RECEIVED, Status.REGISTERED) and (executors or appeal.executor_id):
        yield "nobody's and yet with an executor"


def complaints(appeal: Appeal) -> Iterable[str]:
    unit, user = appeal.complaint_department_id, appeal.complaint_user_id
    running = Assignment.objects.filter(
        appeal=appeal, ended_at__isnull=True, question__answered_at__isnull=True, question__forwarded_at__isnull=True
    )
    if unit and appeal.status in WAITING and appeal.department_id == unit:
        yield "with the unit it complains about"
    if unit and appeal.status in WAITING and running.filter(department_id=unit, part=Assignment.Part.EXECUTOR).exists():
        yield "given to the unit it complains about"
    if user and appeal.status in WAITING and appeal.executor_id == user:
        yield "with the official it complains about"
    if user and appeal.status in WAITING and running.filter(user_id=user).exists():
        yield "given to the official it complains about"
    questions = Question.objects.filter(appeal=appeal, department_id=unit, answered_at__isnull=True)
    if unit and appeal.status in WAITING and questions.filter(forwarded_at__isnull=True).exists():
        yield "a question is with the unit it complains about"


def duplicates(appeal: Appeal) -> Iterable[str]:
    """A duplicate lives on in another appeal, and that one is not its duplicate in turn."""
    seen, at = {appeal.pk}, appeal
    while at.status == Status.CLOSED and at.outcome == Outcome.DUPLICATE:
        link = AppealLink.objects.filter(source=at, kind=LinkKind.DUPLICATE).select_related("target").first()
        if link is None:
            yield "closed as a duplicate of nothing"
            return
        if link.target_id in seen:
            yield "closed as a duplicate of itself, by way of others"
            return
        seen.add(link.target_id)
        at = link.target


def drafts(appeal: Appeal) -> Iterable[str]:
    if Reply.objects.filter(appeal=appeal, sent_at__isnull=True).count() > 1:
        yield "two drafts"


LAWS: tuple[Law, ...] = (
    leading_clock,
    other_clocks,
    clocks_of_questions,
    standing_clocks,
    ends,
    assignments,
    complaints,
    duplicates,
    drafts,
)
