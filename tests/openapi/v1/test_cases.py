"""Work on cases through the API: the whole life of an appeal, and what is refused as on the page."""

import json

import pytest

from accounts.models import Role
from appeals.models import Appeal, AppealEvent, EventKind, Note, Status
from audit.models import AuditRecord
from openapi.scopes import Scope
from tests.appeals.cases import make_case, make_claimed_case, make_unit
from tests.factories import make_reference, make_rule, make_user
from tests.openapi.api import FILING, make_program
from tests.openapi.v1.test_appeals import STATUTORY

pytestmark = pytest.mark.django_db

ANSWER = {
    "text": "2026 жылғы 20 қарашада бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді.",
    "outcome": "satisfied",
    "measures": "Құбыр ауыстырылды",
    "done_on": "2026-11-20",
    "done_by": "Су арнасы",
    "language": "kk",
}


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def test_life_of_an_appeal_by_programs_alone():
    """Filed by a portal, routed by the inspector's system, answered by the executor's, judged by the portal."""
    unit = make_unit()
    portal = make_program(None, Scope.APPEALS_FILE, Scope.APPEALS_READ, Scope.APPEALS_RESPOND)
    inspector = make_program(make_user(Role.INSPECTOR))
    executor = make_program(unit.executor)
    number = portal.post("appeals", FILING).json()["number"]
    case = f"cases/{number}"
    version = inspector.get(case)["ETag"]
    routed = inspector.post(f"{case}/route", {"department": unit.department.slug}, If_Match=version)
    assert routed.status_code == 200, routed.json()
    assert routed.json()["department"] == unit.department.slug
    claimed = executor.post(f"{case}/claim")
    assert claimed.json()["executor"]["id"] == unit.executor.pk
    assert executor.post(f"{case}/notes", {"text": "Бригада шықты"}).status_code == 200
    asked = executor.post(f"{case}/questions-to-applicant", {"text": "Үй нөмірін жазыңыз"}, If_Match="*")
    assert asked.json()["status"] == Status.AWAITING_INFO
    told = portal.post(f"appeals/{number}/messages", {"text": "Үй нөмірі 5"})
    assert told.json()["status"] == Status.IN_PROGRESS
    checked = executor.post(f"{case}/draft/check", ANSWER)
    assert checked.status_code == 200
    sent = executor.post(f"{case}/replies", ANSWER | {"ground": "Өтініш иесімен келісілген"}, If_Match="*")
    assert sent.status_code == 200, sent.json()
    assert sent.json()["status"] == Status.ANSWERED
    story = portal.get(f"appeals/{number}/story").json()
    assert story["replies"][0]["text"] == ANSWER["text"]
    assert [message["direction"] for message in story["messages"]] == ["out", "in"]
    assert "Бригада шықты" not in str(story)
    judged = portal.post(f"appeals/{number}/judgement", {"verdict": "solved", "rating": 5})
    assert judged.json()["status"] == Status.CLOSED
    kinds = set(AppealEvent.objects.filter(appeal__number=number).values_list("kind", flat=True))
    assert {EventKind.ASSIGNED, EventKind.CLAIMED, EventKind.REPLY_SENT, EventKind.RATED} <= kinds
    assert Note.objects.get().author == unit.executor


def test_change_on_an_old_version_is_refused():
    unit = make_unit()
    appeal = make_claimed_case(unit)
    program = make_program(unit.executor)
    old = program.get(f"cases/{appeal.number}")["ETag"]
    program.post(f"cases/{appeal.number}/questions-to-applicant", {"text": "Үй нөмірін жазыңыз"}, If_Match=old)
    again = program.post(f"cases/{appeal.number}/hand-back", {"reason": "Бұл біздің бөлім емес екен"}, If_Match=old)
    assert (again.status_code, again.json()["code"]) == (412, "changed")
    missing = program.post(f"cases/{appeal.number}/hand-back", {"reason": "Бұл біздің бөлім емес екен"})
    assert (missing.status_code, missing.json()["code"]) == (428, "version_missing")


def test_suggestion_that_came_too_late_is_a_conflict_for_no_version_was_named():
    holder, suggested = make_unit("holder"), make_unit("suggested")
    appeal = make_case(holder)
    Appeal.objects.filter(pk=appeal.pk).update(suggested_rule=make_rule(department=suggested.department))
    answer = make_program(make_user(Role.INSPECTOR)).post(f"cases/{appeal.number}/route/accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_cases_beyond_the_roles_do_not_exist():
    mine, other = make_unit("mine"), make_unit("other")
    here, there = make_case(mine), make_case(other)
    program = make_program(mine.executor)
    assert program.get(f"cases/{here.number}").status_code == 200
    assert program.get(f"cases/{there.number}").status_code == 404
    assert program.post(f"cases/{there.number}/claim").status_code == 404
    numbers = [row["number"] for row in program.get("cases").json()["results"]]
    assert numbers == [here.number]


def test_a_right_the_person_lacks_no_scope_gives():
    unit = make_unit()
    appeal = make_case(unit)
    program = make_program(unit.executor)
    answer = program.post(f"cases/{appeal.number}/route", {"department": unit.department.slug}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert program.post(f"cases/{appeal.number}/assign", {"person": unit.executor.pk}, If_Match="*").status_code == 403


def test_applicant_is_shown_by_one_operation_alone_and_each_look_is_recorded():
    unit = make_unit()
    filed = make_program().post("appeals", STATUTORY).json()
    Appeal.objects.filter(number=filed["number"]).update(department=unit.department, status=Status.ASSIGNED)
    program = make_program(unit.executor)
    case = program.get(f"cases/{filed['number']}")
    assert "000101300019" not in case.content.decode()
    assert "+7701" not in case.content.decode()
    shown = program.get(f"cases/{filed['number']}/identity", {"reason": "Қоңырау шалу"}).json()
    assert shown["identifier"] == "000101300019"
    record = AuditRecord.objects.get(action="viewed_identity")
    assert (record.reason, record.details["application"]) == ("Қоңырау шалу", program.application.pk)


def test_pages_of_a_list_do_not_shift():
    unit = make_unit()
    numbers = [make_case(unit).number for _ in range(5)]
    program = make_program(unit.executor)
    first = program.get("cases", {"page_size": 2}).json()
    make_case(unit)
    second = program.get("cases", {"page_size": 10, "cursor": first["next_cursor"]}).json()
    read = [row["number"] for row in first["results"] + second["results"]]
    assert read == numbers[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "nonsense"}, 400),
        ({"topic": "no-such"}, 422),
        ({"page_size": 1000}, 400),
        ({"since": "yesterday"}, 400),
        ({"since": ""}, 400),
        ({"tab": "x"}, 400),
        ({"cursor": "mistyped"}, 422),
    ],
)
def test_filter_that_makes_no_sense_is_refused(query, status):
    assert make_program(make_user(Role.INSPECTOR)).get("cases", query).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("post", "co-executors", {"person": 10**9}), ("put", "incident", {"incident": 10**9})],
)
def test_naming_what_does_not_exist_breaks_a_rule_and_nothing_else(method, path, body):
    appeal = make_case(make_unit())
    program = make_program(make_user(Role.INSPECTOR))
    answer = program.client.generic(
        method.upper(),
        f"/api/v1/cases/{appeal.number}/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.key}"},
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown"
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(body))}"


@pytest.mark.parametrize("query", [{"page_size": "null"}, {"page_size": 0}, {"page_size": 201}, {"cursor": "mistyped"}])
def test_page_that_is_none_is_refused(query):
    assert make_program(make_user()).get("appeals", query).status_code in (400, 422)
