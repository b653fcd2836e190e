"""The hub's own connectors against servers that answer as the real ones do, and as they do on bad days."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from audit import sealing, trail
from audit.models import SiemTarget
from common.connectors import ConnectionTrouble, Reason, connectors
from notifications import connectors as ways_out
from notifications.models import Notification
from sso.models import OutsideProvider
from tests.factories import make_user
from tests.identity.ncanode_double import ncanode  # noqa: F401 - a fixture
from tests.outgoing import answer_outgoing_calls
from tools.eds.server import Server

Answer = tuple[int, Any]
OWN = "mailbox telegram virus-scanner email-out sms ncanode outside-sign-in siem"


def trouble(slug: str) -> Reason:
    with pytest.raises(ConnectionTrouble) as caught:
        connectors.get(slug).check()
    assert "secret" not in str(caught.value)
    return caught.value.reason


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Answer | Exception) -> list[httpx.Request]:
    """One after the other, the last one for ever."""
    left, asked = list(answers), []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return httpx.Response(status, content=body) if isinstance(body, bytes) else httpx.Response(status, json=body)

    answer_outgoing_calls(monkeypatch, handler)
    return asked


def test_each_of_the_hub_is_registered_and_silent_without_settings(settings: Any, db: None) -> None:
    settings.TELEGRAM_BOT_TOKEN = settings.SMS_GATEWAY_URL = settings.IMAP_HOST = settings.NCANODE_URL = ""
    settings.CLAMD_ADDRESS = settings.SIEM_SYSLOG_URL = settings.SIEM_HTTP_URL = settings.EMAIL_HOST = ""
    found = {slug: connector.is_configured() for slug, connector in connectors}
    assert {"mailbox", "telegram", "virus-scanner", "email-out", "sms", "ncanode", "outside-sign-in", "siem"} <= set(
        found
    )
    assert not any(found[slug] for slug in found if slug != "webhooks")


# Telegram


def webhook(**values: Any) -> Answer:
    return 200, {"ok": True, "result": {"url": "https://hub.kz/hook", "pending_update_count": 0, **values}}


@pytest.fixture
def bot(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_API_BASE = "1:secret", "https://api.telegram.org"


@pytest.mark.usefixtures("bot")
def test_a_bot_that_gets_its_messages_works(monkeypatch: pytest.MonkeyPatch) -> None:
    [first, second] = [webhook(pending_update_count=2), webhook(pending_update_count=2, last_error_date=1)]
    asked = answering(monkeypatch, first, second)
    assert connectors.get("telegram").check() == "2 waiting"
    assert connectors.get("telegram").check() == "2 waiting", "an old error is over"
    assert asked[0].url.path == "/bot1:secret/getWebhookInfo"


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (webhook(url=""), "set_up"),
        (webhook(pending_update_count=101), "behind"),
        (webhook(pending_update_count=1, last_error_date=9_999_999_999), "behind"),
        (webhook(pending_update_count="many"), "answer"),
        ((401, {"ok": False, "error_code": 401, "description": "Unauthorized"}), "refused"),
        ((502, b"<html>"), "answer"),
        ((200, {"ok": False}), "answer"),
        ((200, []), "answer"),
        (httpx.ConnectError("https://api.telegram.org/bot1:secret"), "unreachable"),
        (httpx.ReadTimeout("https://api.telegram.org/bot1:secret"), "slow"),
    ],
)
def test_what_is_wrong_with_a_bot(monkeypatch: pytest.MonkeyPatch, answer: Any, reason: str) -> None:
    answering(monkeypatch, answer)
    assert trouble("telegram") == reason


# SMS


@pytest.fixture
def gateway(settings: Any) -> None:
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = "https://smsc.kz/sys/", "secret"


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
def test_a_gateway_with_money_works(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, (200, {"balance": "120.5"}))
    assert connectors.get("sms").check() == "balance 120.50"
    assert asked[0].url.path == "/sys/balance.php"


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {"error": "authorise error", "error_code": 2}), "refused"),
        ((200, {"balance": "0"}), "refused"),
        ((200, {"error": "?", "error_code": 99}), "answer"),
        ((200, []), "answer"),
        ((500, {}), "answer"),
        ((200, b"<html>"), "answer"),
    ],
)
def test_what_is_wrong_with_a_gateway(monkeypatch: pytest.MonkeyPatch, answer: Any, reason: str) -> None:
    answering(monkeypatch, answer)
    assert trouble("sms") == reason


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
def test_messages_that_pile_up_are_a_trouble_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways_out, "MOST_WAITING", 2)
    answering(monkeypatch, (200, {"balance": "10"}))
    late = timezone.now() - timedelta(hours=1)
    for number, at in enumerate((late, late, timezone.now(), late)):
        assert number == 0 or connectors.get("sms").check()
        Notification.objects.create(
            dedupe_key=f"a{number}", transport="sms", address="+7", template="a", subject_ref="a", next_try_at=at
        )
    assert trouble("sms") == Reason.BEHIND


# E-mail out


@contextmanager
def talking(conversation: dict[str, str], greeting: str = "220 mail") -> Iterator[int]:
    """A mail server that answers each command by its first word."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(f"{greeting}\r\n".encode())
            for line in self.rfile:
                word = line.decode().split()[0].upper() if line.strip() else ""
                self.wfile.write(f"{conversation.get(word, '250 ok')}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("conversation", "greeting", "reason"),
    [
        ({}, "220 mail", None),
        ({"EHLO": "250-mail\r\n250 AUTH PLAIN", "AUTH": "535 no"}, "220 mail", "refused"),
        ({"NOOP": "421 busy"}, "220 mail", "answer"),
        ({}, "554 go away", "answer"),
    ],
)
def test_the_mail_server_is_greeted_and_nothing_is_sent(
    settings: Any, conversation: dict[str, str], greeting: str, reason: str | None
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", False, False
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = ("hub", "secret") if "AUTH" in conversation else ("", "")
    with talking(conversation, greeting) as settings.EMAIL_PORT:
        if reason is None:
            assert connectors.get("email-out").check() == "250"
        else:
            assert trouble("email-out") == reason


# State signature, scanner, SIEM, outside sign-in


@pytest.mark.parametrize(("fault", "reason"), [("html", "answer"), ("not-an-object", "answer")])
def test_ncanode_is_known_by_how_it_refuses(ncanode: Server, fault: str, reason: str, settings: Any) -> None:  # noqa: F811
    assert connectors.get("ncanode").check() == "NCANode"
    ncanode.fault = fault
    assert trouble("ncanode") == reason


def test_ncanode_that_is_not_there(settings: Any) -> None:
    settings.NCANODE_URL = "http://127.0.0.1:9"
    assert trouble("ncanode") == Reason.UNREACHABLE


@pytest.mark.parametrize("answer", [b"ClamAV 1.4.1/27500/Thu Nov 26 09:00:00 2026\0", b"SSH-2.0\0"])
def test_the_scanner_says_its_version(settings: Any, answer: bytes) -> None:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            assert self.request.recv(100) == b"zVERSION\0"
            self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        try:
            if answer.startswith(b"ClamAV"):
                assert connectors.get("virus-scanner").check().startswith("ClamAV 1.4.1")
            else:
                assert trouble("virus-scanner") == Reason.ANSWER
        finally:
            server.shutdown()


@pytest.mark.django_db
def test_the_siem_is_judged_by_what_it_has_taken(settings: Any) -> None:
    settings.SIEM_HTTP_URL = "https://siem.example.kz/in"
    trail.record(actor=make_user(), action="exported", subject_ref="a")
    sealing.seal_all()
    assert trouble("siem") == Reason.BEHIND
    target = SiemTarget.objects.create(slug="http", last_seq=0)
    assert connectors.get("siem").check() == "http: 0 of 1"
    target.attempts = 2
    target.save()
    assert trouble("siem") == Reason.UNREACHABLE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("description", "keys", "reason"),
    [
        ({}, {"keys": [{}]}, None),
        ({"issuer": "https://evil.kz"}, {"keys": [{}]}, "answer"),
        ({}, {"keys": []}, "answer"),
        ({}, b"<html>", "answer"),
    ],
)
def test_outside_providers_are_what_they_were(
    monkeypatch: pytest.MonkeyPatch, description: dict[str, str], keys: Any, reason: str | None
) -> None:
    issuer = "https://id.example.kz"
    OutsideProvider.objects.create(slug="state", name_kk="a", name_ru="a", issuer=issuer, client_id="a")
    body = {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"} | description
    answering(monkeypatch, (200, body), (200, keys))
    check: Callable[[], str] = connectors.get("outside-sign-in").check
    if reason is None:
        assert check() == "state"
    else:
        assert trouble("outside-sign-in") == reason
