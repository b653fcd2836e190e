"""Another world beside the real one: its own database, cache, files and clock for the code that runs inside it.

A partner's sandbox is such a world. Whatever runs inside finds it at the places where it always looks: the default
connection, the shared cache, the default storage, `timezone.now()`. What it starts runs at once and inside as well,
and messages to people end in its own tables instead of going out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.db.utils import load_backend
from django.utils import timezone

DEFAULT = "default"
MEDIA = "realms"
ENGINE = "django.db.backends.postgresql"


@dataclass(frozen=True)
class Realm:
    """`name` keeps its cache and files apart; `shift` is how far its clock is ahead."""

    name: str
    database: str
    shift: timedelta = timedelta()


_current: ContextVar[Realm | None] = ContextVar("realm", default=None)
_real_now = timezone.now


def current() -> Realm | None:
    """The world this code runs in; None in the real one."""
    return _current.get()


def name() -> str:
    """A word for keys of what a process keeps: empty in the real world."""
    realm = _current.get()
    return realm.name if realm else ""


@contextmanager
def inside(realm: Realm) -> Iterator[None]:
    """Run the block in the realm. Connections belong to threads, so the real one waits untouched meanwhile."""
    real, mark = connections[DEFAULT], _current.set(realm)
    connections[DEFAULT] = wrapper = _connection(realm)
    try:
        yield
    finally:
        connections[DEFAULT] = real
        _current.reset(mark)
        wrapper.close()


def _connection(realm: Realm) -> Any:
    """A connection of its own, outside of any pool: the pools are the real world's."""
    found: dict[str, Any] = connections.settings[DEFAULT] | {"ENGINE": ENGINE, "NAME": realm.database}
    found["OPTIONS"] = {name: value for name, value in found["OPTIONS"].items() if name != "pool"}
    found |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    return load_backend(ENGINE).DatabaseWrapper(found, DEFAULT)


def now() -> datetime:
    """The present of the realm. Installed as `django.utils.timezone.now`, so that nothing forgets to ask."""
    realm = _current.get()
    return _real_now() + realm.shift if realm else _real_now()


now.__module__, now.__qualname__ = timezone.now.__module__, timezone.now.__qualname__  # as migrations write it


def real_now() -> datetime:
    """The present outside of every realm."""
    return _real_now()


def install_clock() -> None:
    """Called once, before any model is loaded: defaults of fields keep the function itself."""
    timezone.now = now


def cache_key(key: str, prefix: str, version: int) -> str:
    """Django's own form of a key, with the realm in it."""
    realm = name()
    return f"{prefix}:{version}:{realm}:{key}" if realm else f"{prefix}:{version}:{key}"


def media_folder() -> str:
    """Below the folder of uploads; empty in the real world."""
    realm = name()
    return f"{MEDIA}/{realm}" if realm else ""
