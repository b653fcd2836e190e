"""What was sent to a webhook: looked at, sent again one by one, replayed from a date."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from appeals.models import Appeal
from openapi import feed
from openapi.models import Delivery, FeedEntry, Subscription
from openapi.tasks import append_feed, send_webhooks
from openapi.webhooks import selectors, sending, subscriptions
from tests.factories import make_reference
from tests.openapi.api import FILING, Program, make_program
from tests.openapi.test_webhooks import _make_due, _one_waiting, _patch, _subscribe

D = Delivery.Status


@pytest.fixture(autouse=True)
def terms(db):
    make_reference()


def test_replay_sends_again_under_the_same_ids_and_what_was_missed(receiver):
    program = make_program()
    made = _subscribe(program, receiver.url, types=["appeal.received"])
    program.post("appeals", FILING)
    append_feed()
    send_webhooks()
    _patch(program, f"webhooks/{made['id']}", {"state": "off"})
    program.post("appeals", FILING)
    append_feed()
    since = {"since": (timezone.now() - timedelta(days=1)).isoformat()}
    assert program.post(f"webhooks/{made['id']}/replay", since, key=None).json()["code"] == "switched_off"
    _patch(program, f"webhooks/{made['id']}", {"state": "on"})
    answer = program.post(f"webhooks/{made['id']}/replay", since, key=None)
    assert (answer.status_code, answer.json()) == (202, {"count": 2})
    send_webhooks()
    assert len(receiver.ids) == 3
    assert len(set(receiver.ids)) == Appeal.objects.count() == 2


def test_replay_holds_what_was_recorded_since_whenever_it_happened(receiver, time_machine):
    """A letter that is registered late, or an appeal another system kept, is news of the day it came in."""
    now = timezone.now()
    time_machine.move_to(now - timedelta(days=2), tick=False)
    program = make_program()
    made = _subscribe(program, receiver.url, types=["appeal.received"])
    program.post("appeals", FILING)
    append_feed()
    time_machine.move_to(now, tick=False)
    late = {"received_at": (now - timedelta(days=6)).isoformat()}
    number = program.post("appeals", FILING | late).json()["number"]
    append_feed()
    Delivery.objects.all().delete()
    since = {"since": (now - timedelta(days=1)).isoformat()}
    assert program.post(f"webhooks/{made['id']}/replay", since, key=None).json() == {"count": 1}
    assert json.loads(Delivery.objects.get().body)["data"]["number"] == number


def test_place_of_a_moment_is_found_by_halves(receiver, time_machine):
    now, program = timezone.now(), make_program()
    moments = [now - timedelta(hours=hours) for hours in (50, 40, 30, 20, 10)]
    for moment in moments:
        time_machine.move_to(moment, tick=False)
        program.post("appeals", FILING | {"received_at": (moment - timedelta(days=5)).isoformat()})
        append_feed()
    time_machine.move_to(now, tick=False)
    FeedEntry.objects.filter(seq=1).delete()
    for place, moment in enumerate(moments[1:], start=2):
        found = feed.recorded_since(program.application, moment).order_by("seq")
        assert list(found.values_list("seq", flat=True)) == list(range(place, 6))
        assert feed._number_at(moment) == place
    assert feed._number_at(now) == 6
    assert not feed.recorded_since(program.application, now).exists()


def test_another_address_begins_without_the_failures_of_the_old_one(receiver):
    delivery = _one_waiting(receiver)
    program, path = Program(delivery.subscription.application), f"webhooks/{delivery.subscription_id}"
    Subscription.objects.update(
        url="http://127.0.0.1:9/hook", failures=9, failing_since=timezone.now(),
        rests_until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    Delivery.objects.update(attempts=9, next_try_at=timezone.now() + timedelta(hours=9))
    _patch(program, path, {"url": "http://127.0.0.1:9/hook", "types": []})
    assert send_webhooks() == 0, "the same address goes on resting"
    _patch(program, path, {"url": receiver.url})
    assert send_webhooks() == 1
    assert receiver.ids == [delivery.message_id]


@pytest.mark.parametrize("raw", ["p=abc", "x", "9" * 19])
def test_deliveries_are_read_by_the_cursors_they_give_alone(receiver, raw):
    program = make_program()
    path = f"webhooks/{_subscribe(program, receiver.url)['id']}"
    for _ in range(3):
        program.post(f"{path}/test", key=None)
    page = program.get(f"{path}/deliveries", {"page_size": 2}).json()
    rest = program.get(f"{path}/deliveries", {"page_size": 2, "cursor": page["next_cursor"]}).json()
    read = [row["message_id"] for row in page["results"] + rest["results"]]
    assert read == list(Delivery.objects.order_by("-pk").values_list("message_id", flat=True))
    cursor = base64.urlsafe_b64encode(raw.encode()).decode()
    assert program.get(f"{path}/deliveries", {"cursor": cursor}).status_code == 422


def test_replay_does_not_reach_back_without_end(receiver):
    program = make_program()
    made = _subscribe(program, receiver.url)
    since = {"since": (timezone.now() - timedelta(days=31)).isoformat()}
    answer = program.post(f"webhooks/{made['id']}/replay", since, key=None)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_far_back")


def test_deliveries_show_every_try(receiver):
    delivery = _one_waiting(receiver)
    receiver.plan = [500]
    send_webhooks()
    _make_due(delivery)
    send_webhooks()
    program = Program(delivery.subscription.application)
    row = program.get(f"webhooks/{delivery.subscription_id}/deliveries").json()["results"][0]
    assert [found["status_code"] for found in row["tries"]] == [500, 200]
    assert (row["message_id"], row["status"], row["next_try_at"]) == (delivery.message_id, "delivered", None)


def test_dead_letters_are_found_and_sent_again(receiver):
    delivery = _one_waiting(receiver)
    program, path = Program(delivery.subscription.application), f"webhooks/{delivery.subscription_id}"
    Delivery.objects.update(status=D.DEAD, attempts=13)
    Subscription.objects.update(rests_until=timezone.now() + timedelta(hours=1))
    (row,) = program.get(f"{path}/deliveries", {"status": "dead"}).json()["results"]
    assert program.get(f"{path}/deliveries", {"status": "waiting"}).json()["results"] == []
    assert program.get(f"{path}/deliveries", {"status": "x"}).status_code == 400
    assert send_webhooks() == 0
    answer = program.post(f"{path}/deliveries/{row['message_id']}/resend", key=None)
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    assert program.post(f"{path}/deliveries/evt_0/resend", key=None).status_code == 404
    send_webhooks()
    delivery.refresh_from_db()
    assert (delivery.status, receiver.ids) == (D.DELIVERED, [delivery.message_id])


def test_replay_of_more_than_can_be_sent_points_to_the_feed(receiver, monkeypatch):
    monkeypatch.setattr(subscriptions, "REPLAY_MOST", 1)
    program = make_program()
    made = _subscribe(program, receiver.url)
    for _ in range(2):
        program.post("appeals", FILING)
    append_feed()
    since = {"since": (timezone.now() - timedelta(days=1)).isoformat()}
    answer = program.post(f"webhooks/{made['id']}/replay", since, key=None)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_much")


def test_try_that_fails_after_one_asked_anew_delays_nothing(receiver):
    delivery = _one_waiting(receiver)
    [attempt] = sending._claim(10)
    subscriptions.send_again(delivery.subscription, delivery.message_id)
    sending._note(attempt, sending.Outcome(500, "", 1))
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.status) == (0, D.WAITING)
    assert delivery.next_try_at <= timezone.now()


def test_dead_letters_are_read_along_their_own_index(receiver):
    """Of very many that arrived few are dead: neither list nor count may look at all of them."""
    row = _one_waiting(receiver).subscription
    made = [
        Delivery(subscription=row, message_id=f"m{n}", type="x", body="{}", status=D.DELIVERED) for n in range(3000)
    ]
    Delivery.objects.bulk_create(made)
    dead = Delivery.objects.create(subscription=row, message_id="dead", type="x", body="{}", status=D.DEAD)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE openapi_delivery")
    assert [(found.waiting, found.dead) for found in selectors.of_application(row.application)] == [(1, 1)]
    rows = Delivery.objects.filter(subscription=row, status=D.DEAD)
    assert list(rows.order_by("-pk")[:25]) == [dead]
    plan = rows.order_by("-pk")[:25].explain()
    assert "webhook_dead" in plan, plan
