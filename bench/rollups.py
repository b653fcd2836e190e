"""`python -m bench.rollups [appeals ...] [again]`: rebuild everything and a day, ask every page of the statistics.

Fills a database of its own with lean appeals (no texts), kept for later runs. Ours, a calibration of the same run
(a scan that adds up the same rows), and the ratio are printed and written to bench/results/.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

import psycopg

from bench import stand
from bench.stand import Stand
from tools.stack import postgres
from tools.stack.folders import ROOT, Layout, choose_layout
from tools.stack.servers import running

CHUNK = 250_000
SPAN = dt.timedelta(days=12 * 365)
SQL = Path(__file__).with_name("rollups.sql")
KEPT_INDEXES = ("event_seq_once", "appeals_timer_appeal_id", "_pkey", "appeals_appeallink", "appeals_applicant")


def main(sizes: list[int], again: list[str]) -> int:
    os.environ["HALYQ_VAR"] = os.environ.get("HALYQ_BENCH_VAR") or str(ROOT / "var" / "bench")
    with running(choose_layout()) as services:
        if services.lock is None:
            raise SystemExit("Another bench is running in this folder.")
        for size in sizes:
            place = _filled(services.layout, size)
            stand.manage(place, "collectstatic", "--noinput", "-v0")
            stand.run(place, "-m", "bench.rollups_measure", str(size), *again)
    return 0


def _filled(layout: Layout, size: int) -> Stand:
    """The database takes its name when it is full: one that was broken off is begun anew."""
    name, making = f"bench_statistics_{size}", f"bench_statistics_{size}_new"
    with postgres.connect(layout) as session:
        exists = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not exists:
            session.execute(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)")
            session.execute(f"CREATE DATABASE {making} OWNER hub")
            new = Stand(layout, making, size)
            for command in (["migrate", "--noinput", "-v0"], ["load_reference"]):
                stand.manage(new, *command)
            with new.session() as filling:
                _fill(filling, size)
            session.execute(f"ALTER DATABASE {making} RENAME TO {name}")
    place = Stand(layout, name, size)
    stand.manage(place, "migrate", "--noinput", "-v0")
    return place


def _fill(session: psycopg.Connection, size: int) -> None:
    began = time.monotonic()
    session.execute("SET session_replication_role = replica")
    session.execute("SET synchronous_commit = off")
    indexes = _drop_indexes(session)
    _numbered(session)
    now = dt.datetime.now(dt.UTC)
    for first in range(1, size + 1, CHUNK):
        last = min(first + CHUNK - 1, size)
        _add(session, first, last, size, now)
        print(f"    {last:,} appeals: {time.monotonic() - began:.0f} s", flush=True)
    for definition in indexes:
        session.execute(definition)
    session.execute("VACUUM ANALYZE appeals_appeal, appeals_appealevent, appeals_timer")
    print(f"    filled in {time.monotonic() - began:.0f} s", flush=True)


def _numbered(session: psycopg.Connection) -> None:
    for number, kind in enumerate(("individual", "legal_entity", "anonymous"), start=1):
        session.execute(
            "INSERT INTO appeals_applicant (id, type, full_name, identifier, identifier_hash, representative_name,"
            " representative_ground, phone, phone_hash, email, email_hash, postal_address, thread_key,"
            " confirmed_medium) VALUES (%s, %s, '', '', '', '', '', '', '', '', '', '', '', '') ON CONFLICT DO NOTHING",
            [number, kind],
        )
    for table, source in (
        ("bench_topic", "SELECT row_number() OVER (ORDER BY id)::int AS no, id, sector_id FROM appeals_topic"),
        ("bench_area", "SELECT row_number() OVER (ORDER BY id)::int AS no, id FROM organizations_area"),
        (
            "bench_department",
            "SELECT row_number() OVER (ORDER BY id)::int AS no, id FROM organizations_department WHERE NOT is_external",
        ),
    ):
        session.execute(f"CREATE UNLOGGED TABLE {table} AS {source}")


def _add(session: psycopg.Connection, first: int, last: int, total: int, now: dt.datetime) -> None:
    counts = {f"{name}s": _size(session, f"bench_{name}") for name in ("topic", "area", "department")}
    values = {"first": first, "last": last, "total": total, "now": now, "span": SPAN} | counts
    with session.transaction():
        psycopg.ClientCursor(session).execute(
            """
            CREATE UNLOGGED TABLE bench_lean AS
            SELECT id, received_at, due_at, topic_no, area_no, unit_shift, c1, c2, c3, c4, c5, c6,
                   CASE WHEN c7 > 0.97 AND received_at > %(now)s::timestamptz - interval '60 days'
                        OR c7 > 0.9995 THEN NULL
                        WHEN received_at + took < %(now)s::timestamptz THEN received_at + took END AS answered_at
            FROM (SELECT i AS id, at AS received_at, c1, c2, c3, c4, c5, c6, c7, unit_shift,
                         (date_trunc('day', at AT TIME ZONE 'Asia/Almaty') + interval '8 days' - interval '1 second')
                             AT TIME ZONE 'Asia/Almaty' AS due_at,
                         interval '10 days' * power(c8, 1.5) + interval '20 minutes' AS took,
                         1 + floor(power(c9, 1.8) * %(topics)s)::int AS topic_no,
                         1 + floor(power(c10, 1.3) * %(areas)s)::int AS area_no
                  FROM (SELECT i, %(now)s::timestamptz
                                  - %(span)s::interval * ((%(total)s - i) / %(total)s::float8) AS at,
                               random() c1, random() c2, random() c3, random() c4, random() c5,
                               random() c6,
                               random() c7, random() c8, random() c9, random() c10,
                               floor(random() * 2)::int AS unit_shift
                        FROM generate_series(%(first)s::bigint, %(last)s::bigint) i) x) y
            """,
            values,
        )
        psycopg.ClientCursor(session).execute(SQL.read_text(encoding="utf-8"), values)
        session.execute("DROP TABLE bench_lean")


def _size(session: psycopg.Connection, table: str) -> int:
    row = session.execute(f"SELECT count(*) FROM {table}").fetchone()
    return row[0] if row else 0


def _drop_indexes(session: psycopg.Connection) -> list[str]:
    """Indexes that the statistics do not use go for good; those they use come back after the rows are in."""
    rows = session.execute(
        "SELECT i.indexname, i.indexdef, c.conname, pg_get_constraintdef(c.oid), i.tablename FROM pg_indexes i"
        " LEFT JOIN pg_constraint c ON c.conname = i.indexname"
        " WHERE tablename IN ('appeals_appeal', 'appeals_appealevent', 'appeals_timer') AND schemaname = 'public'"
    ).fetchall()
    again = []
    for name, definition, constraint, body, table in rows:
        if name.endswith("_pkey"):
            continue
        if constraint:
            session.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        else:
            session.execute(f"DROP INDEX {name}")
        if any(kept in name for kept in KEPT_INDEXES):
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {body}" if constraint else definition)
    return again


if __name__ == "__main__":
    words = sys.argv[1:]
    given = [int(word.replace(",", "")) for word in words if word != "again"]
    sys.exit(main(given or [10_000, 10_000_000], [word for word in words if word == "again"]))
