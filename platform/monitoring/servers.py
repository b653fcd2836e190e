"""Figures of the servers the hub stands on: queue, database, key-value server, and the signs of life."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from celery import current_app
from django.db import connection

from common.key_value import cache
from monitoring import moments
from monitoring.gauges import gauge
from monitoring.models import Moment


@gauge("halyq_queue_waiting", "Tasks that wait for a worker.", "queue", from_database=False)
def queue_waiting() -> Mapping[str, float]:
    """The queue is declared as every sender does, so that one nobody has used yet counts as empty."""
    names = sorted(current_app.amqp.queues) or [current_app.conf.task_default_queue]
    channel: Any
    with current_app.connection_for_write() as queue_server, queue_server.channel() as channel:
        return {name: float(channel.queue_declare(name).message_count) for name in names}


@gauge("halyq_postgres_connections", "Connections to this database, by state.", "state")
def postgres_connections() -> Mapping[str, float]:
    return _pairs(
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1"
    )


@gauge("halyq_postgres_connections_allowed", "What the server takes in all.", seconds=300)
def postgres_connections_allowed() -> float:
    return _number("SELECT current_setting('max_connections')::int")


@gauge("halyq_postgres_longest_transaction_seconds", "Age of the oldest transaction.")
def postgres_longest_transaction() -> float:
    return _number(
        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


@gauge("halyq_postgres_waiting_for_locks", "Connections that wait for a lock.")
def postgres_waiting_for_locks() -> float:
    return _number(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )


@gauge("halyq_postgres_size_bytes", "Size of the database.", seconds=300)
def postgres_size() -> float:
    return _number("SELECT pg_database_size(current_database())")


@gauge("halyq_postgres_blocks_total", "Blocks read, by where they were found.", "place")
def postgres_blocks() -> Mapping[str, float]:
    return _columns("SELECT blks_hit AS memory, blks_read AS disk FROM pg_stat_database", "memory", "disk")


@gauge("halyq_postgres_transactions_total", "Transactions of this database.", "outcome")
def postgres_transactions() -> Mapping[str, float]:
    return _columns(
        "SELECT xact_commit AS committed, xact_rollback AS rolled_back, deadlocks AS deadlocks FROM pg_stat_database",
        "committed",
        "rolled_back",
        "deadlocks",
    )


@gauge("halyq_key_value_memory_bytes", "Memory of the key-value server: used, and the most it may use.", "kind",
       from_database=False)  # fmt: skip
def key_value_memory() -> Mapping[str, float]:
    found = cache.server_info("memory")
    return {"used": found["used_memory"], "most": found.get("maxmemory", 0)}


@gauge("halyq_key_value_lookups_total", "Keys that were asked for: found or not.", "outcome", from_database=False)
def key_value_lookups() -> Mapping[str, float]:
    found = cache.server_info("stats")
    return {"hit": found["keyspace_hits"], "miss": found["keyspace_misses"]}


@gauge("halyq_key_value_clients", "Connections to the key-value server.", from_database=False)
def key_value_clients() -> float:
    return float(cache.server_info("clients")["connected_clients"])


@gauge("halyq_key_value_answer_seconds", "How long one question to it took.", from_database=False)
def key_value_answer() -> float:
    began = time.perf_counter()
    cache.get("monitoring:no-such-key")
    return time.perf_counter() - began


@gauge("halyq_last_seen_timestamp_seconds",
       "When a worker did what beat asked for, and when a backup was made; 0 is never.", "what")  # fmt: skip
def last_seen() -> Mapping[str, float]:
    known = dict(Moment.objects.values_list("name", "at"))
    return {
        name.value: known[name].timestamp() if name in known else 0.0 for name in (Moment.Name.TICK, Moment.Name.BACKUP)
    }


@gauge("halyq_certificate_ends_timestamp_seconds", "End of the certificate of the site.", seconds=60)
def certificate_ends() -> float | None:
    """Nothing as long as nobody could look, or when the site speaks without TLS."""
    found = moments.last(Moment.Name.CERTIFICATE)
    return found.timestamp() if found else None


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _number(sql: str) -> float:
    return float(_rows(sql)[0][0])


def _pairs(sql: str) -> Mapping[str, float]:
    return {str(name): float(value) for name, value in _rows(sql)}


def _columns(sql: str, *names: str) -> Mapping[str, float]:
    (row,) = _rows(f"{sql} WHERE datname = current_database()")
    return {name: float(value) for name, value in zip(names, row, strict=True)}
