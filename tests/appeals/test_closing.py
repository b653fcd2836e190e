"""Closing without an answer: only on a ground that can be true, with the facts, by whoever may decide it."""

import pytest

from appeals import closing, intake
from appeals.models import AppealEvent, AppealLink, Applicant, EventKind, LinkKind, Outcome, Regime, Status, Timer
from common.errors import NotAllowed, ValidationFailed
from tests.appeals.cases import fresh, make_claimed_case, make_unit
from tests.factories import make_appeal, make_identified_applicant

pytestmark = pytest.mark.django_db

FACTS = "Өтініште оқиға орны да, мәселе де көрсетілмеген"


def test_case_is_closed_with_ground_and_facts_and_its_clocks_stop() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    closing.close(appeal.pk, actor=unit.executor, ground="no_substance", reason=FACTS)
    appeal = fresh(appeal)
    assert (appeal.status, appeal.outcome) == (Status.CLOSED, Outcome.LEFT_UNCONSIDERED)
    assert appeal.closed_at
    assert not Timer.objects.filter(appeal=appeal, stopped_at__isnull=True).exists()
    event = AppealEvent.objects.get(appeal=appeal, kind=EventKind.CLOSED)
    assert (event.reason, event.is_public, event.data["ground"]) == (FACTS, True, "no_substance")


def test_statutory_appeal_is_closed_only_by_the_head() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit, regime=Regime.APPEAL)
    with pytest.raises(NotAllowed):
        closing.close(appeal.pk, actor=unit.executor, ground="no_substance", reason=FACTS)
    closing.close(appeal.pk, actor=unit.head, ground="no_substance", reason=FACTS)


def test_colleague_does_not_close_what_is_not_his() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(NotAllowed):
        closing.close(appeal.pk, actor=unit.colleague, ground="no_substance", reason=FACTS)


def test_grounds_that_cannot_be_true_are_not_offered() -> None:
    unit = make_unit()
    named = make_claimed_case(unit, applicant=make_identified_applicant())
    assert {ground.key for ground in closing.grounds_for(named)} == {"no_substance", "subject_gone"}
    with pytest.raises(ValidationFailed):
        closing.close(named.pk, actor=unit.executor, ground="anonymous", reason=FACTS)

    nameless = make_claimed_case(unit, applicant=intake.IncomingApplicant(type=Applicant.Type.ANONYMOUS))
    AppealLink.objects.create(source=nameless, target=make_appeal(), kind=LinkKind.REPEAT)
    assert {ground.key for ground in closing.grounds_for(nameless)} == set(closing.GROUNDS)


def test_facts_are_required() -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    with pytest.raises(ValidationFailed):
        closing.close(appeal.pk, actor=unit.executor, ground="no_substance", reason="  ")
