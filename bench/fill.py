"""Fills a database with invented appeals by the hundred thousand, and what belongs to them, with invented hashes.

The indexes are dropped while the rows come in and made again afterwards, so a million appeals take a few minutes.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from bench import texts

CHUNK = 100_000
POOL = 20_000
PEOPLE = 5_000
EXECUTORS = 3  # in every unit
SPAN = dt.timedelta(days=3 * 365)
TABLES = ("applicant", "appeal", "appealevent", "timer", "assignment", "reply")
PASSWORD = "bench-only-password"
EMPTY = {
    "character varying": "''", "text": "''", "bytea": "''", "boolean": "false", "jsonb": "'{}'",
    "timestamp with time zone": "now()",
}  # fmt: skip
SQL = Path(__file__).with_name("fill.sql")

Session = psycopg.Connection[Any]


def fill(session: Session, appeals: int) -> None:
    """`session` belongs to the superuser of the bench's own server: checks of foreign keys are off while filling."""
    began = time.monotonic()
    _make_staff()
    session.execute("SET session_replication_role = replica")
    session.execute("SET synchronous_commit = off")
    _reference(session)
    print(f"    texts and people: {time.monotonic() - began:.0f} s", flush=True)
    indexes = _drop_indexes(session)
    defaults = _give_defaults(session)
    functions, chunk = SQL.read_text(encoding="utf-8").split("-- name: chunk")
    session.execute(functions)
    now = dt.datetime.now(dt.UTC)
    try:
        for first in range(1, appeals + 1, CHUNK):
            last = min(first + CHUNK - 1, appeals)
            _add(session, chunk, first, last, appeals, now)
            print(f"    {last:,} appeals: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        for table, column in defaults:
            session.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")
        _tidy(session, indexes)
    print(f"    filled in {time.monotonic() - began:.0f} s", flush=True)


def _add(session: Session, chunk: str, first: int, last: int, total: int, now: dt.datetime) -> None:
    sizes = {
        name: session.execute(f"SELECT count(*) FROM bench_{table}").fetchone()[0]  # type: ignore[index]
        for name, table in (("departments", "department"), ("areas", "area"), ("people", "person"), ("pool", "text"))
    }
    values = {"first": first, "last": last, "total": total, "now": now, "span": SPAN, "executors": EXECUTORS} | sizes
    with session.transaction():
        session.execute(f"SELECT setseed({(first % 997) / 1000})")
        psycopg.ClientCursor(session).execute(chunk, values)


def _make_staff() -> None:
    """An inspector and an akim who see everything, and three executors and a head in every unit."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import Role, RoleAssignment, User
    from organizations.models import Department

    password = make_password(PASSWORD)

    def make(name: str, role: str, department: Department | None = None) -> None:
        user, created = User.objects.get_or_create(
            username=f"bench-{name}",
            defaults={"first_name": "Сынақ", "last_name": name.capitalize(), "password": password},
        )
        if created:
            RoleAssignment.objects.create(user=user, role=role, department=department)

    for name, role in (("inspector", Role.INSPECTOR), ("operator", Role.OPERATOR), ("akim", Role.AKIM)):
        make(name, role)
    for department in Department.objects.filter(is_external=False):
        make(f"head-{department.slug}", Role.HEAD, department)
        for number in range(1, EXECUTORS + 1):
            make(f"executor-{department.slug}-{number}", Role.EXECUTOR, department)


def _reference(session: Session) -> None:
    """Numbered tables of what the rows are put together from; encrypted values are made once, not a million times."""
    session.execute(
        "DROP TABLE IF EXISTS bench_row, bench_text, bench_person, bench_department, bench_area, bench_executor"
    )
    session.execute(
        "CREATE UNLOGGED TABLE bench_department AS SELECT row_number() OVER (ORDER BY id)::int AS no, id"
        " FROM organizations_department WHERE NOT is_external AND is_active"
    )
    session.execute(
        "CREATE UNLOGGED TABLE bench_area AS SELECT row_number() OVER (ORDER BY id)::int AS no, id"
        " FROM organizations_area"
    )
    session.execute(
        "CREATE UNLOGGED TABLE bench_executor AS"
        " SELECT row_number() OVER (PARTITION BY r.department_id ORDER BY u.id)::int AS no,"
        " r.department_id, u.id FROM accounts_user u JOIN accounts_roleassignment r ON r.user_id = u.id"
        " WHERE u.username LIKE 'bench-executor-%'"
    )
    _people(session)
    _texts(session)


def _people(session: Session) -> None:
    from common.crypto import encrypt, keyed_hash

    session.execute("CREATE UNLOGGED TABLE bench_person (no int, name bytea, phone bytea, phone_hash text)")
    with session.cursor().copy("COPY bench_person FROM STDIN") as copy:
        copy.set_types(["int4", "bytea", "bytea", "text"])
        for number in range(1, PEOPLE + 1):
            phone = f"+7701{number:07d}"
            copy.write_row(
                (
                    number,
                    encrypt(f"Сынақ Тұрғын {number}".encode()),
                    encrypt(phone.encode()),
                    keyed_hash(phone, purpose="phone"),
                )
            )


def _texts(session: Session) -> None:
    from common.text import search_terms

    topics = session.execute("SELECT id, sector_id FROM appeals_topic ORDER BY id").fetchall()
    keys = list(texts.KK_PROBLEMS)
    session.execute(
        "CREATE UNLOGGED TABLE bench_text"
        " (no int, language text, topic_id bigint, sector_id bigint, subject text, text text, stems text[], reply text)"
    )
    with session.cursor().copy("COPY bench_text FROM STDIN") as copy:
        copy.set_types(["int4", "text", "int8", "int8", "text", "text", "text[]", "text"])
        for number, one in enumerate(texts.pool(POOL), start=1):
            at_hand = topics[keys.index(one.topic) :: len(keys)] or topics
            topic_id, sector_id = at_hand[number % len(at_hand)]
            stems = sorted(set(search_terms(one.subject)) | set(search_terms(one.text)))
            copy.write_row((number, one.language, topic_id, sector_id, one.subject, one.text, stems, _reply(one)))
    session.execute("CREATE INDEX ON bench_text (no)")
    session.execute("ANALYZE bench_text")


def _reply(one: texts.InventedText) -> str:
    if one.language == "kk":
        return (
            f"Өтінішіңіз қаралды. {one.subject}: жұмыс орындалды, нәтижесі тексерілді."
            " Келіспесеңіз, шағым беруге құқығыңыз бар."
        )
    return (
        f"Ваше обращение рассмотрено. {one.subject}: работы выполнены, результат проверен. Вы вправе обжаловать ответ."
    )


def _drop_indexes(session: Session) -> list[str]:
    """Drop what no constraint needs; gives the statements that make them again."""
    rows = session.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid"
        " WHERE i.indrelid::regclass::text = ANY(%s) AND c.oid IS NULL",
        [[f"appeals_{table}" for table in TABLES]],
    ).fetchall()
    for name, _ in rows:
        session.execute(f"DROP INDEX {name}")
    return [statement for _, statement in rows]


def _give_defaults(session: Session) -> list[tuple[str, str]]:
    """For the time of filling, required columns that the rows do not name are empty: the models may grow."""
    rows = session.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = ANY(%s)"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [[f"appeals_{table}" for table in TABLES]],
    ).fetchall()
    for table, column, kind in rows:
        session.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {EMPTY.get(kind, '0')}")
    return [(table, column) for table, column, _ in rows]


def _tidy(session: Session, indexes: list[str]) -> None:
    session.execute("SET maintenance_work_mem = '1GB'")
    for statement in indexes:
        session.execute(statement)
    for table in TABLES:
        session.execute(
            f"SELECT setval(pg_get_serial_sequence('appeals_{table}', 'id'), coalesce(max(id), 1)) FROM appeals_{table}"
        )
        session.execute(f"VACUUM (ANALYZE) appeals_{table}")
    session.execute("DROP TABLE bench_text, bench_person, bench_department, bench_area, bench_executor")


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    appeals, socket_folder, database = arguments
    with psycopg.connect(host=socket_folder, user="postgres", dbname=database, autocommit=True) as session:
        fill(session, int(appeals))


if __name__ == "__main__":
    main(sys.argv[1:])
