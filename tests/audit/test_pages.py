"""The log for the security officer: who gets in, what he finds, and that looking leaves a record."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Role
from audit import sealing, trail
from audit.filters import LogFilters, parse, with_beginning
from audit.models import AuditRecord
from audit.selectors import Cursor, everything, page, records
from audit.subjects import subjects_of
from audit.words import lines_of
from common.rows import forget_rows
from tests.audit.test_chain import as_owner
from tests.factories import make_reference, make_user

pytestmark = pytest.mark.django_db
Action = AuditRecord.Action
PAGES = ("/staff/audit/", "/staff/audit/export/", "/staff/audit/print/", "/staff/audit/{pk}/")


@pytest.fixture(autouse=True)
def week_of_work():
    """A broken chain begins a term in working days; what an earlier test has kept of the calendar is no week."""
    make_reference()
    forget_rows()


@pytest.fixture
def officer(client):
    user = make_user(Role.SECURITY_OFFICER)
    client.force_login(user)
    return user


def write(**values):
    return trail.record(**{"action": Action.EXPORTED, "actor": None, "subject_ref": "queue"} | values)


def addresses():
    return [path.format(pk=write().pk) for path in PAGES]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SECURITY_OFFICER, Role.ADMINISTRATOR)])
def test_others_of_the_staff_are_refused(client, role):
    client.force_login(make_user(role))
    assert {client.get(path).status_code for path in addresses()} == {403}


def test_residents_are_refused_and_visitors_sign_in_first(client):
    assert {client.get(path).status_code for path in addresses()} == {302}
    client.force_login(make_user())
    assert {client.get(path).status_code for path in addresses()} == {403}


@pytest.mark.parametrize("role", [Role.SECURITY_OFFICER, Role.ADMINISTRATOR])
def test_officers_get_in_and_find_the_log_in_the_navigation(client, role):
    client.force_login(make_user(role))
    assert {client.get(path).status_code for path in addresses()} == {200}
    assert 'href="/staff/audit/"' in client.get("/staff/audit/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_changed_through_the_pages(client, officer, method):
    assert {getattr(client, method)(path).status_code for path in addresses()} == {405}


# Filters


def test_values_that_are_not_understood_are_left_out_and_named():
    given = {
        "since": "2026-13-01",
        "action": "fly",
        "address": "10.0.0.999",
        "outcome": "failure",
        "subject": " x\x00 ",
    }
    filters, ignored = parse(given)
    assert filters == LogFilters(outcome="failure", subject="x")
    assert set(ignored) == {"since", "action", "address"}


def test_address_of_a_view_is_a_deep_link():
    filters = LogFilters(actor="inspector", action="exported", since="2026-01-01")
    assert parse(dict(pair.split("=") for pair in filters.query().split("&")))[0] == filters


@pytest.mark.parametrize(
    "filters, since",
    [
        (LogFilters(address="10.0.0.1"), "2026-02-08"), (LogFilters(subject="appeal:*"), "2026-02-08"),
        (LogFilters(subject="appeal:1"), ""), (LogFilters(address="10.0.0.1", since="2020-01-01"), "2020-01-01"),
        (LogFilters(address="10.0.0.1", until="2025-03-31"), "2025-03-01"),
    ],
)  # fmt: skip
def test_search_without_an_index_gets_a_beginning(filters, since):
    today = timezone.datetime(2026, 3, 10).date()
    assert with_beginning(filters, today).since == since


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({"action": "downloaded"}, {"b"}), ({"category": "export"}, {"a", "b"}), ({"outcome": "failure"}, {"c"}),
        ({"actor": "inspector"}, {"a"}), ({"actor": "nobody"}, set()), ({"subject": "appeal:1"}, {"a"}),
        ({"subject": "APPEAL:*"}, {"a", "b"}), ({"subject": "*:1*"}, {"a", "b"}), ({"subject": "appeal:1."}, set()),
        ({"subject": "1"}, {"a"}), ({"subject": "12"}, {"b"}), ({"subject": "2"}, set()),
        ({"address": "10.1.2.3"}, {"a"}), ({"address": "10.1.0.0/16"}, {"a", "b"}),
        ({"address": "2001:db8::/32"}, {"c"}),
        ({"since": "2026-03-02"}, {"b", "c"}), ({"until": "2026-03-02"}, {"a", "b"}),
        ({"since": "2026-03-02", "until": "2026-03-02"}, {"b"}), ({}, {"a", "b", "c"}),
    ],
)  # fmt: skip
def test_filters_find_what_they_name(filters, expected):
    inspector = make_user(username="inspector")
    with time_machine.travel("2026-03-01T12:00:00+05:00", tick=False):
        write(reason="a", actor=inspector, subject_ref="appeal:1", address="10.1.2.3")
    with time_machine.travel("2026-03-02T23:59:59+05:00", tick=False):
        write(reason="b", action=Action.DOWNLOADED, subject_ref="appeal:12", address="10.1.9.9")
    with time_machine.travel("2026-03-03T00:00:00+05:00", tick=False):
        write(reason="c", action=Action.SIGN_IN_FAILED, outcome="failure", subject_ref="", address="2001:db8::7")
    found = records(LogFilters(**filters)).exclude(reason="").values_list("reason", flat=True)
    assert set(found) == expected


@pytest.mark.parametrize("count", [0, 1, 4, 5, 9])
def test_pages_by_key_give_each_record_once_in_both_directions(count):
    with time_machine.travel("2026-03-01T12:00:00+05:00", tick=False):
        for _ in range(count):
            write()
    newest_first = list(AuditRecord.objects.order_by("-at", "-id"))
    cursor, walked, last = None, [], None
    while True:
        found = page(LogFilters(), after=cursor, size=2)
        walked += found.rows
        last, cursor = found, found.older
        if cursor is None:
            break
    assert walked == newest_first
    back, cursor = list(last.rows), last.newer
    while cursor is not None:
        found = page(LogFilters(), before=cursor, size=2)
        back, cursor = found.rows + back, found.newer
    assert back == newest_first
    assert list(everything(LogFilters(), 3)) == newest_first[:3]


@pytest.mark.parametrize("text", ["", "x", "1", "-", "1-x", "9" * 50, "1-" + "9" * 30, "-5-1", "٣-٣", "9" * 30 + "-1"])
def test_broken_place_of_a_page_is_no_place(client, officer, text):
    assert Cursor.parse(text) is None
    assert client.get("/staff/audit/", {"after": text, "before": text}).status_code == 200


# What the pages show


def test_one_record_shows_everything_and_its_place(client, officer):
    make_user(username="inspector")
    for n in range(3):
        write(subject_ref=f"queue:{n}")
    row = write(details={"values": {"role": ["executor", "head"]}, "rows": 3}, reason="<b>why</b>", address="10.0.0.9")
    write()
    sealing.seal_all()
    row.refresh_from_db()
    text = client.get(f"/staff/audit/{row.pk}/").content.decode()
    for part in (
        "Орындаушы → Бөлім басшысы",
        "&lt;b&gt;why&lt;/b&gt;",
        "10.0.0.9",
        row.hash,
        row.prev_hash,
        row.digest,
    ):
        assert part in text
    assert f">{row.seq - 1}</a>" in text
    assert f">{row.seq + 1}</a>" in text
    assert client.get("/staff/audit/999999/").status_code == 404


def test_record_that_was_changed_is_shown_as_broken(client, officer):
    row = write()
    assert "ui-banner-bad" not in client.get(f"/staff/audit/{row.pk}/").content.decode()
    as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE id = %s", row.pk)
    response = client.get(f"/staff/audit/{row.pk}/")
    assert response.context["holds"] is False


@pytest.mark.parametrize(
    "subject, url",
    [
        ("appeal:TRK-2026-000012-9", "/staff/appeals/TRK-2026-000012-9/"), ("user:7", "/staff/accounts/7/"),
        ("common.CalendarDay:3", "/admin/common/calendarday/3/change/"), ("audit-row:4", "/staff/audit/4/"),
        ("user:x", ""), ("queue", ""), ("nothing:1", ""), ("no.Such:1", ""), ("", ""), ("appeal:", ""),
        ("appeal:a/b", ""),
    ],
)  # fmt: skip
def test_subject_leads_to_its_page_where_there_is_one(subject, url):
    assert subjects_of([subject], make_user(Role.ADMINISTRATOR))[subject].url == url


def test_reader_is_led_nowhere_where_he_may_not_go():
    refs = ("appeal:TRK-2026-000012-9", "common.CalendarDay:3", "user:7", "audit-row:4")
    found = subjects_of(refs, make_user(Role.SECURITY_OFFICER))
    assert [found[ref].url for ref in refs] == ["", "", "/staff/accounts/7/", "/staff/audit/4/"]


def test_subjects_are_named_in_words_with_one_query_for_each_kind(django_assert_max_num_queries):
    people = [make_user(last_name="Ахметова", first_name=f"Сәуле{n}") for n in range(3)]
    reader = make_user(Role.SECURITY_OFFICER)
    refs = [*(f"user:{person.pk}" for person in people), "queue", "appeal:A-1", "hold:4", "user:999999", "odd:1"]
    with translation.override("en"), django_assert_max_num_queries(3):  # the reader's roles among them
        words = [str(subject) for subject in subjects_of(refs, reader).values()]
    assert words == [
        "Account: Ахметова Сәуле0", "Account: Ахметова Сәуле1", "Account: Ахметова Сәуле2", "Queue of appeals",
        "Appeal: A-1", "Legal hold: № 4", "Account: № 999999", "odd: № 1",
    ]  # fmt: skip


def test_details_are_told_in_words_and_unknown_ones_as_they_are():
    reader, away = make_user(Role.SECURITY_OFFICER), make_user(last_name="Ахметова", first_name="Сәуле")
    details = {
        "before": {}, "after": {"user": away.pk, "begins_on": "2026-03-02"},
        "steps": ["password", "code"], "last_attempt": False, "rows": 3, "values": {"is_active": [True, False]},
    }  # fmt: skip
    with translation.override("en"):
        lines = {line.name: " → ".join(value.name for value in line.values) for line in lines_of(details, reader)}
    assert lines == {
        "Person": "nothing → Ахметова Сәуле", "First day": "nothing → 2 March 2026", "rows": "3",
        "Steps": "Password, One-time code", "Last try": "no", "Account is open": "yes → no",
    }  # fmt: skip
    assert lines_of("not a table", reader) == []


def test_state_of_the_chain_stands_on_top(client, officer, settings):
    from audit import checks

    settings.SIEM_HTTP_URL = "https://siem.example/in"
    write()
    sealing.seal_all()
    checks.check_whole()
    write()
    stats = client.get("/staff/audit/", headers={"accept-language": "en"}).context["stats"]
    sealed = AuditRecord.objects.filter(seq__isnull=False).count()
    assert stats[0]["value"] == sealed
    assert stats[1]["value"] == AuditRecord.objects.filter(seq__isnull=True).count()
    assert (stats[2]["value"], stats[2]["tone"]) == (sealed, "good")
    assert stats[3]["tone"] == "warn"
    as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE seq = 1")
    checks.check_whole()
    response = client.get("/staff/audit/")
    assert response.context["alarm"]
    assert response.context["stats"][2]["tone"] == "bad"


def test_a_full_page_asks_as_little_as_an_empty_one(client, officer, django_assert_max_num_queries):
    for n in range(60):
        write(actor=make_user(), subject_ref=f"user:{n}")
    client.get("/staff/audit/")
    with django_assert_max_num_queries(14):
        client.get("/staff/audit/")


# Export


def exported(response):
    return b"".join(response.streaming_content).decode()


def test_table_holds_the_filtered_records_and_is_safe_for_spreadsheets(client, officer):
    write(reason="=1+1", subject_ref="appeal:1")
    write(subject_ref="appeal:2")
    text = exported(client.get("/staff/audit/export/", {"subject": "appeal:1", "format": "csv"}))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[6] for row in rows[1:]] == ["appeal:1"]
    assert rows[1][8] == "'=1+1"


def test_table_speaks_the_language_in_which_it_was_asked_for(client, officer):
    client.cookies["django_language"] = "ru"
    write(subject_ref="appeal:1")
    response = client.get("/staff/audit/export/", {"subject": "appeal:1", "format": "csv"})
    with translation.override("kk"):  # as the server finds the thread after the request
        text = exported(response)
    assert "Выгрузка" in text
    assert "Экспорт" not in text


def test_an_appeal_is_found_by_the_number_alone_however_it_is_typed():
    write(subject_ref="appeal:TRK-26-0000060-4")
    assert records(LogFilters(subject="trk-26-0000060-4")).count() == 1
    assert records(LogFilters(subject="TRK-26-0000060")).count() == 0


def test_lines_for_programs_speak_ecs(client, officer):
    write(subject_ref="appeal:1", actor=officer)
    text = exported(client.get("/staff/audit/export/", {"subject": "appeal:1", "format": "jsonl"}))
    (line,) = [json.loads(line) for line in text.splitlines()]
    assert line["event"]["action"] == "exported"
    assert line["user"]["roles"] == ["security_officer"]


def test_export_is_recorded_itself_with_its_filters(client, officer):
    client.get("/staff/audit/export/", {"action": "signed_in", "format": "jsonl"})
    row = AuditRecord.objects.get(action=Action.EXPORTED)
    assert (row.actor, row.subject_ref) == (officer, "audit")
    assert row.details == {"format": "jsonl", "filters": {"action": "signed_in"}}


# Looking is recorded


def test_looking_is_recorded_once_an_hour_for_each_view(client, officer):
    looks = AuditRecord.objects.filter(action=Action.VIEWED_LOG)
    for _ in range(3):
        client.get("/staff/audit/")
    assert looks.count() == 1
    client.get("/staff/audit/", {"action": "signed_in"})
    client.get("/staff/audit/", {"action": "signed_in", "after": str(Cursor(timezone.now(), 5))})
    assert looks.count() == 2
    assert looks.order_by("-id")[0].details == {"filters": {"action": "signed_in"}}
    client.get(f"/staff/audit/{looks[0].pk}/")
    assert looks.count() == 3
    other = make_user(Role.ADMINISTRATOR)
    client.force_login(other)
    client.get("/staff/audit/")
    assert looks.filter(actor=other).count() == 1


def test_an_hour_later_looking_is_recorded_again(client, officer):
    from django.core.cache import cache

    client.get("/staff/audit/")
    keys = cache._cache.get_client().keys("*audit-look*")
    assert keys
    assert all(0 < cache._cache.get_client().ttl(key) <= 3600 for key in keys)


def test_looking_is_recorded_every_time_when_the_cache_is_gone(client, officer, monkeypatch):
    from redis.exceptions import ConnectionError as Gone

    from audit.views import base

    def gone(*_args, **_values):
        raise Gone

    monkeypatch.setattr(base.cache, "add", gone)
    for _ in range(2):
        client.get("/staff/audit/")
    assert AuditRecord.objects.filter(action=Action.VIEWED_LOG).count() == 2


# The alarm


def test_alarm_reaches_officers_and_administrators_by_inbox_and_mail():
    from audit import checks
    from notifications.models import Notification

    officer, administrator = (
        make_user(Role.SECURITY_OFFICER, language="ru"),
        make_user(Role.ADMINISTRATOR, language="en"),
    )
    make_user(Role.INSPECTOR)
    make_user(Role.ADMINISTRATOR, is_active=False)
    row = write()
    sealing.seal_all()
    as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE id = %s", row.pk)
    checks.check_new()
    checks.check_whole()
    told = Notification.objects.filter(template="alarm.chain_broken")
    assert sorted((note.transport, note.address) for note in told) == sorted(
        [
            ("email", officer.email), ("email", administrator.email), ("inbox", str(officer.pk)),
            ("inbox", str(administrator.pk)),
        ]
    )  # fmt: skip
    english = told.get(transport="email", language="en")
    record = AuditRecord.objects.get(action=Action.CHAIN_BROKEN)
    assert "The contents of the record were changed." in english.body
    assert f"/staff/audit/{record.pk}/" in english.body


def test_broken_history_of_an_appeal_raises_the_same_alarm(monkeypatch):
    from django.db import connection

    from appeals import tasks
    from appeals.models import AppealEvent
    from tests.factories import make_appeal, make_reference

    make_reference()
    make_user(Role.SECURITY_OFFICER)
    good, bad = make_appeal(), make_appeal()
    assert tasks.verify_changed_histories() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE appeals_appealevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE appeals_appealevent SET reason = 'x' WHERE appeal_id = %s", [bad.pk])
        cursor.execute("ALTER TABLE appeals_appealevent ENABLE TRIGGER USER")
    assert tasks.verify_changed_histories() == 1
    record = AuditRecord.objects.get(action=Action.CHAIN_BROKEN)
    assert record.subject_ref == f"appeal:{bad.number}"
    assert good.number not in record.subject_ref
    assert AppealEvent.objects.filter(recorded_at__gt=timezone.now() - timedelta(hours=1)).exists()


MANY = 20_000
FILL = """
    INSERT INTO audit_auditrecord (uid, at, action, category, outcome, subject_ref, fields, reason, details,
        user_agent, request_id, digest, prev_hash, hash)
    SELECT gen_random_uuid(), now() - n * interval '1 minute', 'exported',
        CASE WHEN n %% 5000 = 0 THEN 'security' ELSE 'export' END,
        CASE WHEN n %% 5000 = 0 THEN 'failure' ELSE 'success' END,
        'queue', '[]', '', '{}', '', '', '', '', ''
    FROM generate_series(1, %s) AS n
"""


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (LogFilters(category="security"), "audit_by_category"),
        (LogFilters(outcome="failure"), "audit_by_outcome"),
        (LogFilters(action="signed_in"), "audit_by_action"),
    ],
)
def test_what_is_rare_is_found_by_an_index(filters, index):
    with connection.cursor() as cursor:
        cursor.execute(FILL, [MANY])
        cursor.execute("ANALYZE audit_auditrecord")
    with CaptureQueriesContext(connection) as queries:
        page(filters)
    found = next(query["sql"] for query in queries if "ORDER BY" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE) {found}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan
