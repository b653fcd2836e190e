"""The pages of problems: from appeals through facts and rollups, and never a word of those who told them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appeals.models import Appeal, Incident
from common.rows import forget_rows
from organizations.models import Area
from reports import refreshing
from reports.dimensions import mask
from reports.models import Rollup
from reports.problems import reading
from tests.factories import make_appeal, make_area, make_reference, make_topic, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 20, 12, tzinfo=dt.timezone(dt.timedelta(hours=5)))
# How often water was told in Yassy: in March twelve times, in April six; quiet; in August twice.
TOLD = {3: 12, 4: 6, 8: 2}


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client()
    client.cookies["django_language"] = "en"
    with time_machine.travel(NOW, tick=False):
        yield client


@pytest.fixture
def yassy() -> Area:
    make_reference()
    area, topic = make_area("yassy", name_en="Yassy"), make_topic("water", name_en="Water supply")
    for month, count in TOLD.items():
        with time_machine.travel(NOW.replace(month=month), tick=False):
            for _number in range(count):
                tell(area.pk, topic.pk)
    count_all()
    return area


def tell(area: int, topic: int) -> Appeal:
    appeal = make_appeal(text="Абай көшесі 5-үйде су жоқ")
    Appeal.objects.filter(pk=appeal.pk).update(area=area, topic=topic)
    return appeal


def count_all() -> None:
    forget_rows()
    with time_machine.travel(NOW, tick=False):
        refreshing.rebuild(lambda share, count: None)


def page(client: Client, name: str, *args: Any, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"reports:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_problem_has_one_page_with_its_history(client: Client, yassy: Area) -> None:
    listed = page(client, "problems")
    assert reverse("reports:problem", args=["water--yassy"]) in listed
    shown = page(client, "problem", "water--yassy")
    assert "Told for the first time" in shown
    assert "March 2026" in shown
    assert "Came back after 3 quiet months" in shown
    found = reading.history(reading.pair(make_topic("water").pk, yassy.pk))
    assert found is not None
    assert [point.figures["received"].numerator for point in found.points] == [12, 6, 0, 0, 0, 2, 0, 0]
    assert found.totals["received"] == 20


def test_small_months_are_hidden_and_so_is_what_gives_them_away(client: Client, yassy: Area) -> None:
    """August (2) is small, and April (6) would tell it from the sum of twenty."""
    shown = page(client, "problem", "water--yassy")
    assert shown.count(">hidden<") == 2
    assert "Абай" not in shown


def test_too_little_is_no_page(client: Client, yassy: Area) -> None:
    few = make_area("few", name_en="Few")
    for _number in range(4):
        tell(few.pk, make_topic("water").pk)
    count_all()
    page(client, "problem", "water--few", status=404)
    for slug in ("water--nowhere", "nothing--yassy", "water", "incident-99", "incident-x", "none--none"):
        page(client, "problem", slug, status=404)


def test_the_list_is_of_one_sector_when_asked(client: Client, yassy: Area) -> None:
    make_area("other", name_en="Other")
    forget_rows()
    assert "water--yassy" in page(client, "problems", area="yassy")
    assert "water--yassy" not in page(client, "problems", area="other")


def test_an_incident_is_told_without_its_title(client: Client, yassy: Area) -> None:
    topic = make_topic("water")
    incident = Incident.objects.create(
        title="Сейфуллин көшесі 12: құбыр жарылды", topic=topic, area=yassy, opened_by=make_user(),
        opened_at=NOW - dt.timedelta(days=60), closed_at=NOW - dt.timedelta(days=20),
    )  # fmt: skip
    small = Incident.objects.create(title="Шағын", topic=topic, area=yassy, opened_by=make_user())
    keys = list(Appeal.objects.order_by("pk").values_list("pk", flat=True))
    Appeal.objects.filter(pk__in=keys[:18]).update(incident=incident)
    Appeal.objects.filter(pk__in=keys[18:]).update(incident=small)
    count_all()
    listed = page(client, "problems")
    assert f"incident-{incident.pk}/" in listed
    assert f"incident-{small.pk}/" not in listed
    shown = page(client, "problem", f"incident-{incident.pk}")
    assert "Сейфуллин" not in listed + shown
    assert "The incident was closed" in shown
    assert "18" in shown
    page(client, "problem", f"incident-{small.pk}", status=404)


def test_an_empty_city_says_so(client: Client) -> None:
    assert page(client, "problems").count("There is nothing to count here yet.") == 2


def test_the_list_hides_small_counts_in_every_form(client: Client, yassy: Area) -> None:
    """Twenty appeals of which three are repeats: the three are told by nobody."""
    Rollup.objects.filter(scope=mask(["topic", "area"]), grain="y").update(repeated=3)
    asked = {"from": "2025-11-01", "to": "2026-10-20"}
    said = client.get(reverse("reports:report-json", args=["told-again"]), asked).json()
    (row,) = said["rows"]
    assert (row["key"], row["label"]) == ("water--yassy", "Water supply, Yassy")
    assert {key: figure["value"] for key, figure in row["figures"].items()} == {
        "received": "20", "repeated": None, "disputed": "0", "mended": "0",
    }  # fmt: skip
    assert row["figures"]["repeated"]["hidden"]
    streamed = client.get(reverse("reports:report-csv", args=["told-again"]), asked)
    line = b"".join(streamed).decode().splitlines()[1]  # type: ignore[arg-type]  # streamed
    assert line.endswith("water--yassy,20,,0,0,repeated")
