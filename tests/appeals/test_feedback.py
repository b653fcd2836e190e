"""The applicant's judgement: once for each answer, a dispute within its window, a withdrawal before the answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from appeals import events, feedback, tasks, timers, workflow
from appeals.feedback import Judgement
from appeals.models import AppealEvent, EventKind, Feedback, Outcome, Regime, Reply, Status, Timer, TimerCode, Verdict
from common.errors import Conflict, ValidationFailed
from tests.factories import make_appeal, make_department

NOT_SOLVED = Judgement(Verdict.NOT_SOLVED, reasons=("incomplete",), comment="Су әлі жоқ")


@transaction.atomic
def answered(**values):
    """An appeal with its answer sent, as the step of the reply leaves it."""
    appeal = feedback.lock(make_appeal(**values).pk)
    unit, now = make_department(), timezone.now()
    reply = Reply.objects.create(
        appeal=appeal,
        department=unit,
        language="kk",
        outcome=Outcome.SATISFIED,
        text="Құбыр жөнделді, су берілді.",
        sent_at=now,
    )
    appeal.department = unit
    workflow.change_status(appeal, Status.ANSWERED, outcome=Outcome.SATISFIED)
    appeal.answered_at = now
    timers.stop(appeal, TimerCode.ANSWER, at=now)
    timers.start(appeal, TimerCode.AUTO_CLOSE, at=now)
    changed = ["status", "outcome", "answered_at", "department"]
    events.record(appeal, EventKind.REPLY_SENT, data={"reply": reply.pk}, changed=changed, is_public=True)
    return appeal, reply


def kinds(appeal):
    return list(AppealEvent.objects.filter(appeal=appeal).order_by("seq").values_list("kind", flat=True))


@pytest.mark.django_db
def test_solved_closes_the_appeal():
    appeal, reply = answered()
    feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED, rating=5, comment="Рақмет"))
    appeal.refresh_from_db()
    assert (appeal.status, appeal.outcome) == (Status.CLOSED, Outcome.SATISFIED)
    assert appeal.closed_at
    assert kinds(appeal)[-2:] == [EventKind.RATED, EventKind.CLOSED]
    assert not Timer.objects.filter(appeal=appeal, code=TimerCode.AUTO_CLOSE, stopped_at__isnull=True).exists()
    assert reply.feedback.rating == 5


@pytest.mark.django_db
def test_rating_may_follow_a_judgement_by_one_tap_once():
    appeal, reply = answered()
    feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED))
    feedback.complete_feedback(appeal.pk, rating=4, comment="Рақмет")
    reply = Reply.objects.get(pk=reply.pk)
    assert (reply.feedback.rating, reply.feedback.comment, reply.feedback.verdict) == (4, "Рақмет", Verdict.SOLVED)
    with pytest.raises(Conflict):
        feedback.complete_feedback(appeal.pk, rating=1)


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", [Verdict.PARTLY, Verdict.NOT_SOLVED])
def test_not_solved_leaves_room_for_a_dispute(verdict):
    appeal, _reply = answered()
    feedback.give_feedback(appeal.pk, Judgement(verdict, reasons=("not_specific",)))
    appeal.refresh_from_db()
    assert appeal.status == Status.ANSWERED
    assert not appeal.is_disputed
    feedback.dispute_answer(appeal.pk, NOT_SOLVED)
    appeal.refresh_from_db()
    assert appeal.is_disputed
    assert Feedback.objects.get().is_dispute


@pytest.mark.django_db
def test_second_tap_changes_nothing_and_another_opinion_is_refused():
    appeal, _reply = answered()
    first = feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED))
    assert feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED)) == first
    assert kinds(appeal).count(EventKind.RATED) == 1
    with pytest.raises(Conflict):
        feedback.give_feedback(appeal.pk, NOT_SOLVED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "judgement",
    [
        Judgement(Verdict.NOT_SOLVED),
        Judgement(Verdict.PARTLY, reasons=("nonsense",)),
        Judgement(Verdict.SOLVED, rating=6),
        Judgement(Verdict.PARTLY, comment="а" * 4001),
    ],
)
def test_empty_or_impossible_judgement_is_refused(judgement):
    appeal, _reply = answered()
    with pytest.raises(ValidationFailed):
        feedback.give_feedback(appeal.pk, judgement)
    assert not Feedback.objects.exists()


@pytest.mark.django_db
def test_nothing_to_judge_before_an_answer():
    appeal = make_appeal()
    with pytest.raises(Conflict):
        feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED))
    with pytest.raises(Conflict):
        feedback.dispute_answer(appeal.pk, NOT_SOLVED)


@pytest.mark.django_db
def test_interim_answer_is_not_judged():
    appeal = make_appeal()
    Reply.objects.create(appeal=appeal, language="kk", text="Аралық жауап", is_interim=True, sent_at=timezone.now())
    assert feedback.answer_of(appeal) is None


@pytest.mark.django_db
def test_dispute_stops_the_silent_closing_and_is_recorded_once():
    appeal, _reply = answered()
    first = feedback.dispute_answer(appeal.pk, NOT_SOLVED)
    assert feedback.dispute_answer(appeal.pk, NOT_SOLVED) == first
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.DISPUTED)
    assert event.is_public
    assert event.data["reasons"] == ["incomplete"]
    timer = Timer.objects.get(appeal=appeal, code=TimerCode.AUTO_CLOSE)
    assert timer.outcome == Timer.Outcome.CANCELLED


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "allowed"), [(0, True), (80, True), (100, False)])
def test_dispute_window_is_read_from_the_table_of_terms(days, allowed):
    appeal, reply = answered()
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        appeal.refresh_from_db()
        assert feedback.can_dispute(appeal, reply, timezone.now()) is allowed


@pytest.mark.django_db
def test_appeal_closed_in_silence_can_still_be_disputed():
    appeal, _reply = answered()
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        feedback.close_silent(appeal.pk)
        appeal.refresh_from_db()
        assert appeal.status == Status.CLOSED
        feedback.dispute_answer(appeal.pk, NOT_SOLVED)
    appeal.refresh_from_db()
    assert appeal.is_disputed


@pytest.mark.django_db
def test_dispute_leads_to_a_second_look_by_another_unit(run_tasks):
    other = make_department("control", reviews_disputes=True)
    appeal, reply = answered()
    feedback.dispute_answer(appeal.pk, NOT_SOLVED)
    run_tasks()
    appeal.refresh_from_db()
    assert appeal.status == Status.REOPENED
    assert appeal.department == other
    assert appeal.department != reply.department
    assert appeal.is_disputed


@pytest.mark.django_db
def test_silence_closes_only_after_the_term():
    appeal, _reply = answered()
    feedback.close_silent(appeal.pk)
    appeal.refresh_from_db()
    assert appeal.status == Status.ANSWERED
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        feedback.close_silent(appeal.pk)
        feedback.close_silent(appeal.pk)
    appeal.refresh_from_db()
    assert appeal.status == Status.CLOSED
    assert kinds(appeal).count(EventKind.CLOSED) == 1


@pytest.mark.django_db
def test_beat_closes_what_is_due_and_nothing_else():
    silent, _reply = answered()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        fresh, _reply = answered()
        disputed, _reply = answered()
        feedback.dispute_answer(disputed.pk, NOT_SOLVED)
        assert tasks.close_silent_appeals() == 1
        assert tasks.close_silent_appeals() == 0
    silent.refresh_from_db()
    fresh.refresh_from_db()
    assert (silent.status, fresh.status) == (Status.CLOSED, Status.ANSWERED)


@pytest.mark.django_db
def test_disputed_answer_is_not_closed_in_silence():
    appeal, _reply = answered()
    feedback.dispute_answer(appeal.pk, NOT_SOLVED)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        feedback.close_silent(appeal.pk)
    appeal.refresh_from_db()
    assert appeal.status == Status.ANSWERED


@pytest.mark.django_db
@pytest.mark.parametrize("regime", [Regime.REQUEST, Regime.APPEAL])
def test_withdrawal_stops_every_clock(regime):
    appeal = make_appeal(regime=regime)
    feedback.withdraw(appeal.pk, reason="Мәселе шешілді")
    feedback.withdraw(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.outcome) == (Status.CLOSED, Outcome.WITHDRAWN)
    assert kinds(appeal).count(EventKind.WITHDRAWN) == 1
    assert not Timer.objects.filter(appeal=appeal, stopped_at__isnull=True).exists()


@pytest.mark.django_db
def test_answered_appeal_cannot_be_withdrawn():
    appeal, _reply = answered()
    with pytest.raises(Conflict):
        feedback.withdraw(appeal.pk)


@pytest.mark.django_db(transaction=True)
def test_parallel_taps_make_one_judgement():
    appeal, _reply = answered()
    both = Barrier(4)

    def tap(_):
        both.wait(timeout=10)
        try:
            return feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(tap, range(4)))) == 1
    assert kinds(appeal).count(EventKind.RATED) == 1
    assert kinds(appeal).count(EventKind.CLOSED) == 1
