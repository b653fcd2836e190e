"""Requests reported over Open311: through the filing of the API, once, and what is wrong is said."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from appeals.models import Appeal, Applicant, Regime, Status
from common.files import USUAL_LIMITS
from common.reference_numbers import parse_number
from config.logs import hide_in_text
from openapi import usage
from openapi.models import FiledAppeal, IdempotentRequest
from openapi.open311 import repeats
from openapi.scopes import Scope
from tests.factories import make_area, make_reference, make_topic
from tests.openapi.api import Program, make_program
from tests.openapi.open311.api import FORM, REPORT, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def topic():
    make_reference()
    return make_topic()


@pytest.fixture
def program() -> Program:
    return make_program(None, Scope.APPEALS_FILE)


def test_whole_report_becomes_an_appeal_of_the_application(program, topic):
    area = make_area()
    values = {
        "first_name": "Айгүл",
        "last_name": "Серікова",
        "email": "aigul@example.kz",
        "address_string": "Тәуке хан, 1",
        "address_id": area.slug,
        "device_id": "tt222111",
        "account_id": "123456",
        "attribute[answer_language]": "ru",
        "attribute[confidential]": "yes",
        "attribute[area]": area.slug,
        "unknown_field": "x",
    }
    answer = send(program, values)
    assert answer.status_code == 200, answer.content
    (told,) = answer.json()
    appeal = Appeal.objects.get()
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    assert told["service_request_id"] == appeal.number
    assert told["account_id"] is None
    assert appeal.tracking_code in told["service_notice"]
    assert (appeal.topic, appeal.area, appeal.address) == (topic, area, "Тәуке хан, 1")
    assert (str(appeal.latitude), str(appeal.longitude)) == ("43.29730", "68.25180")
    assert (appeal.text, appeal.answer_language, appeal.is_confidential) == (REPORT["description"], "ru", True)
    assert (appeal.regime, appeal.status) == (Regime.REQUEST, Status.REGISTERED)
    who = appeal.applicant
    assert (who.full_name, who.phone, who.email) == ("Серікова Айгүл", "+77010000000", "aigul@example.kz")
    assert FiledAppeal.objects.get().application == program.application
    assert "tt222111" not in str(IdempotentRequest.objects.values())


def test_answer_in_xml_is_that_of_the_standard(program):
    answer = send(program, form="xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "service_requests"
    (request,) = root.findall("request")
    assert [child.tag for child in request] == ["service_request_id", "service_notice", "account_id"]
    assert request.findtext("service_request_id") == Appeal.objects.get().number


def test_report_can_be_anonymous_and_short(program):
    assert send(program, {"phone": None, "description": "лужа"}).status_code == 200
    appeal = Appeal.objects.get()
    assert appeal.applicant.type == Applicant.Type.ANONYMOUS
    assert appeal.text == f"{appeal.topic.name_kk}. лужа. 43.29730, 68.25180"


def test_application_of_a_person_reports_for_its_owner():
    program = make_program(None, files_for_others=False)
    assert send(program, {"phone": None}).status_code == 200
    assert Appeal.objects.get().applicant.user == program.application.owner


def test_statutory_appeal_needs_identity(program):
    make_topic("land", default_regime="appeal")
    values = {"service_code": "land", "attribute[regime]": "appeal", "attribute[kind]": "complaint"}
    refused = send(program, values)
    assert refused.status_code == 400
    told = " ".join(error["description"] for error in refused.json())
    for field in ("first_name, last_name", "attribute[identifier]", "attribute[postal_address]"):
        assert field in told
    who = {
        "first_name": "Айгүл Маратқызы",
        "last_name": "Серікова",
        "attribute[identifier]": "000101300019",
        "attribute[postal_address]": "Түркістан қаласы, Тәуке хан даңғылы, 1",
    }
    answer = send(program, values | who)
    assert answer.status_code == 200, answer.content
    appeal = Appeal.objects.get()
    assert (appeal.regime, appeal.kind, appeal.applicant.identifier) == (Regime.APPEAL, "complaint", "000101300019")


def test_danger_is_answered_with_the_numbers_to_call(program):
    make_topic("gas", hand_over_to="104, 112")
    (told,) = send(program, {"service_code": "gas"}).json()
    assert "104, 112" in told["service_notice"]


# The key


def test_key_may_stand_in_the_form_in_the_address_or_in_a_header(program):
    assert send(None, {"api_key": program.key}).status_code == 200
    assert send(None, query=f"?api_key={program.key}", values={"address_string": "2"}).status_code == 200
    answer = send(None, {"address_string": "3"}, headers={"Authorization": f"Bearer {program.key}"})
    assert answer.status_code == 200
    assert Appeal.objects.count() == 3
    assert usage.calls_in(timezone.now()).keys() == {usage.Call(program.new.row.pk, "requests.post", 200, "")}


def test_key_in_an_address_is_in_no_log(program, caplog):
    with caplog.at_level("DEBUG"):
        assert send(None, query=f"?api_key={program.key}").status_code == 200
        assert send(None, query=f"?api_key={program.key}", values={"phone": "1"}).status_code == 400
    assert "open311" in caplog.text
    assert program.key not in caplog.text
    assert program.key not in hide_in_text(f"POST /open311/v2/requests.json?api_key={program.key}&x=1")


@pytest.mark.parametrize(
    ("scopes", "values", "query"),
    [
        ([Scope.APPEALS_FILE], {"api_key": None}, ""),
        ([Scope.APPEALS_FILE], {"api_key": ""}, ""),
        ([Scope.APPEALS_FILE], {"api_key": "hub_lxxxxxxxxx_" + "x" * 43}, ""),
        ([Scope.APPEALS_FILE], {"api_key": ["a", "b"]}, ""),
        ([Scope.APPEALS_READ], {}, ""),
        ([Scope.APPEALS_FILE], {}, "?api_key=wrong"),
    ],
)
def test_without_a_key_for_it_nothing_is_filed(scopes, values, query):
    answer = send(make_program(None, *scopes), values, query=query)
    assert (answer.status_code, answer.json()[0]["code"]) == (403, 403)
    assert answer.json()[0]["description"]
    assert not Appeal.objects.exists()


def test_key_works_from_its_networks_and_at_its_rate_alone():
    away = make_program(None, Scope.APPEALS_FILE, networks=["203.0.113.0/24"])
    assert send(away).status_code == 403
    slow = make_program(None, Scope.APPEALS_FILE, rate=1)
    assert send(slow)["RateLimit"].startswith('"application";r=0')
    refused = send(slow, {"address_string": "2"})
    assert (refused.status_code, refused.json()[0]["code"]) == (429, 429)
    assert refused["Retry-After"]


# What is wrong


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"service_code": None}, 400, "service_code"),
    ({"service_code": " "}, 400, "service_code"),
    ({"service_code": "nothing"}, 404, "service_code"),
    ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"),
    ({"lat": None}, 400, "lat"),
    ({"long": None}, 400, "long"),
    ({"lat": None, "long": None}, 400, "address_string"),
    ({"lat": "91"}, 400, "lat"),
    ({"long": "-180.5"}, 400, "long"),
    ({"lat": "nan"}, 400, "lat"),
    ({"lat": "4_3"}, 400, "lat"),
    ({"lat": "٤٣"}, 400, "lat"),
    ({"lat": "43,2"}, 400, "lat"),
    ({"lat": "1e1"}, 400, "lat"),
    ({"address_id": "nowhere"}, 400, "address_id"),
    ({"address_string": "x" * 301}, 400, "address_string"),
    ({"description": "x" * 4001}, 400, "description"),
    ({"first_name": "x" * 121}, 400, "first_name"),
    ({"phone": "not a phone"}, 400, "phone"),
    ({"email": "nobody"}, 400, "email"),
    ({"device_id": "x" * 256}, 400, "device_id"),
    ({"account_id": "x" * 256}, 400, "account_id"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({"media_url": "https://"}, 400, "media_url"),
    ({"media_url": "http://[::1"}, 400, "media_url"),
    ({"description": "Құбыр\0 жарылған, су ағып жатыр"}, 400, "description"),
    ({"attribute[area]": "\0"}, 400, "attribute[area]"),
    ({"attribute[nothing]": "1"}, 400, "attribute[nothing]"),
    ({"attribute[regime]": "appeal"}, 400, "attribute[regime]"),
    ({"attribute": "1"}, 400, "attribute"),
    ({"attribute[answer_language]": "en"}, 400, "attribute[answer_language]"),
    ({"attribute[answer_language][]": ["kk", "ru"]}, 400, "attribute[answer_language]"),
    ({"attribute[confidential]": "maybe"}, 400, "attribute[confidential]"),
]


def test_wrong_report_is_refused_and_names_the_field(program):
    for values, status, field in WRONG:
        answer = send(program, values)
        assert answer.status_code == status, (values, answer.content)
        errors = answer.json()
        assert all(set(error) == {"code", "description"} and error["code"] == status for error in errors)
        assert any(field in error["description"] for error in errors), (values, errors)
    assert not Appeal.objects.exists()
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"service_code": "water"}', "application/json", 415),
        (b"<request/>", "text/xml", 415),
        (b"", FORM, 400),
        (b"\xff\xfe%ff%00&&&=;", FORM, 400),
        (b"a=1&" * 300, FORM, 400),
        (b"description=" + b"x" * 140_000, FORM, 400),
        (b"no boundary here", "multipart/form-data", 400),
        (b"--b\r\nbroken", "multipart/form-data; boundary=b", 400),
        (b"x", "form", 415),
    ],
)
def test_body_that_is_no_form_is_refused(program, body, kind, status):
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {program.key}"})
    answer = client.post("/open311/v2/requests.xml", body, content_type=kind)
    assert answer.status_code == status, answer.content
    assert ElementTree.fromstring(answer.content).findtext("error/code") == str(status)


# Files


def photo(colour: str) -> bytes:
    with io.BytesIO() as out:
        Image.new("RGB", (40, 30), colour).save(out, "JPEG")
        return out.getvalue()


JPEG = photo("teal")


def with_file(program: Program, name: str = "media", content: bytes = JPEG, **values: str) -> Any:
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    file = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    return client.post("/open311/v2/requests.json", {"api_key": program.key, **REPORT, name: file, **values})


def test_photo_comes_with_the_report(program):
    assert with_file(program).status_code == 200
    (attachment,) = Appeal.objects.get().attachments.all()
    assert attachment.name.endswith(".jpg")


def test_file_that_is_no_photo_and_file_elsewhere_are_refused(program):
    for answer in (with_file(program, content=b"<?php echo 1;"), with_file(program, name="photo1")):
        assert answer.status_code == 400
        assert "media" in answer.json()[0]["description"] or "photo1" in answer.json()[0]["description"]
    assert not Appeal.objects.exists()


def test_photo_at_an_address_is_fetched_and_checked(program, monkeypatch):
    asked = []

    def request(method: str, url: str, **options: Any) -> httpx.Response:
        asked.append((url, options["max_bytes"], options["timeout"]))
        return httpx.Response(200, content=JPEG)

    monkeypatch.setattr("openapi.open311.media.outgoing.request", request)
    values = {"media_url": "https://photos.example/638344"}
    first = send(program, values).json()
    assert send(program, values).json() == first
    assert asked == [("https://photos.example/638344", USUAL_LIMITS.max_bytes, 5.0)]  # a repeat fetches nothing
    (attachment,) = Appeal.objects.get().attachments.all()
    assert attachment.name == "media.jpg"
    assert "media_url" not in first[0]["service_notice"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x.jpg",
        "https://localhost/x.jpg",
        "http://photos.example/x.jpg",
        "https://u:p@photos.example/",
    ],
)
def test_photo_that_cannot_be_had_keeps_no_report_away(program, url):
    answer = send(program, {"media_url": url})
    assert answer.status_code == 200
    assert "media_url" in answer.json()[0]["service_notice"]
    assert not Appeal.objects.get().attachments.exists()


@pytest.mark.parametrize("found", [httpx.Response(404, content=JPEG), httpx.Response(200, content=b"<html>")])
def test_what_is_no_photo_is_not_taken_from_an_address(program, monkeypatch, found):
    monkeypatch.setattr("openapi.open311.media.outgoing.request", lambda *_, **__: found)
    assert "media_url" in send(program, {"media_url": "https://photos.example/x"}).json()[0]["service_notice"]
    assert not Appeal.objects.get().attachments.exists()


def test_only_so_many_photos_are_fetched_in_a_minute(program, monkeypatch):
    monkeypatch.setattr("openapi.open311.media.MOST", 1)
    monkeypatch.setattr("openapi.open311.media.outgoing.request", lambda *_, **__: httpx.Response(200, content=JPEG))
    for place in ("1", "2"):
        answer = send(program, {"media_url": "https://photos.example/x", "address_string": place})
        assert answer.status_code == 200
        assert ("media_url" in answer.json()[0]["service_notice"]) == (place == "2")


# Repeats


def test_same_report_again_gets_the_same_answer(program):
    first, again = send(program), send(program)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Appeal.objects.count() == 1
    other_key = Program(program.application)
    assert send(other_key).json() == first.json()  # a rotated key is the same application


def test_same_report_with_the_same_photo_is_a_repeat_and_with_another_is_none(program):
    first = with_file(program).json()
    assert with_file(program).json() == first
    assert with_file(program, content=photo("red")).json() != first
    assert send(program).json() != first
    assert Appeal.objects.count() == 3


@pytest.mark.parametrize("field", ["device_id", "account_id", "phone", "address_string", "description"])
def test_report_of_another_device_or_with_other_content_is_new(program, field):
    values = {"phone": "+77010000009"} if field == "phone" else {field: "Басқа көшеде де су жоқ"}
    assert send(program).json() != send(program, values).json()
    assert Appeal.objects.count() == 2


def test_same_report_of_another_application_is_new(program):
    assert send(program).json() != send(make_program()).json()


def test_same_words_after_the_window_are_a_new_report(program):
    first = send(program).json()
    _age(repeats.WINDOW * 0.9)
    assert send(program).json() == first
    _age(repeats.WINDOW * 1.1)
    second = send(program).json()
    assert second != first
    assert send(program).json() == second
    assert Appeal.objects.count() == 2


def _age(by: Any) -> None:
    IdempotentRequest.objects.update(created_at=timezone.now() - by)


def test_what_was_refused_may_be_corrected_and_sent_again(program):
    assert send(program, {"phone": "1"}).status_code == 400
    assert send(program).status_code == 200


# Tokens


def test_token_leads_to_the_number(program, client):
    number = send(program).json()[0]["service_request_id"]
    token = IdempotentRequest.objects.get().key.removeprefix(repeats.MARK)
    assert client.get(f"/open311/v2/tokens/{token}.json").json() == [{"service_request_id": number, "token": token}]
    root = ElementTree.fromstring(client.get(f"/open311/v2/tokens/{token}.xml").content)
    assert (root.tag, root.findtext("request/service_request_id")) == ("service_requests", number)
    assert parse_number(number)
    answer = client.get(f"/open311/v2/tokens/{token}.json")
    assert Appeal.objects.get().tracking_code not in answer.content.decode()


def test_key_of_an_ordinary_repeated_request_is_no_token(program, client):
    IdempotentRequest.objects.create(application=program.application, key="k", fingerprint="f", body={"number": "1"})
    assert client.get(f"/open311/v2/tokens/{program.application.pk}-k.json").status_code == 404
