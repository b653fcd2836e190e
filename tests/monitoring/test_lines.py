"""One line for each request and each task: who, what, how long; nothing about persons; tied together by ids."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from celery import current_app
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django_structlog.celery.receivers import CeleryReceiver

from config.logs import HIDDEN, hide_in_text, logging_config
from monitoring.requests import RequestMiddleware, view_of
from tests.factories import make_user
from tests.openapi.api import make_program

Lines = Callable[[], list[dict[str, Any]]]
FIELDS = {"event", "level", "logger", "timestamp", "request_id", "correlation_id", "method", "view", "status", "ms"}


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What production writes of requests and tasks."""
    formatter = logging_config(json=True, level="INFO")["formatters"]["structured"]
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter.pop("()")(**formatter))
    loggers = [logging.getLogger("monitoring.requests"), logging.getLogger("django_structlog.celery.receivers")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def test_a_request_of_a_visitor_is_one_line_without_his_address(lines: Lines) -> None:
    Client().get("/no/such/000101300019?email=aigul@mail.kz", REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Secret/1")
    (line,) = lines()
    assert set(line) == FIELDS
    assert (line["event"], line["method"], line["view"], line["status"]) == ("request", "GET", "no view", 404)
    assert line["ms"] >= 0
    written = json.dumps(line)
    assert not [word for word in ("203.0.113", "aigul", "000101300019", "Secret", "/no/such") if word in written]


@pytest.mark.django_db
def test_a_request_of_a_person_names_his_number_alone(lines: Lines) -> None:
    user = make_user(first_name="Айгүл", last_name="Серікова")
    client = Client()
    client.force_login(user)
    client.get("/notifications/preferences/")
    line = lines()[-1]
    assert line["user_id"] == user.pk
    assert "Айгүл" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.django_db
def test_a_call_of_a_program_names_the_prefix_of_its_key_and_its_realm(lines: Lines) -> None:
    program = make_program()
    program.get("reference/topics", X_Correlation_ID="order-4711")
    (line,) = lines()
    assert line["key"] == program.new.row.prefix
    assert line["realm"] == "live"
    assert line["correlation_id"] == "order-4711"
    assert line["request_id"] != "order-4711"
    assert program.key not in json.dumps(line)
    program.get("reference/topics")
    assert lines()[-1]["correlation_id"] == lines()[-1]["request_id"]


@pytest.mark.django_db
def test_an_unknown_key_stands_in_no_line(lines: Lines) -> None:
    Client().get("/api/v1/reference/topics", headers={"Authorization": "Bearer hub_labcdefghi_" + "x" * 43})
    (line,) = lines()
    assert line["status"] == 401
    assert "key" not in line


@pytest.mark.parametrize("given", ["a b", "a" * 101, "<script>", "aigul@mail.kz", 'x","event":"forged'])
def test_a_correlation_id_of_another_form_is_not_taken(lines: Lines, given: str) -> None:
    Client().get("/no/such/page", headers={"X-Correlation-ID": given})
    (line,) = lines()
    assert line["correlation_id"] == line["request_id"]


def test_nothing_of_one_request_stands_in_the_line_of_the_next(lines: Lines) -> None:
    def bind(_request: Any) -> HttpResponse:
        structlog.contextvars.bind_contextvars(key="labcdefghi", realm="live")
        return HttpResponse()

    factory = RequestFactory()
    RequestMiddleware(bind)(factory.get("/"))
    RequestMiddleware(lambda request: HttpResponse())(factory.get("/"))
    first, second = lines()
    assert first["key"] == "labcdefghi"
    assert not {"key", "realm"} & set(second)
    assert first["request_id"] != second["request_id"]


def test_the_answer_names_the_request(lines: Lines) -> None:
    answer = Client().get("/no/such/page")
    assert str(uuid.UUID(answer["X-Request-ID"])) == lines()[0]["request_id"]


def test_health_is_asked_too_often_for_a_line(lines: Lines) -> None:
    Client().get("/livez")
    assert lines() == []


def test_a_failure_of_the_hub_is_an_error(lines: Lines) -> None:
    RequestMiddleware(lambda request: HttpResponse(status=500))(RequestFactory().get("/"))
    assert lines()[0]["level"] == "error"


def test_static_files_have_one_name() -> None:
    assert view_of(RequestFactory().get("/static/vendor/govuk.css")) == "static"


# Tasks


def test_the_ids_of_a_request_go_with_the_task_into_the_worker(lines: Lines) -> None:
    """As the message is sent, and as the worker takes it up: django-structlog's own receivers on both sides."""
    receiver, sent = CeleryReceiver(), {"id": "1", "task": "monitoring.tasks.tick"}
    with structlog.contextvars.bound_contextvars(request_id="r-1", correlation_id="order-4711", key="labcdefghi"):
        receiver.receiver_before_task_publish(headers=sent, routing_key="celery")
    task = SimpleNamespace(
        name="appeals.tasks.tell_staff",
        request=SimpleNamespace(
            delivery_info={"routing_key": "celery"}, args=[815], kwargs={"waiting": 3},
            __django_structlog__=sent["__django_structlog__"],
        ),
    )  # fmt: skip
    receiver.receiver_task_prerun("task-1", task)
    receiver.receiver_task_success(sender=task)
    structlog.contextvars.clear_contextvars()
    (line,) = lines()
    assert line["event"] == "task_succeeded"
    assert line["duration_ms"] >= 0
    told = {"task_id": "task-1", "task": "appeals.tasks.tell_staff", "queue": "celery", "event_id": 815}
    told |= {"request_id": "r-1", "correlation_id": "order-4711", "key": "labcdefghi"}
    assert told.items() <= line.items()


def test_workers_take_the_ids_up() -> None:
    from django_structlog.celery.steps import DjangoStructLogInitStep

    assert DjangoStructLogInitStep in current_app.steps["worker"]


def test_a_task_that_is_sent_carries_the_ids() -> None:
    seen: list[dict[str, Any]] = []

    def look(headers: dict[str, Any], **_: Any) -> None:
        seen.append(headers)

    from celery.signals import before_task_publish

    before_task_publish.connect(look)
    with structlog.contextvars.bound_contextvars(correlation_id="order-4711"):
        current_app.send_task("monitoring.tasks.tick")
    before_task_publish.disconnect(look)
    assert seen[0]["__django_structlog__"]["correlation_id"] == "order-4711"
    assert seen[0]["halyq_sent_at"] > 0


# What must not be written


KEY = "hub_labcdefghi_" + "Zz09-_" * 7 + "Q"
MASKS = [
    ("IIN 000101300019 is wrong", f"IIN {HIDDEN} is wrong"),
    ("bin=990140000385;", f"bin={HIDDEN};"),
    ("sent to aigul.s@mail.kz", f"sent to {HIDDEN}"),
    ("<first.last+tag@sub.example.com>", f"<{HIDDEN}>"),
    ("call +7 701 123 45 67 now", f"call {HIDDEN} now"),
    ("+77011234567", HIDDEN),
    ("tel:8(701)123-45-67", f"tel:{HIDDEN}"),
    ("87011234567", HIDDEN),
    ("+998901234567", HIDDEN),
    (f"key {KEY} refused", f"key hub_labcdefghi_{HIDDEN} refused"),
    ("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", f"secret {HIDDEN}"),
    ("Authorization: Bearer abcdef123456", f"Authorization: Bearer {HIDDEN}"),
    ("GET /accounts/password/reset/key/1-c9x2ab-0123456789abcdef/", f"GET /accounts/password/reset/key/{HIDDEN}/"),
    ("/accounts/confirm-email/MQ:1abcDE:xyz/", f"/accounts/confirm-email/{HIDDEN}/"),
]
STAYS = [
    "TRK-26-0000017-7 took 12 ms",
    "2026-11-27T03:26:53.451224Z",
    "2026-11-27 03:26:53 +05:00",
    "c9bf9e57-1685-4c89-bafb-ff5af830be8a",
    "c9bf9e57-1685-4c89-bafb-000101300019",
    "10.20.30.40:5432 answered after 8 tries",
    "41010000 rows of 1000000",
    "celery@web-1 ready",
    "halyq_http_requests_total 81234567",
    "postgresql 18.6.3, python 3.11.9",
]


@pytest.mark.parametrize(("text", "expected"), MASKS)
def test_what_tells_of_a_person_or_opens_a_door_is_masked(text: str, expected: str) -> None:
    assert hide_in_text(text) == expected


@pytest.mark.parametrize("text", STAYS)
def test_what_operators_need_stays(text: str) -> None:
    assert hide_in_text(text) == text


def test_lines_of_libraries_say_nothing_twice() -> None:
    """Django's line of a refused request holds its address, Celery's lines of a task its arguments."""
    loggers = logging_config(json=True, level="INFO")["loggers"]
    assert loggers["django.request"]["level"] == "ERROR"
    assert loggers["celery.beat"]["level"] == "WARNING"
    assert loggers["celery.app.trace"]["level"] == loggers["celery.worker.strategy"]["level"] == "WARNING"
