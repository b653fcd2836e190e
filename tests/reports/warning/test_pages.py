"""The pages of early warning: who may open them, what they show, and that they keep what was typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.test import Client

from accounts.models import Role, User
from organizations.models import Department
from reports.catalog import reports
from reports.figures import Filters
from reports.models import EarlyWarning, TensionComponent, TensionDay, WarningSubscription
from reports.questions import usual
from reports.warning import selectors, tension_days, watch
from reports.warning.selectors import Wanted
from reports.warning.thresholds import TENSION, is_default
from tests.factories import make_appeal, make_area, make_department, make_organization, make_user
from tests.reports import city
from tests.reports.warning.test_watch import keep, later
from tests.reports.warning.town import TODAY, Town

pytestmark = pytest.mark.django_db
Kind, State = EarlyWarning.Kind, EarlyWarning.State


def signed_in(client: Client, user: User | None = None) -> User:
    user = user or make_user(Role.ANALYST, language="en")
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def spike() -> tuple[EarlyWarning, Town]:
    town = Town()
    town.add(town.water, town.areas[1], 14)
    town.write()
    watch.look(Kind.GROWTH, TODAY)
    return EarlyWarning.objects.get(), town


@pytest.mark.parametrize("order", ["newest", "largest", "surest"])
@pytest.mark.parametrize(
    "after", ["inf|5", "nan|5", "-inf|5", "1e999|5", "|", "x|1", "2026-01-01|99999999999999999999"]
)
def test_a_cursor_that_no_page_has_given_is_an_answer_and_no_failure(order: str, after: str) -> None:
    page = selectors.page(make_user(Role.ANALYST), Wanted(order=order), after=after)
    assert page.lines == []


def test_only_who_oversees_sees_the_warnings(client: Client) -> None:
    assert client.get("/warnings/").status_code == 302
    signed_in(client, make_user(Role.EXECUTOR))
    assert client.get("/warnings/").status_code == 403
    signed_in(client)
    assert client.get("/warnings/").status_code == 200


def test_the_list_narrows_sorts_and_pages(client: Client) -> None:
    signed_in(client)
    for number in range(35):
        keep(key=f"0:0:{number}", observed=5 + number, area_id=0)
    page = client.get("/warnings/", {"order": "largest"})
    assert [line.row.observed for line in page.context["page"].lines][:3] == [39, 38, 37]
    following = client.get(f"/warnings/{page.context['next_url']}")
    assert [line.row.observed for line in following.context["page"].lines] == [9, 8, 7, 6, 5]
    assert not client.get("/warnings/", {"kind": "address"}).context["page"].lines
    assert client.get("/warnings/", {"state": "nonsense", "area": "x", "after": "x|y"}).status_code == 200


def test_the_card_shows_the_chart_with_the_expected_range_and_the_history(client: Client) -> None:
    row, _town = spike()
    signed_in(client)
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(12)), tick=False):
        page = client.get(f"/warnings/{row.pk}/")
    chart = page.context["chart"]
    assert chart.band
    assert [column.day for column in chart.columns if column.is_beyond][-1] == TODAY
    assert "ui-timeline" in page.content.decode()


def test_the_card_of_the_whole_city_tells_the_city_sectors(client: Client) -> None:
    town = Town()
    for area in town.areas:
        town.add(town.roads, area, 12)
    town.write()
    watch.look(Kind.GROWTH, TODAY)
    row = EarlyWarning.objects.get(area_id=0, topic_id=town.roads.pk)
    signed_in(client)
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(12)), tick=False):
        areas = client.get(f"/warnings/{row.pk}/").context["areas"]
    assert len(areas) == len(town.areas)
    assert all(told > expected for _name, told, expected in areas)


def make_head(department: Department) -> User:
    return make_user(Role.HEAD, department=department, language="en")


def test_examples_are_those_that_the_reader_may_open_with_contacts_masked(client: Client) -> None:
    mine, other = make_department("mine"), make_department("other", organization=make_organization("other"))
    seen = make_appeal(text="Құбыр жарылды, телефон 8 701 555 44 33", address="ул. Абая, 12")
    hidden = make_appeal(text="Басқа мекеменің ісі", address="ул. Абая, 12")
    type(seen).objects.filter(pk=seen.pk).update(department=mine)
    type(seen).objects.filter(pk=hidden.pk).update(department=other)
    row = keep(kind=Kind.ADDRESS, key="h", appeals=(seen.pk, hidden.pk), area_id=0)
    EarlyWarning.objects.filter(pk=row.pk).update(kind=Kind.ADDRESS)
    signed_in(client, make_head(mine))
    text = client.get(f"/warnings/{row.pk}/").content.decode()
    assert seen.number in text and hidden.number not in text
    assert "555 44 33" not in text
    assert "1 appeal is outside of your rights" in text
    signed_in(client, make_head(make_department("third", organization=make_organization("third"))))
    text = client.get(f"/warnings/{row.pk}/").content.decode()
    assert "Абая" not in text and "Repeated address" in text


def test_a_change_without_a_reason_keeps_what_was_chosen(client: Client) -> None:
    row = keep()
    signed_in(client)
    page = client.post(f"/warnings/{row.pk}/state/", {"to": "closed", "reason": "", "version": 0})
    assert page.status_code == 422
    assert page.context["form"]["to"].value() == "closed"
    assert (
        client.post(f"/warnings/{row.pk}/state/", {"to": "closed", "reason": "Known", "version": 7}).status_code == 409
    )
    assert (
        client.post(f"/warnings/{row.pk}/state/", {"to": "closed", "reason": "Known", "version": 0}).status_code == 302
    )
    row.refresh_from_db()
    assert row.state == State.CLOSED
    assert f"/warnings/{row.pk}/undo/" in client.get(f"/warnings/{row.pk}/").content.decode()
    client.post(f"/warnings/{row.pk}/undo/", {"version": row.version})
    row.refresh_from_db()
    assert row.state == State.NEW
    assert "/undo/" not in client.get(f"/warnings/{row.pk}/").content.decode()


def test_one_subscribes_and_stops_on_the_page(client: Client) -> None:
    user = signed_in(client)
    area = make_area()
    client.post("/warnings/subscribe/", {"area": area.pk})
    assert WarningSubscription.objects.get(user=user).area_id == area.pk
    client.post("/warnings/subscribe/", {"action": "stop"})
    assert not WarningSubscription.objects.exists()


# For everybody


def test_everybody_sees_what_grows_without_places_and_words(client: Client) -> None:
    row, town = spike()
    keep(key="0:0:9", observed=4, high=1)
    for kind, words in ((Kind.ADDRESS, []), (Kind.WORDING, ["гарь"])):
        hidden = keep(key=f"of {kind}", area_id=town.areas[0].pk)
        EarlyWarning.objects.filter(pk=hidden.pk).update(kind=kind, words=words)
    table = reports.get("growing-topics")(usual())
    assert [(one.slug, one.figures["received"].value) for one in table.rows] == [(str(row.pk), row.observed)]
    assert table.rows[0].question.filters.topic == town.water.pk
    nothing = reports.get("growing-topics")(replace(usual(), filters=Filters(area=town.areas[0].pk)))
    assert not nothing.rows and not nothing.is_empty  # nobody is sent to a longer period: it is about now
    assert len(nothing.told) == 1
    page = client.get("/statistics/reports/growing-topics/")
    assert page.status_code == 200 and "гарь" not in page.content.decode()


# The index


def ship_components() -> None:
    """As the hub comes with them, whatever an earlier test has flushed."""
    TensionComponent.objects.all().delete()
    for one in TENSION:
        row = TensionComponent.objects.create(
            metric=one.metric, weight=one.weight, calm=one.calm, tense=one.tense, least=one.least
        )
        assert is_default(row)


def test_the_index_of_the_small_city_by_hand(client: Client) -> None:
    """At the end of September, with scales of 0 to 50: disputed 1 of 4 gives half, not done 1 of 4 gives half."""
    with time_machine.travel(city.NOW, tick=False):
        city.build()
        TensionComponent.objects.all().delete()
        for metric, weight in (("disputed_share", 3), ("not_done_share", 1), ("growth", 4)):
            TensionComponent.objects.create(metric=metric, weight=weight, calm=0, tense=50, least=1)
        tension_days.measure_day(dt.date(2026, 9, 28))
        row = TensionDay.objects.get(area_id=0, day=dt.date(2026, 9, 28))
        assert row.value == pytest.approx(50.0)
        assert [part.points for part in tension_days.parts_of(row)] == [37.5, 12.5, None]
        text = client.get("/statistics/tension/").content.decode()
    assert "37,5" in text


def test_the_index_page_without_an_index_and_of_one_city_sector(client: Client) -> None:
    area = make_area()
    assert client.get("/statistics/tension/").status_code == 200
    TensionDay.objects.create(area_id=area.pk, day=TODAY, value=None, parts=[])
    assert client.get("/statistics/tension/", {"area": area.slug}).status_code == 200
    assert client.get("/statistics/tension/", {"area": "nonsense"}).status_code == 200


def test_a_young_hub_gets_its_history_and_yesterday_once() -> None:
    Town().write()
    ship_components()
    assert tension_days.measure_missing(later(1)) > 0
    known = TensionDay.objects.filter(area_id=0).count()
    assert known == tension_days.HISTORY_WEEKS
    tension_days.measure_missing(later(1))
    assert TensionDay.objects.filter(area_id=0).count() == known
    growth = tension_days.parts_of(TensionDay.objects.get(area_id=0, day=TODAY))[0]
    assert growth.metric == "growth" and growth.value == pytest.approx(1.0, abs=0.5)
