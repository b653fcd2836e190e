"""Public Control for everybody: figures of the dictionary by body, what is compared with what, and the sentences."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from organizations.models import Department
from reports import figures
from reports.dimensions import mask
from reports.intervals import Counts
from reports.models import Rollup
from reports.periods import Period
from reports.ranking import reading, rules, words
from reports.ranking.reading import MEASURES, ORGANIZATIONS, TOPICS, UNITS, Asked
from reports.ranking.rules import rank
from tests.factories import make_department, make_organization, make_topic
from tests.reports.qr.world import make_point, rate

pytestmark = pytest.mark.django_db
PAIR, UNIT = mask(("topic", "department")), mask(("department",))


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def city() -> dict[str, Department]:
    """The city computed by hand in test_rules, of one month: easy and hard topics, three units of two bodies."""
    body, other = make_organization("akimat"), make_organization("utility")
    units = {
        "a": make_department("a", organization=body),
        "b": make_department("b", organization=body),
        "c": make_department("c", organization=other),
    }
    easy, hard = make_topic("easy"), make_topic("hard")
    for unit, topic, kept, due in (
        ("a", easy, 90, 100), ("a", hard, 5, 20), ("b", easy, 90, 100), ("c", hard, 25, 80)
    ):  # fmt: skip
        add(units[unit], topic.pk, kept, due)
    return units


def add(unit: Department, topic: int, kept: int, due: int) -> None:
    """As `reports.rollups` would have counted: the month, and the day within it."""
    day = timezone.localdate()
    values = {"kept": kept, "due": due, "department_id": unit.pk}
    for grain, start in (("m", day.replace(day=1)), ("y", day.replace(month=1, day=1)), ("d", day)):
        Rollup.objects.create(grain=grain, start_on=start, scope=PAIR, topic_id=topic, **values)
        row, _made = Rollup.objects.get_or_create(grain=grain, start_on=start, scope=UNIT, department_id=unit.pk)
        row.kept, row.due = row.kept + kept, row.due + due
        row.save()


def asked(key: str = "terms", kind: str = UNITS, mix: str = TOPICS) -> Asked:
    day = timezone.localdate()
    return Asked(MEASURES[key], Period(day.replace(day=1), day), kind, mix)


def page(client: Client, name: str = "ranking", status: int = 200, **query: Any) -> str:
    answer = client.get(reverse(f"reports:{name}"), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_units_are_read_by_topic_and_agree_with_the_figure_of_the_dictionary(city: dict[str, Department]) -> None:
    found = reading.answer(asked())
    rows = {row.key: row for row in found.ranking.placed}
    assert {key: rows[unit.pk].counts for key, unit in city.items()} == {
        "a": Counts(95, 120),
        "b": Counts(90, 100),
        "c": Counts(25, 80),
    }
    assert rows[city["a"].pk].expected == pytest.approx(0.8)
    by_unit = {row.key: row.figures["kept_share"] for row in figures.by(("kept_share",), asked().period, "department")}
    for key, row in rows.items():
        assert by_unit[key].value == row.counts.published * 100  # type: ignore[operator]
    assert Counts(25, 80).published == Decimal("0.313")


def test_organizations_are_their_units_together(city: dict[str, Department]) -> None:
    found = reading.answer(asked(kind=ORGANIZATIONS))
    rows = [*found.ranking.placed, *found.ranking.unlike]  # nobody else has the easy topic
    assert sorted((row.counts.part, row.counts.whole) for row in rows) == [(25, 80), (185, 220)]


def test_bodies_outside_the_hub_are_not_ranked_but_belong_to_the_city(city: dict[str, Department]) -> None:
    Department.objects.filter(pk=city["c"].pk).update(is_external=True)
    found = reading.answer(asked()).ranking
    assert {row.key for row in found.placed} == {city["a"].pk, city["b"].pk}
    assert found.city == Counts(210, 300)
    assert {row.key: row.expected for row in found.placed}[city["a"].pk] == pytest.approx(0.8)


def test_the_page_says_when_nobody_can_tell(client: Client, city: dict[str, Department]) -> None:
    shown = page(client, figure="terms", period="quarter", mix="topic")
    assert "No two of these 3 bodies are statistically different" in shown
    assert "70.0" in shown  # of the whole city
    plain = page(client, figure="terms", period="quarter", mix="none")
    assert "Of 3 pairs 3 are statistically different" in plain


def test_two_bodies_are_compared_on_their_own_mix(client: Client, city: dict[str, Department]) -> None:
    query = {"figure": "terms", "period": "quarter", "mix": "topic", "one": city["b"].pk, "other": city["c"].pk}
    shown = page(client, "ranking-pair", **query)
    assert "are statistically not different" in shown
    assert "−1.3" in shown  # or, without the mix, 58.8 points
    assert "+58.8" in shown
    plain = page(client, "ranking-pair", **query | {"mix": "none"})
    assert "does better than" in plain


def test_the_same_body_twice_is_refused_and_nonsense_is_the_usual(client: Client, city: dict[str, Department]) -> None:
    unit = city["a"].pk
    assert "Choose two different bodies." in page(
        client, "ranking-pair", 422, figure="terms", period="quarter", mix="topic", one=unit, other=unit
    )
    assert "Disputed closures" in page(client, figure="nonsense", period="x", kind="y")
    assert page(client, "ranking-pair", 422, one="x", other="y")


def test_few_cases_are_named_without_a_place(client: Client, city: dict[str, Department]) -> None:
    unit = make_department("small", name_en="Small unit", organization=city["a"].organization)
    add(unit, make_topic("other").pk, 3, 29)
    shown = page(client, figure="terms", period="quarter", mix="topic")
    assert "Not placed: fewer than 30 cases" in shown
    assert "3 of 29" in shown


def test_a_body_with_topics_of_its_own_is_not_compared_with_itself(client: Client, city: dict[str, Department]) -> None:
    """What nobody else does says nothing: 10 % or 100 %, it would always be as good as the city on its mix."""
    unit = make_department("alone", name_en="Lonely unit", organization=city["a"].organization)
    add(unit, make_topic("own").pk, 10, 100)
    found = reading.answer(asked())
    assert [row.key for row in found.ranking.unlike] == [unit.pk]
    assert unit.pk not in {row.key for row in found.ranking.placed}
    query = {"figure": "terms", "period": "quarter", "mix": "topic"}
    by_key = client.get("/api/v1/statistics/ranking", query).json()
    assert [row["key"] for row in by_key["unlike"]] == ["alone"]
    compared = client.get("/api/v1/statistics/ranking/pair", query | {"one": "alone", "other": "a"})
    assert (compared.status_code, compared.json()["code"]) == (422, "unlike_mix")
    assert "Nobody to compare with on this mix" in page(client, figure="terms", period="quarter", mix="topic")
    plain = reading.answer(asked(mix="none")).ranking
    assert [row.key for row in plain.placed][-1] == unit.pk


def test_a_body_with_very_few_cases_is_named_and_nothing_more(client: Client, city: dict[str, Department]) -> None:
    """Nor is the one that would give it away, for the whole city is known."""
    topic = make_topic("own").pk
    for name, kept, due in (("tiny", 1, 3), ("small", 6, 11)):
        add(make_department(name, name_en=f"The {name} unit", organization=city["a"].organization), topic, kept, due)
    found = reading.answer(asked())
    assert {found.slugs[key] for key in found.hidden} == {"tiny", "small"}
    query = {"figure": "terms", "period": "quarter", "mix": "topic"}
    shown = page(client, **query)
    assert "The tiny unit" in shown and "The small unit" in shown
    assert "of 3<" not in shown and "of 11<" not in shown
    assert client.get("/api/v1/statistics/ranking", query).json()["few"] == []
    table = client.get(files(shown)["json"]).json()
    hidden = {row["key"]: row["figures"]["kept_share"] for row in table["rows"] if row["key"] in ("tiny", "small")}
    assert [one["hidden"] for one in hidden.values()] == [True, True]
    assert {one["numerator"] for one in hidden.values()} == {None}


def test_parts_of_a_mix_with_few_cases_are_not_told(client: Client, city: dict[str, Department]) -> None:
    add(city["b"], make_topic("rare", name_en="A rare topic").pk, 2, 3)
    query = {"figure": "terms", "period": "quarter", "mix": "topic", "one": city["a"].pk, "other": city["b"].pk}
    parts = client.get(reverse("reports:ranking-pair"), query).context["parts"]
    told = [(part.name, part.one, part.other, part.city) for part in parts]
    assert ("A rare topic", None, None, None) in told
    assert all(counts is None or counts.whole >= 5 for _name, *cells in told for counts in cells)


def test_the_qr_score_stands_in_the_ranking(client: Client) -> None:
    good, bad = (make_point(make_department(slug, organization=make_organization(slug))) for slug in ("aa", "bb"))
    for number in range(30):
        rate(good, 5)
        rate(bad, 5 if number < 10 else 1)
    found = reading.answer(asked("qr", ORGANIZATIONS))
    assert [(row.counts, row.best, row.worst) for row in found.ranking.placed] == [
        (Counts(30, 30), 1, 1),
        (Counts(10, 30), 2, 2),
    ]
    assert "30 of 30" in page(client, figure="qr", kind="organizations")


def files(shown: str) -> dict[str, str]:
    """The addresses of the downloads on a page, by their ending."""
    found = re.findall(r'href="(/statistics/reports/[a-z-]+\.(csv|json|svg)\?[^"]*)"', shown)
    return {ending: unescape(address) for address, ending in found}


def test_the_downloads_of_the_page_have_its_numbers(client: Client, city: dict[str, Department]) -> None:
    """a: 95 of 120 against 80 % on its mix, b: 90 of 100 against 90 %, c: 25 of 80 against 30 % (31.25 half up)."""
    found = files(page(client, figure="terms", period="quarter", mix="topic"))
    assert "mix=topic" in found["csv"]
    streamed = client.get(found["csv"])
    rows = list(csv.reader(io.StringIO(streamed.getvalue().decode("utf-8-sig"))))  # type: ignore[attr-defined]
    lines = {row[1]: row for row in rows[1:]}
    assert {slug: [lines[slug][place] for place in (2, 3, 4, 7, 8, 9, 10)] for slug in "abc"} == {
        "a": ["79.2", "95", "120", "80.0", "-0.8", "1", "3"],
        "b": ["90.0", "90", "100", "90.0", "0.0", "1", "3"],
        "c": ["31.3", "25", "80", "30.0", "1.3", "1", "3"],
    }
    assert lines["total"][2:5] == ["70.0", "210", "300"]
    said = client.get(found["json"]).json()
    assert said["options"] == {"mix": "topic"}
    assert [row["key"] for row in said["rows"]] == ["c", "b", "a"]
    assert said["told"] == ["No two of these 3 bodies are statistically different: their order may be chance."]
    assert "<rect" in client.get(found["svg"]).content.decode()


def test_the_report_of_the_catalogue_has_the_choices_of_the_page(client: Client, city: dict[str, Department]) -> None:
    address = reverse("reports:report", args=["public-control-terms"])
    assert client.get(address, {"mix": "topic", "period": "quarter"}).content.decode().count("ui-range-reach") == 4
    refused = client.get(f"{address[:-1]}.json", {"kind": "villages"})
    assert (refused.status_code, set(refused.json()["wrong"])) == (400, {"kind"})
    asked = {"options": "mix:topic,kind:organizations", "period": "quarter"}
    answer = client.get("/api/v1/statistics/reports/public-control-terms", asked).json()
    assert answer["options"] == {"mix": "topic", "kind": "organizations"}
    shares = {row["key"]: row["figures"]["kept_share"]["value"] for row in answer["rows"]}
    assert shares == {"akimat": "84.1", "utility": "31.3"}
    wrong = client.get("/api/v1/statistics/reports/public-control-terms", {"options": "mix:colour"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown")


def test_api_and_page_round_alike(client: Client, city: dict[str, Department]) -> None:
    answer = client.get("/api/v1/statistics/ranking", {"figure": "terms", "period": "quarter", "mix": "topic"}).json()
    assert {row["key"]: (row["share"], row["difference"]) for row in answer["placed"]} == {
        "a": ("79.2", "-0.8"),
        "b": ("90.0", "0.0"),
        "c": ("31.3", "1.3"),
    }


def test_an_empty_city_says_so(client: Client) -> None:
    assert "No body has enough cases" in page(client)


# The sentences


def sentence(one: tuple[int, int], other: tuple[int, int], *, more: bool = True, **others: tuple[int, int]) -> str:
    bodies = {1: {"": Counts(*one)}, 2: {"": Counts(*other)}}
    bodies |= {int(key[1:]): {"": Counts(*counts)} for key, counts in others.items()}
    measure = MEASURES["terms" if more else "disputed"]
    day = dt.date(2026, 11, 1)
    names = {key: f"body {key}" for key in bodies}
    found = reading.Answer(
        Asked(measure, Period(day, day)), rank(bodies, more_is_better=more), bodies, rules.reference(bodies), names
    )
    told = found.ranking.pair(1, 2)
    assert told is not None
    with translation.override("en"):
        return words.verdict(found, told)


def test_a_sure_difference_names_the_better_one_whichever_way_is_better() -> None:
    assert sentence((90, 100), (50, 100)).startswith("body 1 does better than body 2: by 40.0 percentage points")
    assert sentence((90, 100), (50, 100), more=False).startswith("body 2 does better than body 1: by 40.0")


def test_no_sure_difference_is_called_none() -> None:
    said = sentence((52, 100), (50, 100))
    assert "statistically not different" in said
    assert "does better" not in said
    assert "2.0 percentage points" in said


def test_what_stands_out_alone_may_be_chance_among_many() -> None:
    """60 of 100 and 45 of 100: p = 0.034 alone, among ten pairs more than a third."""
    alone = sentence((60, 100), (45, 100))
    assert "does better than" in alone
    assert "pair" not in alone
    many = {f"k{key}": (52, 100) for key in (3, 4, 5)}
    among = sentence((60, 100), (45, 100), **many)
    assert "with 10 pairs compared at once" in among
    assert "statistically not different" in among
