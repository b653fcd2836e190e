"""Nobody reads the figures but who is named; without a setting nobody at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from monitoring.guard import may_read
from monitoring.worker_server import answer
from tests.monitoring.scrape import TOKEN, parse

RIGHT, WRONG = f"Bearer {TOKEN}", "Bearer " + "x" * 30


@pytest.mark.parametrize(
    ("networks", "token", "address", "given", "allowed"),
    [
        ([], "", "127.0.0.1", "", False),
        ([], "", "127.0.0.1", "Bearer ", False),
        ([], TOKEN, "203.0.113.9", RIGHT, True),
        ([], TOKEN, "203.0.113.9", f"bearer  {TOKEN} ", True),
        ([], TOKEN, "203.0.113.9", WRONG, False),
        ([], TOKEN, "203.0.113.9", f"Basic {TOKEN}", False),
        ([], TOKEN, "203.0.113.9", TOKEN, False),
        ([], TOKEN, "203.0.113.9", "Bearer ключ", False),
        ([], TOKEN, "203.0.113.9", "", False),
        (["10.0.0.0/8"], "", "10.2.3.4", "", True),
        (["10.0.0.0/8"], "", "::ffff:10.2.3.4", "", True),
        (["10.0.0.0/8", "2001:db8::/32"], "", "2001:db8::5", "", True),
        (["10.0.0.0/8"], "", "11.2.3.4", "", False),
        (["10.0.0.0/8"], "", "", "", False),
        (["10.0.0.0/8"], TOKEN, "10.2.3.4", "", False),
        (["10.0.0.0/8"], TOKEN, "11.2.3.4", RIGHT, False),
        (["10.0.0.0/8"], TOKEN, "10.2.3.4", RIGHT, True),
    ],
)
def test_whatever_is_set_has_to_fit(
    settings: Any, networks: list[str], token: str, address: str, given: str, allowed: bool
) -> None:
    settings.METRICS_NETWORKS, settings.METRICS_TOKEN = networks, token
    environment = {"REMOTE_ADDR": address, "HTTP_AUTHORIZATION": given}
    assert may_read(environment) is allowed
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA"):
        assert not may_read(environment | {header: "10.2.3.4"}), header


def test_the_page_is_closed_without_a_setting(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    refused = Client().get("/metrics")
    assert (refused.status_code, refused.content) == (403, b"Not from here.")


@pytest.mark.django_db
def test_prometheus_asks_a_process_by_an_address_that_is_no_name_of_the_site(settings: Any) -> None:
    """Neither its own name nor a redirect to HTTPS stands in the way; nothing of it may be kept."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["halyq.example.kz"], True
    settings.SECURE_REDIRECT_EXEMPT = [r"^metrics$"]
    found: Any = Client().get("/metrics", headers={"Host": "172.18.0.7:8000", "Authorization": RIGHT})
    assert found.status_code == 200
    assert "no-store" in found["Cache-Control"]
    assert "halyq_outbox_waiting" in parse(found.content.decode())
    assert Client().post("/metrics", headers={"Authorization": RIGHT}).status_code == 405


def test_production_does_not_lead_prometheus_to_https() -> None:
    from pathlib import Path

    production = Path(__file__).resolve().parents[2] / "platform/config/settings/prod.py"
    assert 'r"^metrics$"' in production.read_text()


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [("GET", "/metrics", RIGHT, 200), ("GET", "/metrics", WRONG, 403), ("GET", "/", RIGHT, 404),
     ("POST", "/metrics", RIGHT, 404)],
)  # fmt: skip
def test_a_worker_has_the_same_guard(method: str, path: str, given: str, status: int) -> None:
    begun: list[str] = []
    environment = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_AUTHORIZATION": given, "REMOTE_ADDR": "10.0.0.1"}
    body = b"".join(answer(environment, lambda line, headers: begun.append(line)))
    assert begun[0].startswith(str(status))
    assert (b"halyq_tasks_total" in body) is (status == 200)
    assert b"halyq_outbox_waiting" not in body  # read by the web, once is enough
