"""Messages with codes: before all others, readable nowhere afterwards, and never too late."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from notifications import delivery
from notifications.models import Notification
from notifications.transports import base

pytestmark = pytest.mark.django_db


class Taken:
    def __init__(self):
        self.messages, self.failure = [], None

    def is_configured(self):
        return True

    def send(self, message):
        if self.failure:
            raise self.failure
        self.messages.append(message.body)
        return ""


@pytest.fixture
def taken(monkeypatch):
    transport = Taken()
    monkeypatch.setitem(base.transports._entries, "sms", transport)
    return transport


def put(key="code:1:1", *, secret=True, minutes=5):
    until = timezone.now() + timedelta(minutes=minutes) if minutes else None
    delivery.queue(
        delivery.Draft(
            dedupe_key=key, transport="sms", address="+77010000000", template="sign_in_code", body=f"код {key}",
            is_secret=secret, good_until=until,
        )
    )  # fmt: skip


def row_as_stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(kept)::text FROM notifications_notification AS kept")
        return cursor.fetchone()[0]


def test_code_is_not_readable_in_the_table_and_gone_when_it_was_sent(taken):
    put()
    assert "код" not in row_as_stored()
    assert Notification.objects.get().text == "код code:1:1"
    delivery.send_due()
    assert taken.messages == ["код code:1:1"]
    assert Notification.objects.get().text == ""


@pytest.mark.parametrize("failure", [base.Undeliverable("no such number"), None])
def test_code_that_could_not_be_sent_is_gone_too(taken, failure):
    put()
    if failure:
        taken.failure = failure
        delivery.send_due()
    else:
        delivery.cancel(subject_ref="", template="sign_in_code")
    assert Notification.objects.get().text == ""
    assert taken.messages == []


def test_code_is_not_sent_when_it_is_of_no_use_any_more(taken):
    put()
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        delivery.send_due()
    assert taken.messages == []
    assert (Notification.objects.get().status, Notification.objects.get().text) == ("failed", "")


def test_code_is_tried_again_soon(taken):
    put()
    taken.failure = base.TransportFailed("HTTP 500", retry_after=timedelta(hours=1))
    delivery.send_due()
    assert Notification.objects.get().next_try_at < timezone.now() + timedelta(seconds=30)


def test_codes_do_not_wait_behind_notices(taken):
    for number in range(30):
        put(f"notice:{number}", secret=False, minutes=0)
    put("code:9:1")
    assert delivery.send_due(hurried=True) == 1
    assert taken.messages == ["код code:9:1"]
