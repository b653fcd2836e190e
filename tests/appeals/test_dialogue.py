"""The conversation: the clock stands still while the applicant is asked, and everything that is said is kept."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role
from appeals import dialogue, events, threads, workqueue
from appeals.dialogue import WaitEnd
from appeals.models import (
    AppealEvent,
    Attachment,
    Channel,
    EventKind,
    Message,
    SlaPolicy,
    Status,
    Timer,
    TimerCode,
    TimerPause,
)
from common.errors import Conflict, NotAllowed, ValidationFailed
from common.files import CheckedFile
from common.rows import forget_rows
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
QUESTION = "Құбыр қай үйдің жанында жарылды?"
PDF = CheckedFile("акт.pdf", b"%PDF-1.4", "application/pdf")


def test_question_stops_the_clock_and_says_why() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)

    message = dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION)

    appeal = fresh(appeal)
    assert appeal.status == Status.AWAITING_INFO
    answer = Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER)
    assert answer.paused_at
    assert TimerPause.objects.get(timer=answer).reason == QUESTION
    assert Timer.objects.get(appeal=appeal, code=TimerCode.APPLICANT_INFO).stopped_at is None
    paused = AppealEvent.objects.get(appeal=appeal, kind=EventKind.CLOCK_PAUSED)
    assert (paused.reason, paused.is_public) == (QUESTION, True)
    assert (message.direction, message.author) == (Message.Direction.OUT, unit.executor)


def test_clock_that_may_not_pause_runs_on_while_the_applicant_is_asked() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    SlaPolicy.objects.filter(code="CC-STD").update(pauses=False)
    dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER).paused_at is None
    assert not AppealEvent.objects.filter(appeal=appeal, kind=EventKind.CLOCK_PAUSED).exists()


def test_executor_may_set_the_day_by_which_he_wants_the_answer() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    until = timezone.now() + dt.timedelta(days=9)
    dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION, until=until)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.APPLICANT_INFO).due_at == until


def test_a_day_can_be_set_where_the_table_of_terms_has_none() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    SlaPolicy.objects.filter(timer_code=TimerCode.APPLICANT_INFO).delete()
    forget_rows()
    until = timezone.now() + dt.timedelta(days=9)
    dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION, until=until)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.APPLICANT_INFO).due_at == until


@pytest.mark.parametrize("days", [-1, 31])
def test_day_must_lie_within_the_next_month(days: int) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(ValidationFailed):
        dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION, until=timezone.now() + dt.timedelta(days=days))


@pytest.mark.parametrize("why", list(WaitEnd))
def test_end_of_the_wait_gives_back_the_days_it_took(why: WaitEnd) -> None:
    unit = make_unit()
    with time_machine.travel(MONDAY, tick=False):
        appeal = make_claimed_case(unit)
        before = appeal.due_at
        dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION)
    later = MONDAY + dt.timedelta(days=2)
    with time_machine.travel(later, tick=False):
        dialogue.end_wait(appeal.pk, at=later, why=why)
        dialogue.end_wait(appeal.pk, at=later, why=why)

    appeal = fresh(appeal)
    assert appeal.status == Status.IN_PROGRESS
    assert appeal.due_at == before + dt.timedelta(days=2)
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.CLOCK_RESUMED).count() == 1
    wait = Timer.objects.get(appeal=appeal, code=TimerCode.APPLICANT_INFO)
    assert wait.outcome == (Timer.Outcome.CANCELLED if why == WaitEnd.ENDED else Timer.Outcome.MET)


def test_answer_of_the_applicant_ends_the_wait() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION)
    parts = threads.MessageParts(
        channel=Channel.WEB, external_id="answer-1", received_at=timezone.now(), text="Он екінші үйдің жанында"
    )
    threads.join_message(appeal.pk, parts=parts)
    appeal = fresh(appeal)
    assert appeal.status == Status.IN_PROGRESS
    assert appeal.has_unread_message
    dialogue.end_wait(appeal.pk, at=timezone.now(), why=WaitEnd.NO_ANSWER)
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.CLOCK_RESUMED).count() == 1


def test_case_waiting_for_the_applicant_can_be_given_to_another_person() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    dialogue.ask(appeal.pk, actor=unit.executor, text=QUESTION)
    workqueue.assign(appeal.pk, user_id=unit.colleague.pk, actor=unit.head)
    assert fresh(appeal).status == Status.AWAITING_INFO


def test_message_goes_out_with_its_files_and_reads_the_thread() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    type(appeal).objects.filter(pk=appeal.pk).update(has_unread_message=True)
    message = dialogue.send_message(appeal.pk, actor=unit.executor, text="Бригада шықты", files=[PDF])
    assert not fresh(appeal).has_unread_message
    assert Attachment.objects.get(message=message).name == "акт.pdf"


def test_note_is_never_public() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    note = dialogue.add_note(appeal.pk, actor=unit.colleague, text="Көршілері де жазған")
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.NOTE_ADDED)
    assert (event.is_public, event.data) == (False, {"note": note.pk, **events.proof_of(note.text)})


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST, Role.AKIM])
def test_roles_that_do_not_work_on_cases_cannot_write(role: str) -> None:
    unit = make_unit()
    appeal = make_case(unit)
    stranger = make_user(role)
    with pytest.raises(NotAllowed):
        dialogue.add_note(appeal.pk, actor=stranger, text="Мен де бармын")
    with pytest.raises(NotAllowed):
        dialogue.send_message(appeal.pk, actor=stranger, text="Мен де бармын")
    with pytest.raises(NotAllowed):
        dialogue.add_files(appeal.pk, actor=stranger, files=[PDF])


def test_evidence_can_be_taken_out_until_it_is_sent() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    row = dialogue.add_files(appeal.pk, actor=unit.executor, files=[PDF])[0]
    dialogue.remove_evidence(row.pk, actor=unit.executor)
    assert fresh(row).purpose == Attachment.Purpose.INTERNAL

    sent = Attachment.objects.get(
        message=dialogue.send_message(appeal.pk, actor=unit.executor, text="Міне", files=[PDF])
    )
    with pytest.raises(Conflict):
        dialogue.remove_evidence(sent.pk, actor=unit.executor)
