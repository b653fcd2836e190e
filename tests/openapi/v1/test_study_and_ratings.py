"""The study and the ratings by the open API: the same as on their pages, and who may decide what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from reports.models import PointCode, PointRating, RatingComment, ServicePoint
from reports.qr import review
from reports.study.contents import tables
from tests.factories import make_department, make_organization, make_user
from tests.openapi.api import Program, make_program
from tests.reports.qr.world import code_of, make_point, rate, visitor

pytestmark = pytest.mark.django_db
WINDOW = {"name_kk": "Терезе", "name_ru": "Окно", "name_en": "Window", "place": "", "is_active": True}


@pytest.fixture
def point() -> ServicePoint:
    return make_point(make_department("water", organization=make_organization("vodokanal")))


def ask(path: str, query: dict[str, Any] | None = None) -> Any:
    return Client(headers={"Accept-Language": "en"}).get(f"/api/v1/statistics/{path}", query)


def put(program: Program, path: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {program.key}"}
    return program.client.put(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def test_every_table_of_the_study_is_what_its_page_offers() -> None:
    listed = ask("study/tables").json()
    assert [row["table"] for row in listed] == list(tables())
    for key in ("table-23", "text-meetings"):
        page = Client().get(f"/statistics/study/tables/{key}.json").json()
        assert ask(f"study/tables/{key}").json() == page
        assert len(page["values"]) == next(row["values"] for row in listed if row["table"] == key)
    assert ask("study/tables/table-0").status_code == 404


def test_printed_and_corrected_values_are_told_apart_over_the_years() -> None:
    (line,) = ask("study/series", {"series": "contact_centre_1310", "by": ""}).json()
    assert [(one["year"], one["printed"], one["value"], one["status"]) for one in line["points"]] == [
        (2023, 5313, 5313, "ok"), (2024, 7454, 7536, "corrected"),
    ]  # fmt: skip
    assert line["points"][0]["part_of_year"] == "from 21 July"


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [("study/tables", {"group": "x"}, "/group"), ("study/checks", {"table": "x"}, "/table"),
     ("study/series", {"series": "x"}, "/series")],
)  # fmt: skip
def test_unknown_parts_of_the_study_are_refused(path: str, query: dict[str, str], field: str) -> None:
    answer = ask(path, query)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["pointer"]) == (422, "unknown", field)


def test_few_ratings_give_no_average(point: ServicePoint) -> None:
    for _visit in range(9):
        rate(point, 5, reasons=("manners",))
    (row,) = ask("ratings").json()
    assert (row["organization"], row["points"], row["ratings"]["count"]) == ("vodokanal", 1, 9)
    assert [row["ratings"][name] for name in ("average", "interval", "good_share", "scores")] == [None] * 4
    for path in ("ratings/vodokanal", f"ratings/vodokanal/{point.pk}"):
        assert ask(path).json()["themes"] == []
    assert row["is_demo"] is False
    ServicePoint.objects.update(is_demo=True)
    assert [one["is_demo"] for one in ask("ratings").json()] == [True]
    rate(point, 4)
    assert [row["good"] for row in ask(f"ratings/vodokanal/{point.pk}").json()["themes"]] == [9]
    found = ask(f"ratings/vodokanal/{point.pk}").json()["point"]["ratings"]
    assert (found["average"], found["scores"]["5"], found["good_share"]) == ("4.90", 9, "100.0")


def test_comments_are_shown_after_somebody_has_read_them(point: ServicePoint) -> None:
    rate(point, 5, comment="Рақмет!")
    assert ask(f"ratings/vodokanal/{point.pk}").json()["comments"] == []
    reviewer = make_program(make_user(Role.MODERATOR))
    (waiting,) = reviewer.get("points/review").json()["comments"]
    assert reviewer.post(f"points/review/comments/{waiting['id']}", {"shown": True}).status_code == 204
    assert [row["text"] for row in ask("ratings/vodokanal").json()["comments"]] == ["Рақмет!"]
    assert RatingComment.objects.get().decided_by == reviewer.application.owner
    assert reviewer.post(f"points/review/comments/{waiting['id']}", {"shown": True}).status_code == 204
    late = reviewer.post(f"points/review/comments/{waiting['id']}", {"shown": False})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_of_a_comment_the_month_is_told_and_not_the_day(point: ServicePoint) -> None:
    review.decide_comment(rate(point, 5, comment="Рақмет!").comment.pk, shown=True, actor=make_user(Role.MODERATOR))
    (row,) = ask(f"ratings/vodokanal/{point.pk}").json()["comments"]
    assert row == {"text": "Рақмет!", "month": f"{timezone.localdate():%Y-%m}-01", "score": 5}


def test_a_burst_counts_when_a_person_says_so(point: ServicePoint) -> None:
    for _visit in range(9):
        rate(point, 1, by=visitor(network="192.0.2.7"))
    reviewer = make_program(make_user(Role.MODERATOR))
    (heap,) = reviewer.get("points/review").json()["heaps"]
    body = {name: heap[name] for name in ("point_id", "day", "network")} | {"counts": True}
    late = reviewer.post("points/review", body | {"seen": heap["count"] - 1})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert reviewer.post("points/review", body | {"seen": heap["count"]}).status_code == 204
    assert review.heaps() == []
    assert PointRating.objects.filter(outcome="counted").count() == 9


def test_a_head_looks_after_the_points_of_his_unit_alone(point: ServicePoint) -> None:
    unit = make_department("parks", organization=make_organization("akimat"))
    program = make_program(make_user(Role.HEAD, department=unit))
    assert program.get("points").json() == []
    assert put(program, f"points/{point.pk}", WINDOW).status_code == 404
    assert program.post(f"points/{point.pk}/code", {"seen": code_of(point)}).status_code == 404
    refused = program.post("points", WINDOW | {"organization": "vodokanal", "department": "water"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    made = program.post("points", WINDOW | {"organization": "akimat", "department": "parks"})
    assert (made.status_code, made.json()["department"]) == (201, "parks")
    assert [row["id"] for row in program.get("points").json()] == [made.json()["id"]]
    changed = put(program, f"points/{made.json()['id']}", WINDOW | {"is_active": False})
    assert changed.json()["is_active"] is False


def test_another_code_replaces_the_one_that_was_seen(point: ServicePoint) -> None:
    program, first = make_program(make_user(Role.ADMINISTRATOR)), code_of(point)
    answer = program.post(f"points/{point.pk}/code", {"seen": first}).json()
    assert answer["sheet_code"] == code_of(point) != first
    assert answer["sheet_url"].endswith(f"/q/{answer['sheet_code']}/")
    again = program.post(f"points/{point.pk}/code", {"seen": first}).json()
    assert again["sheet_code"] == answer["sheet_code"]
    assert PointCode.objects.filter(point=point).count() == 2


def test_residents_neither_manage_nor_review() -> None:
    program = make_program(make_user())
    assert [program.get(path).json()["code"] for path in ("points", "points/review")] == ["not_allowed"] * 2
