"""The nightly job: what is older than its period goes, once, and what is held stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ContactChallenge, Role
from appeals.models import Appeal, Applicant, ChannelThread, RawDelivery
from appeals.personal_data import redaction
from audit import checks, sealing, trail
from audit.models import AuditRecord
from common.errors import Conflict
from common.rows import forget_rows
from common.workcalendar import ALMATY
from identity.models import IdentityRecord
from notifications.models import Notification
from privacy import holds, restrictions, retention, tasks
from privacy.holdings.erasure import close_account
from privacy.models import Ground, LegalHold, RetentionRule, RetentionRun
from privacy.registries import RecordType
from privacy.registries import retention as kinds
from tests.factories import make_user
from tests.privacy.people import make_duties, make_own_appeal, make_resident, make_rule
from tests.races.together import together

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2026, 11, 26, 2, 30, tzinfo=ALMATY)
NOON = dt.datetime(2026, 11, 26, 12, 0, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("amount", "unit", "now", "expected"),
    [
        (1, "hours", "2026-03-01 00:30", "2026-02-28 23:30"),
        (90, "days", "2026-03-31 12:00", "2025-12-31 12:00"),
        (1, "months", "2026-03-31 12:00", "2026-02-28 12:00"),
        (1, "months", "2026-01-15 12:00", "2025-12-15 12:00"),
        (12, "months", "2026-11-26 12:00", "2025-11-26 12:00"),
        (13, "months", "2026-01-31 12:00", "2024-12-31 12:00"),
        (3, "years", "2026-11-26 12:00", "2023-11-26 12:00"),
        (1, "years", "2028-02-29 12:00", "2027-02-28 12:00"),
    ],
)
def test_cutoff(amount: int, unit: str, now: str, expected: str) -> None:
    def at(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=ALMATY)

    assert retention.cutoff(amount, unit, at(now)) == at(expected)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1)),
    st.integers(1, 300),
    st.sampled_from(["days", "months", "years"]),
)
def test_a_longer_period_keeps_more(naive: dt.datetime, amount: int, unit: str) -> None:
    now = naive.replace(tzinfo=ALMATY)
    longer, shorter = (retention.cutoff(amount + extra, unit, now) for extra in (1, 0))
    assert longer < shorter < now


def test_only_what_is_older_goes_and_the_log_says_how_much() -> None:
    make_duties()
    rule = make_rule("service_requests", 3, "years", action="anonymise")
    user = make_resident()
    old, young, statutory = make_own_appeal(user), make_own_appeal(user), make_own_appeal(user, statutory=True)
    age(old, 4), age(statutory, 4)
    assert {row.rule.record_type: row.due for row in retention.preview(NIGHT)}["service_requests"] == 1
    assert retention.run_due(NIGHT) == 1
    gone = {row.pk: row.anonymised_at is not None for row in Appeal.objects.all()}
    assert gone == {old.pk: True, young.pk: False, statutory.pk: False}
    run = RetentionRun.objects.get(rule=rule)
    assert (run.counted, run.removed, run.errors, run.finished_at is not None) == (1, 1, 0, True)


def age(appeal: Appeal, years: int) -> None:
    Appeal.objects.filter(pk=appeal.pk).update(closed_at=NIGHT - dt.timedelta(days=years * 366))


@pytest.mark.parametrize("kind", ["appeal", "user"])
def test_what_is_held_stays_until_the_hold_is_lifted(kind: str) -> None:
    officer = make_duties()
    make_rule("service_requests", 3, "years", action="anonymise")
    user = make_resident()
    appeal = make_own_appeal(user)
    age(appeal, 4)
    ref = f"appeal:{appeal.pk}" if kind == "appeal" else f"user:{user.pk}"
    hold = holds.place(ref, ground_slug="legal_hold", note="", actor=officer)
    assert retention.run_due(NIGHT) == 0
    holds.lift(hold.pk, actor=officer)
    assert retention.run_due(NIGHT + dt.timedelta(days=1)) == 1


def test_rule_switched_off_or_not_yet_in_force_removes_nothing() -> None:
    make_duties()
    appeal = make_own_appeal(make_resident())
    age(appeal, 9)
    make_rule("service_requests", 3, "years", action="anonymise", is_enabled=False)
    assert retention.run_due(NIGHT) == 0
    make_rule("service_requests", 3, "years", action="anonymise", is_enabled=True, since="2999-01-01")
    assert retention.run_due(NIGHT) == 0


def test_by_day_only_urgent_kinds_run() -> None:
    make_duties()
    make_rule("service_requests", 3, "years", action="anonymise")
    make_rule("code_texts", 1, "hours", action="anonymise")
    age(make_own_appeal(make_resident()), 4)
    sent = message("contact_code", "your code is 123456", NOON - dt.timedelta(hours=2))
    assert retention.run_due(NOON) == 1
    sent.refresh_from_db()
    assert (sent.body, sent.address) == ("", "")
    assert not Appeal.objects.filter(anonymised_at__isnull=False).exists()


def message(template: str, body: str, at: dt.datetime, **values: Any) -> Notification:
    defaults = {"status": "sent", "transport": "sms", "address": "+77010000001", "dedupe_key": f"{template}{at}"}
    return Notification.objects.create(template=template, body=body, created_at=at, **defaults | values)


def test_code_that_still_waits_to_be_sent_is_not_emptied() -> None:
    make_duties()
    make_rule("code_texts", 1, "hours", action="anonymise")
    waiting = message("contact_code", "your code is 123456", NOON - dt.timedelta(hours=2), status="waiting")
    retention.run_due(NOON)
    waiting.refresh_from_db()
    assert waiting.body


def test_run_that_was_cut_off_goes_on_and_a_second_tick_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    make_duties()
    rule = make_rule("service_requests", 3, "years", action="anonymise")
    user = make_resident()
    appeals = [make_own_appeal(user) for _number in range(5)]
    for appeal in appeals:
        age(appeal, 4)
    monkeypatch.setattr(retention, "BATCH", 2)
    kind, calls = kinds.get("service_requests"), []

    def killed(*args: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return kind.batch(*args)

    monkeypatch.setitem(kinds._entries, "service_requests", RecordType(**{**vars(kind), "batch": killed}))
    with pytest.raises(KeyboardInterrupt):
        retention.run_due(NIGHT)
    assert RetentionRun.objects.get(rule=rule).removed == 2
    assert retention.run_due(NIGHT + dt.timedelta(minutes=15)) == 3
    assert retention.run_due(NIGHT + dt.timedelta(minutes=30)) == 0
    run = RetentionRun.objects.get(rule=rule)
    assert (run.counted, run.removed) == (5, 5)
    for appeal in appeals:
        assert appeal.events.filter(kind="personal_data_removed").count() == 1


def test_kind_that_fails_stops_no_other_and_stands_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    make_duties()
    broken, fine = make_rule("codes", 30, "days"), make_rule("sessions", 1, "days")
    kind = kinds.get("codes")

    def fails(*_: Any) -> int:
        raise RuntimeError("disk full of +77010000001")

    monkeypatch.setitem(kinds._entries, "codes", RecordType(**{**vars(kind), "batch": fails}))
    Session.objects.create(session_key="x", session_data="", expire_date=NIGHT - dt.timedelta(days=2))
    retention.run_due(NIGHT)
    run = RetentionRun.objects.get(rule=broken)
    assert (run.errors, run.last_error, run.finished_at is not None) == (retention.MOST_ERRORS, "RuntimeError", True)
    assert RetentionRun.objects.get(rule=fine).removed == 1


def test_payload_goes_and_the_row_by_which_a_repeat_is_known_stays() -> None:
    make_duties()
    make_rule("raw_payloads", 90, "days", action="anonymise")
    at = NIGHT - dt.timedelta(days=91)
    old = RawDelivery.objects.create(
        channel="telegram", external_id="1", payload="тайна", status="processed", received_at=at
    )
    waiting = RawDelivery.objects.create(channel="telegram", external_id="2", payload="тайна", received_at=at)
    retention.run_due(NIGHT)
    old.refresh_from_db(), waiting.refresh_from_db()
    assert (old.payload, old.external_id, waiting.payload) == ("", "1", "тайна")


def test_confirmed_contact_of_an_account_outlives_the_other_codes() -> None:
    make_duties()
    make_rule("codes", 30, "days")
    at = NIGHT - dt.timedelta(days=60)
    same = {"medium": "sms", "address": "1", "address_hash": "h", "secret": "s", "expires_at": at}
    ContactChallenge.objects.create(purpose="account", subject_ref="user:1", confirmed_at=at, **same)
    ContactChallenge.objects.create(purpose="account", subject_ref="user:1", **same)
    ContactChallenge.objects.create(purpose="appeal", subject_ref="appeal:1", confirmed_at=at, **same)
    retention.run_due(NIGHT)
    assert [row.purpose for row in ContactChallenge.objects.all()] == ["account"]
    assert ContactChallenge.objects.get().confirmed_at


def test_audit_log_is_shortened_and_the_rest_still_proved() -> None:
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=4 * 365)
    with time_machine.travel(old, tick=False):
        for number in range(3):
            trail.record(action="exported", actor=None, subject_ref=f"old:{number}")
        sealing.seal_all()
    make_duties()
    make_rule("audit_log", 3, "years")
    trail.record(action="exported", actor=None, subject_ref="new")
    sealing.seal_all()
    night = timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(2)))
    assert retention.run_due(night) == 3
    sealing.seal_all()
    left = set(AuditRecord.objects.values_list("subject_ref", flat=True))
    assert "new" in left and not any(ref.startswith("old:") for ref in left)
    assert checks.check_whole().problem == ""


def test_every_shipped_rule_has_a_kind_and_an_action_it_can_do() -> None:
    from appeals.reference.loader import load_all

    load_all()
    rules = list(RetentionRule.objects.all())
    assert {rule.record_type for rule in rules} == {slug for slug, _kind in kinds}
    assert all(rule.action in kinds.get(rule.record_type).actions for rule in rules)
    assert all(rule.is_default for rule in rules)
    retention.preview()
    tasks.run_retention()


def test_page_shows_what_would_go_and_holds_are_placed_on_it(client: Client) -> None:
    officer = make_duties()
    user = make_resident(username="aigul")
    appeal = make_own_appeal(user)
    client.force_login(officer)
    url = "/staff/privacy/retention/"
    assert client.get(url).status_code == 200
    for about, ref in ((appeal.number, f"appeal:{appeal.pk}"), ("aigul", f"user:{user.pk}")):
        assert client.post(f"{url}holds/", {"about": about, "ground": "legal_hold", "note": ""}).status_code == 303
        assert holds.is_held(ref)
    for about in ("TRK-1", appeal.number):
        assert client.post(f"{url}holds/", {"about": about, "ground": "legal_hold"}).status_code == 422
    client.force_login(make_user(Role.HEAD))
    assert client.get(url).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_count_every_record_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_duties()
    rule = make_rule("service_requests", 3, "years", action="anonymise")
    user = make_resident()
    for appeal in [make_own_appeal(user) for _number in range(6)]:
        age(appeal, 4)
    monkeypatch.setattr(retention, "BATCH", 2)
    results = together([lambda: retention.run_due(NIGHT)] * 2)
    assert sum(results) == 6
    assert RetentionRun.objects.get(rule=rule).removed == 6


def test_one_appeal_that_fails_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reopened between the choice and the lock, for instance: the batch went back, and its files had gone."""
    make_duties()
    rule = make_rule("service_requests", 3, "years", action="anonymise")
    user = make_resident()
    appeals = [make_own_appeal(user) for _number in range(3)]
    for appeal in appeals:
        age(appeal, 4)
    anonymise = redaction.anonymise

    def fails(appeal_id: int, **values: Any) -> bool:
        if appeal_id == appeals[0].pk:
            raise Conflict
        return anonymise(appeal_id, **values)

    monkeypatch.setattr(redaction, "anonymise", fails)
    retention.run_due(NIGHT)
    assert list(Appeal.objects.filter(anonymised_at=None).values_list("pk", flat=True)) == [appeals[0].pk]
    run = RetentionRun.objects.get(rule=rule)
    assert (run.removed, run.errors, run.last_error) == (2, retention.MOST_ERRORS, "Conflict"), "and the log says so"


def test_what_is_due_is_counted_once_a_night(monkeypatch: pytest.MonkeyPatch) -> None:
    make_duties()
    make_rule("codes", 30, "days")
    kind, counted = kinds.get("codes"), []
    due = lambda older: counted.append(older) or 0  # noqa: E731
    monkeypatch.setitem(kinds._entries, "codes", RecordType(**{**vars(kind), "due": due}))
    for minutes in (0, 15, 30):
        retention.run_due(NIGHT + dt.timedelta(minutes=minutes))
    assert len(counted) == 1


WITH_INDEX = [
    ("notices", "notification_with_text"),
    ("code_texts", "notification_with_code"),
    ("raw_payloads", "delivery_with_payload"),
]


@pytest.mark.parametrize(("slug", "index"), WITH_INDEX)
def test_what_is_still_to_be_emptied_is_found_by_an_index(slug: str, index: str) -> None:
    """Without one each batch of each night reads everything that was emptied in all the years before."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        if slug == "code_texts":  # it would do for few rows; codes must be found among a year of other texts
            cursor.execute("DROP INDEX notification_with_text")
    with CaptureQueriesContext(connection) as queries:
        kinds.get(slug).batch(NIGHT, "anonymise", 500)
    with connection.cursor() as cursor:
        found = next(query["sql"] for query in queries if "LIMIT 500" in query["sql"])
        cursor.execute(f"EXPLAIN {found}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan


def test_messages_and_conversations_of_restricted_people_stay() -> None:
    officer = make_duties()
    make_rule("notices", 12, "months", action="anonymise")
    make_rule("conversations", 12, "months")
    held, free = make_resident(), make_resident("Болат")
    restrictions.restrict(held, request=None, actor=officer)
    old = NIGHT - dt.timedelta(days=800)
    refs: dict[int, set[str]] = {}
    for user in (held, free):
        appeal = make_own_appeal(user)
        key = f"telegram:{user.pk}"
        Applicant.objects.filter(pk=appeal.applicant_id).update(thread_key=key)
        ChannelThread.objects.create(thread_key=key)
        values = {"transport": "sms", "body": "Жауап", "address": "+77010000001", "status": "sent", "created_at": old}
        refs[user.pk] = {f"appeal:{appeal.pk}", f"user:{user.pk}"}
        for ref in refs[user.pk]:
            Notification.objects.create(dedupe_key=f"old-{ref}", template="answered", subject_ref=ref, **values)
    ChannelThread.objects.update(updated_at=old)
    retention.run_due(NIGHT)
    left = Notification.objects.filter(dedupe_key__startswith="old-").exclude(body="")
    assert set(left.values_list("subject_ref", flat=True)) == refs[held.pk]
    assert list(ChannelThread.objects.values_list("thread_key", flat=True)) == [f"telegram:{held.pk}"]


def test_case_page_says_that_the_use_of_the_data_is_restricted(client: Client) -> None:
    officer, user = make_duties(), make_resident()
    appeal = make_own_appeal(user, closed=False)
    client.force_login(make_user(Role.INSPECTOR))
    client.cookies["django_language"] = "en"
    assert "Use restricted" not in client.get(f"/staff/appeals/{appeal.number}/").content.decode()
    restrictions.restrict(user, request=None, actor=officer)
    forget_rows()
    assert "Use restricted" in client.get(f"/staff/appeals/{appeal.number}/").content.decode()


def test_how_an_identity_was_proven_goes_with_time_once_the_account_is_closed() -> None:
    make_duties()
    make_rule("identity_records", 3, "years")
    closed, still_open, held = make_resident(), make_resident("Болат"), make_resident("Дана")
    for user in (closed, still_open, held):
        for years in (1, 4):
            at = NIGHT - dt.timedelta(days=366 * years)
            IdentityRecord.objects.create(user=user, method="contact_confirmed", level=1, at=at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        IdentityRecord.objects.filter(user=closed).delete()
    for user in (closed, held):
        close_account(user)
    LegalHold.objects.create(
        subject_ref=f"user:{held.pk}", ground=Ground.objects.get(slug="legal_hold"), placed_by=make_user()
    )
    retention.run_due(NIGHT)
    old = IdentityRecord.objects.filter(at__lt=NIGHT - dt.timedelta(days=3 * 366))
    assert set(old.values_list("user", flat=True)) == {still_open.pk, held.pk}
    assert IdentityRecord.objects.filter(user=closed, at__gt=NIGHT - dt.timedelta(days=3 * 365)).exists()
