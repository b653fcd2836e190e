"""What the game has found once, each told shortly."""

import datetime as dt

import pytest
from django.utils import timezone

from appeals import consultation, dialogue, feedback, links, replies, routing, tasks, timers, workqueue
from appeals.models import (
    AppealLink,
    EventKind,
    Kind,
    LinkKind,
    Outcome,
    Regime,
    SlaPolicy,
    Status,
    Timer,
    TimerCode,
    Verdict,
)
from appeals.replies import ReplyContent
from common.errors import Conflict, DomainError
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.factories import make_appeal, make_identified_applicant, make_reference, make_user

pytestmark = pytest.mark.django_db
WHY = "Тексеру үшін жеткілікті негіз"
GROUND = "Өтініш иесімен келісілген, негіз жеткілікті"
BAD = feedback.Judgement(Verdict.NOT_SOLVED, reasons=("incomplete",))


def running(appeal):
    return {row.code for row in Timer.objects.filter(appeal=appeal, stopped_at__isnull=True)}


def answer(appeal, actor, number=1):
    text = f"2026 жылғы 20 қарашада бригада жарылған құбырды ауыстырды, су қалпына келтірілді. {number}"
    content = ReplyContent(text=text, outcome=Outcome.SATISFIED)
    return replies.send_reply(appeal.pk, actor=actor, content=content, version=0, ground=GROUND)


def asked(unit):
    appeal = make_claimed_case(unit)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Мекенжайды нақтылаңыз")
    return fresh(appeal)


def test_clock_runs_on_when_the_applicant_does_not_answer_in_time(time_machine):
    appeal = asked(make_unit())
    wait = Timer.objects.get(appeal=appeal, code=TimerCode.APPLICANT_INFO)
    time_machine.move_to(wait.due_at + dt.timedelta(days=2))
    assert tasks.end_overdue_waits() == 1
    assert tasks.end_overdue_waits() == 0
    assert fresh(appeal).status == Status.IN_PROGRESS
    clock = Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER)
    assert clock.paused_at is None
    assert clock.pauses.get().ended_at == wait.due_at, "the days that nobody looked are not given to the unit"


@pytest.mark.parametrize("way", ["another unit", "the queue", "the inspector"])
def test_clock_does_not_stand_for_ever_when_the_asking_unit_loses_the_case(way):
    unit, other = make_unit(), make_unit("roads")
    appeal = asked(unit)
    if way == "another unit":
        routing.assign_unit(appeal.pk, department=other.department, actor=unit.inspector)
    else:
        to = workqueue.BackTo.UNIT if way == "the queue" else workqueue.BackTo.INSPECTOR
        try:
            workqueue.hand_back(appeal.pk, actor=unit.executor, reason=WHY, to=to)
        except DomainError:
            assert way == "the inspector"
            return
    assert not Timer.objects.filter(appeal=appeal, paused_at__isnull=False, stopped_at__isnull=True).exists()
    assert TimerCode.APPLICANT_INFO not in running(appeal)
    assert fresh(appeal).due_at == Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER).due_at


def test_request_that_waits_to_be_forwarded_can_be_promoted():
    make_reference()
    SlaPolicy.objects.create(code="CC-FWD", timer_code="forward", regime="request", amount=3, unit="working_days")
    appeal = make_appeal(applicant=make_identified_applicant())
    assert TimerCode.FORWARD in running(appeal)
    routing.promote_appeal(appeal.pk, kind=Kind.APPLICATION, actor=make_user("inspector"))
    assert fresh(appeal).regime == Regime.APPEAL


def test_promotion_starts_no_clock_where_none_ran():
    unit = make_unit()
    appeal = make_claimed_case(unit, applicant=make_identified_applicant())
    answer(appeal, unit.executor)
    with pytest.raises(Conflict):
        routing.promote_appeal(appeal.pk, kind=Kind.APPLICATION, actor=unit.inspector)


def test_promotion_lets_a_standing_clock_stand():
    unit = make_unit()
    appeal = make_claimed_case(unit, applicant=make_identified_applicant())
    dialogue.ask(appeal.pk, actor=unit.executor, text="Мекенжайды нақтылаңыз")
    routing.promote_appeal(appeal.pk, kind=Kind.APPLICATION, actor=unit.inspector)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER, stopped_at__isnull=True).paused_at


def disputed_twice_answered(unit):
    """Answered, disputed, looked at by a second unit, answered again."""
    second = make_unit("review", reviews_disputes=True)
    appeal = make_claimed_case(unit)
    answer(appeal, unit.executor)
    feedback.dispute_answer(appeal.pk, BAD)
    routing.open_second_look(appeal.pk)
    workqueue.claim(appeal.pk, actor=second.executor)
    answer(appeal, second.executor, number=2)
    return fresh(appeal)


def test_late_task_of_a_first_dispute_does_not_reopen_the_second_answer():
    appeal = disputed_twice_answered(make_unit())
    routing.open_second_look(appeal.pk)
    assert fresh(appeal).status == Status.ANSWERED


def test_late_task_of_a_dispute_does_not_reopen_what_its_author_has_withdrawn():
    unit, second = make_unit(), make_unit("review", reviews_disputes=True)
    appeal = make_claimed_case(unit)
    answer(appeal, unit.executor)
    feedback.dispute_answer(appeal.pk, BAD)
    routing.open_second_look(appeal.pk)
    workqueue.claim(appeal.pk, actor=second.executor)
    feedback.withdraw(appeal.pk, reason="Шешілді")
    routing.open_second_look(appeal.pk)
    assert fresh(appeal).status == Status.CLOSED


def test_second_answer_is_closed_in_silence_too(time_machine):
    appeal = disputed_twice_answered(make_unit())
    time_machine.move_to(Timer.objects.get(appeal=appeal, code="auto_close", stopped_at=None).due_at)
    tasks.close_silent_appeals()
    assert fresh(appeal).status == Status.CLOSED


@pytest.mark.parametrize("named", ["unit", "official"])
def test_appeal_classified_as_a_complaint_leaves_those_who_have_it(named):
    unit = make_unit()
    appeal = make_claimed_case(unit)
    about = {"complaint_department": unit.department} if named == "unit" else {"complaint_user": unit.executor}
    routing.classify_appeal(appeal.pk, actor=unit.inspector, **about)
    appeal = fresh(appeal)
    assert (appeal.status, appeal.department, appeal.executor) == (Status.REGISTERED, None, None)


def test_two_appeals_are_never_duplicates_of_each_other():
    one, other, actor = make_appeal(), make_appeal(), make_user("inspector")
    links.link_appeals(one.pk, other.pk, kind=LinkKind.DUPLICATE, actor=actor)
    with pytest.raises(Conflict):
        links.link_appeals(other.pk, one.pk, kind=LinkKind.DUPLICATE, actor=actor)
    assert fresh(other).status == Status.REGISTERED


def test_answered_appeal_does_not_become_a_duplicate():
    unit = make_unit()
    appeal = make_claimed_case(unit)
    answer(appeal, unit.executor)
    with pytest.raises(Conflict):
        links.link_appeals(appeal.pk, make_appeal().pk, kind=LinkKind.DUPLICATE, actor=unit.inspector)


def test_undone_duplicate_goes_on_with_its_own_clock(time_machine):
    """An extension, a pause and the rungs already told stay as they were."""
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    until = appeal.due_at + dt.timedelta(days=10)
    timers.extend(appeal, until=until, at=timezone.now())
    type(appeal).objects.filter(pk=appeal.pk).update(due_at=until)
    time_machine.move_to(until - dt.timedelta(days=1))
    tasks.fire_due_timers()
    told = appeal.events.filter(kind=EventKind.REMINDED).count()
    link = links.link_appeals(
        appeal.pk, make_appeal(regime=Regime.APPEAL).pk, kind=LinkKind.DUPLICATE, actor=unit.inspector
    )
    links.unlink_appeals(link.pk, actor=unit.inspector)
    assert fresh(appeal).due_at == until
    assert Timer.objects.filter(appeal=appeal, code=TimerCode.ANSWER).count() == 1
    tasks.fire_due_timers()
    assert appeal.events.filter(kind=EventKind.REMINDED).count() == told
    assert not AppealLink.objects.exists()


def test_question_of_an_answered_appeal_gets_no_new_clock():
    unit = make_unit()
    appeal = make_claimed_case(unit)
    first, _second = routing.split_questions(appeal.pk, texts=["Су қашан болады?", "Жол ше?"], actor=unit.inspector)
    answer(appeal, unit.executor)
    with pytest.raises(Conflict):
        routing.assign_question(first.pk, department=unit.department, actor=unit.inspector)
    assert running(appeal) == {TimerCode.AUTO_CLOSE}


def test_forwarded_appeal_is_not_solved_at_first_contact():
    unit = make_unit()
    outside = make_unit("gas", is_external=True)
    appeal = make_case(unit)
    routing.forward_appeal(appeal.pk, department=outside.department, ground=WHY, actor=unit.inspector)
    with pytest.raises(Conflict):
        consultation.resolve_at_first_contact(appeal.pk, answer="Су кешке беріледі", actor=unit.inspector)
    with pytest.raises(DomainError):
        workqueue.hand_back(appeal.pk, actor=outside.head, reason=WHY, to=workqueue.BackTo.INSPECTOR)
