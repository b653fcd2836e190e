"""Independent clients of Open311 work unchanged against the hub; two equal reports at one moment are one."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connections, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from georeport import GeoReport

from appeals.models import Appeal
from openapi import filing
from openapi.models import FiledAppeal, IdempotentRequest
from openapi.open311 import repeats
from tests.factories import make_area, make_reference, make_topic
from tests.openapi.api import Program, make_program
from tests.openapi.open311.api import REPORT, send
from tests.races.together import together, without_constraint

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def city():
    make_reference()
    make_topic(keywords="су, вода", hand_over_to="112")
    make_topic("land", default_regime="appeal")
    make_area()


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A client of 2013, which still asks for what Python 2 had."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    import three

    return three


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_and_requests(live_server, form):
    program = make_program()
    numbers = [
        send(program, {"address_string": place}).json()[0]["service_request_id"] for place in ("Тәуке хан, 1", "Яссы")
    ]
    client = GeoReport(f"{live_server.url}/open311/v2/", jurisdiction="127.0.0.1", output_format=form)
    assert [row["service_code"] for row in client.get_service_list()] == ["land", "water"]
    definition = client.get_service_definition("land")
    asked = definition["attributes"] if form == "json" else definition["attributes"]["attribute"]
    assert [row["code"] for row in asked][:2] == ["area", "answer_language"]
    since = (timezone.now() - timedelta(days=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = client.get_service_requests(service_code="water", start_date=since, status="open")
    assert [row["service_request_id"] for row in found] == numbers[::-1]
    assert client.get_service_requests(service_request_id=",".join(numbers)) == found
    assert client.get_service_request(numbers[0]) == found[1]


def test_three_discovers_reports_with_a_photo_and_follows(live_server, three, tmp_path):
    from tests.openapi.open311.test_reporting import JPEG

    photo = tmp_path / "photo.jpg"
    photo.write_bytes(JPEG)
    program = make_program()
    client = three.Three(f"{live_server.url}/open311/v2", api_key=program.key, jurisdiction="127.0.0.1")
    assert client.discovery()["endpoints"][0]["url"] == f"{live_server.url}/open311/v2"
    assert client.discovery(f"{live_server.url}/open311/discovery.json")
    assert "water" in [row["service_code"] for row in client.services()]
    assert client.services("water")["service_code"] == "water"
    report: dict[str, Any] = {"description": REPORT["description"], "address": "Тәуке хан, 1", "phone": "+77010000000"}
    (told,) = client.post("water", name="Айгүл Серікова", **report)
    assert client.post("water", name="Айгүл Серікова", **report) == [told]
    number = told["service_request_id"]
    with photo.open("rb") as file:
        (other,) = client.post("water", media=file, **report)
    assert client.request(number)[0]["status"] == "open"
    assert [row["service_request_id"] for row in client.requests("water", count=1)] == [other["service_request_id"]]
    today = timezone.now().strftime("%m-%d-%Y")
    assert client.requests(between=[today, today]) == []  # both are the beginning of the day
    token = IdempotentRequest.objects.order_by("pk").first().key.removeprefix(repeats.MARK)
    assert client.token(token) == [{"service_request_id": number, "token": token}]
    appeal = Appeal.objects.get(number=number)
    assert (appeal.applicant.full_name, appeal.address) == ("Серікова Айгүл", "Тәуке хан, 1")
    assert Appeal.objects.get(number=other["service_request_id"]).attachments.count() == 1


def test_three_is_told_what_is_wrong(live_server, three):
    client = three.Three(f"{live_server.url}/open311/v2")
    (error,) = client.post("water", description="x", address="y")
    assert error["code"] == 403
    assert client.request("TRK-26-0000001-0")[0]["code"] == 404


# Two at once


def at_once(program: Program) -> list[Any]:
    """Answers to the same report sent four times at one moment."""
    return together([lambda: send(program) for _ in range(4)])


def test_equal_reports_at_one_moment_are_one():
    program = make_program()
    answers = at_once(program)
    assert [answer.status_code for answer in answers] == [200] * 4, answers
    told = {answer.json()[0].get("service_request_id") for answer in answers} - {None}
    assert told == {Appeal.objects.get().number}
    assert FiledAppeal.objects.count() == 1


def test_without_the_constraint_equal_reports_at_one_moment_are_several():
    """The control: nothing else keeps them apart."""
    program = make_program()
    with without_constraint("openapi_idempotentrequest", "request_once", "UNIQUE (application_id, key)"):
        at_once(program)
    assert Appeal.objects.count() > 1


def test_repeat_that_comes_too_early_gets_a_token_which_leads_to_the_number(client, monkeypatch):
    monkeypatch.setattr("openapi.idempotency.PATIENCE_MS", 50)
    program, begun, go_on = make_program(), threading.Event(), threading.Event()
    file_appeal = filing.file_appeal

    def slowly(*args: Any) -> Any:
        begun.set()
        go_on.wait(timeout=30)
        return file_appeal(*args)

    monkeypatch.setattr("openapi.open311.requests.filing.file_appeal", slowly)
    answers: list[Any] = []

    def first() -> None:
        answers.append(send(program))
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(timeout=30)
    repeat = send(program)
    assert repeat.status_code == 200
    assert set(repeat.json()[0]) == {"token", "service_notice"}
    assert repeat["Retry-After"]
    address = f"/open311/v2/tokens/{repeat.json()[0]['token']}.json"
    assert "still being filed" in told_at(client, address)
    go_on.set()
    thread.join(timeout=30)
    number = answers[0].json()[0]["service_request_id"]
    assert client.get(address).json()[0]["service_request_id"] == number
    assert Appeal.objects.get().number == number


def told_at(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    return str(answer.json()[0]["description"])


def test_token_of_a_report_that_failed_says_to_send_it_again(client, monkeypatch):
    """It must not look as if the number were still to come: nobody would send the report again."""
    program = make_program()

    def fails(*_args: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("openapi.open311.requests.filing.file_appeal", fails)
        assert send(program).status_code == 500
    caller = type("Caller", (), {"application": program.application})
    token = repeats.token_of(caller, QueryDict(urlencode(REPORT)))
    assert "Send the report again" in told_at(client, f"/open311/v2/tokens/{token}.json")
    number = send(program).json()[0]["service_request_id"]
    assert client.get(f"/open311/v2/tokens/{token}.json").json()[0]["service_request_id"] == number


def test_filing_that_waits_in_vain_for_something_else_is_no_repeat(monkeypatch):
    """A token for it would never lead to a number."""

    def locked(*_args: Any) -> Any:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("openapi.open311.requests.filing.file_appeal", locked)
    answer = send(make_program())
    assert (answer.status_code, answer.json()[0]["code"]) == (409, 409)
    assert answer["Retry-After"]
    assert not IdempotentRequest.objects.exists()


def test_number_that_was_filed_by_a_process_that_died_was_not_told():
    """Neither the appeal nor its repeat exists when the transaction did not end."""
    program = make_program()
    caller = type("Caller", (), {"application": program.application})
    with pytest.raises(RuntimeError), transaction.atomic():
        repeats.once(caller, "1-x", lambda: {"service_request_id": "1"})
        raise RuntimeError
    assert not IdempotentRequest.objects.exists()
