"""What leaves a sandbox: a message that its owner asks for, and so few that they hold nobody up."""

from __future__ import annotations

import pytest
from standardwebhooks import Webhook

from openapi.models import Delivery
from openapi.tasks import send_from_sandbox
from openapi.webhooks import by_hand
from tests.openapi.api import FILING
from tests.openapi.receiver import receiving
from tests.openapi.sandbox.test_sandbox import in_the_sandbox, make_tester

pytestmark = pytest.mark.django_db(transaction=True)


def test_message_goes_to_the_webhook_when_its_owner_asks_for_it(settings, monkeypatch):
    """A test, and one that is sent again; signed with the real time, for receivers refuse what is old."""
    settings.WEBHOOKS_ALLOWED = ["127.0.0.1"]
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(by_hand, "_hand_over", lambda *args: asked.append(args))
    program = make_tester()
    with receiving() as receiver:
        made = program.post("webhooks", {"url": receiver.url}, key=None).json()
        program.post("sandbox/clock", {"days": 3})
        number = program.post("appeals", FILING).json()["number"]
        program.post(f"webhooks/{made['id']}/test", key=None)
        rows = program.get(f"webhooks/{made['id']}/deliveries").json()["results"]
        event = next(row for row in rows if number in row["body"])
        program.post(f"webhooks/{made['id']}/deliveries/{event['message_id']}/resend", key=None)
        assert not receiver.received, "a request waits for nobody's server"
        receiver.plan = [200, 500]
        assert [send_from_sandbox(*args) for args in asked] == [True, False]
        assert send_from_sandbox(*asked[0]) is False, "delivered is delivered"
        assert len(receiver.received) == 2
        for _path, headers, body in receiver.received:
            Webhook(made["secret"]).verify(body, headers)
    rows = program.get(f"webhooks/{made['id']}/deliveries").json()["results"]
    found = {row["type"]: (row["status"], [one["status_code"] for one in row["tries"]]) for row in rows}
    assert found["webhook.test"] == ("delivered", [200])
    assert found[event["type"]] == ("recorded", [500])
    program.post("sandbox/reset")
    assert send_from_sandbox(*asked[1]) is False, "what a reset took away is not sent"


def test_sandboxes_together_hold_no_more_than_one_worker(settings, monkeypatch):
    """Accounts are to be had by anybody: many owners with receivers that say nothing must not stop the hub."""
    assert by_hand.MOST_OF_ALL * by_hand.TIMEOUT <= 60
    settings.WEBHOOKS_ALLOWED = ["127.0.0.1"]
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(by_hand, "_hand_over", lambda *args: asked.append(args))
    monkeypatch.setattr(by_hand, "MOST_OF_ALL", 1)
    monkeypatch.setattr(by_hand, "TIMEOUT", 0.3)
    first, second = make_tester(), make_tester()
    with receiving() as receiver:
        receiver.plan = ["silent"]
        made = [program.post("webhooks", {"url": receiver.url}, key=None).json()["id"] for program in (first, second)]
        for program, webhook in zip((first, second), made, strict=True):
            program.post(f"webhooks/{webhook}/test", key=None)
        assert [send_from_sandbox(*args) for args in asked] == [False, False]
        assert len(receiver.received) == 1
    errors = [
        program.get(f"webhooks/{webhook}/deliveries").json()["results"][0]["tries"][0]["error"]
        for program, webhook in zip((first, second), made, strict=True)
    ]
    assert errors == ["AnswerTooSlow", by_hand.BUSY]


def test_few_messages_are_sent_by_hand_in_a_minute(monkeypatch):
    monkeypatch.setattr(by_hand, "MOST_A_MINUTE", 2)
    program = make_tester()
    made = program.post("webhooks", {"url": "https://hook.example.kz/"}, key=None).json()
    tests = [program.post(f"webhooks/{made['id']}/test", key=None).status_code for _ in range(3)]
    assert tests == [202, 202, 429]
    with in_the_sandbox(program):
        assert Delivery.objects.count() == 2, "what is refused leaves nothing"
