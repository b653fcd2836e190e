"""The feed as server-sent events: connections of bounded length, and in each process only so many at a time.

A stream holds a thread of the web server. So a process gives STREAMS of its threads to them, no application more than
half of these, and a stream ends after STREAM_SECONDS: the client comes back by itself with `Last-Event-ID`. Whoever
finds no place is not turned away: he gets what there is and is told to come again in some seconds.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import connection
from rest_framework.exceptions import APIException

from common.errors import DomainError
from openapi import authentication, feed
from openapi.authentication import Caller
from openapi.models import FeedEntry
from openapi.sandbox import worlds
from openapi.scopes import Scope

MEDIA_TYPE = "text/event-stream"
HEADERS: Mapping[str, str] = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, private"}  # no proxy may wait
BATCH = 100
PAUSE = 1.0  # seconds between two looks into the feed
HEARTBEAT = 15.0  # proxies end a connection on which nothing comes
RETRY_MS, RETRY_WITHOUT_PLACE_MS = 1000, 5000
clock, wait = time.monotonic, time.sleep  # tests have their own


Describe = Callable[[FeedEntry], str]


class _Places:
    """The threads of this process that streams may hold."""

    def __init__(self) -> None:
        self.lock, self.taken = threading.Lock(), Counter[int]()

    @contextmanager
    def one_for(self, application_id: int) -> Iterator[bool]:
        """Whether there was one; it is free again afterwards, however the stream ends."""
        with self.lock:
            most = settings.STREAMS
            has = self.taken.total() < most and self.taken[application_id] < max(1, most // 2)
            self.taken[application_id] += has
        try:
            yield has
        finally:
            with self.lock:
                self.taken[application_id] -= has


places = _Places()


def events(
    key: str, address: str, application_id: int, cursor: int, describe: Describe
) -> Generator[bytes, None, None]:
    """The text of the stream. A key that is revoked meanwhile, or loses the scope, ends it."""
    with places.one_for(application_id) as has_place:
        ends = clock() + settings.STREAM_SECONDS if has_place else clock()
        yield _opening(cursor, RETRY_MS if has_place else RETRY_WITHOUT_PLACE_MS)
        spoke = clock()
        while (entries := _look(key, address, cursor)) is not None:
            if entries:
                cursor, spoke = entries[-1].seq, clock()
                yield b"".join(_event(entry, describe(entry)) for entry in entries)
            if clock() >= ends:
                return
            if clock() - spoke >= HEARTBEAT:
                spoke = clock()
                yield b": still here\n\n"
            if len(entries) < BATCH:
                wait(PAUSE)


def _look(key: str, address: str, cursor: int) -> list[FeedEntry] | None:
    """What has come since, asked with the key as if it came anew; None when it may not ask any more."""
    try:
        caller = authentication.check(key, address)
        if Scope.EVENTS_READ not in caller.scopes:
            return None
        with ExitStack() as entered:
            if caller.application.is_sandbox:
                inside = entered.enter_context(worlds.entered(caller.application))
                caller = replace(caller, application=inside.application)
            return feed.after(caller, cursor, BATCH)
    except (APIException, DomainError):  # also: a sandbox that was begun anew has no such place
        return None
    finally:
        _give_back()


def _give_back() -> None:
    """Nobody waits for a connection of the pool that a stream does not use."""
    if not connection.in_atomic_block:
        connection.close()


def place_of(caller: Caller, given: int | None) -> int:
    """Where to begin: after what the client has seen, else now."""
    if given is None:
        return feed.last()
    feed.after(caller, given, 1)  # refuses what the feed does not have
    return given


def _opening(cursor: int, retry: int) -> bytes:
    """The id without data sets the place to which the client returns, and shows nothing."""
    return f"retry: {retry}\nid: {cursor}\n\n".encode()


def _event(entry: FeedEntry, text: str) -> bytes:
    return f"id: {entry.seq}\ndata: {text}\n\n".encode()
