"""The event log that is history and outbox at once: abstract table, hash chain, hint after commit, sweep."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from common import realm
from common.hints import Hinter
from common.text import storable

logger = logging.getLogger(__name__)

HINT_SECONDS = 5

# Sent inside the transaction that records an event; keyword arguments: event. Higher apps may listen.
event_recorded = Signal()


class Event(models.Model):
    """A row that is never changed: who did what when and why, chained to the row before it by its hash."""

    seq = models.PositiveIntegerField(_("number in the chain"))
    occurred_at = models.DateTimeField(_("time"))
    recorded_at = models.DateTimeField(_("recorded"))
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    reacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.seq} {self.occurred_at:%Y-%m-%d %H:%M}"


# From here on Python writes a float with an exponent, which PostgreSQL keeps as a whole number.
WRITTEN_AS_WHOLE = 1e16
_encoder = DjangoJSONEncoder(allow_nan=False)


def as_stored(value: Any) -> Any:
    """The value as it comes back from a jsonb column, so that its hash is the same before and after.

    jsonb keeps numbers as decimals without exponent, one zero, keys as text and no text that is none; what JSON does
    not know (dates, decimals, translations) is written as Django's encoder writes it.
    """
    if isinstance(value, str):
        return storable(str.__str__(value))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _stored_float(float(value))
    if isinstance(value, dict):
        return {_stored_key(key): as_stored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(item) for item in value]
    return as_stored(_encoder.default(value))


def _stored_float(value: float) -> float | int:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("JSON has no such number")
    if abs(value) >= WRITTEN_AS_WHOLE:
        return int(Decimal(repr(value)))
    return value or 0.0


def _stored_key(key: Any) -> str:
    if isinstance(key, str):
        return storable(str.__str__(key))
    return str(next(iter(json.loads(json.dumps({key: None})))))  # as json writes numbers, true and null for keys


def canonical(value: Any) -> str:
    """JSON with sorted keys and no white space: one text for one value."""
    return json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def stamp(instant: datetime) -> str:
    """An instant as UTC text to the microsecond, the same before and after the database."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def chain_hash(*, prev_hash: str, fields: list[Any]) -> str:
    """HMAC-SHA256 over the previous hash and the row's own fields; changing any row breaks every later one.

    The key is not in the database: who can write there alone cannot write a chain anew.
    """
    message = f"{prev_hash}\n{canonical(fields)}".encode()
    return hmac.new(settings.HASH_KEY.encode(), message, hashlib.sha256).hexdigest()


def publish(task_name: str) -> None:
    """After commit, hint that events wait. Many hints within a moment become one task, because that task takes all.

    The mark is set after the commit and removed by the task before it looks, so an event committed before the mark
    is always seen. A lost hint costs time only: the sweep finds the event.
    """
    transaction.on_commit(lambda: work_here(task_name) if realm.current() else hint_soon(task_name))


def send_task(name: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Give a task to the queue; inside a realm it runs here and now, for no worker can enter it."""
    if realm.current():
        task_named(name).apply(tuple(args), kwargs, throw=True)
    else:
        current_app.send_task(name, args=args, kwargs=kwargs)


def task_named(name: str) -> Any:
    """A task to run here; a web process has not loaded the modules of the tasks yet."""
    if name not in current_app.tasks:
        current_app.loader.import_default_modules()
    return current_app.tasks[name]


_at_work: ContextVar[list[str] | None] = ContextVar("at_work", default=None)


def work_here(task_name: str) -> None:
    """Do what waits, and what that leads to, before the caller goes on; nothing nests, however long the chain is."""
    waiting = _at_work.get()
    if waiting is not None:
        waiting.append(task_name)
        return
    queue = [task_name]
    mark = _at_work.set(queue)
    try:
        while queue:
            task_named(queue.pop(0)).apply(throw=True)
    finally:
        _at_work.reset(mark)


def _hint(task_name: str) -> None:
    try:
        if cache.add(_mark(task_name), 1, timeout=HINT_SECONDS):
            current_app.send_task(task_name)
    except (OSError, RedisError, OperationalError):
        logger.warning("hint lost, the sweep will take it", extra={"task": task_name})


hint_soon = Hinter(_hint)


def hint_taken(task_name: str) -> None:
    """Called first by the hinted task: from now on new events hint again."""
    cache.delete(_mark(task_name))


def _mark(task_name: str) -> str:
    return f"hint:{task_name}"
