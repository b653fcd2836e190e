"""The chain of the log: sealing, what the database refuses, and that no change goes unseen."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from audit import checkpoints, checks, sealing, trail, verification
from audit.digests import digest_of
from audit.models import AuditCheckpoint, AuditRecord, ChainCheck, ChainHead, SiemTarget
from audit.signals import chain_broken
from audit.verification import Link, Problem, Why
from common.errors import Conflict
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Action = AuditRecord.Action


def write(count=1, **values):
    return [
        trail.record(**{"action": Action.EXPORTED, "actor": None, "subject_ref": f"queue:{n}"} | values)
        for n in range(count)
    ]


def sealed(count=5):
    write(count)
    sealing.seal_all()
    return list(AuditRecord.objects.filter(seq__isnull=False).order_by("seq"))


def as_owner(statement, *values):
    """What somebody does who holds the keys of the database: the triggers are off for him."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_auditrecord DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_auditcheckpoint DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE audit_auditrecord ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_auditcheckpoint ENABLE TRIGGER USER")


def found():
    check = checks.check_whole()
    return (check.problem_seq, check.problem) if check.problem else None


# Writing and sealing


def test_record_has_its_digest_at_once_and_its_place_after_sealing():
    row = write(actor=make_user(), details={"n": 1.5, "at": timezone.now()}, address="2001:DB8::1")[0]
    stored = AuditRecord.objects.get(pk=row.pk)
    assert stored.seq is None
    assert stored.digest == digest_of(stored)
    sealing.seal_all()
    stored.refresh_from_db()
    assert stored.seq == ChainHead.objects.get().seq
    assert stored.hash == ChainHead.objects.get().hash


@pytest.mark.parametrize("given_address", ["unknown", "10.0.0.1, 10.0.0.2", "", "<script>", "fe80::1%eth0"])
def test_what_is_no_address_does_not_stop_the_record(given_address):
    assert write(address=given_address)[0].address in (None, "fe80::1")


def test_texts_that_no_database_keeps_are_kept_without_their_worst():
    row = write(reason="a\x00b\ud800", fields=["\x00"], details={"\x00k": "v\x00"}, subject_ref="x" * 500)[0]
    stored = AuditRecord.objects.get(pk=row.pk)
    assert (stored.reason, stored.fields, stored.details, len(stored.subject_ref)) == ("ab", [""], {"k": "v"}, 120)
    assert stored.digest == digest_of(stored)


def test_every_action_has_a_category():
    from audit.actions import CATEGORY_OF

    assert set(CATEGORY_OF) == set(Action.values)


def test_sealing_goes_on_where_it_stopped_and_takes_late_rows_later():
    first = write(3)
    assert sealing.seal_some(limit=2) == 2
    assert sealing.seal_some(limit=2) == 1
    late = write(1)[0]
    sealing.seal_all()
    assert list(AuditRecord.objects.order_by("seq").values_list("pk", flat=True)) == [
        *(row.pk for row in first), late.pk
    ]  # fmt: skip
    assert found() is None


# What the database refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrecord SET reason = 'nothing'",
        "UPDATE audit_auditrecord SET actor_id = NULL, outcome = 'failure'",
        "UPDATE audit_auditrecord SET seq = seq + 100",
        "UPDATE audit_auditrecord SET hash = repeat('0', 64)",
        "UPDATE audit_auditrecord SET seq = NULL",
        "DELETE FROM audit_auditrecord",
        "DELETE FROM audit_auditcheckpoint",
        "UPDATE audit_auditcheckpoint SET seq = 99",
    ],
)
def test_database_refuses_to_change_a_sealed_record_or_a_checkpoint(statement):
    sealed(3)
    checkpoints.make(before=timezone.now() + timedelta(days=1), actor=None, reason="")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrecord SET reason = 'nothing'",
        "UPDATE audit_auditrecord SET seq = 1, hash = repeat('0', 64), reason = 'nothing'",
        "UPDATE audit_auditrecord SET seq = 1",
        "UPDATE audit_auditrecord SET digest = repeat('0', 64)",
        "DELETE FROM audit_auditrecord",
        "INSERT INTO audit_auditrecord (uid, at, action, category, outcome, subject_ref, fields, reason, details,"
        " user_agent, request_id, digest, seq, prev_hash, hash) VALUES (gen_random_uuid(), now(), 'exported', 'export',"
        " 'success', '', '[]', '', '{}', '', '', '', 7, '', '')",
    ],
)
def test_database_refuses_to_change_a_waiting_record_or_to_take_a_sealed_one(statement):
    write()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_refuses_to_empty_the_log_outside_of_tests():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%no_truncate'")
        assert {"audit_no_truncate", "checkpoint_no_truncate"} <= {name for (name,) in cursor.fetchall()}


# That nothing goes unseen


def test_whole_chain_holds():
    sealed(7)
    assert found() is None
    assert ChainCheck.objects.get().checked == 7


@pytest.mark.parametrize(
    "column, value",
    [
        ("at", "2020-01-01 00:00+00"), ("action", "configured"), ("category", "access"), ("outcome", "failure"),
        ("subject_ref", "queue:9"), ("fields", '["x"]'), ("reason", "x"), ("details", '{"x": 1}'),
        ("address", "10.9.9.9"), ("user_agent", "x"), ("request_id", "x"), ("digest", "0" * 64),
        ("uid", "00000000-0000-4000-8000-000000000000"),
    ],
)  # fmt: skip
def test_change_of_any_column_of_a_sealed_row_is_found(column, value):
    rows = sealed(4)
    as_owner(f"UPDATE audit_auditrecord SET {column} = %s WHERE id = %s", value, rows[2].pk)
    assert found() == (rows[2].seq, Why.CHANGED)


def test_another_actor_is_found():
    rows = sealed(4)
    as_owner("UPDATE audit_auditrecord SET actor_id = %s WHERE id = %s", make_user().pk, rows[1].pk)
    assert found() == (rows[1].seq, Why.CHANGED)


def test_change_of_a_waiting_row_is_found_before_and_after_sealing():
    row = write()[0]
    as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE id = %s", row.pk)
    stored = AuditRecord.objects.get(pk=row.pk)
    assert stored.digest != digest_of(stored)
    sealing.seal_all()
    assert found() == (1, Why.CHANGED)


def test_removed_row_and_cut_end_are_found():
    rows = sealed(6)
    as_owner("DELETE FROM audit_auditrecord WHERE id = %s", rows[3].pk)
    assert found() == (rows[4].seq, Why.MISSING)
    as_owner("DELETE FROM audit_auditrecord WHERE seq >= %s", rows[3].seq)
    assert found() == (rows[3].seq, Why.CUT)


def test_removed_beginning_is_found():
    rows = sealed(4)
    as_owner("DELETE FROM audit_auditrecord WHERE seq = 1")
    assert rows[0].seq == 1
    assert found() == (1, Why.MISSING)


def test_end_cut_together_with_the_head_is_found_by_what_others_remember():
    rows = sealed(6)
    assert found() is None
    as_owner("DELETE FROM audit_auditrecord WHERE seq > 3")
    ChainHead.objects.update(seq=3, hash=rows[2].hash)
    assert found() == (4, Why.CUT)


def test_emptied_log_is_found():
    sealed(3)
    assert found() is None
    as_owner("DELETE FROM audit_auditrecord")
    ChainHead.objects.all().delete()
    assert found() == (1, Why.CUT)


def test_row_put_in_by_hand_is_found():
    rows = sealed(3)
    as_owner(
        "INSERT INTO audit_auditrecord (uid, at, action, category, outcome, subject_ref, fields, reason, details,"
        " user_agent, request_id, digest, seq, prev_hash, hash) SELECT gen_random_uuid(), at, action, category,"
        " outcome, subject_ref, fields, reason, details, user_agent, request_id, digest, 4, hash, repeat('0', 64)"
        " FROM audit_auditrecord WHERE seq = %s",
        rows[2].seq,
    )
    assert found() == (4, Why.CHANGED)


def test_record_that_nobody_seals_is_a_problem(monkeypatch):
    monkeypatch.setattr(sealing, "try_lock", lambda: False)
    write()
    as_owner("UPDATE audit_auditrecord SET at = at - interval '1 hour'")
    row = AuditRecord.objects.get()
    as_owner("UPDATE audit_auditrecord SET digest = %s WHERE id = %s", digest_of(row), row.pk)
    assert verification.check_waiting() == Problem(0, Why.UNSEALED, row.pk)


@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_removed_or_reordered_row_is_found(data):
    """The walk over the rows as they are stored, whatever is done to them afterwards."""
    with transaction.atomic():
        first = ChainHead.objects.filter(pk=1).values_list("seq", "hash").first() or (0, "")
        rows = sealed(data.draw(st.integers(2, 8)))
        rows = [row for row in rows if row.seq > first[0]]
        start = Link(*first)
        assert verification.check_rows(rows, start)[2] is None
        place = data.draw(st.integers(0, len(rows) - 1))
        broken = _broken(data, list(rows), place)
        link, _checked, problem = verification.check_rows(broken, start)
        whole = problem is None and link == Link(rows[-1].seq, rows[-1].hash)
        assert not whole
        transaction.set_rollback(True)


def _broken(data, rows, place):
    kind = data.draw(st.sampled_from(["change", "remove", "swap", "relink", "double"]))
    row = rows[place]
    if kind == "change":
        name = data.draw(st.sampled_from(["reason", "subject_ref", "user_agent", "action", "outcome"]))
        setattr(row, name, getattr(row, name) + data.draw(st.text(min_size=1, max_size=3)))
    elif kind == "remove":
        del rows[place]
    elif kind == "swap":
        other = (place + 1) % len(rows)
        rows[place], rows[other] = rows[other], rows[place]
    elif kind == "relink":
        row.hash = data.draw(
            st.text("0123456789abcdef", min_size=64, max_size=64).filter(lambda text: text != row.hash)
        )
    else:
        rows.insert(place, row)
    return rows


# Runs and the alarm


def test_hourly_run_verifies_what_is_new_and_goes_on_after_it():
    sealed(4)
    assert checks.check_new().checked == 4
    write(2)
    sealing.seal_all()
    assert checks.check_new().checked == 2
    assert checks.check_new().checked == 0


def test_hourly_run_sees_that_the_place_it_stopped_at_was_rewritten():
    rows = sealed(4)
    checks.check_new()
    as_owner("UPDATE audit_auditrecord SET hash = repeat('0', 64) WHERE id = %s", rows[3].pk)
    assert checks.check_new().problem == Why.MOVED


def test_long_run_stops_when_its_time_is_over_and_the_next_one_ends_it(monkeypatch):
    sealed(5)
    monkeypatch.setattr(verification.walk, "__kwdefaults__", {"chunk": 2})
    check = checks.check_whole(seconds=-1)
    assert (check.finished_at, check.checked) == (None, 2)
    check = checks.check_whole()
    assert (check.checked, check.problem, ChainCheck.objects.count()) == (5, "", 1)
    assert check.finished_at is not None


def test_broken_chain_raises_the_alarm_once_a_day(caplog):
    heard = []
    receiver = lambda subject_ref, why, record, **_: heard.append((subject_ref, why, record))  # noqa: E731
    chain_broken.connect(receiver)
    try:
        rows = sealed(3)
        as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE id = %s", rows[1].pk)
        with caplog.at_level(logging.CRITICAL):
            found()
            found()
    finally:
        chain_broken.disconnect(receiver)
    record = AuditRecord.objects.get(action=Action.CHAIN_BROKEN)
    assert heard == [(f"audit:{rows[1].seq}", "changed", record)]
    assert (record.outcome, record.details["row"]) == ("failure", rows[1].pk)
    assert [entry.levelname for entry in caplog.records if entry.message == "chain_broken"] == ["CRITICAL"] * 2


def test_listener_that_fails_loses_neither_the_record_nor_the_others(caplog):
    heard = []

    @transaction.atomic
    def fails(**_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    def hears(**_):
        heard.append(True)

    chain_broken.connect(fails)
    chain_broken.connect(hears)
    try:
        rows = sealed(2)
        as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE id = %s", rows[1].pk)
        assert found() == (2, Why.CHANGED)
    finally:
        chain_broken.disconnect(fails)
        chain_broken.disconnect(hears)
    assert heard
    assert AuditRecord.objects.filter(action=Action.CHAIN_BROKEN).exists()
    assert "chain_broken_not_told" in [entry.message for entry in caplog.records]


def test_command_says_how_many_hold():
    sealed(3)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "The audit log holds: 3 records up to number 3" in out.getvalue()


def test_command_names_the_first_broken_row_and_exits_with_one():
    rows = sealed(5)
    as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE seq IN (2, 4)")
    with pytest.raises(CommandError, match=f"number 2, row {rows[1].pk} ") as failure:
        call_command("verify_audit")
    assert failure.value.returncode == 1


# Checkpoints


def old(count):
    rows = sealed(count)
    return rows, timezone.now() + timedelta(seconds=1)


def test_records_before_a_checkpoint_are_removed_and_the_rest_is_still_proved():
    rows, moment = old(4)
    point = checkpoints.make(before=moment, actor=make_user(), reason="three years are over")
    write(3)
    sealing.seal_all()
    assert checkpoints.remove_before(point, actor=None, reason="three years are over") == 4
    sealing.seal_all()
    assert AuditRecord.objects.order_by("seq").first().seq == rows[-1].seq + 1
    assert found() is None
    assert AuditRecord.objects.get(action=Action.SEGMENT_REMOVED).details["records"] == 4
    as_owner("DELETE FROM audit_auditrecord WHERE seq = 5")
    assert found() == (1, Why.MISSING)


def test_everything_may_be_removed_and_the_chain_goes_on():
    _rows, moment = old(3)
    point = checkpoints.make(before=moment, actor=None, reason="")
    AuditRecord.objects.filter(seq__isnull=True).order_by("pk")
    checkpoints.remove_before(point, actor=None, reason="")
    sealing.seal_all()
    assert found() is None


def test_checkpoint_made_by_hand_is_found():
    rows = sealed(4)
    AuditCheckpoint.objects.create(seq=2, hash=rows[1].hash, records=2, last_at=rows[1].at, proof="0" * 64)
    as_owner("DELETE FROM audit_auditrecord WHERE seq <= 2")
    assert found() == (2, Why.CHECKPOINT)


def test_records_after_a_checkpoint_cannot_be_removed_by_naming_it():
    rows, moment = old(3)
    point = checkpoints.make(before=moment, actor=None, reason="")
    sealing.seal_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('halyq.audit_checkpoint', %s, true)", [str(point.pk)])
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("DELETE FROM audit_auditrecord WHERE seq > %s", [rows[-1].seq])


@pytest.mark.parametrize("has_begun", [True, False])
def test_nothing_is_removed_that_a_receiver_has_not_got(settings, has_begun):
    settings.SIEM_SYSLOG_URL = "tcp://siem.example:601"
    _rows, moment = old(3)
    point = checkpoints.make(before=moment, actor=None, reason="")
    if has_begun:
        SiemTarget.objects.create(slug="syslog", last_seq=2)
    with pytest.raises(Conflict):
        checkpoints.remove_before(point, actor=None, reason="")
    assert AuditRecord.objects.filter(seq__lte=3).count() == 3


def test_command_removes_what_is_older_than_it_may_be_kept():
    officer = make_user()
    sealed(2)
    with pytest.raises(CommandError, match="365"):
        call_command("prune_audit", by=officer.username, reason="x", keep_days=10)
    with pytest.raises(CommandError, match="no sealed records"):
        call_command("prune_audit", by=officer.username, reason="x")


@pytest.mark.parametrize("is_whole", [True, False])
def test_nobody_writes_into_the_database_that_all_is_verified_already(is_whole):
    rows = sealed(3)
    head = ChainHead.objects.get()
    as_owner("UPDATE audit_auditrecord SET reason = 'x' WHERE seq = %s", rows[0].seq)
    ended = None if is_whole else timezone.now()
    ChainCheck.objects.create(
        is_whole=is_whole, finished_at=ended, through_seq=head.seq, through_hash=head.hash, proof="0" * 64
    )
    check = checks.check_whole() if is_whole else checks.check_new()
    assert (check.problem, check.problem_seq) == ("changed", 1)
