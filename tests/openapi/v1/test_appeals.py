"""File and follow an appeal through the API."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from appeals.models import Appeal, Applicant, Status
from common.rows import forget_rows
from openapi import authentication
from openapi.models import FiledAppeal
from openapi.scopes import Scope
from tests.factories import make_area, make_reference, make_topic, make_user
from tests.openapi.api import FILING, make_program

pytestmark = pytest.mark.django_db

STATUTORY = FILING | {
    "regime": "appeal",
    "kind": "complaint",
    "applicant": {
        "full_name": "Серікова Айгүл Маратқызы",
        "identifier": "000101300019",
        "postal_address": "Түркістан қаласы, Тәуке хан даңғылы, 1",
        "phone": "8 701 000 00 00",
    },
}


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def test_whole_filing_is_kept_as_it_was_sent():
    topic, area = make_topic(), make_area()
    program = make_program(channel="eotinish")
    body = STATUTORY | {
        "topic": topic.slug,
        "area": area.slug,
        "address": "Тәуке хан, 1",
        "location": {"type": "Point", "coordinates": [68.2518, 43.2973]},
        "external_id": "EO-2026-1",
        "answer_language": "ru",
    }
    answer = program.post("appeals", body)
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    appeal = Appeal.objects.get()
    assert (appeal.channel, appeal.topic, appeal.area, appeal.status) == ("eotinish", topic, area, Status.RECEIVED)
    assert appeal.applicant.phone == "+77010000000"
    assert appeal.applicant.identifier == "000101300019"
    assert told["location"] == body["location"]
    assert told["external_id"] == "EO-2026-1"
    assert told["tracking_code"] == appeal.tracking_code
    assert answer["Location"].endswith(f"/api/v1/appeals/{appeal.number}")
    assert answer["ETag"] == f'"{appeal.history_seq}"'
    assert FiledAppeal.objects.get().application == program.application


def test_organization_files_with_its_bin():
    who = STATUTORY["applicant"] | {"type": "legal_entity", "identifier": "311240000013"}
    answer = make_program().post("appeals", STATUTORY | {"applicant": who})
    assert answer.status_code == 201, answer.json()
    assert Applicant.objects.get().type == "legal_entity"


@pytest.mark.parametrize(
    ("values", "pointer", "status"),
    [
        ({"text": "short"}, "/text", 400),
        ({"topic": "no-such-topic"}, "/topic", 422),
        ({"location": {"type": "Point", "coordinates": [200, 43]}}, "/location", 422),
        ({"location": [1, 2]}, "/location", 400),
        ({"applicant": {"phone": "12"}}, "/applicant/phone", 422),
        ({"regime": "appeal", "applicant": {"full_name": "A"}}, "/applicant/identifier", 422),
        ({"applicant": {"identifier": "123456789012"}}, "/applicant/identifier", 422),
        ({"received_at": "2999-01-01T00:00:00+05:00"}, "/received_at", 422),
        ({"received_at": "2001-01-01T00:00:00+05:00"}, "/received_at", 422),
        ({"external_id": "with space"}, "/external_id", 400),
        ({"kind": "nonsense"}, "/kind", 400),
    ],
)
def test_bad_field_is_named_by_a_pointer(values, pointer, status):
    """400: the document says it already. 422: a rule beyond the document."""
    answer = make_program().post("appeals", FILING | values)
    problem = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["code"] == "invalid"
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert not Appeal.objects.exists()


def test_errors_come_in_the_language_of_the_caller():
    program = make_program()
    titles = {
        language: program.get("appeals/TRK-26-0000001-4", Accept_Language=language).json()["title"]
        for language in ("kk", "ru-RU,ru;q=0.9", "en")
    }
    assert len(set(titles.values())) == 3


def test_personal_application_files_for_its_owner_alone():
    owner = make_user(last_name="Серікова", first_name="Айгүл", email="aigul@example.kz")
    answer = make_program(owner, files_for_others=False).post("appeals", {"text": FILING["text"]})
    assert answer.status_code == 201
    assert Applicant.objects.get().user == owner
    assert Applicant.objects.get().email == "aigul@example.kz"


def test_key_that_speaks_for_its_owner_promises_no_anonymity():
    """Everything it files names the owner: as applicant, as actor of the history, as owner of the application."""
    owner = make_user(last_name="Серікова", first_name="Айгүл", email="aigul@example.kz")
    body = {"text": FILING["text"], "applicant": {"type": "anonymous"}}
    answer = make_program(owner, files_for_others=False).post("appeals", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/applicant/type")
    assert not Applicant.objects.exists()
    assert make_program(owner).post("appeals", body).status_code == 201
    assert Applicant.objects.get().user is None


def test_list_holds_what_the_application_filed_and_nothing_else():
    program, other = make_program(), make_program()
    mine = [program.post("appeals", FILING).json()["number"] for _ in range(3)]
    other.post("appeals", FILING)
    answer = program.get("appeals", {"page_size": 2}).json()
    assert [row["number"] for row in answer["results"]] == mine[::-1][:2]
    rest = program.get("appeals", {"page_size": 2, "cursor": answer["next_cursor"]}).json()
    assert [row["number"] for row in rest["results"]] == mine[:1]
    assert rest["next_cursor"] is None


def test_appeals_of_one_moment_are_read_once_each_while_more_of_it_come():
    """A portal that knows the day alone gives a thousand appeals one moment, and the list must come to an end."""
    program, moment = make_program(), timezone.now() - timedelta(days=1)
    numbers = [program.post("appeals", FILING).json()["number"] for _ in range(7)]
    Appeal.objects.update(received_at=moment)
    read, query = [], {"page_size": 2}
    for _page in range(4):
        answer = program.get("appeals", query).json()
        read += [row["number"] for row in answer["results"]]
        query["cursor"] = answer["next_cursor"]
        Appeal.objects.filter(number=program.post("appeals", FILING).json()["number"]).update(received_at=moment)
    assert (read, query["cursor"]) == (numbers[::-1], None)


@pytest.mark.parametrize("raw", ["p=abc", "p=%00", "o=-1", "r=x", "|1", "-1", "1.5", "٣", "9" * 19, "x" * 200])
def test_what_no_page_has_given_is_no_cursor(raw):
    cursor = base64.urlsafe_b64encode(raw.encode()).decode()
    answer = make_program().get("appeals", {"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "invalid_cursor")


def test_list_asks_the_same_number_of_questions_however_long_it_is(django_assert_num_queries):
    program = make_program()
    for _ in range(3):
        program.post("appeals", FILING)
    program.get("appeals")
    with django_assert_num_queries(2):
        program.get("appeals")
    for _ in range(5):
        program.post("appeals", FILING)
    with django_assert_num_queries(2):
        program.get("appeals")


def test_reference_tables_are_read_once_for_all_requests(django_assert_num_queries):
    """Fields of a serializer are copied for each use; a copy of what they cache would read the table again."""
    program, named = make_program(), {"topic": make_topic().slug, "area": make_area().slug}
    program.post("appeals", FILING | named)
    forget_rows()
    with django_assert_num_queries(4):  # the key, the appeals with their numbers, the topics, the city sectors
        program.get("appeals")
    with django_assert_num_queries(2):
        program.get("appeals")


def test_appeal_of_somebody_else_opens_with_its_code_only():
    program, other = make_program(), make_program()
    receipt = other.post("appeals", FILING).json()
    path = f"appeals/{receipt['number']}"
    assert program.get(path).status_code == 404
    assert program.get(path, Tracking_Code="AAAA-BBBB-CCC").status_code == 404
    opened = program.get(path, Tracking_Code=receipt["tracking_code"])
    assert opened.status_code == 200
    assert opened.json()["number"] == receipt["number"]
    assert "tracking_code" not in opened.json()


def test_scope_is_needed():
    program = make_program(None, Scope.APPEALS_READ)
    answer = program.post("appeals", FILING)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert not Appeal.objects.exists()


def test_without_a_key_nothing_is_told(client):
    answer = client.get("/api/v1/appeals")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_wrong_address_and_wrong_method_are_answered_in_json(client):
    assert client.get("/api/v1/nothing").json()["code"] == "no_such_address"
    assert make_program().post("reference/topics").json()["code"] == "method_not_allowed"


def test_correlation_id_comes_back_and_limits_are_told():
    answer = make_program(rate=10).get("appeals", X_Correlation_ID="abc-1")
    assert answer["X-Correlation-ID"] == "abc-1"
    assert answer["RateLimit-Policy"] == '"application";q=10;w=60'
    assert answer["RateLimit"] == '"application";r=9;t=60'


def test_rate_is_held(settings):
    program = make_program(rate=2)
    assert [program.get("appeals").status_code for _ in range(3)] == [200, 200, 429]
    refused = program.get("appeals")
    assert int(refused["Retry-After"]) > 0
    assert refused["RateLimit"].startswith('"application";r=0')


def test_refused_calls_count_too():
    program = make_program(None, Scope.REFERENCE_READ, rate=2)
    assert [program.get("appeals").status_code for _ in range(3)] == [403, 403, 429]


def test_wrong_keys_are_counted_by_network(monkeypatch):
    monkeypatch.setattr(authentication, "WRONG_KEYS", 2)
    program = make_program()
    right, program.key = program.key, f"hub_l123456789_{'x' * 43}"
    assert [program.get("appeals").status_code for _ in range(3)] == [401, 401, 429]
    assert int(program.get("appeals")["Retry-After"]) > 0
    program.key = right
    assert program.get("appeals").status_code == 200, "who has a right key shares an address with anybody"
