"""Webhooks against a real receiver: signed, tried again, given up, paused, replayed; never inside our own network."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.models import User
from common import outgoing
from notifications.delivery import BACKOFF
from notifications.models import Notification
from openapi import documents, tasks
from openapi.event_types import PUBLISHED, TEST
from openapi.models import Attempt, Delivery, FeedEntry, Subscription
from openapi.models.applications import State
from openapi.tasks import append_feed, send_webhooks
from openapi.webhooks import sending, signature
from tests.factories import make_area, make_reference, make_topic
from tests.openapi.api import FILING, Program, make_program
from tests.openapi.examples.calls import fits
from tests.openapi.receiver import Receiver

S, D = Subscription.State, Delivery.Status


@pytest.fixture(autouse=True)
def terms(db):
    make_reference()


def _subscribe(program: Program, url: str, **filters: Any) -> dict[str, Any]:
    answer = program.post("webhooks", {"url": url, **filters}, key=None)
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def _one_waiting(receiver: Receiver) -> Delivery:
    """A program with a webhook and one message of it."""
    program = make_program()
    _subscribe(program, receiver.url, types=["appeal.received"])
    program.post("appeals", FILING)
    append_feed()
    return Delivery.objects.get()


def _make_due(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    Subscription.objects.update(rests_until=None)


def test_signature_is_that_of_the_specification():
    """The example every library of Standard Webhooks is tested with."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = '{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, tz=ZoneInfo("Asia/Almaty"))
    signed = signature.headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "webhook-signature", "body", "secret"])
def test_whatever_is_changed_is_found_by_the_library_of_the_specification(part):
    secret, body, now = signature.new_secret(), "{}", timezone.now()
    signed = signature.headers([secret], "evt_1", now, body)
    assert Webhook(secret).verify(body, signed) == {}
    other = signature.headers([signature.new_secret()], "evt_2", now - timedelta(seconds=9), body)
    changed = signed | ({part: other[part]} if part in signed else {})
    with pytest.raises(WebhookVerificationError):
        Webhook(signature.new_secret() if part == "secret" else secret).verify(
            "[]" if part == "body" else body, changed
        )


def test_event_arrives_signed_and_once(receiver):
    program = make_program()
    made = _subscribe(program, receiver.url)
    number = program.post("appeals", FILING).json()["number"]
    append_feed()
    send_webhooks()
    send_webhooks()
    assert len(set(receiver.ids)) == len(receiver.ids) == FeedEntry.objects.count()
    path, headers, body = receiver.received[0]
    assert path == "/hook"
    told = Webhook(made["secret"]).verify(body, headers)
    assert (told["type"], told["data"]["number"]) == ("appeal.received", number)
    assert set(told) == {"type", "timestamp", "data"}
    assert set(told["data"]) == {"id", "number", "status", "version"}
    assert set(Delivery.objects.values_list("status", flat=True)) == {D.DELIVERED}


def test_document_describes_every_event_as_it_is_sent(receiver):
    described = documents.load()["webhooks"]
    assert set(described) == {*PUBLISHED, TEST}
    program = make_program()
    made = _subscribe(program, receiver.url)
    program.post("appeals", FILING)
    program.post(f"webhooks/{made['id']}/test", key=None)
    append_feed()
    send_webhooks()
    kinds = set()
    for _path, headers, body in receiver.received:
        told = json.loads(body)
        operation = described[told["type"]]["post"]
        content = operation["requestBody"]["content"][headers["content-type"]]
        for value in (told, content["examples"]["example"]["value"]):
            fits(content["schema"], value)
        kinds.add(content["schema"]["$ref"].rpartition("/")[2])
    assert kinds == {"WebhookEvent", "WebhookTest"}


def test_both_secrets_sign_for_a_day_after_rotation(receiver):
    program = make_program()
    old = _subscribe(program, receiver.url)
    new = program.post(f"webhooks/{old['id']}/secret", key=None).json()
    assert new["secret"] != old["secret"]
    program.post(f"webhooks/{old['id']}/test", key=None)
    send_webhooks()
    _, headers, body = receiver.received[0]
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (new["secret"], old["secret"]):
        assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"
    Subscription.objects.update(old_secret_until=timezone.now())
    program.post(f"webhooks/{old['id']}/test", key=None)
    send_webhooks()
    _, headers, body = receiver.received[1]
    assert Webhook(new["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old["secret"]).verify(body, headers)


def test_secret_is_shown_once_and_kept_encrypted(receiver):
    program = make_program()
    made = _subscribe(program, receiver.url)
    assert "secret" not in program.get(f"webhooks/{made['id']}").json()
    assert "secret" not in program.get("webhooks").json()[0]


@pytest.mark.parametrize("how", [500, 404, 302, 307, "silent"])
def test_failed_try_is_repeated_under_the_same_id(receiver, monkeypatch, how):
    monkeypatch.setattr(sending, "TIMEOUT", 0.3)
    delivery = _one_waiting(receiver)
    receiver.plan = [how]
    send_webhooks()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (D.WAITING, 1)
    assert delivery.next_try_at > timezone.now()
    first = Attempt.objects.get()
    assert (first.status_code, bool(first.error)) == ((None, True) if how == "silent" else (how, False))
    assert first.duration_ms is not None
    send_webhooks()
    assert len(receiver.received) == 1, "not before its time"
    _make_due(delivery)
    send_webhooks()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (D.DELIVERED, 2)
    assert receiver.ids == [delivery.message_id] * 2
    assert receiver.received[0][2] == receiver.received[1][2]
    assert {path for path, _, _ in receiver.received} == {"/hook"}, "a redirect was followed"


def test_receiver_that_is_down_gets_its_message_when_it_is_back(receiver):
    delivery = _one_waiting(receiver)
    Subscription.objects.update(url="http://127.0.0.1:9/hook")
    send_webhooks()
    assert Attempt.objects.get().error == "ConnectError"
    Subscription.objects.update(url=receiver.url)
    _make_due(delivery)
    send_webhooks()
    assert receiver.ids == [delivery.message_id]


def test_killed_worker_leaves_its_message_to_the_next_one(receiver):
    delivery = _one_waiting(receiver)
    sending._claim(10)  # and dies here
    send_webhooks()
    assert receiver.received == [], "leased"
    Delivery.objects.update(next_try_at=timezone.now())  # the lease is over
    send_webhooks()
    assert receiver.ids == [delivery.message_id]
    assert [row.duration_ms is None for row in Attempt.objects.order_by("id")] == [True, False]


def test_waits_grow_over_three_days_and_then_it_is_given_up(receiver, monkeypatch):
    monkeypatch.setattr(sending.random, "uniform", lambda low, high: 1.0)
    delivery = _one_waiting(receiver)
    assert sum(BACKOFF, timedelta()) >= timedelta(days=3)
    assert list(BACKOFF) == sorted(BACKOFF)
    receiver.plan = [500] * 50
    for _ in BACKOFF:
        send_webhooks()
        delivery.refresh_from_db()
        assert delivery.status == D.WAITING
        _make_due(delivery)
    send_webhooks()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries.count()) == (D.DEAD, len(BACKOFF) + 1)
    _make_due(delivery)
    assert send_webhooks() == 0


def test_gone_switches_off_and_tells_the_owner(receiver):
    _one_waiting(receiver)
    receiver.plan = [410]
    send_webhooks()
    row = Subscription.objects.get()
    assert row.state == S.OFF
    notice = Notification.objects.get(template="webhook_stopped")
    assert notice.address == row.application.owner.email
    assert "127.0.0.1" in notice.body


def test_address_that_fails_for_a_day_is_paused_and_can_be_switched_on(receiver):
    delivery = _one_waiting(receiver)
    Subscription.objects.update(failures=sending.PAUSE_FAILURES - 1, failing_since=timezone.now() - sending.PAUSE_AFTER)
    receiver.plan = [500]
    send_webhooks()
    row = Subscription.objects.get()
    assert row.state == S.PAUSED
    assert Notification.objects.filter(template="webhook_stopped").count() == 1
    _make_due(delivery)
    assert send_webhooks() == 0
    program = Program(row.application)
    answer = _patch(program, f"webhooks/{row.pk}", {"state": "on"})
    assert answer.json()["state"] == "on"
    send_webhooks()
    delivery.refresh_from_db()
    assert delivery.status == D.DELIVERED


def test_many_failures_within_a_day_do_not_pause(receiver):
    _one_waiting(receiver)
    Subscription.objects.update(failures=500, failing_since=timezone.now())
    receiver.plan = [500]
    send_webhooks()
    assert Subscription.objects.get().state == S.ON


def test_address_that_failed_rests_while_others_are_served(receiver):
    program = make_program()
    bad, good = _subscribe(program, "http://127.0.0.1:9/"), _subscribe(program, receiver.url)
    program.post(f"webhooks/{bad['id']}/test", key=None)
    send_webhooks()
    assert Attempt.objects.count() == 1
    program.post("appeals", FILING)
    append_feed()
    waiting = Delivery.objects.filter(subscription=bad["id"], status=D.WAITING, attempts=0).count()
    assert waiting == Delivery.objects.filter(subscription=good["id"]).count() == send_webhooks()
    assert len(receiver.received) == waiting


@pytest.mark.parametrize("barrier", ["state", "scope", "owner"])
def test_nothing_is_sent_for_whoever_lost_the_right(receiver, barrier):
    delivery = _one_waiting(receiver)
    application = delivery.subscription.application
    if barrier == "state":
        application.state = State.SUSPENDED
    elif barrier == "scope":
        application.scopes = ["events:read"]
    else:
        User.objects.filter(pk=application.owner_id).update(is_active=False)
    application.save()
    assert send_webhooks() == 0
    assert receiver.received == []


def test_filters_choose_by_type_topic_and_area(receiver):
    program, topic, area = make_program(), make_topic(), make_area()
    wanted = [
        _subscribe(program, receiver.url, types=["appeal.received"], topics=[topic.slug])["id"],
        _subscribe(program, receiver.url, types=["appeal.received"], areas=[area.slug])["id"],
    ]
    unwanted = [
        _subscribe(program, receiver.url, types=["appeal.closed"])["id"],
        _subscribe(program, receiver.url, topics=[make_topic("heat").slug])["id"],
        _subscribe(
            program, receiver.url, types=["appeal.received"], topics=[topic.slug], areas=[make_area("otyrar").slug]
        )["id"],
    ]
    assert program.post("appeals", FILING | {"topic": topic.slug, "area": area.slug}).status_code == 201
    append_feed()
    assert sorted(Delivery.objects.values_list("subscription_id", flat=True)) == wanted
    assert unwanted


def test_events_of_somebody_elses_appeals_are_not_sent(receiver):
    one, other = make_program(), make_program()
    _subscribe(one, receiver.url)
    other.post("appeals", FILING)
    append_feed()
    assert FeedEntry.objects.exists()
    assert not Delivery.objects.exists()


def test_webhooks_of_another_application_do_not_exist(receiver):
    made = _subscribe(make_program(), receiver.url)
    stranger = make_program()
    path = f"webhooks/{made['id']}"
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/deliveries").status_code == 404
    assert _patch(stranger, path, {"state": "off"}).status_code == 404
    for below in ("secret", "test"):
        assert stranger.post(f"{path}/{below}", key=None).status_code == 404
    assert stranger.post(f"{path}/replay", {"since": timezone.now().isoformat()}, key=None).status_code == 404
    assert Subscription.objects.get().state == S.ON


def test_receiver_that_does_everything_wrong_gets_its_message_in_the_end(receiver, monkeypatch):
    """Down, silent, redirecting, broken, dripping; slow at last: one message under one id, and it is delivered."""
    monkeypatch.setattr(sending, "TIMEOUT", 0.4)
    delivery = _one_waiting(receiver)
    Subscription.objects.update(url="http://127.0.0.1:9/hook")
    send_webhooks()
    Subscription.objects.update(url=receiver.url)
    receiver.plan = ["silent", 302, 500, "dripping", "slow"]
    for _ in range(5):
        _make_due(delivery)
        send_webhooks()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (D.DELIVERED, 6)
    tries = list(Attempt.objects.order_by("pk").values_list("status_code", "error"))
    assert tries[0] == (None, "ConnectError")
    assert tries[1] == tries[4] == (None, "AnswerTooSlow")
    assert [code for code, _ in tries] == [None, None, 302, 500, None, 200]
    assert receiver.ids == [delivery.message_id] * 5
    assert {path for path, _, _ in receiver.received} == {"/hook"}


def test_backlog_of_one_address_does_not_keep_the_others_waiting(receiver):
    program = make_program()
    busy, other = _subscribe(program, receiver.url), _subscribe(program, receiver.url)
    for _ in range(sending.PER_ADDRESS + 2):
        program.post(f"webhooks/{busy['id']}/test", key=None)
    program.post(f"webhooks/{other['id']}/test", key=None)
    claimed = [attempt.delivery.subscription_id for attempt in sending._claim(32)]
    assert sorted(claimed) == [busy["id"]] * sending.PER_ADDRESS + [other["id"]]


def test_owner_of_many_slow_addresses_does_not_fill_a_batch(receiver):
    program, other = make_program(), make_program()
    busy = [_subscribe(program, receiver.url)["id"] for _ in range(sending.PER_OWNER // sending.PER_ADDRESS + 1)]
    for webhook in busy * sending.PER_ADDRESS:
        program.post(f"webhooks/{webhook}/test", key=None)
    late = _subscribe(other, receiver.url)["id"]
    other.post(f"webhooks/{late}/test", key=None)
    claimed = [attempt.delivery.subscription_id for attempt in sending._claim(sending.PER_OWNER + 1)]
    assert (len(claimed), claimed.count(late)) == (sending.PER_OWNER + 1, 1)


def test_deleted_webhook_takes_its_deliveries_along(receiver):
    delivery = _one_waiting(receiver)
    program = Program(delivery.subscription.application)
    answer = program.client.delete(f"/api/v1/webhooks/{delivery.subscription_id}", headers=program._headers({}))
    assert answer.status_code == 204
    assert not Delivery.objects.exists()
    assert FeedEntry.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.kz/hook", "https://user:word@example.kz/", "https://127.0.0.1/", "https://[::1]/",
        "https://10.0.0.1/", "https://localhost/", "https://kv.internal/", "ftp://example.kz/", "https://", "x",
        "https://xn--.kz/",
    ],
)  # fmt: skip
def test_address_that_may_not_be_called_is_refused_at_once(url):
    answer = make_program().post("webhooks", {"url": url}, key=None)
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_address")


def test_name_that_leads_into_our_own_network_is_not_called(receiver, monkeypatch):
    """The check of the address as it is called: other calls may go there, those that partners ask for may not."""
    _one_waiting(receiver)
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: ["127.0.0.1"])
    Subscription.objects.update(url=receiver.url.replace("http://127.0.0.1", "https://hook.example.kz"))
    send_webhooks()
    assert receiver.received == []
    assert Attempt.objects.get().error == "AddressRefused"


@pytest.mark.parametrize("cause", ["address", "machinery"])
def test_message_that_cannot_even_be_sent_takes_no_other_one_along(receiver, monkeypatch, cause):
    good = _one_waiting(receiver)
    bad = Subscription.objects.create(
        application=good.subscription.application, url="https://xn--.kz/", secret=signature.new_secret()
    )
    Delivery.objects.create(subscription=bad, message_id="evt_1", type="appeal.received", body="{}")
    if cause == "machinery":
        Subscription.objects.filter(pk=bad.pk).update(secret="no secret")
    send_webhooks()
    good.refresh_from_db()
    assert (good.status, len(receiver.received)) == (D.DELIVERED, 1)
    failed = Attempt.objects.get(delivery__subscription=bad)
    assert (failed.status_code, bool(failed.error), failed.duration_ms is not None) == (None, True, True)
    assert Subscription.objects.get(pk=bad.pk).failures == 1


def test_sender_gives_others_a_turn_and_asks_for_another_of_its_own(receiver, monkeypatch):
    delivery = _one_waiting(receiver)
    rows = [
        Delivery(subscription=delivery.subscription, message_id=f"evt_9{n}", type=delivery.type, body=delivery.body)
        for n in range(2)
    ]
    Delivery.objects.bulk_create(rows)
    monkeypatch.setattr(tasks, "SENDING_SECONDS", 0)
    monkeypatch.setattr(sending, "PER_ADDRESS", 1)
    asked: list[str] = []
    monkeypatch.setattr(tasks, "publish", asked.append)
    assert send_webhooks() == 1
    assert asked == ["openapi.tasks.send_webhooks"]
    assert Delivery.objects.filter(status=D.WAITING).count() == 2


def test_application_has_twenty_webhooks_at_most(receiver):
    program = make_program()
    rows = [Subscription(application=program.application, url=receiver.url, secret="whsec_x") for _ in range(20)]
    Subscription.objects.bulk_create(rows)
    answer = program.post("webhooks", {"url": receiver.url}, key=None)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many")


def _patch(program: Program, path: str, body: dict[str, Any]) -> Any:
    return program.client.patch(f"/api/v1/{path}", body, content_type="application/json", headers=program._headers({}))
