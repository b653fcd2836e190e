"""The queue of messages out: once by key, at least once by transport, over days, never side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from notifications import delivery, inbox, selectors
from notifications.models import Notification
from notifications.transports.base import OutgoingMessage, TransportFailed, Undeliverable, transports
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Status = Notification.Status


class Recorder:
    """A transport that does what the test says."""

    def __init__(self) -> None:
        self.sent: list[OutgoingMessage] = []
        self.failures: list[Exception] = []

    def is_configured(self) -> bool:
        return True

    def send(self, message: OutgoingMessage) -> str:
        self.sent.append(message)
        if self.failures:
            raise self.failures.pop(0)
        return "provider-1"


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    transport = Recorder()
    monkeypatch.setitem(transports._entries, "sms", transport)
    return transport


def draft(key: str = "k1", **values: Any) -> delivery.Draft:
    defaults = {"transport": "sms", "address": "+77010000000", "template": "test", "body": "Сәлем"}
    return delivery.Draft(dedupe_key=key, **(defaults | values))


def make_due() -> None:
    Notification.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_message_is_queued_once_by_its_key_and_sent_after_commit(
    recorder: Recorder, run_tasks: Callable[[], list[str]]
) -> None:
    assert [delivery.queue(draft()) for _ in range(3)] == [True, False, False]
    assert recorder.sent == []
    run_tasks()
    run_tasks()
    (sent,) = recorder.sent
    assert (sent.address, sent.body, sent.is_repeat) == ("+77010000000", "Сәлем", False)
    row = Notification.objects.get()
    assert (row.status, row.provider_id) == (Status.SENT, "provider-1")


def test_message_waits_longer_after_each_failure_and_then_has_failed(recorder: Recorder) -> None:
    delivery.queue(draft())
    waits = []
    recorder.failures = [TransportFailed("down") for _ in range(20)]
    while Notification.objects.get().status == Status.WAITING:
        make_due()
        delivery.send_due()
        waits.append(Notification.objects.get().next_try_at - timezone.now())
    row = Notification.objects.get()
    assert (row.status, row.error) == (Status.FAILED, "down")
    assert row.attempts == len(delivery.BACKOFF) + 1 == len(recorder.sent)
    assert waits[0] < timedelta(minutes=1)
    assert sum(delivery.BACKOFF, timedelta()) > timedelta(days=3)
    assert [message.is_repeat for message in recorder.sent[:2]] == [False, True]
    assert {message.ref for message in recorder.sent} == {f"hub-{row.pk}"}


def test_provider_that_names_a_time_is_obeyed(recorder: Recorder) -> None:
    recorder.failures = [TransportFailed("busy", retry_after=timedelta(minutes=15))]
    delivery.queue(draft())
    delivery.send_due()
    wait = Notification.objects.get().next_try_at - timezone.now()
    assert timedelta(minutes=14) < wait < timedelta(minutes=20)


def test_undeliverable_message_fails_at_once_and_is_announced(recorder: Recorder) -> None:
    told: list[Notification] = []

    def listen(notification: Notification, **kwargs: object) -> None:
        told.append(notification)

    delivery.delivery_failed.connect(listen)
    recorder.failures = [Undeliverable("blocked")]
    delivery.queue(draft())
    delivery.send_due()
    assert [(row.status, row.error) for row in told] == [(Status.FAILED, "blocked")]


def test_broken_transport_does_not_stop_the_others(recorder: Recorder) -> None:
    recorder.failures = [ZeroDivisionError()]
    delivery.queue_all([draft("k1"), draft("k2")])
    assert delivery.send_due() == 2
    assert sorted(Notification.objects.values_list("status", flat=True)) == [Status.SENT, Status.WAITING]


def test_message_of_a_killed_process_is_sent_after_its_lease(recorder: Recorder) -> None:
    delivery.queue(draft())
    delivery._claim(10)
    assert delivery.send_due() == 0
    make_due()
    assert delivery.send_due() == 1
    assert recorder.sent[0].is_repeat


def test_message_that_no_longer_holds_is_taken_back(recorder: Recorder) -> None:
    delivery.queue(draft(subject_ref="appeal:1"))
    assert delivery.cancel(subject_ref="appeal:1", template="test") == 1
    assert delivery.send_due() == 0


def test_transport_without_an_account_writes_to_the_console(settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""
    delivery.queue(draft(transport="telegram", address="111"))
    delivery.send_due()
    assert Notification.objects.get().status == Status.SENT


def test_address_is_encrypted_in_the_table(recorder: Recorder) -> None:
    from django.db import connection

    delivery.queue(draft())
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notifications_notification")
        assert b"7701" not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_message_once(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery.queue_all([draft(f"k{number}") for number in range(60)])
    send = recorder.send

    def slowly(message: OutgoingMessage) -> str:
        time.sleep(0.002)
        return send(message)

    monkeypatch.setattr(recorder, "send", slowly)
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait(timeout=10)
        while delivery.send_due(5):
            pass
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(recorder.sent) == len({message.ref for message in recorder.sent}) == 60


# Inbox


def test_inbox_shows_the_own_messages_and_counts_the_unread() -> None:
    user, other = make_user(), make_user()
    for number in range(3):
        delivery.queue(
            draft(f"i{number}", transport="inbox", address=str(user.pk), user=user, subject_ref=f"appeal:{number}")
        )
    delivery.queue(draft("i9", transport="inbox", address=str(other.pk), user=other))
    assert selectors.unread_count(user) == 3
    assert inbox.mark_read(user, subject_ref="appeal:1") == 1
    assert inbox.mark_read(other, ids=[row.pk for row in selectors.inbox(user)]) == 0
    assert selectors.unread_count(user) == 2
    assert inbox.mark_read(user) == 2
    assert selectors.unread_count(user) == 0
    assert selectors.inbox(user).count() == 3
