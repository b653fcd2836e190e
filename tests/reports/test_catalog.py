"""Every report of the catalogue over the small city: page, CSV and JSON say the same, and it is what was counted."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from reports import catalog, figures, questions, sources, wording
from reports.catalog import what_changed
from reports.catalog.officials_load import LOAD
from reports.dashboards import DASHBOARDS
from reports.dictionary import ELSEWHERE, ENTRIES, METRICS
from reports.figures import Figure, make
from reports.forms import QuestionForm
from reports.models import TensionDay
from reports.periods import last_days
from reports.questions import Question
from reports.tables import reports
from tests.factories import make_department, make_user
from tests.reports.city import BOTH, COUNTED, NOW, OCTOBER, SEPTEMBER, City
from tests.reports.qr.world import make_point
from tests.reports.town import standing

pytestmark = pytest.mark.django_db
SLUGS = [slug for slug, _ in catalog.reports]
ALWAYS_OF_NOW = ("city-now", "incidents", "years", "years-by-channel", "years-by-category", "years-by-sector",
                 "years-by-applicant", "years-of-terms")  # fmt: skip  # whatever period was asked for
ASKED = {"from": "2026-09-01", "to": "2026-10-31"}


@pytest.fixture(scope="module", autouse=True)
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    with standing(django_db_blocker) as built:
        yield built


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def plain(figure: Figure) -> float | int | None:
    return float(figure.value) if isinstance(figure.value, Decimal) else figure.value


@pytest.mark.parametrize("slug", SLUGS)
def test_page_csv_json_and_picture_say_the_same(client: Client, slug: str) -> None:
    entry = reports.get(slug)
    table = entry(Question(BOTH))
    html = page(client, reverse("reports:report", args=[slug]), **ASKED)
    said = json.loads(page(client, reverse("reports:report-json", args=[slug]), **ASKED))
    streamed = client.get(reverse("reports:report-csv", args=[slug]), ASKED)
    lines = list(csv.reader(io.StringIO(streamed.getvalue().decode("utf-8-sig"))))
    picture = page(client, reverse("reports:report-svg", args=[slug]), **ASKED)

    assert [row["key"] for row in said["rows"]] == [row.slug for row in table.rows]
    assert [line[1] for line in lines[1 : len(table.rows) + 1]] == [row.slug for row in table.rows]
    for row, as_json, line in zip(table.rows, said["rows"], lines[1:], strict=False):
        cells = iter(line[2:])
        for each in table.columns:
            found = row.figures.get(each.key)
            in_csv = [next(cells)] + ([next(cells), next(cells)] if each.metric.denominator else [])
            if found is None:
                assert each.key not in as_json["figures"]
                assert set(in_csv) == {""}
                continue
            exact = None if found.value is None else str(found.value)
            counted = None if found.is_hidden else found.numerator
            said_of = {
                "value": exact, "numerator": counted, "denominator": found.denominator, "hidden": found.is_hidden
            }  # fmt: skip
            assert as_json["figures"][each.key] == said_of
            assert (float(in_csv[0]) if in_csv[0] else None) == plain(found)
            assert [int(cell) for cell in in_csv[1:]] == (
                [found.numerator, found.denominator] if each.metric.denominator else []
            )
            if not table.is_empty:
                assert f">{wording.value(found)}" in html
                assert wording.counts(found) in html
    assert ElementTree.fromstring(picture.encode()).findtext("{http://www.w3.org/2000/svg}title") == str(table.title)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_metric_that_a_report_shows_is_one_that_it_names(slug: str) -> None:
    entry = reports.get(slug)
    shown = {each.metric.key for each in entry(Question(BOTH)).columns}
    of_hub = {key for key in shown if not key.startswith("study.")}
    assert of_hub <= set(entry.metrics) <= ENTRIES.keys()
    assert of_hub == set(entry.metrics) or of_hub < shown  # a small city has not all that the study tells apart


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if reports.get(slug).dimensions])
def test_every_way_of_telling_apart_adds_up_to_the_whole(slug: str) -> None:
    entry = reports.get(slug)
    for dimension in entry.dimensions:
        for number, period in enumerate((SEPTEMBER, OCTOBER)):
            table = entry(Question(period, by=dimension))
            assert table.total is not None
            assert table.dimension == dimension
            for each in table.columns:
                if each.key != each.metric.key:
                    continue
                value, top, bottom = COUNTED[each.key][number]
                total = table.total.figures[each.key]
                assert (total.value, total.numerator, total.denominator) == (value, top, bottom), (dimension, each.key)


def test_comparing_periods_finds_what_asking_for_each_finds(town: City) -> None:
    keys, spans = list(METRICS), [SEPTEMBER, OCTOBER, BOTH]
    for dimension in ("", "department", "channel"):
        found = figures.compare(keys, spans, dimension)
        for span, breakdown in zip(spans, found, strict=True):
            assert breakdown.total == figures.figures(keys, span)
            if dimension:
                assert breakdown.rows == {row.key: row.figures for row in figures.by(keys, span, dimension)}
    narrowed = figures.Filters(area=town.yassy.pk, topic=town.water)
    for span, breakdown in zip(spans, figures.compare(keys, spans, "channel", filters=narrowed), strict=True):
        assert breakdown.rows == {row.key: row.figures for row in figures.by(keys, span, "channel", narrowed)}


# Dashboards


@pytest.mark.parametrize("slug", [slug for slug, each in DASHBOARDS.items() if not each.has_own_page])
def test_a_dashboard_is_open_to_everybody_and_reads_little(
    client: Client, slug: str, django_assert_max_num_queries: Any
) -> None:
    address = reverse("reports:dashboard", args=[slug])
    client.get(address, follow=True)
    with django_assert_max_num_queries(13):
        answer = client.get(address, ASKED, follow=True)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert len(answer.content) < 150_000
    assert html.count('class="ui-card stat-card') == len(DASHBOARDS[slug].shown)
    assert "<script>" not in html
    assert " style=" not in html


def test_every_dashboard_shows_reports_of_the_catalogue_by_what_they_know() -> None:
    for entry in DASHBOARDS.values():
        for shown in entry.shown:
            assert shown.report in reports
            assert not shown.by or shown.by in reports.get(shown.report).dimensions
    assert set(SLUGS) == {shown.report for entry in DASHBOARDS.values() for shown in entry.shown}


@pytest.mark.parametrize("slug", [slug for slug, each in DASHBOARDS.items() if each.has_own_page])
def test_a_page_of_its_own_has_the_address_of_its_dashboard(client: Client, slug: str) -> None:
    html = page(client, reverse("reports:dashboard", args=[slug]))
    assert str(DASHBOARDS[slug].lead) in unescape(html)
    assert "stat-local" in html or slug == "public-control"


def test_filters_go_along_to_other_dashboards_and_into_the_links(client: Client, town: City) -> None:
    html = page(client, reverse("reports:dashboard", args=["terms"]), channel="web", period="month")
    assert 'href="/statistics/satisfaction/?period=month&amp;channel=web"' in html
    assert re.search(
        r'href="/statistics/reports/term-keeping/\?from=2026-10-01&amp;to=2026-10-20&amp;channel=web&amp;by=', html
    )
    assert 'href="/statistics/terms/?period=month"' in html  # the chip that takes the channel away


def test_what_a_form_leaves_empty_does_not_stay_in_the_address(client: Client) -> None:
    answer = client.get("/statistics/terms/", {"period": "month", "channel": "web", "area": "", "days": "/"})
    assert answer.status_code == 302
    assert answer.url == "/statistics/terms/?period=month&channel=web"


def test_days_typed_over_those_in_the_form_are_meant(client: Client) -> None:
    sent = {"period": "month", "from": "2026-09-01", "to": "2026-09-30", "days": "2026-10-01/2026-10-20"}
    assert client.get("/statistics/", sent).url == "/statistics/?from=2026-09-01&to=2026-09-30"
    same = {**sent, "days": "2026-09-01/2026-09-30"}
    assert client.get("/statistics/", same).url == "/statistics/?period=month"


@pytest.mark.parametrize(
    "query", [{"area": "no-such"}, {"period": "always"}, {"from": "yesterday", "to": "2026-10-01"}, {"by": "executor"},
              {"from": "2026-10-02", "to": "2026-10-01"}, {"from": "1999-01-01", "to": "2026-10-01"}],
)  # fmt: skip
def test_what_is_not_understood_is_told_and_nothing_is_lost(client: Client, query: dict[str, str]) -> None:
    asked = {**query, "channel": "web"}
    html = page(client, reverse("reports:report", args=["term-keeping"]), **asked)
    assert "data-error-summary" in html
    assert 'value="web" selected' in html
    refused = client.get(reverse("reports:report-json", args=["term-keeping"]), asked)
    assert refused.status_code == 400
    assert set(refused.json()["wrong"]) & set(query)


def test_several_filters_are_answered_by_whole_months_and_say_so(client: Client, town: City) -> None:
    asked = {
        "area": sources.by_key("area")[town.yassy.pk].slug,
        "channel": "web",
        "from": "2026-09-02",
        "to": "2026-09-10",
    }
    said = json.loads(page(client, reverse("reports:report-json", args=["term-keeping"]), **asked))
    assert said["counted"] == {"start": "2026-09-01", "end": "2026-09-30"}
    assert said["total"]["figures"]["due"]["value"] == "1"  # of 1 September, outside the days and inside the month
    assert said["notes"]


def test_a_filter_that_a_report_does_not_know_is_named(client: Client) -> None:
    for slug, entry in reports:
        for dimension in set(questions.PUBLIC) - set(entry.filters):
            table = entry(Question(BOTH, figures.Filters(**{dimension: sources.choices(dimension)[0].key})))
            assert table.left_out == (dimension,), slug


def test_an_empty_hub_says_so(client: Client) -> None:
    for slug in SLUGS:
        table = reports.get(slug)(questions.read({"from": "2020-01-01", "to": "2020-01-31"}).question)
        assert table.is_empty or table.told or slug in ALWAYS_OF_NOW, slug
        answer = client.get(reverse("reports:report", args=[slug]), {"from": "2020-01-01", "to": "2020-01-31"})
        assert answer.status_code == 200


# Kept copies


def test_a_copy_holds_until_the_figures_are_counted_anew(client: Client) -> None:
    first = client.get("/statistics/terms/")
    mark = first.headers["ETag"]
    assert client.get("/statistics/terms/", headers={"if-none-match": mark}).status_code == 304
    client.cookies["halyq_look"] = "dark.normal.normal"
    assert client.get("/statistics/terms/", headers={"if-none-match": mark}).status_code == 200


def test_only_a_page_is_marked_and_only_its_own_mark_is_known(client: Client) -> None:
    assert client.get("/statistics/terms/", headers={"if-none-match": "*"}).status_code == 200
    assert client.get("/statistics/nothing/", headers={"if-none-match": "*"}).status_code == 404
    elsewhere = client.get("/statistics/terms/", {"area": ""})
    wrong = client.get("/statistics/reports/topics.json", {"area": "atlantis"})
    assert (elsewhere.status_code, wrong.status_code) == (302, 400)
    assert "ETag" not in elsewhere.headers and "ETag" not in wrong.headers


def test_a_file_is_called_by_the_days_that_it_is_about(client: Client) -> None:
    """Two filters and a breakdown are kept by months."""
    query = {"from": "2026-09-10", "to": "2026-10-20", "channel": "call109", "regime": "request"}
    for form in ("csv", "svg"):
        answer = client.get(reverse(f"reports:report-{form}", args=["topics"]), query)
        assert f'filename="topics-2026-09-01-2026-10-31.{form}"' in answer.headers["Content-Disposition"]


# The dictionary


def test_the_dictionary_lists_every_figure_and_finds_by_word(client: Client) -> None:
    client.cookies["django_language"] = "en"
    html = page(client, "/statistics/metrics/")
    assert all(reverse("reports:metric", args=[key]) in html for key in ENTRIES)
    found = page(client, "/statistics/metrics/", q="Forwarded SHARE")
    assert reverse("reports:metric", args=["forwarded_share"]) in found
    assert reverse("reports:metric", args=["received"]) not in found
    listed = json.loads(page(client, "/statistics/metrics.json"))["metrics"]
    assert [entry["key"] for entry in listed] == list(ENTRIES)
    rows = list(csv.DictReader(io.StringIO(client.get("/statistics/metrics.csv").getvalue().decode("utf-8-sig"))))
    assert [row["key"] for row in rows] == list(ENTRIES)


@pytest.mark.parametrize("key", ["received", "kept_share", "in_work", "answer_days_median", "rating_mean"])
def test_a_figure_has_an_address_with_its_value(client: Client, key: str) -> None:
    html = page(client, reverse("reports:metric", args=[key]))
    assert str(METRICS[key].definition) in html
    current = figures.figure(key, last_days(NOW.date(), 30))
    assert f'<span class="ui-stat-value">{wording.value(current)}</span>' in html
    assert client.get("/statistics/metrics/no_such_figure/").status_code == 404


@pytest.mark.parametrize("key", ELSEWHERE)
def test_a_figure_of_another_source_leads_to_where_its_values_stand(client: Client, key: str) -> None:
    html = page(client, reverse("reports:metric", args=[key]))
    assert str(ELSEWHERE[key].definition) in html
    assert f'href="{reverse(ELSEWHERE[key].place.page)}"' in html
    assert "ui-plot" not in html


def test_pages_of_other_sources_lead_to_their_definitions(client: Client) -> None:
    make_point(make_department("window"))
    assert reverse("reports:metric", args=["qr_mean"]) in page(client, reverse("reports:qr-results"))
    TensionDay.objects.create(day=NOW.date(), value=40.0, parts=[])
    assert reverse("reports:metric", args=["tension_index"]) in page(client, reverse("reports:tension"))
    assert reverse("reports:metric", args=["qr_good_share"]) in page(client, reverse("reports:ranking"), figure="qr")


# Officials and problem areas


def test_the_load_of_officials_names_nobody(client: Client, town: City) -> None:
    table = reports.get("officials-load")(Question(BOTH))
    figures_of = {row.key: {key: found.value for key, found in row.figures.items()} for row in table.rows}
    assert figures_of[town.utilities.department.pk] == {
        "answered": 3, "answered.officials": None, "answered.median": None, "answered.most": None,
    }  # fmt: skip
    assert table.total is not None
    assert {key for key, found in table.total.figures.items() if found.is_hidden} == set(LOAD)  # of two officials
    html = page(client, reverse("reports:report", args=["officials-load"]), **ASKED)
    assert town.utilities.executor.last_name not in html


def test_rows_that_do_not_stand_by_their_bars_say_by_what(town: City) -> None:
    with override("en"):
        by_terms = reports.get("term-keeping")(Question(BOTH, by="department"))
        assert "In the order of: Terms that ended." in by_terms.notes
        assert not any("order" in str(note) for note in reports.get("topics")(Question(BOTH)).notes)


def test_what_is_not_given_stands_last_among_the_loaded(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    unit, person = town.utilities.department.pk, town.utilities.executor.pk
    few, many = ({"answered": make(METRICS["answered"], {"answered": count})} for count in (2, 30))
    monkeypatch.setattr(figures, "by_two", lambda *_args, **_more: {(0, person): many, (unit, person): few})
    assert [row.slug == "none" for row in reports.get("officials-load")(Question(BOTH)).rows] == [False, True]


def test_topics_are_chosen_under_their_sector(client: Client, town: City) -> None:
    form = QuestionForm(QueryDict(), ["topic"], questions.USUAL)
    groups = {
        name: [slug for slug, _ in under] for name, under in form.fields["topic"].choices if isinstance(under, list)
    }
    of_water = next(choice for choice in sources.choices("topic") if choice.key == town.water)
    sector = sources.name("sector", of_water.parent or 0)
    assert of_water.slug in groups[sector]
    assert f'<optgroup label="{sector}">' in page(client, "/statistics/")
    assert "selected" in page(client, "/statistics/", topic=of_water.slug).split(f'value="{of_water.slug}"')[1][:20]


def test_the_filter_is_closed_until_something_in_it_is_wrong(client: Client) -> None:
    assert '<details class="ui-filters">' in page(client, "/statistics/terms/")
    html = page(client, "/statistics/terms/", period="whenever")
    assert '<details class="ui-filters" open>' in html
    assert '<option value="12-months" selected>' in html  # what the figures are about, not the first of the list


def test_officials_are_named_to_those_who_oversee_their_unit_alone(town: City) -> None:
    heads = {unit: Client() for unit in (town.utilities, town.second_look)}
    for unit, head in heads.items():
        head.force_login(make_user(Role.HEAD, department=unit.department))
        html = head.get(reverse("reports:officials"), ASKED).content.decode()
        other = town.second_look if unit is town.utilities else town.utilities
        groups = re.findall(r'class="stat-group">([^<]*)<', html)
        assert groups == [unit.department.name_kk]
        assert other.department.name_kk not in groups
    assert Client().get(reverse("reports:officials")).status_code in (302, 403)


def test_what_grew_is_told_with_its_counts(town: City) -> None:
    """The stories are too few to have grown; written by hand, twelve appeals after none have."""
    assert reports.get("what-changed")(Question(OCTOBER)).rows == []
    nothing = {"received": make(METRICS["received"], {"received": 0})}
    many = {"received": make(METRICS["received"], {"received": 12})}
    key = (town.water, town.yassy.pk)
    found = [figures.Breakdown({}, rows) for rows in ({key: many, (town.water, 0): nothing}, {key: nothing}, {})]
    (grown,) = what_changed._grown(found, 1.0)
    assert (grown.topic, grown.area, grown.counts[0].value) == (town.water, town.yassy.pk, 12)
    with override("en"):
        assert what_changed._told(grown).endswith(
            ": 12 appeals; in the period before 0. A year before –: nothing to compare with."
        )


# The years before the hub, and how answer times are spread


def test_years_begin_with_the_study_and_go_on_with_the_hub(town: City) -> None:
    """1310 of 2024: the study prints 7454, its parts make 7536. The hub has one appeal of each line, in 2026."""
    with override("en"):
        table = reports.get("years-by-channel")(Question(BOTH))
    rows = {row.label: {key: found.value for key, found in row.figures.items()} for row in table.rows}
    assert rows["2024"]["study.appeals.1310"] == 7536
    assert "received.call1310" not in rows["2024"]
    assert (rows["2026"]["received.call1310"], rows["2026"]["received.call109"]) == (1, 1)
    assert not any(key.startswith("study.") for key in rows["2026"])
    assert len([note for note in table.notes if "corrected to" in str(note)]) == 1
    dashed = {each.key: each.beside for each in table.columns}
    assert dashed["study.appeals.1310"] == "received.call1310"


def test_answer_times_are_spread_as_counted_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five answers took 0, 2, 2, 3 and 11 days: half of them two at most, nine of ten eleven."""
    assert reports.get("answer-time-spread")(Question(BOTH)).is_empty  # too few to be spread
    monkeypatch.setattr("reports.catalog.answer_time_spread.FEWEST", 5)
    with override("en"):
        table = reports.get("answer-time-spread")(Question(BOTH))
    assert [row.figures["answered"].value for row in table.rows] == [1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [row.figures["answered.so_far"].value for row in table.rows] == [1, 1, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5]
    assert table.marks == {"2": "half: 2 days", "11": "nine of ten: 11 days"}
