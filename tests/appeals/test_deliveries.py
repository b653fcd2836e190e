"""Raw deliveries: safe before they are understood, processed once, never in each other's way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from appeals import conversations, deliveries, payload_text
from appeals.channels.base import Malformed, channels
from appeals.models import Appeal, AppealEvent, ChannelCounter, EventKind, Message, RawDelivery
from notifications.models import Notification
from tests.appeals.channels.samples import SECRET, raw, update
from tests.factories import make_appeal, make_reference, make_user

pytestmark = pytest.mark.django_db
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
Status = RawDelivery.Status


@pytest.fixture(autouse=True)
def telegram_secret(settings: Any) -> None:
    settings.TELEGRAM_WEBHOOK_SECRET = SECRET


def push(client: Client, payload: bytes, headers: dict[str, str] = HEADERS, slug: str = "telegram") -> int:
    return client.post(f"/hooks/{slug}/", payload, content_type="application/json", headers=headers).status_code


def counted() -> dict[str, int]:
    return dict(ChannelCounter.objects.values_list("reason", "count"))


# Storing


def test_pushed_payload_is_stored_encrypted_and_answered_before_it_is_understood(client: Client) -> None:
    assert push(client, raw("telegram_text.json")) == 200
    row = RawDelivery.objects.get()
    assert (row.channel, row.external_id, row.status) == ("telegram", "700000001", Status.WAITING)
    assert payload_text.unpack(row.payload) == raw("telegram_text.json")
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM appeals_rawdelivery")
        assert b"Aigerim" not in bytes(cursor.fetchone()[0])
    assert not Appeal.objects.exists()


def test_one_statement_stores_a_delivery(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert push(client, raw("telegram_text.json")) == 200


def test_repeated_delivery_is_answered_and_not_stored_again(client: Client) -> None:
    assert [push(client, raw("telegram_text.json")) for _ in range(3)] == [200, 200, 200]
    assert RawDelivery.objects.count() == 1


def test_forged_delivery_is_refused_and_counted(client: Client) -> None:
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
        assert push(client, raw("telegram_text.json"), headers) == 403
    assert not RawDelivery.objects.exists()
    assert counted() == {"forged": 2}


def test_forged_delivery_is_not_even_parsed(client: Client) -> None:
    assert push(client, b"[" * 100_000, {}) == 403
    assert counted() == {"forged": 1}


def test_malformed_delivery_is_refused_counted_and_kept(client: Client) -> None:
    assert push(client, b'{"no": "update_id"}') == 400
    assert push(client, b'{"no": "update_id"}') == 400
    assert counted() == {"malformed": 2}
    row = RawDelivery.objects.get()
    assert (row.status, row.error) == (Status.REFUSED, "no update_id")
    assert row.payload == '{"no": "update_id"}'


def test_only_so_many_malformed_payloads_are_kept_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "REFUSED_PER_DAY", 2)
    for number in range(4):
        push(client, f'{{"n": {number}}}'.encode())
    assert counted() == {"malformed": 4}
    assert RawDelivery.objects.count() == 2


def test_payload_larger_than_the_channel_may_send_is_refused(client: Client) -> None:
    assert push(client, b" " * (channels.get("telegram").largest_payload + 1)) == 413
    assert counted() == {"too_large": 1}


def test_hooks_of_unknown_and_of_pulled_channels_do_not_exist(client: Client) -> None:
    assert push(client, b"{}", slug="nothing") == 404
    assert push(client, raw("email_text.eml"), slug="email") == 404
    assert client.get("/hooks/telegram/").status_code == 405
    assert client.get("/hooks/a/b/").status_code == 404


@pytest.mark.parametrize(
    "payload", [b"plain", "қазақша".encode(), b"\xff\x00\xfe", payload_text.MARK.encode() + b"x", b""]
)
def test_stored_payload_comes_back_byte_for_byte(payload: bytes) -> None:
    assert payload_text.unpack(payload_text.pack(payload)) == payload


# Processing


def store_update(name: str = "telegram_text", **changes: Any) -> None:
    payload = update(name, **changes)
    deliveries.store("telegram", channels.get("telegram").delivery_id(payload), payload)


def test_stored_delivery_becomes_an_appeal(client: Client, run_tasks: Callable[[], list[str]]) -> None:
    make_reference()
    push(client, raw("telegram_text.json"))
    assert "appeals.tasks.process_waiting_deliveries" in run_tasks()
    appeal = Appeal.objects.select_related("applicant").get()
    assert (appeal.channel, appeal.external_id, appeal.language) == ("telegram", "111222333:10", "kk")
    assert appeal.applicant.thread_key == "telegram:111222333"
    assert RawDelivery.objects.get().appeal == appeal
    assert RawDelivery.objects.get().status == Status.PROCESSED


def test_the_same_delivery_twice_makes_one_appeal(client: Client, run_tasks: Callable[[], list[str]]) -> None:
    make_reference()
    for _ in range(2):
        push(client, raw("telegram_text.json"))
        run_tasks()
    deliveries.process(RawDelivery.objects.get().pk)
    assert Appeal.objects.count() == 1
    assert AppealEvent.objects.filter(kind=EventKind.RECEIVED).count() == 1


def test_the_same_message_in_another_delivery_makes_one_appeal() -> None:
    make_reference()
    store_update()
    store_update(update_id=700009999)
    deliveries.process_waiting()
    assert Appeal.objects.count() == 1
    assert Message.objects.count() == 0
    assert set(RawDelivery.objects.values_list("status", flat=True)) == {Status.PROCESSED}


def test_nothing_to_do_is_noted() -> None:
    store_update("telegram_group")
    deliveries.process_waiting()
    assert RawDelivery.objects.get().status == Status.IGNORED


def test_poisoned_delivery_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    make_reference()
    handle = conversations.handle

    def explode(incoming: Any, delivery: RawDelivery) -> Any:
        if delivery.external_id == "1":
            raise ZeroDivisionError("poison")
        return handle(incoming, delivery)

    monkeypatch.setattr(conversations, "handle", explode)
    store_update(update_id=1)
    store_update(update_id=2, message={"message_id": 11})
    assert deliveries.process_waiting() == 2
    poisoned, sound = RawDelivery.objects.order_by("external_id")
    assert (poisoned.status, poisoned.attempts) == (Status.WAITING, 1)
    assert "ZeroDivisionError: poison" in poisoned.error
    assert poisoned.next_try_at > timezone.now()
    assert sound.status == Status.PROCESSED


def test_delivery_that_fails_again_and_again_is_given_up_and_can_be_tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    make_reference()
    with monkeypatch.context() as broken:
        broken.setattr(conversations, "handle", lambda *args: 1 / 0)
        store_update()
        for _ in range(len(deliveries.BACKOFF) + 1):
            RawDelivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
            deliveries.process_waiting()
    row = RawDelivery.objects.get()
    assert (row.status, row.attempts) == (Status.FAILED, len(deliveries.BACKOFF) + 1)
    assert deliveries.try_again(row.pk)
    deliveries.process_waiting()
    assert Appeal.objects.count() == 1


def test_failure_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    make_reference()
    handle = conversations.handle

    def crash_at_the_end(incoming: Any, delivery: RawDelivery) -> Any:
        handle(incoming, delivery)
        raise RuntimeError

    monkeypatch.setattr(conversations, "handle", crash_at_the_end)
    store_update()
    deliveries.process_waiting()
    assert not Appeal.objects.exists()
    assert not Notification.objects.exists()


def test_malformed_contents_are_refused_while_processing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any, raw_payload: bytes, received_at: Any) -> Any:
        raise Malformed("strange")

    monkeypatch.setattr(type(channels.get("telegram")), "parse", refuse)
    store_update()
    deliveries.process_waiting()
    row = RawDelivery.objects.get()
    assert (row.status, row.error) == (Status.REFUSED, "malformed: strange")
    assert counted() == {"malformed": 1}


def test_delivery_whose_key_is_lost_fails_alone(settings: Any) -> None:
    make_reference()
    store_update(update_id=1)
    RawDelivery.objects.filter(external_id="1").update(payload="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE appeals_rawdelivery SET payload = 'gAAAAAB'::bytea WHERE external_id = '1'")
    store_update(update_id=2, message={"message_id": 11})
    deliveries.process_waiting()
    assert Appeal.objects.count() == 1
    assert RawDelivery.objects.defer("payload").get(external_id="1").attempts == 1


def test_lease_of_a_killed_process_ends() -> None:
    """A process that dies after it took a delivery leaves it waiting, its try counted."""
    make_reference()
    store_update()
    assert deliveries._claim() is not None
    assert deliveries.process_waiting() == 0
    RawDelivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert deliveries.process_waiting() == 1
    assert Appeal.objects.count() == 1


def test_delivery_that_kills_every_process_is_given_up() -> None:
    make_reference()
    store_update(update_id=1)
    store_update(update_id=2, message={"message_id": 11})
    for _ in range(len(deliveries.BACKOFF) + 1):
        make_due("1")
        deliveries._claim()
    make_due("1")
    deliveries.process_waiting()
    statuses = dict(RawDelivery.objects.values_list("external_id", "status"))
    assert statuses == {"1": Status.FAILED, "2": Status.PROCESSED}


def make_due(external_id: str) -> None:
    earlier = timezone.now() - timedelta(hours=1)
    RawDelivery.objects.filter(external_id=external_id).update(next_try_at=earlier, received_at=earlier)


# Conformance of every channel


RECORDED = {
    "telegram": [raw("telegram_text.json"), raw("telegram_document.json")],
    "email": [raw("email_text.eml"), raw("email_windows1251.eml")],
}


@pytest.mark.parametrize("slug", [slug for slug, _adapter in channels])
def test_every_channel_keeps_the_promises(slug: str) -> None:
    """A recorded payload makes one appeal however often it comes; noise is malformed and no other error."""
    make_reference()
    adapter = channels.get(slug)
    assert adapter.channel == slug
    for payload in RECORDED[slug]:
        before = Appeal.objects.count() + Message.objects.count()
        external_id = adapter.delivery_id(payload)
        for delivery_id in (external_id, external_id, f"{external_id}-by-another-way"):
            deliveries.store(slug, delivery_id, payload)
            deliveries.process_waiting()
        assert Appeal.objects.count() + Message.objects.count() == before + 1
    for noise in (b"", b"\x00" * 10, b"{]", json.dumps([1]).encode(), b"\xff" * 100):
        with pytest.raises(Malformed):
            adapter.delivery_id(noise)


# Races


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run at the same moment, each with its own connection."""
    barrier = threading.Barrier(count)
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            barrier.wait(timeout=10)
            work(number)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not failures, failures


@pytest.mark.django_db(transaction=True)
def test_racing_deliveries_and_racing_workers_make_one_appeal() -> None:
    make_reference()
    payload = raw("telegram_text.json")

    def deliver_and_process(number: int) -> None:
        deliveries.store("telegram", "700000001", payload)
        deliveries.process_waiting()

    in_threads(6, deliver_and_process)
    assert RawDelivery.objects.count() == 1
    assert Appeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_unique_key_the_race_makes_several_deliveries() -> None:
    """Shows that the threads of the test above really meet: look first, then insert, and there are several."""
    meeting = threading.Barrier(6)

    def look_then_insert(number: int) -> None:
        seen = RawDelivery.objects.filter(external_id__startswith="700000001").exists()
        meeting.wait(timeout=10)
        if not seen:
            deliveries.store("telegram", f"700000001-{number}", raw("telegram_text.json"))

    in_threads(6, look_then_insert)
    assert RawDelivery.objects.count() > 1


@pytest.mark.django_db(transaction=True)
def test_messages_of_one_person_keep_their_order_with_many_workers() -> None:
    make_reference()
    for number in range(12):
        store_update(
            update_id=number + 1, message={"message_id": number + 1, "text": f"Хабарлама нөмірі {number}: су жоқ"}
        )
    in_threads(4, lambda _number: deliveries.process_waiting() and None)
    assert Appeal.objects.get().external_id == "111222333:1"
    assert list(Message.objects.order_by("pk").values_list("external_id", flat=True)) == [
        f"111222333:{n}" for n in range(2, 13)
    ]


@pytest.mark.django_db(transaction=True)
def test_delivery_stored_while_the_turn_ends_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    make_reference()
    end_turn = deliveries._end_turn
    stored = []

    def store_at_the_last_moment() -> None:
        if not stored:
            stored.append(True)
            store_update(update_id=2, message={"message_id": 11})
        end_turn()

    monkeypatch.setattr(deliveries, "_end_turn", store_at_the_last_moment)
    store_update(update_id=1)
    assert deliveries.process_waiting() == 2


def test_appeal_of_another_channel_is_untouched_by_equal_ids() -> None:
    make_reference()
    make_appeal(channel="web", external_id="111222333:10")
    store_update()
    deliveries.process_waiting()
    assert Appeal.objects.count() == 2


def test_administrator_takes_up_failed_deliveries_and_no_others(client: Client) -> None:
    make_reference()
    store_update(update_id=1)
    store_update(update_id=2, message={"message_id": 11})
    deliveries.process_waiting()
    RawDelivery.objects.filter(external_id="1").update(status=Status.FAILED)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    chosen = list(RawDelivery.objects.values_list("pk", flat=True))
    client.post("/admin/appeals/rawdelivery/", {"action": "try_again", "_selected_action": chosen})
    statuses = dict(RawDelivery.objects.values_list("external_id", "status"))
    assert statuses == {"1": Status.WAITING, "2": Status.PROCESSED}
