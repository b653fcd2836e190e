"""The builder answers with the figures of the hub; its questions are kept, shared, copied and deleted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from common.errors import ValidationFailed
from common.rows import forget_rows
from reports import figures
from reports.builder import answering
from reports.builder.question import Question, QuestionForm
from reports.figures import Filters
from reports.models import SavedQuestion
from tests.factories import make_user
from tests.reports import city
from tests.reports.city import BOTH, NOW, OCTOBER, SEPTEMBER, City

pytestmark = pytest.mark.django_db
PERIOD = "start=2026-09-01&end=2026-10-31"
QUERY = f"rows=channel&m=received&{PERIOD}"
BUILDER = "/reports/builder/"


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield city.build()
        transaction.set_rollback(True)
    forget_rows()


@pytest.fixture
def user() -> User:
    return make_user(Role.ANALYST)


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(query: str) -> Question:
    form = QuestionForm(QueryDict(query))
    assert form.is_valid(), form.errors
    return form.question()


def rows_of(query: str) -> dict[str, list[Any]]:
    table = answering.answer(asked(query)).table
    return {row.cells[0].text: [cell.value for cell in row.cells[1:]] for row in table.rows}


def test_rows_of_a_dimension_are_the_figures_of_the_hub(town: City) -> None:
    answer = answering.answer(asked(f"rows=channel&m=received&m=kept_share&{PERIOD}"))
    expected = {str(row.key): row.figures for row in figures.by(["received", "kept_share"], BOTH, "channel")}
    assert {row.key for row in answer.table.rows} == {*expected, "total"}
    for row in answer.table.rows[:-1]:
        found = expected[row.key]
        assert row.cells[1].value == found["received"].value
        assert (row.cells[2].part, row.cells[2].whole) == (
            found["kept_share"].numerator,
            found["kept_share"].denominator,
        )
    assert answer.table.rows[-1].cells[1].value == 8
    assert answer.chart == "bars" and sum(value for _name, value in answer.points) == 8


def test_two_dimensions_and_their_totals(town: City) -> None:
    answer = answering.answer(asked(f"rows=channel&columns=regime&m=received&{PERIOD}"))
    totals = [cell.value for cell in answer.table.rows[-1].cells[1:]]
    by_regime = {row.key: row.figures["received"].value for row in figures.by(["received"], BOTH, "regime")}
    assert totals == [by_regime["request"], by_regime["appeal"]] == [7, 1]
    assert answer.chart == ""


def test_time_in_the_columns_and_in_the_rows_agree(town: City) -> None:
    columns = answering.answer(asked(f"rows=channel&columns=month&m=received&{PERIOD}")).table
    rows = answering.answer(asked(f"rows=month&columns=channel&m=received&{PERIOD}")).table
    there = {(row.cells[0].text, column.title): cell.value for row, pairs in columns.lines if not row.is_total
             for column, cell in pairs[1:]}  # fmt: skip
    here = {(column.title, row.cells[0].text): cell.value for row, pairs in rows.lines if not row.is_total
            for column, cell in pairs[1:]}  # fmt: skip
    assert there == here and sum(there.values()) == 8
    assert [cell.value for cell in columns.rows[-1].cells[1:]] == [6, 2]


def test_time_alone_is_a_series_with_its_total(town: City) -> None:
    answer = answering.answer(asked(f"rows=month&m=kept_share&{PERIOD}"))
    shares = [figures.figure("kept_share", period).value for period in (SEPTEMBER, OCTOBER, BOTH)]
    assert [cell.cells[1].value for cell in answer.table.rows] == [float(Decimal(share) / 100) for share in shares]
    assert answer.chart == "columns"


def test_filters_take_hold(town: City) -> None:
    query = f"rows=channel&m=received&{PERIOD}&area={town.yassy.slug}"
    expected = figures.by(["received"], BOTH, "channel", Filters(area=town.yassy.pk))
    found = answering.answer(asked(query)).table
    assert [row.cells[1].value for row in found.rows[:-1]] == [row.figures["received"].value for row in expected]


@pytest.mark.parametrize(("order", "direction"), [("most", -1), ("least", 1)])
def test_rows_are_ordered_by_size(town: City, order: str, direction: int) -> None:
    found = answering.answer(asked(f"{QUERY}&order={order}")).table.rows[:-1]
    sizes = [row.cells[1].value * direction for row in found]
    assert sizes == sorted(sizes)


def test_a_table_that_is_too_large_is_refused(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "MOST_CELLS", 3)
    with pytest.raises(ValidationFailed):
        answering.answer(asked(QUERY))


# Pages


def test_the_address_alone_shows_the_table(town: City, client: Client) -> None:
    page = client.get(f"{BUILDER}?{QUERY}")
    assert page.status_code == 200
    assert page.context["answer"].table.rows[-1].cells[1].value == 8
    assert client.get(BUILDER).status_code == 200


def test_a_bad_address_is_told_and_keeps_what_was_chosen(town: City, client: Client) -> None:
    page = client.get(f"{BUILDER}?rows=channel&m=received&start=2026-10-31&end=2026-09-01")
    assert page.status_code == 422
    assert page.context["form"]["start"].value() == "2026-10-31"
    assert "end" in page.context["form"].errors


def test_the_files_say_what_the_table_says(town: City, client: Client) -> None:
    query = f"rows=month&m=received&m=kept_share&{PERIOD}"
    lines = b"".join(client.get(f"{BUILDER}table.csv?{query}")).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert [line.split(",")[1:] for line in lines[1:]] == [
        ["6", "50.0", "2", "4"], ["2", "50.0", "1", "2"], ["8", "50.0", "3", "6"],
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{BUILDER}table.xlsx?{query}").content))
    assert [row[1:] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)] == [
        (6, 0.5, 2, 4), (2, 0.5, 1, 2), (8, 0.5, 3, 6),
    ]  # fmt: skip


def keep(client: Client, name: str = "Арналар", query: str = QUERY) -> Any:
    return client.post(reverse("reports:builder-save"), {"name": name, "query": query})


def test_a_question_is_kept_and_opens_again(town: City, client: Client, user: User) -> None:
    answer = keep(client)
    row = SavedQuestion.objects.get()
    assert (row.owner, row.name, row.query, row.is_shared) == (user, "Арналар", QUERY, False)
    assert answer["Location"] == f"{BUILDER}?{QUERY}&saved={row.pk}"
    assert client.get(reverse("reports:builder-saved", args=[row.pk]))["Location"] == answer["Location"]


@pytest.mark.parametrize(("name", "query"), [("", QUERY), ("x", "rows=nothing"), ("x", "a" * 2000)])
def test_what_cannot_be_kept_is_told(town: City, client: Client, name: str, query: str) -> None:
    assert keep(client, name, query).status_code == 302
    assert not SavedQuestion.objects.exists()


def test_a_name_is_given_once(town: City, client: Client) -> None:
    keep(client)
    keep(client)
    assert SavedQuestion.objects.count() == 1


def test_only_shared_questions_are_seen_by_colleagues(town: City, client: Client) -> None:
    keep(client)
    row = SavedQuestion.objects.get()
    colleague = Client()
    colleague.force_login(make_user(Role.ANALYST))
    address = reverse("reports:builder-saved", args=[row.pk])
    assert colleague.get(address).status_code == 404
    client.post(reverse("reports:builder-share", args=[row.pk]), {"shared": "1"})
    assert colleague.get(address).status_code == 302
    assert [one.pk for one in colleague.get(BUILDER).context["shared"]] == [row.pk]
    for name in ("rename", "share", "delete"):
        assert colleague.post(reverse(f"reports:builder-{name}", args=[row.pk]), {"name": "x"}).status_code == 404
    colleague.post(reverse("reports:builder-copy", args=[row.pk]))
    assert SavedQuestion.objects.filter(query=row.query).count() == 2
    row.refresh_from_db()
    assert row.name == "Арналар"


def test_the_link_opens_the_question_for_colleagues_alone(town: City, client: Client) -> None:
    keep(client)
    row = SavedQuestion.objects.get()
    link = reverse("reports:builder-link", args=[row.token])
    colleague = Client()
    colleague.force_login(make_user(Role.HEAD))
    assert colleague.get(link)["Location"] == f"{BUILDER}?{QUERY}"
    assert Client().get(link)["Location"].startswith("/accounts/login/")
    assert colleague.get(reverse("reports:builder-link", args=["invented"])).status_code == 404


def test_a_question_is_renamed_and_deleted_after_asking(town: City, client: Client) -> None:
    keep(client)
    row = SavedQuestion.objects.get()
    client.post(reverse("reports:builder-rename", args=[row.pk]), {"name": "Басқа"})
    row.refresh_from_db()
    assert row.name == "Басқа"
    address = reverse("reports:builder-delete", args=[row.pk])
    assert "Басқа" in client.get(address).content.decode()
    assert SavedQuestion.objects.exists()
    client.post(address)
    assert not SavedQuestion.objects.exists()
