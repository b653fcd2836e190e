"""Periodic reports and saved questions by key: who may read what, what is recorded, and the open check of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from audit.models import AuditRecord
from reports.builder import saving
from reports.models import PublishedReport
from reports.periodic.form import forms
from tests.factories import make_user
from tests.openapi.api import make_program
from tests.reports.periodic import worlds
from tests.reports.periodic.conftest import counted as counted  # a fixture
from tests.reports.periodic.worlds import FORM, Counted, make

pytestmark = pytest.mark.django_db
QUERY = "rows=channel&m=received&start=2026-09-01&end=2026-09-30"


@pytest.fixture
def closed() -> Iterator[Counted]:
    build = Counted()
    worlds.with_form(build, is_public=False)
    yield build
    forms._entries.pop(FORM, None)


def exported() -> int:
    return AuditRecord.objects.filter(action="exported").count()


def check(digest: str) -> Any:
    return Client().get(f"/api/v1/reports/checks/{digest}").json()


def test_reports_are_listed_read_and_downloaded_with_their_digests(counted: Counted) -> None:
    first, program = make(), make_program(make_user(Role.ANALYST))
    counted.number = 9
    second = make()
    listed = program.get("reports", {"form": FORM}).json()["results"]
    assert [row["id"] for row in listed] == [second.pk, first.pk]
    assert program.get("reports", {"form": FORM, "language": "ru"}).json()["results"] == []
    told = program.get(f"reports/{second.pk}").json()
    ((cells,),) = ([row["cells"] for row in table["rows"]] for table in told["document"]["sections"][0]["tables"])
    assert cells[1]["value"] == 9
    assert told["changes"][0]["was"] == "7"
    for file in told["files"]:
        content = b"".join(program.get(f"reports/{second.pk}/files/{file['kind']}").streaming_content)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["size"])
    assert program.get(f"reports/{second.pk}/files/docx").status_code == 404
    assert exported() == 0


def test_a_list_of_appeals_is_for_those_who_may_export_and_each_reading_is_recorded(closed: Counted) -> None:
    report = make()
    for role in (Role.EXECUTOR, Role.MODERATOR):
        program = make_program(make_user(role))
        assert program.get(f"reports/{report.pk}").status_code in (403, 404), role
    program = make_program(make_user(Role.ANALYST))
    assert [row["id"] for row in program.get("reports").json()["results"]] == [report.pk]
    assert program.get(f"reports/{report.pk}").status_code == 200
    b"".join(program.get(f"reports/{report.pk}/files/pdf").streaming_content)
    assert exported() == 2


def test_what_is_no_longer_kept_is_told_and_not_handed_out(closed: Counted) -> None:
    report, program = make(), make_program(make_user(Role.ANALYST))
    PublishedReport.objects.filter(pk=report.pk).update(contents_deleted_at=report.made_at, data={}, pdf="", xlsx="")
    told = program.get(f"reports/{report.pk}").json()
    assert (told["has_contents"], told["document"]) == (False, None)
    assert program.get(f"reports/{report.pk}/files/pdf").status_code == 404
    assert check(report.pdf_sha256)["verdict"] == "genuine"


def test_everybody_may_ask_whether_a_digest_is_that_of_a_report(counted: Counted) -> None:
    report = make()
    found = check(report.pdf_sha256.upper())
    assert (found["verdict"], found["report"]["version"], found["report"]["newest_version"]) == ("genuine", 1, 1)
    assert check(report.data_sha256)["verdict"] == "data"
    assert check("0" * 64) == {"verdict": "unknown", "report": None}


def test_what_can_be_no_digest_is_not_called_unknown(db: None) -> None:
    answer = Client().get(f"/api/v1/reports/checks/{'0' * 63}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_guessing_digests_is_limited() -> None:
    answers = [Client().get(f"/api/v1/reports/checks/{number:064x}").status_code for number in range(31)]
    assert answers[:30] == [200] * 30 and answers[30] == 429


def test_saved_questions_are_ones_own_and_those_that_are_shared() -> None:
    owner, colleague = make_user(Role.ANALYST), make_user(Role.HEAD)
    own = saving.save(owner, "Own", QUERY)
    shared = saving.save(colleague, "Shared", QUERY)
    hidden = saving.save(colleague, "Hidden", QUERY)
    saving.share(colleague, shared.pk, shared=True)
    program = make_program(owner)
    assert [(row["name"], row["is_own"]) for row in program.get("questions").json()] == [
        ("Own", True), ("Shared", False),
    ]  # fmt: skip
    for row in (own, shared):
        answer = program.get(f"questions/{row.pk}/answer").json()
        assert answer["asked"] == {"since": "2026-09-01", "until": "2026-09-30"}
        assert answer["table"]["rows"][-1]["is_total"]
    assert program.get(f"questions/{hidden.pk}/answer").status_code == 404
    assert exported() == 2


def test_a_question_that_names_what_is_gone_is_refused_in_words() -> None:
    owner = make_user(Role.ANALYST)
    row = saving.save(owner, "Old", "rows=channel&m=gone&start=2026-09-01&end=2026-09-30")
    answer = make_program(owner).get(f"questions/{row.pk}/answer")
    assert (answer.status_code, answer.json()["code"]) == (422, "question_outdated")
