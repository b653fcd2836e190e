"""The public pages of the study: for everybody, light, with marks, notes and downloads."""

import gzip
import json
import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from reports.study import contents
from reports.study.checks.references import references
from reports.study.shown import groups, shown
from reports.study.shown_references import ShownReference

PAGES = ["/statistics/study/", "/statistics/study/contradictions/", *(f"/statistics/study/{key}/" for key in groups())]
LIGHT = 150 * 1024


@pytest.fixture(autouse=True)
def no_database(db):
    """Pages ask for the session of the visitor."""


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_there_without_signing_in_and_is_light(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < LIGHT


@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_a_page_speaks_the_language_of_the_reader(client, code):
    client.cookies["django_language"] = code
    page = client.get("/statistics/study/akimat/").content.decode()
    assert {"kk": "Жазбаша өтініштер", "ru": "Письменные обращения", "en": "Written appeals"}[code] in page


def test_an_unknown_group_or_table_is_not_found(client):
    for url in (
        "/statistics/study/weather/",
        "/statistics/study/tables/table-99.csv",
        "/statistics/study/tables/x.json",
    ):
        assert client.get(url).status_code == 404


def test_a_corrected_value_shows_mark_note_and_what_is_printed(client):
    client.cookies["django_language"] = "en"
    page = client.get("/statistics/study/1310/").content.decode()
    cell = re.search(r"<td[^>]*>(?:(?!</td>).)*7454(?:(?!</td>).)*</td>", page.replace("\n", "")).group()
    assert "7536" in cell
    assert "†" in cell
    number = re.search(r"#table-24-note-(\d+)", cell).group(1)
    assert f'id="table-24-note-{number}"' in page


def test_every_link_to_a_note_leads_to_a_note(client):
    for url in PAGES:
        page = client.get(url).content.decode()
        ids = set(re.findall(r' id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) - {"main"} <= ids, url
        assert len(re.findall(r' id="([^"]+)"', page)) == len(ids), url


def test_every_table_stands_on_a_page_and_can_be_taken_away(client):
    for key, table in contents.tables().items():
        lines = b"".join(client.get(f"/statistics/study/tables/{key}.csv").streaming_content).decode().splitlines()
        assert len(lines) == len(table.cells) + 1
        answer = client.get(f"/statistics/study/tables/{key}.json").json()
        assert len(answer["values"]) == len(table.cells)
        assert reverse("reports:study-group", args=[table.group]) in PAGES


def test_csv_json_and_page_say_the_same(client):
    client.cookies["django_language"] = "en"
    answer = client.get("/statistics/study/tables/table-31.json").json()
    value = next(one for one in answer["values"] if (one["row"], one["column"]) == ("total", "2023"))
    assert (value["printed"], value["corrected"], value["status"]) == (42049, 4204.9, "corrected")
    lines = b"".join(client.get("/statistics/study/tables/table-31.csv").streaming_content).decode()
    assert "total,Total,2023,2023,mln_tenge,42049,4204.9,,corrected," in lines
    page = client.get("/statistics/study/spending/").content.decode()
    assert "4204.9" in page
    assert answer["checked_against_original_sources"] is False
    json.dumps(answer)


def test_charts_draw_corrected_values_and_mark_them():
    with override("en"):
        charts = shown(contents.table("table-31")).charts
    assert charts[0].labels[3] == "2023\u00a0†"
    assert charts[0].plots[0].values[3] == 4204.9


def test_what_does_not_add_up_is_listed_with_the_reason(client):
    client.cookies["django_language"] = "en"
    page = client.get("/statistics/study/contradictions/").content.decode()
    assert "Reproduced: 418. Not reproduced: 135." in page
    assert "the printed total is 251715" not in page
    assert "total population" in page
    assert "Shapiro-Wilk test: a method of the analytics engine" in page


def test_recomputed_numbers_are_rounded_and_not_cut():
    reference = next(one for one in references() if one.place == ("table-26", "share staff_complaints"))
    with override("en"):
        assert (ShownReference(reference).printed_text, ShownReference(reference).recomputed_text) == ("27", "13.95")
        exact = next(one for one in references() if one.place == ("table-22", "total population"))
        assert "".join(filter(str.isdigit, ShownReference(exact).recomputed_text)) == "251718"


def test_what_other_figures_give_stands_beside_a_value_that_nobody_can_decide(client):
    client.cookies["django_language"] = "en"
    page = client.get("/statistics/study/regions/").content.decode().replace("\n", "")
    row = re.search(r"<th[^>]*>Ulytau region</th><td[^>]*><span.*?</tr>", page).group()
    assert "81.3" in row
    assert "by other figures 71.3" in row
