"""Warnings follow what is found: raised once, followed, ended by themselves, and told to who subscribed."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest

from accounts.models import Role
from common.rows import forget_rows
from notifications.models import Notification
from reports.dictionary import METRICS
from reports.models import EarlyWarning, WarningEvent, WarningThreshold
from reports.warning import findings, notices, states, thresholds, watch
from reports.warning.findings import Finding
from tests.factories import make_appeal, make_area, make_identified_applicant, make_user
from tests.reports.warning.town import TODAY, Town

pytestmark = pytest.mark.django_db
Kind, State, E = EarlyWarning.Kind, EarlyWarning.State, WarningEvent.Kind


def finding(**values: Any) -> Finding:
    usual = {
        "kind": Kind.GROWTH, "key": "1:2:3", "first_on": TODAY, "day": TODAY, "days": 1, "observed": 12,
        "expected": 1.5, "low": 0, "high": 4, "p_value": 1e-7, "area_id": 3,
    }  # fmt: skip
    return Finding(**(usual | values))


def keep(day: dt.date = TODAY, **values: Any) -> EarlyWarning:
    watch.keep(Kind.GROWTH, [finding(day=day, **values)], day)
    return EarlyWarning.objects.latest("pk")


def history(row: EarlyWarning) -> list[str]:
    return list(row.events.values_list("kind", flat=True))


def later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def test_a_spike_in_the_rollups_becomes_one_warning_however_often_one_looks() -> None:
    town = Town()
    town.write()
    assert watch.look(Kind.GROWTH, TODAY) == 0
    town.add(town.water, town.areas[1], 14)
    town.write()
    assert [watch.look(Kind.GROWTH, TODAY) for _again in range(3)] == [1, 0, 0]
    row = EarlyWarning.objects.get()
    assert (row.topic_id, row.area_id) == (town.water.pk, town.areas[1].pk)
    assert row.observed > row.high
    assert history(row) == [E.RAISED]


def test_an_open_warning_follows_the_figures_of_the_newest_day() -> None:
    row = keep()
    keep(later(1), observed=15)
    keep(TODAY, observed=13)  # a look at an earlier day says nothing new
    row.refresh_from_db()
    assert (EarlyWarning.objects.count(), row.observed, row.last_on) == (1, 15, later(1))


def test_what_has_doubled_is_told_again_and_is_new_although_it_was_explained() -> None:
    row, analyst = keep(), make_user(Role.ANALYST)
    states.change_state(row.pk, to=State.EXPLAINED, reason="Құбыр жарылды", version=0, actor=analyst)
    keep(later(1), observed=20)
    row.refresh_from_db()
    assert row.state == State.EXPLAINED
    keep(later(2), observed=24)
    row.refresh_from_db()
    assert row.state == State.NEW
    assert history(row) == [E.RAISED, E.STATE, E.GREW]


def test_a_warning_ends_by_itself_when_it_was_quiet_long_enough() -> None:
    row = keep()
    watch.keep(Kind.GROWTH, [], later(7))
    row.refresh_from_db()
    assert row.is_open
    watch.keep(Kind.GROWTH, [], later(8))
    row.refresh_from_db()
    assert (row.state, history(row)) == (State.CLOSED, [E.RAISED, E.ENDED])
    assert keep(later(9)).pk != row.pk


def test_what_was_closed_by_hand_stays_closed_until_it_was_quiet_or_has_doubled() -> None:
    row, analyst = keep(), make_user(Role.ANALYST)
    states.change_state(row.pk, to=State.CLOSED, reason="Белгілі жағдай", version=0, actor=analyst)
    for day in range(1, 10):
        assert keep(later(day)).pk == row.pk
    assert keep(later(10), observed=30).pk != row.pk


def test_the_same_wording_is_known_again_by_its_appeals() -> None:
    first = finding(kind=Kind.WORDING, key="гар", words=("гарь",), appeals=(1, 2, 3, 4, 5))
    watch.keep(Kind.WORDING, [first], TODAY)
    other = finding(kind=Kind.WORDING, key="запах гар", words=("запах гари",), appeals=(2, 3, 4, 5, 6), day=later(1))
    assert watch.keep(Kind.WORDING, [other], later(1)) == 0
    apart = finding(kind=Kind.WORDING, key="шум", words=("шум",), appeals=(7, 8, 9, 10, 11), day=later(1))
    assert watch.keep(Kind.WORDING, [apart], later(1)) == 1


def test_thresholds_are_rows_that_count_at_once() -> None:
    town = Town()
    town.add(town.water, town.areas[1], 14)
    town.write()
    WarningThreshold.objects.update_or_create(key="least_appeals", defaults={"value": 500})
    forget_rows()
    assert not findings.growth(TODAY)
    WarningThreshold.objects.all().delete()
    forget_rows()
    assert findings.growth(TODAY)


# Addresses and wordings, from appeals


def told(number: int, text: str, **values: Any) -> int:
    person = make_identified_applicant(identifier=f"9001013{number:05d}", phone=f"+7701{number:07d}", email="")
    return make_appeal(text=text, applicant=person, **values).pk


def test_neighbours_who_write_one_house_differently_are_one_address(settings: Any) -> None:
    written = ["Абай көшесі, 12-үй", "ул. Абая, 12", "Абая 12-35", "улица Абая, дом 12, кв. 5"]
    ids = [told(number, "Подвал затоплен, пахнет сыростью", address=one) for number, one in enumerate(written)]
    told(50, "Подвал затоплен", address="ул. Абая, 21")
    told(51, "Подвал затоплен", address="ул. Абая, 12", is_confidential=True)
    [found] = findings.addresses(dt.date.today())
    assert set(found.appeals) == set(ids)
    assert found.observed == 4
    assert "абай" not in found.key


def test_a_new_word_of_many_people_is_found_in_the_appeals(monkeypatch: pytest.MonkeyPatch) -> None:
    today = dt.date.today()
    past = [
        findings.sources.ToldText(9000 + place, f"p{place}", "ru", "Не горит фонарь во дворе") for place in range(300)
    ]
    own = findings.sources.told_texts
    monkeypatch.setattr(
        findings.sources, "told_texts", lambda start, end: own(start, end) if end == today else iter(past)
    )
    ids = [told(number, "Пахнет гарью весь вечер") for number in range(6)]
    [found] = findings.wordings(today)
    assert set(found.appeals) == set(ids)
    assert "гарью" in " ".join(found.words)


# Notices


def test_subscribers_are_told_once_in_their_language_without_a_place() -> None:
    area = make_area()
    analyst = make_user(Role.ANALYST, language="ru")
    elsewhere = make_user(Role.ANALYST)
    executor = make_user(Role.EXECUTOR)
    notices.subscribe(analyst, area_id=0)
    notices.subscribe(elsewhere, area_id=area.pk + 1)
    notices.subscribe(executor, area_id=0)
    keep(area_id=area.pk)
    keep(area_id=area.pk)
    row = Notification.objects.get(template=notices.TEMPLATE)
    assert row.user == analyst
    assert "12" in row.body


def test_whoever_stops_is_told_no_more() -> None:
    analyst = make_user(Role.ANALYST)
    notices.subscribe(analyst, area_id=0)
    notices.unsubscribe(analyst)
    keep()
    assert not Notification.objects.filter(template=notices.TEMPLATE).exists()


def test_the_shipped_rows_are_the_defaults_of_the_code() -> None:
    shipped = import_module("reports.migrations.0004_early_warning")
    assert dict(shipped.THRESHOLDS) == {key: bounds.default for key, bounds in thresholds.THRESHOLDS.items()}
    parts = [thresholds.Scale(*values) for values in shipped.TENSION]
    assert tuple(parts) == thresholds.TENSION
    assert all(one.metric == "growth" or METRICS[one.metric].kind == "share" for one in parts)
