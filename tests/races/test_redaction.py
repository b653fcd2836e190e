"""An appeal that is held, or opened and closed again, between its choice and its redaction is left alone."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from appeals.models import Appeal
from appeals.personal_data import redaction
from common.workcalendar import ALMATY
from privacy import holds, restrictions, retention
from tests.privacy.people import make_duties, make_own_appeal, make_resident, make_rule
from tests.races.together import PATIENCE, failures, together

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = dt.datetime(2026, 11, 26, 2, 30, tzinfo=ALMATY)


def make_old() -> tuple[User, Appeal]:
    officer = make_duties()
    make_rule("service_requests", 3, "years", action="anonymise")
    appeal = make_own_appeal(make_resident())
    Appeal.objects.filter(pk=appeal.pk).update(closed_at=NIGHT - dt.timedelta(days=4 * 366))
    return officer, appeal


def hold(officer: User, appeal: Appeal) -> None:
    holds.place(f"appeal:{appeal.pk}", ground_slug="legal_hold", note="сот", actor=officer)


def hold_person(officer: User, appeal: Appeal) -> None:
    holds.place(f"user:{appeal.applicant.user_id}", ground_slug="legal_hold", note="сот", actor=officer)


def restrict_person(officer: User, appeal: Appeal) -> None:
    restrictions.restrict(User.objects.get(pk=appeal.applicant.user_id), request=None, actor=officer)


def close_anew(officer: User, appeal: Appeal) -> None:
    Appeal.objects.filter(pk=appeal.pk).update(closed_at=timezone.now())


MEANWHILE = [hold, hold_person, restrict_person, close_anew]


def chosen_then(monkeypatch: pytest.MonkeyPatch, meanwhile: Any, *, asks: bool = True) -> Appeal:
    """The night's run chooses the appeal; before it locks it somebody else does something and commits."""
    officer, appeal = make_old()
    chosen, done, lock, step = threading.Event(), threading.Event(), redaction.lock, redaction.anonymise

    def lock_late(appeal_id: int) -> Appeal:
        chosen.set()
        assert done.wait(timeout=PATIENCE)
        return lock(appeal_id)

    def other() -> None:
        assert chosen.wait(timeout=PATIENCE)
        try:
            meanwhile(officer, appeal)
        finally:
            done.set()

    monkeypatch.setattr(redaction, "lock", lock_late)
    if not asks:
        monkeypatch.setattr(redaction, "anonymise", lambda key, **values: step(key, **{**values, "is_due": None}))
    assert not failures(together([lambda: retention.run_due(NIGHT), other]))
    return Appeal.objects.get(pk=appeal.pk)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_what_is_held_or_young_again_by_then_stays(monkeypatch: pytest.MonkeyPatch, meanwhile: Any) -> None:
    assert chosen_then(monkeypatch, meanwhile).anonymised_at is None


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_control_without_the_second_question_it_goes(monkeypatch: pytest.MonkeyPatch, meanwhile: Any) -> None:
    assert chosen_then(monkeypatch, meanwhile, asks=False).anonymised_at is not None


def hold_during(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Somebody places a hold while the redaction is past its question: whether he had to wait for its end."""
    officer, appeal = make_old()
    asked, ended, waited = threading.Event(), threading.Event(), []
    empty = redaction._empty_appeal

    def slowly(row: Appeal, marker: str) -> None:
        asked.set()
        ended.wait(timeout=1)  # whoever places the hold would be done by then, did nothing make him wait
        empty(row, marker)

    def other() -> None:
        assert asked.wait(timeout=PATIENCE)
        hold(officer, appeal)
        waited.append(Appeal.objects.get(pk=appeal.pk).anonymised_at is not None)
        ended.set()

    monkeypatch.setattr(redaction, "_empty_appeal", slowly)
    assert not failures(together([lambda: retention.run_due(NIGHT), other]))
    return waited == [True]


def test_a_hold_waits_for_the_redaction_that_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hold_during(monkeypatch)


def test_control_without_the_guard_a_hold_is_placed_on_what_is_going(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "settle", lambda *refs: None)
    assert not hold_during(monkeypatch)
