"""Figures by the open API: who may read them, how they are asked for, what is refused before anything is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from openapi import throttling
from openapi.scopes import Scope
from openapi.v1.statistics import asking
from reports import figures, sums
from reports.dictionary import ENTRIES, METRICS
from tests.factories import make_department, make_user
from tests.openapi.api import make_program
from tests.reports import city
from tests.reports.city import COUNTED, NOW, City, hide_groups_below

pytestmark = pytest.mark.django_db
SEPTEMBER = {"since": "2026-09-01", "until": "2026-09-30"}


@pytest.fixture
def town() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield city.build()


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    cache.clear()


def ask(path: str, query: dict[str, Any] | None = None, language: str = "en", **headers: str) -> Any:
    """As anybody, without a key."""
    client = Client(raise_request_exception=False, headers={"Accept-Language": language, **headers})
    return client.get(f"/api/v1/statistics/{path}", query)


def values(row: dict[str, Any]) -> dict[str, tuple[str | None, int, int | None]]:
    return {one["metric"]: (one["value"], one["numerator"], one["denominator"]) for one in row["figures"]}


# The dictionary


@pytest.mark.parametrize(
    ("language", "name"), [("kk", "Сақталған мерзімдер"), ("ru", "Соблюдение сроков"), ("en", "Terms kept")]
)
def test_dictionary_is_in_the_language_asked_for(language: str, name: str) -> None:
    found = {row["key"]: row for row in ask("metrics", language=language).json()}
    assert list(found) == list(ENTRIES)
    assert found["kept_share"]["name"] == name
    assert ask("metrics/kept_share", language=language).json() == found["kept_share"]


def test_dictionary_says_what_a_figure_is_made_of() -> None:
    found = {row["key"]: row for row in ask("metrics").json()}
    assert found["answer_days_p90"]["percentile"] == 90
    assert found["answer_days_p90"]["unit_name"] == "calendar days"
    assert (found["rating_mean"]["decimals"], found["rating_mean"]["percentile"]) == (2, None)
    assert found["received"]["denominator"] == ""
    assert all(row["definition"] and row["numerator"] and row["version"] >= 1 for row in found.values())


def test_a_figure_of_another_source_is_defined_and_asked_for_elsewhere() -> None:
    found = ask("metrics/tension_index").json()
    assert (found["operation"], found["unit_name"], found["decimals"]) == ("get_tension", "points of 100", 1)
    assert ask("metrics/received").json()["operation"] == "get_figures"
    refused = ask("figures", {"metrics": "received,qr_mean"})
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("asked_elsewhere", "/metrics")
    assert "list_institution_ratings" in error["detail"]


def test_dictionary_is_kept_by_its_etag() -> None:
    first = ask("metrics")
    assert first["Cache-Control"] == "public, max-age=300"
    assert ask("metrics", **{"If-None-Match": first["ETag"]}).status_code == 304


# Figures


def test_figures_of_a_period_are_those_of_the_pages(town: City) -> None:
    found = ask("figures", {"metrics": "received,kept_share,rating_mean,answer_days_median", **SEPTEMBER}).json()
    assert [row["keys"] for row in found["rows"]] == [[]]
    assert values(found["rows"][0]) == {
        "received": ("6", 6, None),
        "kept_share": ("50.0", 2, 4),
        "rating_mean": ("4.00", 8, 2),
        "answer_days_median": ("2", 4, None),
    }
    assert found["counted_at"] == "2026-10-20T12:00:00+05:00"
    assert (found["by"], found["filters"], found["by_months"]) == ([], [], False)


def test_nothing_to_divide_by_is_null(town: City) -> None:
    found = ask("figures", {"metrics": "solved_share", "since": "2026-10-01"}).json()
    assert values(found["rows"][0]) == {"solved_share": (None, 0, 0)}


def test_filters_and_dimensions_are_keys_with_names(town: City) -> None:
    found = ask("figures", {"metrics": "received", "area": "yassy", "by": "channel", **SEPTEMBER}, "ru").json()
    assert found["filters"] == [{"dimension": "area", "key": "yassy", "name": town.yassy.name_ru}]
    assert {row["keys"][0]["key"]: values(row)["received"][0] for row in found["rows"]} == {"web": "1", "call109": "1"}
    assert all(row["keys"][0]["dimension"] == "channel" and row["keys"][0]["name"] for row in found["rows"])


def test_what_is_not_given_is_asked_for_by_none(town: City) -> None:
    query = {"metrics": "received", "since": "2026-09-01", "until": "2026-10-20"}
    whole = ask("figures", {**query, "by": "area"}).json()["rows"]
    assert {row["keys"][0]["key"]: values(row)["received"][0] for row in whole} == {"yassy": "2", "none": "6"}
    assert values(ask("figures", {**query, "area": "none"}).json()["rows"][0])["received"][0] == "6"


def test_two_dimensions_are_told_apart_in_the_order_of_their_entries(town: City) -> None:
    found = ask("figures", {"metrics": "received", "by": "area,channel", **SEPTEMBER}).json()["rows"]
    pairs = [tuple(entry["key"] for entry in row["keys"]) for row in found]
    assert pairs[:2] == [("yassy", "web"), ("yassy", "call109")]
    assert sum(row["figures"][0]["numerator"] for row in found) == 6


def test_what_is_kept_by_months_says_so(town: City) -> None:
    query = {"metrics": "received", "area": "yassy", "topic": "water", "by": "channel"}
    found = ask("figures", {**query, "since": "2026-09-05", "until": "2026-09-06"}).json()
    assert found["by_months"] is True
    assert found["asked"] == {"since": "2026-09-05", "until": "2026-09-06"}
    assert found["counted"] == SEPTEMBER
    assert {row["keys"][0]["key"] for row in found["rows"]} == {"web", "call109"}


def test_two_properties_together_are_kept_by_months_for_days_long_ago(town: City) -> None:
    query = {"metrics": "received", "area": "yassy", "since": "2024-02-05", "until": "2026-10-06"}
    alone, both = ask("figures", query).json(), ask("figures", {**query, "by": "channel"}).json()
    assert (alone["by_months"], alone["counted"]) == (False, alone["asked"])
    assert (both["by_months"], both["counted"]) == (True, {"since": "2024-02-01", "until": "2026-10-06"})


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ({}, "2026-09-21", "2026-10-20"),
        ({"since": "2026-10-02"}, "2026-10-02", "2026-10-20"),
        ({"period": "today"}, "2026-10-20", "2026-10-20"),
        ({"period": "7-days"}, "2026-10-14", "2026-10-20"),
        ({"period": "last-month"}, "2026-09-01", "2026-09-30"),
        ({"period": "quarter"}, "2026-10-01", "2026-10-20"),
        ({"period": "year"}, "2026-01-01", "2026-10-20"),
        ({"period": "last-year"}, "2025-01-01", "2025-12-31"),
        ({"period": "12-months"}, "2025-11-01", "2026-10-20"),
    ],
)
def test_periods(period: dict[str, str], since: str, until: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert ask("figures", {"metrics": "received", **period}).json()["asked"] == {"since": since, "until": until}


def test_every_grain_has_its_stretch() -> None:
    assert tuple(asking.STRETCHES) == figures.GRAINS


# Series


def test_series_begins_and_ends_with_whole_stretches(town: City) -> None:
    found = ask("series", {"metrics": "received,in_work", "since": "2026-09-05", "until": "2026-10-06"}).json()
    assert found["counted"] == {"since": "2026-09-01", "until": "2026-10-31"}
    for point, number in zip(found["points"], (0, 1), strict=True):
        for key, said in values(point).items():
            assert said[0] == str(COUNTED[key][number][0]), (point["start"], key)


def test_series_by_day_with_a_filter(town: City) -> None:
    query = {"metrics": "received", "channel": "web", "since": "2026-09-01", "until": "2026-09-10", "grain": "day"}
    found = ask("series", query).json()
    assert [row["figures"][0]["value"] for row in found["points"]] == ["1", *["0"] * 8, "1"]


# What is refused, before anything is read


@pytest.mark.parametrize(
    ("path", "query", "code", "field"),
    [
        ("figures", {"metrics": "received,beauty"}, "unknown", "/metrics"),
        ("figures", {"metrics": "received", "area": "atlantis"}, "unknown", "/area"),
        ("figures", {"metrics": "received", "by": "weather"}, "unknown", "/by"),
        ("figures", {"metrics": "received", "by": "area,area"}, "unknown", "/by"),
        ("figures", {"metrics": "received", "by": "area,channel,topic"}, "unknown", "/by"),
        ("figures", {"metrics": "received", "since": "2026-10-02", "until": "2026-10-01"}, "period", "/until"),
        ("figures", {"metrics": "received", "until": "2026-10-01"}, "period", "/since"),
        ("figures", {"metrics": "received", "since": "1999-12-31"}, "period", "/since"),
        ("figures", {"metrics": "received", "since": "2026-01-01", "until": "9999-12-31"}, "period", "/since"),
        ("figures", {"metrics": "received", "period": "today", "since": "2026-10-01"}, "period", "/period"),
        ("series", {"metrics": "received", "area": "none", "topic": "none", "channel": "web", "grain": "day"},
         "months_only", "/grain"),
        ("series", {"metrics": "received", "area": "none", "topic": "none", "since": "2024-03-05", "grain": "week"},
         "months_only", "/grain"),
        ("series", {"metrics": "received,done,due", "since": "2005-01-01", "grain": "day"}, "too_many_figures",
         "/metrics"),
    ],
)  # fmt: skip
def test_question_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, path: str, query: dict[str, str], code: str, field: str
) -> None:
    monkeypatch.setattr(sums, "_read", _nothing_is_read)
    with time_machine.travel(NOW, tick=False):
        answer = ask(path, query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["errors"][0]["pointer"]) == (code, field)


def _nothing_is_read(*_args: Any) -> Any:
    raise AssertionError("the rollups were read")


@pytest.mark.parametrize("query", [{}, {"metrics": "Received"}, {"metrics": "received", "since": "yesterday"}])
def test_question_that_does_not_fit_the_document_is_refused(query: dict[str, str]) -> None:
    assert ask("figures", query).status_code == 400


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dimensions of many entries each; the table is as large as it might be, whatever is in it."""
    monkeypatch.setattr(asking, "MOST_FIGURES", 10)
    assert ask("figures", {"metrics": "received", "by": "channel,category"}).json()["code"] == "too_many_figures"
    assert ask("figures", {"metrics": "received", "by": "regime"}).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "Сөздікте «beauty» деген көрсеткіш жоқ."), ("ru", "В словаре нет показателя «beauty»."),
     ("en", "The dictionary has no metric “beauty”.")],
)  # fmt: skip
def test_refusals_are_in_the_language_of_the_reader(language: str, words: str) -> None:
    assert ask("figures", {"metrics": "beauty"}, language).json()["detail"] == words
    assert ask("metrics/beauty", language=language).json()["detail"] == words


# Costs and freshness


def test_few_statements_whatever_is_asked(town: City) -> None:
    everything = ",".join(METRICS)
    for query in ({}, {"by": "channel"}, {"by": "area,channel"}, {"area": "yassy", "topic": "water", "by": "channel"}):
        ask("figures", {"metrics": everything, "period": "year", **query})  # names are kept for some seconds
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert ask("figures", {"metrics": everything, "period": "year", **query}).status_code == 200
        assert len(asked) == 4, [row["sql"][:80] for row in asked.captured_queries]


def test_answer_is_kept_until_it_is_counted_again(town: City) -> None:
    query = {"metrics": "received", **SEPTEMBER}
    first = ask("figures", query)
    assert first["Cache-Control"] == "public, max-age=60"
    known = {"If-None-Match": first["ETag"]}
    with CaptureQueriesContext(connection) as asked:
        again = ask("figures", query, **known)
    assert (again.status_code, again.content, len(asked)) == (304, b"", 1)
    assert ask("figures", query, "ru", **known).status_code == 200
    assert ask("figures", query | {"channel": "web"}, **known).status_code == 200
    with time_machine.travel(NOW.replace(hour=13), tick=False):
        city.refreshing.refresh()
        assert ask("figures", query, **known).status_code == 200


# Who may read


def test_visitors_are_counted_by_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "VISITORS", 2)
    codes = [ask("metrics/received").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    refused = ask("metrics/received")
    assert refused.json()["code"] == "too_many"
    assert int(refused["Retry-After"]) > 0
    program = make_program(None, Scope.STATISTICS_READ)
    assert program.get("statistics/metrics/received").status_code == 200


def test_a_key_may_no_more_than_it_says() -> None:
    assert make_program(None, Scope.OWN).get("statistics/metrics").json()["code"] == "scope_missing"
    answer = make_program(None, Scope.STATISTICS_READ).get("statistics/metrics")
    assert answer["Cache-Control"].startswith("private")
    assert answer["RateLimit"]


OFFICIALS = {"metrics": "answered", "by": "department,executor", **SEPTEMBER}


def test_figures_of_officials_are_not_for_everybody(town: City) -> None:
    assert ask("figures", OFFICIALS).json()["code"] == "not_allowed"
    for person in (make_user(), town.utilities.executor):
        assert make_program(person).get("statistics/figures", OFFICIALS).json()["code"] == "not_allowed"


@pytest.mark.parametrize("query", [{"by": "executor"}, {"by": "department,executor", "channel": "web"}])
def test_figures_of_officials_are_kept_by_unit_and_nothing_else(query: dict[str, str]) -> None:
    program = make_program(make_user(Role.ANALYST))
    assert program.get("statistics/figures", {"metrics": "received"} | query).json()["code"] == "officials"


def test_which_numbers_are_officials_is_told_to_nobody(town: City) -> None:
    for number in (town.utilities.executor.pk, 999_999):
        query = {"metrics": "answered", "executor": str(number), **SEPTEMBER}
        assert ask("figures", query).json()["code"] == ask("series", query).json()["code"] == "not_allowed"


def test_whoever_oversees_the_hub_reads_figures_of_officials(town: City) -> None:
    answer = make_program(make_user(Role.ANALYST)).get("statistics/figures", OFFICIALS)
    found = {tuple(entry["key"] for entry in row["keys"]): row for row in answer.json()["rows"]}
    executor = town.utilities.executor
    row = found[(town.utilities.department.slug, str(executor.pk))]
    assert values(row)["answered"] == ("2", 2, None)
    assert row["keys"][1]["name"]


def test_figures_of_officials_are_exact_for_those_who_oversee_them(town: City) -> None:
    hide_groups_below(5)
    try:
        answer = make_program(make_user(Role.ANALYST)).get("statistics/figures", OFFICIALS).json()
        assert {figure["hidden"] for row in answer["rows"] for figure in row["figures"]} == {False}
        everybody = ask("figures", OFFICIALS | {"by": "department"}).json()
        assert {figure["hidden"] for row in everybody["rows"] for figure in row["figures"]} == {True}
    finally:
        hide_groups_below(1)


def test_a_head_reads_figures_of_the_officials_of_his_unit_alone(town: City) -> None:
    program = make_program(town.utilities.head)
    own = {"metrics": "answered", "department": town.utilities.department.slug, "by": "executor", **SEPTEMBER}
    assert program.get("statistics/figures", own).json()["rows"][0]["figures"][0]["value"] == "2"
    other = own | {"department": make_department("parks").slug}
    assert program.get("statistics/figures", other).json()["code"] == "not_allowed"
    assert program.get("statistics/figures", OFFICIALS).json()["code"] == "not_allowed"
