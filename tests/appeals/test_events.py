"""The history: append-only, chained, and provably so."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from appeals import dialogue, events, replies, threads
from appeals.models import Appeal, AppealEvent, Channel, EventKind, Outcome
from common.errors import Conflict
from tests.appeals.cases import make_claimed_case, make_unit
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


def test_event_with_the_edges_of_json_holds_after_the_database() -> None:
    appeal = make_appeal()
    data = {"big": 1e20, "zero": -0.0, 10: "a", 9: "b", "half": "\ud83d", "nul": "a\x00b"}
    events.record(appeal, EventKind.NOTE_ADDED, data=data, reason="half \ud83d and nul \x00")
    assert list(events.broken_links()) == []


TEXTS = {
    "appeal": "UPDATE appeals_appeal SET text = 'another matter'",
    "subject": "UPDATE appeals_appeal SET subject = 'another subject'",
    "reply": "UPDATE appeals_reply SET text = 'another answer'",
    "message": "UPDATE appeals_message SET text = 'another word' WHERE direction = 'in'",
    "question to the applicant": "UPDATE appeals_message SET text = 'another word' WHERE direction = 'out'",
    "note": "UPDATE appeals_note SET text = 'another note'",
}
ROWS = {"subject": "appeal", "question to the applicant": "message"}


@pytest.mark.parametrize("which", TEXTS)
def test_text_changed_outside_the_steps_is_found_and_named(which: str) -> None:
    appeal = make_answered_appeal()
    assert events.changed_texts([appeal.pk]) == []
    with connection.cursor() as cursor:
        cursor.execute(TEXTS[which])
        assert cursor.rowcount == 1
    (found,) = events.changed_texts([appeal.pk])
    assert (found.appeal_id, found.row.split()[0]) == (appeal.pk, ROWS.get(which, which))
    assert list(events.broken_links()) == [], "the chain itself is sound"


def test_text_that_was_removed_is_found() -> None:
    appeal = make_answered_appeal()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM appeals_note")
    assert [found.row.split()[0] for found in events.changed_texts([appeal.pk])] == ["note"]


def test_events_older_than_the_digests_prove_nothing_of_texts() -> None:
    appeal = make_appeal()
    event = AppealEvent.objects.get()
    del event.data[events.TEXT], event.data[events.SUBJECT]
    old = events.hash_of(event)
    without_triggers("UPDATE appeals_appealevent SET hash = %s, data = data - 'text_sha256' - 'subject_sha256'", [old])
    Appeal.objects.update(history_head=old, text="whatever it was")
    assert list(events.broken_links()) == []
    assert events.changed_texts([appeal.pk]) == []


def make_answered_appeal() -> Appeal:
    """With a message both ways, a note and an answer, all written by their steps."""
    unit = make_unit()
    appeal = make_claimed_case(unit)
    dialogue.add_note(appeal.pk, actor=unit.executor, text="Бригада барды.")
    dialogue.send_message(appeal.pk, actor=unit.executor, text="Ертең келеміз.")
    parts = threads.MessageParts(Channel.WEB, "m-1", timezone.now(), text="Үйде боламын.")
    threads.join_message(appeal.pk, parts=parts)
    content = replies.ReplyContent(text="Құбыр 2 қарашада ауыстырылды, су қосылды.", outcome=Outcome.SATISFIED)
    replies.send_reply(appeal.pk, actor=unit.executor, content=content, version=0, ground="The text is short and true.")
    return Appeal.objects.get(pk=appeal.pk)
