"""Counts and times the statements of this process, whatever sends them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from monitoring.metrics import CONNECTIONS_LENT, POOL_SIZE, POOL_WAITING, STATEMENT_ERRORS, STATEMENT_SECONDS

LOOK_EVERY = 1.0  # seconds; a look at the pool takes its lock
_looked_at = 0.0


def measure(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        STATEMENT_ERRORS.labels(type(error).__name__).inc()
        raise
    finally:
        STATEMENT_SECONDS.observe(time.perf_counter() - began)


@receiver(connection_created, dispatch_uid="monitoring-connection")
def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Called for each connection that is opened, or lent by the pool."""
    CONNECTIONS_LENT.inc()
    if measure not in connection.execute_wrappers:
        connection.execute_wrappers.append(measure)
    _look_at_pool(getattr(connection, "pool", None))


def _look_at_pool(pool: Any) -> None:
    global _looked_at
    now = time.monotonic()
    if pool is None or now - _looked_at < LOOK_EVERY:
        return
    _looked_at = now
    found = pool.get_stats()
    POOL_SIZE.set(found.get("pool_size", 0))
    POOL_WAITING.set(found.get("requests_waiting", 0))
