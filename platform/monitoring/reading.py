"""Read the announced figures: each at most once within its time, however many processes are asked."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction
from django.db.utils import load_backend
from redis.exceptions import RedisError

from common.key_value import cache
from monitoring.gauges import Gauge, gauges, samples

logger = structlog.get_logger(__name__)
KEPT = "monitoring:figures"
KEPT_SECONDS = 300
PATIENCE_SECONDS = 60  # three scrapes that found nothing fresh: then it is worth waiting for the truth
STATEMENT_MILLISECONDS = 2000
CONNECT_SECONDS = 2
ENGINE = "django.db.backends.postgresql"


@dataclass(frozen=True)
class Reading:
    """What one source said at a moment; None when it failed."""

    at: float
    took: float
    samples: dict[tuple[str, ...], float] | None


Readings = dict[str, Reading]
_lock = threading.Lock()
_kept_here: Readings = {}  # while the key-value server is gone


def read_all(now: Callable[[], float] = time.time) -> Readings:
    """Every figure. One that is a little too old is given out once more and read again behind the answer, so that a
    scrape never waits for tables as long as somebody scrapes; one that is much too old, or missing, is waited for."""
    known = _known()
    ages = {one.name: _age(known.get(one.name), one, now()) for _name, one in gauges}
    if max(ages.values()) >= PATIENCE_SECONDS:
        known = refresh(now)
    elif max(ages.values()) >= 0:
        _refresh_behind()
    return {name: known[name] for name in ages}


def refresh(now: Callable[[], float] = time.time) -> Readings:
    """Read what is too old. One thread reads, others wait for it and find everything fresh."""
    with _lock:
        known = _known()
        stale = [one for _name, one in gauges if _age(known.get(one.name), one, now()) >= 0]
        if stale:
            known |= dict(_read(stale, now))
            _keep(known)
        return known


def _refresh_behind() -> None:
    if not _lock.locked():
        threading.Thread(target=_refresh_and_close, name="figures", daemon=True).start()


def _refresh_and_close() -> None:
    try:
        refresh()
    finally:
        connections.close_all()


def forget() -> None:
    """The next one who asks gets what is true now."""
    _kept_here.clear()
    cache.delete(KEPT)


def _age(reading: Reading | None, one: Gauge, now: float) -> float:
    """By how many seconds the reading is too old; negative while it is good, endless when there is none."""
    if reading is None or reading.at > now:
        return math.inf
    return now - reading.at - one.seconds


def _known() -> Readings:
    try:
        return dict(cache.get(KEPT) or {})
    except (OSError, RedisError):
        return dict(_kept_here)


def _keep(readings: Readings) -> None:
    _kept_here.clear()
    _kept_here.update(readings)
    try:
        cache.set(KEPT, readings, timeout=KEPT_SECONDS)
    except (OSError, RedisError):
        logger.warning("figures_not_shared")


def _read(wanted: Iterable[Gauge], now: Callable[[], float]) -> Iterator[tuple[str, Reading]]:
    with own_connection():
        has_database = _database_answers()
        for one in wanted:
            began = time.perf_counter()
            found = _read_one(one) if has_database or not one.from_database else None
            yield one.name, Reading(now(), time.perf_counter() - began, found)


def _read_one(one: Gauge) -> dict[tuple[str, ...], float] | None:
    """One source that fails is missing; the others are there."""
    try:
        with _apart(one):
            return samples(one.read(), one.labels)
    except Exception as error:  # whatever is wrong with one source must not hide all others
        logger.warning("figure_not_read", figure=one.name, error=type(error).__name__, why=str(error)[:200])
        return None


def _apart(one: Gauge) -> AbstractContextManager[Any]:
    """Within a transaction a statement that fails would spoil those of the next source."""
    return transaction.atomic() if one.from_database and connection.in_atomic_block else nullcontext()


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except (Error, OSError):
        return False
    except Exception as error:  # a pool has errors of its own
        logger.warning("figures_without_database", error=type(error).__name__)
        return False
    return True


@contextmanager
def own_connection() -> Iterator[None]:
    """A connection beside the pool: it is wanted most when every pooled one is busy, and must not wait for long."""
    configured: dict[str, Any] = connections.settings[DEFAULT_DB_ALIAS]
    if "pool" not in configured["OPTIONS"]:
        yield
        return
    options = {name: value for name, value in configured["OPTIONS"].items() if name != "pool"}
    options |= {"connect_timeout": CONNECT_SECONDS, "options": f"-c statement_timeout={STATEMENT_MILLISECONDS}"}
    made = configured | {"ENGINE": ENGINE, "OPTIONS": options}
    pooled = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = wrapper = load_backend(ENGINE).DatabaseWrapper(made, DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = pooled
        wrapper.close()
