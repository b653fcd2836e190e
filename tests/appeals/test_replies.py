"""The answer: drafts of two people, the gate and what is sent over it, sending once, questions first."""

import datetime as dt
import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Role, User
from appeals import dialogue, events, replies, routing
from appeals.models import (
    Appeal,
    AppealEvent,
    EventKind,
    Outcome,
    Regime,
    Reply,
    ReplyTemplate,
    Status,
    Timer,
    TimerCode,
)
from appeals.replies import DraftChanged, GateRefused, ReplyContent
from common.errors import Conflict, DomainError, NotAllowed, ValidationFailed
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.factories import make_department, make_topic, make_user

pytestmark = pytest.mark.django_db

GOOD = ReplyContent(
    text="Құрметті тұрғын! 2026 жылғы 20 қарашада «Түркістан су» бригадасы көшедегі жарылған құбырды ауыстырды, "
    "су беру қалпына келтірілді.",
    outcome=Outcome.SATISFIED,
    measures="Жарылған құбыр ауыстырылды",
    done_on=dt.date(2026, 11, 20),
    done_by="«Түркістан су» бригадасы",
)
EMPTY = ReplyContent(
    text="Сіздің өтінішіңіз қабылданды және тиісті бөлімге жолданды, қаралатын болады.", outcome=Outcome.SATISFIED
)
GROUND = "Тұрғынмен телефон арқылы келісілді, ол осыны сұрады"


def send(appeal: Appeal, actor: User, content: ReplyContent = GOOD, **values: Any) -> Reply:
    return replies.send_reply(appeal.pk, actor=actor, content=content, **({"version": 0} | values))


def test_answer_goes_out_and_the_clock_stops() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)

    reply = send(appeal, unit.executor)

    appeal = fresh(appeal)
    assert (appeal.status, appeal.outcome) == (Status.ANSWERED, Outcome.SATISFIED)
    assert appeal.answered_at == reply.sent_at
    assert Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER).outcome == Timer.Outcome.MET
    assert Timer.objects.get(appeal=appeal, code=TimerCode.AUTO_CLOSE).stopped_at is None
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.REPLY_SENT)
    assert (event.is_public, event.data["reply"], event.data["outcome"]) == (True, reply.pk, Outcome.SATISFIED)
    assert list(events.broken_links([appeal.pk])) == []


def test_pressing_send_twice_sends_once() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    draft = replies.save_draft(appeal.pk, actor=unit.executor, content=GOOD, version=0)
    first = send(appeal, unit.executor, version=draft.version, reply_id=draft.pk)
    again = send(appeal, unit.executor, version=draft.version, reply_id=draft.pk)
    without_a_draft = send(appeal, unit.executor)
    assert first.pk == again.pk == without_a_draft.pk
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.REPLY_SENT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_send_once() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    ready, results = threading.Barrier(2), []

    def press() -> None:
        try:
            ready.wait(timeout=10)
            results.append(send(appeal, User.objects.get(pk=unit.executor.pk)).pk)
        except DomainError as error:
            results.append(error.code)
        finally:
            connections.close_all()

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join(timeout=20)
    assert len(set(results)) == 1
    assert Reply.objects.filter(appeal=appeal).count() == 1
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.REPLY_SENT).count() == 1


def test_second_text_after_the_answer_is_refused() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    sent = send(appeal, unit.executor)
    other = replace(GOOD, text=GOOD.text + " Тағы бір сөйлем қосылды.")
    with pytest.raises(Conflict):
        send(appeal, unit.executor, other, reply_id=sent.pk, version=1)
    with pytest.raises(Conflict):
        send(appeal, unit.executor, other)


# The gate


def test_finding_stops_the_answer_until_a_ground_is_given() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(GateRefused) as refused:
        send(appeal, unit.executor, EMPTY)
    codes = {finding.code for finding in refused.value.findings}
    assert "receipt" in codes
    with pytest.raises(GateRefused):
        send(appeal, unit.executor, EMPTY, ground="солай керек")
    assert fresh(appeal).status == Status.IN_PROGRESS

    reply = send(appeal, unit.executor, EMPTY, ground=GROUND)

    assert reply.override_ground == GROUND
    assert {row["code"] for row in fresh(reply).findings} == codes
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.REPLY_SENT)
    assert event.data["override_ground"] == GROUND
    assert any(row["quotes"] for row in event.data["findings"])
    assert event.reason == ""


def test_ground_is_not_kept_where_nothing_was_found() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    assert send(appeal, unit.executor, ground=GROUND).override_ground == ""


def test_near_copy_of_an_earlier_answer_of_the_unit_is_found() -> None:
    unit, elsewhere = make_unit(), make_unit("roads")
    first = make_claimed_case(unit)
    send(first, unit.executor)
    second = make_claimed_case(unit)
    findings = replies.check(fresh(second), GOOD)
    assert [(finding.code, finding.pointer) for finding in findings] == [("near_copy", first.number)]
    assert replies.check(make_claimed_case(elsewhere), GOOD) == []


def test_statutory_answer_without_law_and_right_to_complain_is_found() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    codes = {finding.code for finding in replies.check(appeal, GOOD)}
    assert {"no_law", "no_right_to_complain"} <= codes


# Drafts


def test_draft_is_one_and_counts_its_saves() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    first = replies.save_draft(appeal.pk, actor=unit.executor, content=ReplyContent(text="Бас"), version=0)
    second = replies.save_draft(appeal.pk, actor=unit.executor, content=ReplyContent(text="Басы"), version=1)
    same = replies.save_draft(appeal.pk, actor=unit.executor, content=ReplyContent(text="Басы\r\n"), version=1)
    assert first.pk == second.pk == same.pk
    assert (second.version, same.version) == (2, 2)
    assert AppealEvent.objects.filter(appeal=appeal, kind=EventKind.REPLY_DRAFTED).count() == 1


def test_of_two_writers_the_second_is_told_and_nothing_is_lost() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    replies.save_draft(appeal.pk, actor=unit.executor, content=ReplyContent(text="Менің мәтінім"), version=0)
    with pytest.raises(DraftChanged) as refused:
        replies.save_draft(appeal.pk, actor=unit.colleague, content=ReplyContent(text="Басқа мәтін"), version=0)
    assert refused.value.current.text == "Менің мәтінім"
    assert refused.value.current.author == unit.executor
    with pytest.raises(DraftChanged):
        send(appeal, unit.executor, GOOD, version=0)
    assert Reply.objects.get(appeal=appeal).text == "Менің мәтінім"


def test_discarded_draft_leaves_its_evidence_with_the_case() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    draft = replies.save_draft(appeal.pk, actor=unit.executor, content=GOOD, version=0)
    with pytest.raises(DraftChanged):
        replies.discard_draft(appeal.pk, actor=unit.executor, version=0)
    assert replies.discard_draft(appeal.pk, actor=unit.executor, version=draft.version)
    assert not Reply.objects.filter(appeal=appeal).exists()


def test_interim_answer_leaves_clock_and_status_alone() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    content = ReplyContent(
        text="Құрметті тұрғын! Құбырды ауыстыру жұмысы басталды, материал жеткізілген соң нақты күнін хабарлаймыз.",
        is_interim=True,
    )
    reply = send(appeal, unit.executor, content)
    assert reply.is_interim
    assert reply.sent_at
    assert fresh(appeal).status == Status.IN_PROGRESS
    assert Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER).stopped_at is None
    send(appeal, unit.executor)
    assert fresh(appeal).status == Status.ANSWERED


def test_answer_while_the_applicant_is_asked_ends_the_wait() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Қай үйдің жанында екенін айтыңызшы")
    send(appeal, unit.executor)
    assert fresh(appeal).status == Status.ANSWERED
    running = Timer.objects.filter(appeal=appeal, stopped_at__isnull=True).values_list("code", flat=True)
    assert set(running) == {TimerCode.AUTO_CLOSE}


# Who


@pytest.mark.parametrize(
    ("who", "allowed"), [("executor", True), ("head", True), ("colleague", False), ("inspector", False)]
)
def test_executor_and_head_send(who: str, allowed: bool) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    actor = getattr(unit, who)
    if allowed:
        send(appeal, actor)
        return
    with pytest.raises(NotAllowed):
        send(appeal, actor)


def test_case_has_to_be_taken_before_it_is_answered() -> None:
    unit = make_unit()
    appeal = make_case(unit)
    with pytest.raises(NotAllowed) as refused:
        send(appeal, unit.executor)
    assert refused.value.code == "not_executor"


def test_co_executor_drafts_and_does_not_send() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    helper = make_user(Role.CO_EXECUTOR, department=unit.department)
    draft = replies.save_draft(appeal.pk, actor=helper, content=GOOD, version=0)
    with pytest.raises(NotAllowed):
        send(appeal, helper, reply_id=draft.pk, version=draft.version)


# Questions


def test_answer_waits_for_the_questions_that_others_have() -> None:
    unit, roads = make_unit(), make_unit("roads")
    appeal = make_claimed_case(unit)
    own, theirs = routing.split_questions(
        appeal.pk, texts=["Су қашан болады?", "Жолды кім жөндейді?"], actor=unit.inspector
    )
    routing.assign_question(theirs.pk, department=roads.department, actor=unit.inspector)
    with pytest.raises(Conflict) as refused:
        send(appeal, unit.executor)
    assert refused.value.code == "questions"
    assert f"2 ({roads.department})" in str(refused.value)

    replies.answer_question(theirs.pk, actor=roads.executor, text="Жолды 25 қарашада жөндейміз, мердігер тағайындалды")
    send(appeal, unit.executor)

    assert fresh(theirs).answer.startswith("Жолды 25")
    assert fresh(own).answered_at
    assert not Timer.objects.filter(appeal=appeal, question__isnull=False, stopped_at__isnull=True).exists()


def test_forwarded_question_does_not_hold_the_answer_back() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    _, other = routing.split_questions(appeal.pk, texts=["Су қашан болады?", "Полиция қайда?"], actor=unit.inspector)
    police = make_department("police", is_external=True)
    routing.forward_question(other.pk, department=police, ground="Құзыреті бойынша полицияға", actor=unit.inspector)
    send(appeal, unit.executor)
    assert fresh(other).answered_at is None


def test_stranger_does_not_answer_a_question() -> None:
    unit, roads = make_unit(), make_unit("roads")
    appeal = make_claimed_case(unit)
    question, _ = routing.split_questions(appeal.pk, texts=["Су қашан болады?", "Жол ше?"], actor=unit.inspector)
    with pytest.raises(NotAllowed):
        replies.answer_question(question.pk, actor=roads.executor, text="Бұл туралы білмейміз, бірақ жазамыз")


# Ready texts


def test_places_of_a_ready_text_are_filled_when_it_is_sent() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, address="Тәуке хан, 24")
    content = replace(
        GOOD,
        text="Құрметті {applicant}! {address} мекенжайында {done_on} күні {done_by} құбырды ауыстырды: {measures}.",
    )
    text = send(appeal, unit.executor, content).text
    assert "Тәуке хан, 24" in text
    assert "{" not in text


def test_empty_place_is_refused_by_name() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    content = ReplyContent(text="Құрметті тұрғын! {done_by} құбырды {done_on} ауыстырды.", outcome=Outcome.SATISFIED)
    with pytest.raises(ValidationFailed) as refused:
        send(appeal, unit.executor, content)
    assert "{done_by}, {done_on}" in str(refused.value)


def test_ready_texts_fit_topic_regime_and_language() -> None:
    water, road = make_topic(), make_topic("road")
    unit = make_unit()
    appeal = make_claimed_case(unit, topic_id=water.pk, language="kk")
    rows = [
        {"title": "any", "language": "kk"},
        {"title": "water", "language": "kk", "topic": water},
        {"title": "road", "language": "kk", "topic": road},
        {"title": "russian", "language": "ru"},
        {"title": "statutory", "language": "kk", "regime": Regime.APPEAL},
        {"title": "old", "language": "kk", "is_active": False},
    ]
    for row in rows:
        ReplyTemplate.objects.create(outcome=Outcome.SATISFIED, body="…", **row)
    assert [row.title for row in replies.reply_templates.fitting(appeal)] == ["water", "any"]


def test_late_answer_is_marked_by_its_clock() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, received_at=timezone.now() - dt.timedelta(days=30))
    send(appeal, unit.executor)
    assert Timer.objects.get(appeal=appeal, code=TimerCode.ANSWER).outcome == Timer.Outcome.MISSED
