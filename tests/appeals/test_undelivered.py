"""Messages that come back: the case says so, whoever has it is told, and nothing becomes an appeal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from appeals import deliveries, mailbox, staff_notices, undelivered
from appeals.models import Appeal, AppealEvent, ChannelCounter, EventKind, RawDelivery
from notifications import delivery, mail_ids
from notifications.models import Notification
from tests.appeals.cases import Unit, make_claimed_case, make_unit
from tests.appeals.channels.samples import raw
from tests.factories import make_identified_applicant

pytestmark = pytest.mark.django_db
Status = Notification.Status
PERSON = make_identified_applicant(email="aigul@mail.example", phone="", contact_confirmed=True)
WHY = "550 5.1.1 <aigul@mail.example>: Recipient address rejected, +7 701 000 00 00"

DSN = """\
Return-Path: <>
Message-ID: <{own}@mx.example>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: hub@localhost
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
MIME-Version: 1.0

--b1
Content-Type: text/plain

The mail could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; aigul@mail.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {why}

--b1
Content-Type: {kind}

{original}
--b1--
"""
ORIGINAL = "From: hub@localhost\nMessage-ID: {id}\nSubject: x\n\nbody\n"


def bounce(message_id: str, *, action: str = "failed", kind: str = "message/rfc822", own: str = "b-1") -> bytes:
    filled = DSN.format(own=own, action=action, why=WHY, kind=kind, original=ORIGINAL.format(id=message_id))
    return filled.replace("\n", "\r\n").encode()


def take(payload: bytes) -> RawDelivery:
    mailbox.store(payload)
    deliveries.process_waiting()
    return RawDelivery.objects.order_by("-pk")[0]


def counted() -> dict[str, int]:
    return dict(ChannelCounter.objects.values_list("reason", "count"))


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def told(unit: Unit, run_tasks: Callable[[], list[str]]) -> Notification:
    """A notice to the applicant that has gone by e-mail."""
    make_claimed_case(unit, applicant=PERSON)
    run_tasks()
    return Notification.objects.filter(transport="email", dedupe_key__contains=":applicant:", status=Status.SENT)[0]


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_notice_that_came_back_is_undelivered_and_the_executor_is_told(
    kind: str, unit: Unit, told: Notification, run_tasks: Callable[[], list[str]]
) -> None:
    assert take(bounce(told.headers["Message-ID"], kind=kind)).status == RawDelivery.Status.PROCESSED
    told.refresh_from_db()
    assert told.status == Status.FAILED
    event = AppealEvent.objects.get(kind=EventKind.NOTICE_FAILED)
    assert (event.is_public, event.data["transport"]) == (False, "email")
    assert "5.1.1" in event.reason
    assert "mail.example" not in event.reason, "the history holds no address"
    assert "701" not in event.reason
    run_tasks()
    inbox = Notification.objects.filter(transport="inbox", user=unit.executor, template="staff_notice_failed")
    assert inbox.count() == 1
    assert (Appeal.objects.count(), counted()["bounce"]) == (1, 1)


def test_the_same_bounce_again_and_another_of_the_same_message_change_nothing(told: Notification) -> None:
    for own in ("b-1", "b-1", "b-2"):
        take(bounce(told.headers["Message-ID"], own=own))
    assert AppealEvent.objects.filter(kind=EventKind.NOTICE_FAILED).count() == 1


@pytest.mark.parametrize(("action", "forge"), [("delayed", False), ("delivered", False), ("failed", True)])
def test_delays_and_forged_reports_change_nothing(action: str, forge: bool, told: Notification) -> None:
    message_id = told.headers["Message-ID"]
    if forge:
        message_id = message_id.replace(".1.", ".2.").replace("TRK-26", "TRK-27")
    row = take(bounce(message_id, action=action))
    told.refresh_from_db()
    assert (row.status, told.status) == (RawDelivery.Status.IGNORED, Status.SENT)
    assert (Appeal.objects.count(), counted()) == (1, {"ignored": 1})


def test_bounce_that_comes_before_we_know_the_message_has_gone_is_looked_at_again(told: Notification) -> None:
    Notification.objects.filter(pk=told.pk).update(status=Status.WAITING)
    row = take(bounce(told.headers["Message-ID"]))
    assert row.status == RawDelivery.Status.WAITING
    Notification.objects.filter(pk=told.pk).update(status=Status.SENT)
    RawDelivery.objects.update(next_try_at=timezone.now())
    deliveries.process_waiting()
    told.refresh_from_db()
    assert told.status == Status.FAILED


def test_case_that_did_not_reach_the_other_body_is_noticed(unit: Unit, run_tasks: Callable[[], list[str]]) -> None:
    appeal = make_claimed_case(unit)
    event = appeal.events.get(kind=EventKind.CLAIMED)
    draft = delivery.Draft(
        dedupe_key=f"forward:{event.pk}:1", transport="email", address="post@gas.example", template="to_body", body="x"
    )
    delivery.queue(draft)
    run_tasks()
    row = Notification.objects.get(dedupe_key=draft.dedupe_key)
    sent = next(message for message in mail.outbox if message.to == ["post@gas.example"])
    assert mail_ids.references_in(sent.extra_headers["Message-ID"]) == [f"hub-{row.pk}"]
    take(bounce(sent.extra_headers["Message-ID"]))
    assert appeal.events.filter(kind=EventKind.NOTICE_FAILED).exists()
    assert staff_notices.recipients_of(appeal.events.get(kind=EventKind.NOTICE_FAILED)) == [unit.executor]


@pytest.mark.parametrize("name", ["email_auto_reply.eml", "email_bulk.eml", "email_bounce.eml"])
def test_robots_open_no_appeal_and_are_counted(name: str) -> None:
    assert take(raw(name)).status == RawDelivery.Status.IGNORED
    assert (Appeal.objects.count(), counted()) == (0, {"ignored": 1})


def test_way_that_failed_at_once_is_told_too(told: Notification, settings: Any) -> None:
    delivery._fail(told, "550 no such user")
    assert AppealEvent.objects.get(kind=EventKind.NOTICE_FAILED).reason == "550 no such user"


@pytest.mark.parametrize("said", ["+7 (701) 000-00-01", "8.701.000.00.01", "+77010000001", "someone@example.kz"])
def test_reasons_of_other_systems_name_no_address(said):
    assert undelivered.ADDRESS.sub("…", f"550 no such user {said} here") == "550 no such user … here"
