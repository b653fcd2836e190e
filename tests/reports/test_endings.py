"""How an appeal ends decides what became of its term; no later step makes a missed term undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from appeals import closing, events, feedback, links, replies, routing, workqueue
from appeals.feedback import Judgement
from appeals.models import Appeal, EventKind, LinkKind, Regime, Timer, TimerCode, Verdict
from appeals.models.appeal import WAITING
from reports import facts, figures, refreshing
from reports.facts import Chosen
from reports.models import AppealFact
from reports.periods import Period
from tests.appeals.cases import Unit, make_unit
from tests.factories import make_appeal, make_department
from tests.reports import city
from tests.reports.city import ANSWER, GROUND, NOW, at

pytestmark = pytest.mark.django_db
ALL_DAYS = Period(dt.date(2026, 9, 1), NOW.date())
TERMS = ("due", "kept", "late", "not_done", "deemed_refusals", "overdue_now")


@pytest.fixture
def unit() -> Iterator[Unit]:
    with at(9, 1, 9):
        made = make_unit()
    with time_machine.travel(NOW, tick=False):
        yield made


def counted(*keys: str) -> dict[str, int]:
    """Figures as the events tell them; what is in work is what the cases themselves say, whatever has happened."""
    refreshing.refresh()
    assert figures.figure("in_work", ALL_DAYS).value == Appeal.objects.filter(WAITING).count()
    return {key: figure.numerator for key, figure in figures.figures(keys, ALL_DAYS).items()}


def nothing(_share: float, _count: int) -> None:
    """Shows no progress."""


def withdraw(appeal: Appeal, _unit: Unit) -> None:
    feedback.withdraw(appeal.pk)


def forward(appeal: Appeal, unit: Unit) -> None:
    body = make_department("police", is_external=True)
    routing.forward_appeal(appeal.pk, department=body, ground=GROUND, actor=unit.inspector)


def merge(appeal: Appeal, unit: Unit) -> None:
    other = Appeal.objects.exclude(pk=appeal.pk).get()
    links.link_appeals(appeal.pk, other.pk, kind=LinkKind.DUPLICATE, actor=unit.inspector)


def close(appeal: Appeal, unit: Unit) -> None:
    workqueue.claim(appeal.pk, actor=unit.executor)
    closing.close(appeal.pk, actor=unit.executor, ground="no_substance", reason="Өтініште нақты мәселе айтылмаған")


def test_a_duplicate_leaves_the_work_when_it_is_joined_and_comes_back_when_that_is_undone(unit: Unit) -> None:
    first, second = make_appeal(), make_appeal()
    link = links.link_appeals(second.pk, first.pk, kind=LinkKind.DUPLICATE, actor=unit.inspector)
    assert counted("received", "in_work", "done", "without_answer") == {
        "received": 2, "in_work": 1, "done": 1, "without_answer": 0,
    }  # fmt: skip
    assert AppealFact.objects.get(pk=second.pk).ending == "merged"
    links.unlink_appeals(link.pk, actor=unit.inspector)
    assert counted("received", "in_work", "done") == {"received": 2, "in_work": 2, "done": 0}
    links.link_appeals(second.pk, first.pk, kind=LinkKind.REPEAT, actor=unit.inspector)
    assert counted("in_work", "repeated") == {"in_work": 2, "repeated": 1}


@pytest.mark.parametrize("end", [withdraw, forward, merge, close])
def test_a_term_that_ran_out_stays_missed_whatever_comes_after(unit: Unit, end: Callable[[Appeal, Unit], None]) -> None:
    """Filed on 1 September and due on the 8th; ended on the 12th without an answer."""
    with at(9, 1):
        appeal = routing.assign_unit(make_appeal().pk, department=unit.department, actor=unit.inspector)
        if end is merge:
            other = make_appeal()
            workqueue.claim(routing.assign_unit(other.pk, department=unit.department, actor=unit.inspector).pk,
                            actor=unit.executor)  # fmt: skip
            replies.send_reply(other.pk, actor=unit.executor, content=ANSWER, version=0)
    before = counted(*TERMS)
    assert (before["not_done"], before["overdue_now"]) == (1, 1)
    with at(9, 12):
        end(appeal, unit)
    assert counted(*TERMS) == before | {"overdue_now": 0}
    assert refreshing.verify(nothing) == []


@pytest.mark.parametrize(("day", "refusals"), [(12, 0), (13, 1)])
def test_a_refusal_that_the_law_counts_is_not_taken_back_by_a_withdrawal(unit: Unit, day: int, refusals: int) -> None:
    """Filed on 21 September, due on 12 October: until that evening nothing has been refused."""
    with at(9, 21):
        appeal = make_appeal(regime=Regime.APPEAL)
    with at(10, day):
        feedback.withdraw(appeal.pk)
    found = counted(*TERMS)
    assert found == dict.fromkeys(TERMS, 0) | {"due": refusals, "not_done": refusals, "deemed_refusals": refusals}


def test_a_withdrawn_appeal_has_kept_no_term_even_where_a_history_says_so(unit: Unit) -> None:
    """Past cases are replayed with clocks that were met when the applicant took his appeal back."""
    with at(9, 1):
        appeal = make_appeal()
    with at(9, 2):
        feedback.withdraw(appeal.pk)
    Timer.objects.filter(appeal=appeal, code=TimerCode.ANSWER).update(outcome=Timer.Outcome.MET)
    facts.recompute(Chosen(ids=[appeal.pk]))
    assert AppealFact.objects.get(pk=appeal.pk).term == "cancelled"


def test_an_extension_of_the_second_look_is_none_of_the_first_term(unit: Unit) -> None:
    second = make_unit("disputes", reviews_disputes=True)
    with at(9, 1):
        appeal = routing.assign_unit(make_appeal().pk, department=unit.department, actor=unit.inspector)
        workqueue.claim(appeal.pk, actor=unit.executor)
    with at(9, 3):
        replies.send_reply(appeal.pk, actor=unit.executor, content=ANSWER, version=0)
        feedback.dispute_answer(appeal.pk, Judgement(Verdict.NOT_SOLVED, reasons=("incomplete",)))
        appeal = routing.open_second_look(appeal.pk)
    assert appeal.department_id == second.department.pk
    events.record(appeal, EventKind.TERM_EXTENDED)
    refreshing.refresh()
    assert not AppealFact.objects.get(pk=appeal.pk).is_extended


def test_an_answer_that_two_events_tell_of_is_counted_once(unit: Unit) -> None:
    with at(9, 1):
        appeal = routing.assign_unit(make_appeal().pk, department=unit.department, actor=unit.inspector)
        workqueue.claim(appeal.pk, actor=unit.executor)
        reply = replies.send_reply(appeal.pk, actor=unit.executor, content=ANSWER, version=0)
    appeal.refresh_from_db()
    events.record(appeal, EventKind.REPLY_SENT, data={"reply": reply.pk, "department": unit.department.pk})
    assert counted("answered") == {"answered": 1}
    assert city.SEPTEMBER.start <= AppealFact.objects.get(pk=appeal.pk).done_on  # type: ignore[operator]
