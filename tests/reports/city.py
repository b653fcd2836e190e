"""A small city whose eight appeals can be counted by hand; its table is in `COUNTED`.

All of them live in September and October 2026; `NOW` is the noon of 20 October, a Tuesday.

1. web, water, Yassy: filed 1 September, answered on the 3rd, solved, rated 5.
2. 109, water, Yassy: filed 1 September, due on the 8th, answered on the 12th, disputed, answered again by the unit of
   second looks on the 16th three days after it was reopened; partly solved, rated 3.
3. Telegram: filed 2 September, forwarded to another body on the 4th.
4. web: filed 10 September, due on the 17th; nobody has answered.
5. 1310: filed 20 September and settled on the line.
6. web, statutory: filed Monday 21 September, due on 12 October after 15 working days; nobody has answered.
7. web: filed 1 October, withdrawn on the 2nd.
8. e-mail: filed 5 October, answered on the 7th by a formal reply.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import time_machine

from appeals import consultation, feedback, replies, routing, workqueue
from appeals.feedback import Judgement
from appeals.models import Appeal, Channel, Outcome, Regime, Verdict
from appeals.replies import ReplyContent
from common.rows import forget_rows
from organizations.models import Area
from reports import refreshing
from reports.models import DisclosureRule
from reports.periods import Period, month
from tests.appeals.cases import Unit, make_unit
from tests.factories import make_appeal, make_area, make_department, make_topic

ALMATY = ZoneInfo("Asia/Almaty")
NOW = dt.datetime(2026, 10, 20, 12, tzinfo=ALMATY)
SEPTEMBER, OCTOBER = month(dt.date(2026, 9, 1)), month(dt.date(2026, 10, 1))
BOTH = Period(SEPTEMBER.start, OCTOBER.end)

ANSWER = ReplyContent(
    text="Құрметті тұрғын! 2026 жылғы 2 қыркүйекте «Түркістан су» бригадасы көшедегі жарылған құбырды ауыстырды, "
    "су беру қалпына келтірілді.",
    outcome=Outcome.SATISFIED,
    measures="Жарылған құбыр ауыстырылды",
    done_on=dt.date(2026, 9, 2),
    done_by="«Түркістан су» бригадасы",
)
LATE = replace(
    ANSWER,
    text="2026 жылғы 11 қыркүйекте апат бригадасы ескі су құбырының екі метрін кесіп, жаңасымен алмастырды; су сол "
    "күні кешке берілді.",
    done_on=dt.date(2026, 9, 11),
)
SECOND = replace(
    ANSWER,
    text="Екінші рет тексердік: 15 қыркүйекте аулаңызға кіретін құбыр да жөнделді, су қысымы өлшенді, ол қалыпты.",
    done_on=dt.date(2026, 9, 15),
)
FORMAL = ReplyContent(
    text="Сіздің өтінішіңіз қабылданды және тиісті бөлімге жолданды, қаралатын болады.", outcome=Outcome.SATISFIED
)
GROUND = "Тұрғынмен телефон арқылы келісілді, ол осыны сұрады"

# What was counted by hand: metric -> (September, October), each (value, numerator, denominator).
Counted = tuple[Decimal | int | None, int, int | None]


def _count(number: int) -> Counted:
    return number, number, None


def _share(value: str | None, top: int, bottom: int) -> Counted:
    return (None if value is None else Decimal(value)), top, bottom


COUNTED: dict[str, tuple[Counted, Counted]] = {
    "received": (_count(6), _count(2)),
    "repeated": (_count(0), _count(0)),
    "repeated_share": (_share("0.0", 0, 6), _share("0.0", 0, 2)),
    "in_work": (_count(2), _count(2)),
    "due": (_count(4), _count(2)),
    "kept": (_count(2), _count(1)),
    "kept_share": (_share("50.0", 2, 4), _share("50.0", 1, 2)),
    "late": (_count(1), _count(0)),
    "late_share": (_share("25.0", 1, 4), _share("0.0", 0, 2)),
    "not_done": (_count(1), _count(1)),
    "not_done_share": (_share("25.0", 1, 4), _share("50.0", 1, 2)),
    "overdue_now": (_count(1), _count(2)),
    "deemed_refusals": (_count(0), _count(1)),
    "extended_share": (_share("0.0", 0, 4), _share("0.0", 0, 2)),
    "done": (_count(4), _count(2)),
    "forwarded": (_count(1), _count(0)),
    "forwarded_share": (_share("25.0", 1, 4), _share("0.0", 0, 2)),
    "withdrawn": (_count(0), _count(1)),
    "without_answer": (_count(0), _count(0)),
    "first_contact": (_count(1), _count(0)),
    "first_contact_share": (_share("25.0", 1, 4), _share("0.0", 0, 2)),
    "answered": (_count(4), _count(1)),
    "answer_days_median": ((2, 4, None), (2, 1, None)),
    "answer_days_p90": ((11, 4, None), (2, 1, None)),
    "formal": (_count(0), _count(1)),
    "formal_share": (_share("0.0", 0, 3), _share("100.0", 1, 1)),
    "disputed": (_count(1), _count(0)),
    "disputed_share": (_share("25.0", 1, 4), _share("0.0", 0, 1)),
    "judged_share": (_share("75.0", 3, 4), _share("0.0", 0, 1)),
    "solved": (_count(1), _count(0)),
    "solved_share": (_share("33.3", 1, 3), _share(None, 0, 0)),
    "partly_share": (_share("33.3", 1, 3), _share(None, 0, 0)),
    "not_solved_share": (_share("33.3", 1, 3), _share(None, 0, 0)),
    "mended": (_count(1), _count(0)),
    "mended_share": (_share("25.0", 1, 4), _share("0.0", 0, 1)),
    "dispute_incomplete_share": (_share("100.0", 1, 1), _share(None, 0, 0)),
    "dispute_not_specific_share": (_share("0.0", 0, 1), _share(None, 0, 0)),
    "dispute_late_share": (_share("0.0", 0, 1), _share(None, 0, 0)),
    "dispute_other_share": (_share("0.0", 0, 1), _share(None, 0, 0)),
    "dispute_unnamed_share": (_share("0.0", 0, 1), _share(None, 0, 0)),
    "rating_mean": (_share("4.00", 8, 2), _share(None, 0, 0)),
}


@dataclass(frozen=True)
class City:
    """The rows that the stories are about."""

    utilities: Unit
    second_look: Unit
    yassy: Area
    water: int
    appeals: tuple[Appeal, ...]


def hide_groups_below(fewest: int) -> None:
    DisclosureRule.objects.update_or_create(pk=1, defaults={"fewest": fewest})
    forget_rows()


@contextmanager
def at(month_number: int, day: int, hour: int = 10) -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, month_number, day, hour, tzinfo=ALMATY), tick=False):
        yield


def build() -> City:
    """Live through the eight stories by the steps of the hub, then count. Call it, and read figures, at `NOW`.

    Nothing is hidden in it, small as it is: what is hidden from the public is tested with larger numbers.
    """
    hide_groups_below(1)
    with at(9, 1, 9):
        utilities, second_look = make_unit(), make_unit("disputes", reviews_disputes=True)
        yassy, water = make_area(), make_topic()
    place = {"area_id": yassy.pk, "topic_id": water.pk}
    stories = (
        _solved(utilities, place), _disputed(utilities, second_look, place), _forwarded(), _unanswered(),
        _at_once(utilities), _statutory(), _withdrawn(), _formal(utilities),
    )  # fmt: skip
    refreshing.refresh()
    return City(utilities, second_look, yassy, water.pk, stories)


def _answer(unit: Unit, appeal: Appeal, content: ReplyContent = ANSWER, ground: str = "") -> None:
    workqueue.claim(appeal.pk, actor=unit.executor)
    replies.send_reply(appeal.pk, actor=unit.executor, content=content, version=0, ground=ground)


def _given_to(unit: Unit, appeal: Appeal) -> Appeal:
    return routing.assign_unit(appeal.pk, department=unit.department, actor=unit.inspector)


def _solved(unit: Unit, place: dict[str, int]) -> Appeal:
    with at(9, 1):
        appeal = _given_to(unit, make_appeal(channel=Channel.WEB, **place))
    with at(9, 3):
        _answer(unit, appeal)
    with at(9, 4):
        feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED, rating=5))
    return appeal


def _disputed(unit: Unit, other: Unit, place: dict[str, int]) -> Appeal:
    with at(9, 1):
        appeal = _given_to(unit, make_appeal(channel=Channel.CALL109, **place))
    with at(9, 12):
        _answer(unit, appeal, LATE)
    with at(9, 13):
        feedback.dispute_answer(appeal.pk, Judgement(Verdict.NOT_SOLVED, reasons=("incomplete",)))
        routing.open_second_look(appeal.pk)
    with at(9, 16):
        _answer(other, appeal, SECOND)
    with at(9, 17):
        feedback.give_feedback(appeal.pk, Judgement(Verdict.PARTLY, rating=3, reasons=("incomplete",)))
    return appeal


def _forwarded() -> Appeal:
    with at(9, 2):
        appeal = make_appeal(channel=Channel.TELEGRAM)
    with at(9, 4):
        body = make_department("police", is_external=True)
        inspector = make_unit("inspection").inspector
        routing.forward_appeal(appeal.pk, department=body, ground=GROUND, actor=inspector)
    return appeal


def _unanswered() -> Appeal:
    with at(9, 10):
        return make_appeal(channel=Channel.WEB)


def _at_once(unit: Unit) -> Appeal:
    with at(9, 20):
        appeal = make_appeal(channel=Channel.CALL1310)
        consultation.resolve_at_first_contact(
            appeal.pk, answer="Су сағат он сегізде беріледі, жөндеу жүріп жатыр.", actor=unit.executor
        )
    return appeal


def _statutory() -> Appeal:
    with at(9, 21):
        return make_appeal(channel=Channel.WEB, regime=Regime.APPEAL)


def _withdrawn() -> Appeal:
    with at(10, 1):
        appeal = make_appeal(channel=Channel.WEB)
    with at(10, 2):
        feedback.withdraw(appeal.pk)
    return appeal


def _formal(unit: Unit) -> Appeal:
    with at(10, 5):
        appeal = _given_to(unit, make_appeal(channel=Channel.EMAIL))
    with at(10, 7):
        _answer(unit, appeal, FORMAL, ground=GROUND)
    return appeal
