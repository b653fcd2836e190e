"""The history: append-only, chained, and provably so."""

import pytest
from django.db import DatabaseError, connection, transaction

from appeals import events
from appeals.models import Appeal, AppealEvent, EventKind
from common.errors import Conflict
from tests.factories import make_appeal

pytestmark = pytest.mark.django_db


def add_events(appeal: Appeal, count: int) -> None:
    for number in range(count):
        events.record(appeal, EventKind.NOTE_ADDED, data={"number": number, "text": "Қ"}, reason="why")


def without_triggers(sql: str, params: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE appeals_appealevent DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE appeals_appealevent ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appeals_appealevent SET reason = 'other'",
        "UPDATE appeals_appealevent SET hash = ''",
        "UPDATE appeals_appealevent SET occurred_at = now()",
        "DELETE FROM appeals_appealevent",
        "DELETE FROM appeals_appealevent WHERE seq = 1",
    ],
)
def test_database_refuses_to_change_history(statement: str) -> None:
    make_appeal()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_outbox_mark_is_set_once() -> None:
    make_appeal()
    event = AppealEvent.objects.get()
    events.mark_reacted([event])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        events.mark_reacted([event])


def test_untouched_histories_hold() -> None:
    for _number in range(3):
        add_events(make_appeal(), 4)
    assert list(events.broken_links()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "another reason"),
        ("data", '{"number": 7}'),
        ("kind", "appeal_closed"),
        ("occurred_at", "2020-01-01T00:00:00Z"),
        ("recorded_at", "2020-01-01T00:00:00Z"),
        ("is_public", True),
        ("prev_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_tampering_is_found(column: str, value: object) -> None:
    appeal = make_appeal()
    add_events(appeal, 3)
    without_triggers(f"UPDATE appeals_appealevent SET {column} = %s WHERE seq = 3", [value])
    broken = list(events.broken_links())
    assert [(link.appeal_id, link.seq) for link in broken] == [(appeal.pk, 3)]


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_missing_event_is_found(seq: int) -> None:
    appeal = make_appeal()
    add_events(appeal, 3)
    without_triggers("DELETE FROM appeals_appealevent WHERE seq = %s", [seq])
    assert [link.appeal_id for link in events.broken_links([appeal.pk])] == [appeal.pk]


def test_writing_without_the_lock_on_a_stale_appeal_is_refused() -> None:
    appeal = make_appeal()
    stale = Appeal.objects.get(pk=appeal.pk)
    add_events(appeal, 1)
    with pytest.raises(Conflict):
        events.record(stale, EventKind.NOTE_ADDED)


def test_event_recorded_while_the_proof_reads_is_no_broken_link(monkeypatch: pytest.MonkeyPatch) -> None:
    appeal = make_appeal()
    check, calls = events._check_chain, []

    def record_in_between(*args: object) -> events.BrokenLink | None:
        if not calls:
            calls.append(1)
            add_events(appeal, 1)
            return events.BrokenLink(appeal.pk, None, 1, "read before the event came")
        return check(*args)

    monkeypatch.setattr(events, "_check_chain", record_in_between)
    assert list(events.broken_links()) == []


def test_a_chain_written_anew_without_the_key_is_found_out(settings: object) -> None:
    appeal = make_appeal()
    key = settings.HASH_KEY
    settings.HASH_KEY = "whoever can only write to the database has to guess it"
    event = AppealEvent.objects.get(appeal=appeal)
    event.reason = "forged"
    forged = events.hash_of(event)
    without_triggers("UPDATE appeals_appealevent SET reason = 'forged', hash = %s", [forged])
    Appeal.objects.update(history_head=forged)
    settings.HASH_KEY = key
    assert [broken.why for broken in events.broken_links()] == ["its contents were changed"]
