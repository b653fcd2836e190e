"""Open Impact: what was mended, by the dictionary, with examples of the public list alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appeals.models import Appeal
from reports import figures, refreshing
from reports.catalog import reports
from reports.figures import Filters
from reports.impact import reading
from reports.questions import Question
from tests.reports.city import BOTH, NOW, City, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build()


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("reports:impact"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_headline_is_the_figure_of_the_dictionary(client: Client, town: City) -> None:
    """Of five answers one is called solved; one was disputed, one partly solved, one is formal, one a consultation."""
    assert figures.figure("mended", BOTH).numerator == 1
    shown = page(client)
    assert re.search(r"<strong>1</strong>\s+matter was mended because people asked", shown)
    assert "1 of 5" in shown
    assert re.search(r'stat-headline|<span class="ui-stat-value">20.0', shown)


def test_an_answer_that_granted_it_counts_until_somebody_contests_it(town: City) -> None:
    formal = town.appeals[7]
    formal.refresh_from_db()
    fact = reading.AnswerFact.objects.get(appeal_id=formal.pk)
    assert (fact.outcome, fact.verdict, fact.is_formal) == ("satisfied", "", True)
    reading.AnswerFact.objects.filter(pk=fact.pk).update(is_formal=False)
    assert [example.appeal.number for example in reading.examples(Filters())] == [
        formal.number,
        town.appeals[0].number,
    ]


def test_examples_are_those_of_the_public_list(client: Client, town: City) -> None:
    mended = town.appeals[0]
    card = reverse("appeals:public_card", args=[mended.number])
    assert card in page(client)
    Appeal.objects.filter(pk=mended.pk).update(is_taken_down=True)
    assert card not in page(client)
    Appeal.objects.filter(pk=mended.pk).update(is_taken_down=False, is_confidential=True)
    assert card not in page(client)


def test_few_answers_are_not_told_apart(client: Client, town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    table = reports.get("mended")(Question(BOTH))
    assert table.rows == []
    assert table.total is not None
    assert table.total.figures["mended"].numerator == 1
    assert "What has fewer than 5 answers is not told apart." in page(client)
    monkeypatch.setattr("reports.catalog.mended.LEAST", 2)
    rows = {row.slug: row for row in reports.get("mended")(Question(BOTH, by="area")).rows}
    row = rows["yassy"]
    assert (row.figures["mended"].numerator, row.figures["answered"].numerator) == (1, 3)


def test_an_empty_city_says_so(client: Client) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        refreshing.refresh()
        shown = page(client)
    assert re.search(r"<strong>0</strong>\s+matters were mended", shown)
    assert "There is nothing to count here yet." in shown
