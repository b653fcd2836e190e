"""Many write, several seal, some are killed: there is one chain, without holes and without doubles."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from audit import checks, sealing, trail
from audit.models import AuditRecord, ChainHead
from tests.races.together import Meeting, failures, together

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH, SEALERS = 6, 25, 2


class Rolledback(Exception):
    pass


def write(subject="queue"):
    return trail.record(action="exported", actor=None, subject_ref=subject)


def writer(name):
    """Transactions of one and of several records, some of which are given up."""

    def work():
        for n in range(EACH):
            try:
                with transaction.atomic():
                    for m in range(1 + n % 3):
                        write(f"{name}:{n}:{m}")
                    if n % 5 == 4:
                        raise Rolledback
            except Rolledback:
                pass

    return work


def sealer(done):
    def work():
        while not done.is_set():
            sealing.seal_some(limit=7)

    return work


def assert_one_chain():
    numbers = list(AuditRecord.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    check = checks.check_whole()
    assert (check.problem, check.checked) == ("", len(numbers))


def test_many_writers_and_two_sealers_make_one_chain():
    done, left = threading.Event(), threading.Semaphore(0)

    def counted(work):
        def run():
            try:
                work()
            finally:
                left.release()

        return run

    def ending():
        for _ in range(WRITERS):
            left.acquire(timeout=60)
        done.set()

    writers = [counted(writer(f"w{n}")) for n in range(WRITERS)]
    results = together([*writers, *(sealer(done) for _ in range(SEALERS)), ending])
    assert failures(results) == []
    sealing.seal_all()
    kept = sum(1 + n % 3 for n in range(EACH) if n % 5 != 4) * WRITERS
    assert AuditRecord.objects.count() == kept
    assert_one_chain()


def two_sealers(monkeypatch):
    """Both have read the end of the chain before either writes."""
    for n in range(6):
        write(f"s:{n}")
    meeting, write_links = Meeting(2), sealing._write

    def meet(links):
        meeting.wait()
        write_links(links)

    monkeypatch.setattr(sealing, "_write", meet)
    return together([sealing.seal_some, sealing.seal_some])


def test_second_sealer_stands_aside(monkeypatch):
    assert sorted(two_sealers(monkeypatch)) == [0, 6]
    assert_one_chain()


def test_control_without_the_lock_two_sealers_get_in_each_others_way(monkeypatch):
    monkeypatch.setattr(sealing, "try_lock", lambda: True)
    ChainHead.objects.create(pk=1)
    assert len(failures(two_sealers(monkeypatch))) == 1


def test_control_without_the_lock_and_the_constraints_the_chain_forks(monkeypatch):
    """One sealer has read the end, the other one seals newer rows after the same end."""
    monkeypatch.setattr(sealing, "try_lock", lambda: True)
    ChainHead.objects.create(pk=1)
    write("first")
    write_links, other = sealing._write, []

    def meanwhile(links):
        if not other:
            other.append(True)
            thread = threading.Thread(target=late_sealer)
            thread.start()
            thread.join(timeout=30)
        write_links(links)

    def late_sealer():
        try:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE audit_auditrecord DISABLE TRIGGER USER")
            pk, digest = write("second").pk, AuditRecord.objects.get(subject_ref="second").digest
            place = sealing.link_hash(prev_hash="", seq=1, row_id=pk, digest=digest)
            AuditRecord.objects.filter(pk=pk).update(seq=1, prev_hash="", hash=place)
            ChainHead.objects.update(seq=1, hash=place)
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE audit_auditrecord ENABLE TRIGGER USER")
        finally:
            connections.close_all()

    monkeypatch.setattr(sealing, "_write", meanwhile)
    drop, add = (
        "ALTER TABLE audit_auditrecord DROP CONSTRAINT audit_auditrecord_seq_key",
        "ALTER TABLE audit_auditrecord ADD CONSTRAINT audit_auditrecord_seq_key UNIQUE (seq)",
    )
    with connection.cursor() as cursor:
        cursor.execute(drop)
    try:
        sealing.seal_some()
        assert AuditRecord.objects.filter(seq=1).count() == 2
        assert checks.check_whole().problem == "missing"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE audit_auditrecord CASCADE")
            cursor.execute(add)


def test_transaction_that_ends_late_takes_a_later_place():
    begun, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            row = write("slow")
            begun.set()
            may_end.wait(timeout=30)
            return row.pk

    def quick():
        begun.wait(timeout=30)
        pk = write("quick").pk
        assert sealing.seal_all() == 1
        may_end.set()
        return pk

    slow_pk, quick_pk = together([slow, quick])
    assert slow_pk < quick_pk
    sealing.seal_all()
    assert list(AuditRecord.objects.order_by("seq").values_list("pk", flat=True)) == [quick_pk, slow_pk]
    assert_one_chain()


# Killed

SEALER = """
import sys, django
django.setup()
from audit import sealing
write_links, count = sealing._write, []

def stop(where):
    print(where, flush=True)
    sys.stdin.readline()

def write(links):
    write_links(links)
    count.append(1)
    if len(count) == 2 and sys.argv[1] == "inside":
        stop("inside")

sealing._write = write
while sealing.seal_some(limit=4):
    if len(count) == 2 and sys.argv[1] == "between":
        stop("between")
"""


@pytest.mark.parametrize("where, sealed", [("inside", 4), ("between", 8)])
def test_killed_sealer_loses_nothing_and_the_next_one_goes_on(where, sealed):
    """Killed after it has written a batch and before the commit, and after a commit before the next batch."""
    for n in range(15):
        write(f"k:{n}")
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test", "TEST_DATABASE_URL": url,
        "PYTHONPATH": f"{settings.ROOT}:{settings.ROOT}/platform", "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SEALER, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout.readline().decode().strip() == where
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=30) == -signal.SIGKILL
    with connection.cursor() as cursor:  # the server notices the death of its client on its own time
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sealing.LOCK])
    assert AuditRecord.objects.filter(seq__isnull=False).count() == sealed
    assert sealing.seal_all() == 15 - sealed
    assert_one_chain()
