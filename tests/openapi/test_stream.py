"""The feed as server-sent events: resumed by the cursor, bounded in time and number, closed with the key."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from openapi import feed, stream
from openapi.models import ApiKey, Application
from openapi.scopes import Scope
from openapi.tasks import append_feed
from tests.factories import make_reference
from tests.openapi.api import FILING, Program, make_program


class Clock:
    """Time that passes only while the stream waits; `meanwhile` is done in the first wait."""

    def __init__(self) -> None:
        self.now, self.meanwhile = 1000.0, list[Any]()

    def wait(self, seconds: float) -> None:
        self.now += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()


@pytest.fixture(autouse=True)
def clock(db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    make_reference()
    settings.STREAM_SECONDS = 60
    found = Clock()
    monkeypatch.setattr(stream, "clock", lambda: found.now)
    monkeypatch.setattr(stream, "wait", found.wait)
    return found


def _open(program: Program, query: dict[str, Any] | None = None, **headers: str) -> Iterator[bytes]:
    answer = program.get("changes/stream", query, **headers)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    return iter(answer.streaming_content)


def _hold(program: Program) -> Generator[bytes, None, None]:
    """A stream whose client can go away in the middle."""
    return stream.events(program.key, "127.0.0.1", program.application.pk, 0, str)


def _told(parts: Iterator[bytes]) -> list[dict[str, str]]:
    """The events as a client of server-sent events reads them: fields by name, comments left out."""
    events = []
    for block in b"".join(parts).decode().split("\n\n"):
        lines = [line.partition(": ") for line in block.split("\n") if line and not line.startswith(":")]
        events.append({name: value for name, _colon, value in lines})
    return [event for event in events if event]


def _file(program: Program) -> None:
    program.post("appeals", FILING)
    append_feed()


def test_what_happens_is_told_while_it_happens(clock):
    program = make_program()
    _file(program)
    clock.meanwhile = [lambda: _file(program)]
    opening, *events = _told(_open(program))
    assert opening == {"retry": "1000", "id": "1"}
    assert [event["id"] for event in events] == [str(seq) for seq in range(2, feed.last() + 1)]
    told = json.loads(events[0]["data"])
    assert told == program.get("changes", {"cursor": 1}).json()["results"][0]


def test_client_that_returns_misses_nothing(clock, settings):
    program = make_program()
    settings.STREAM_SECONDS = 0
    for _ in range(3):
        _file(program)
    seen = _told(_open(program, {"cursor": 0}))[1:]
    later = _told(_open(program, {"cursor": 0}, Last_Event_ID=seen[0]["id"]))[1:]
    assert later == seen[1:]
    assert later


def test_stream_ends_after_its_time_and_speaks_in_between(clock, settings):
    settings.STREAM_SECONDS = 60
    began = clock.now
    text = b"".join(_open(make_program()))
    assert 60 <= clock.now - began <= 60 + 2 * stream.PAUSE
    assert text.count(b": still here\n\n") in (3, 4)


def test_whoever_finds_no_place_gets_what_there_is_and_comes_again(clock, settings):
    settings.STREAMS = 1
    program = make_program()
    holding = _hold(program)
    next(holding)
    _file(program)
    began = clock.now
    opening, *events = _told(_open(program, {"cursor": 0}))
    assert opening["retry"] == "5000"
    assert events
    assert clock.now == began, "no thread was held"
    holding.close()  # as the server does when the client goes away
    assert _told(_open(program))[0]["retry"] == "1000"


def test_one_application_leaves_places_to_others(settings):
    settings.STREAMS = 4
    greedy, other = make_program(), make_program()
    held = [_hold(greedy) for _ in range(3)]
    openings = [next(parts).decode() for parts in held]
    assert ["retry: 1000" in text for text in openings] == [True, True, False]
    assert b"retry: 1000" in next(_open(other))
    for parts in held:
        parts.close()
    assert b"retry: 1000" in next(_hold(greedy))


def test_places_are_counted_right_by_threads_at_once(settings):
    settings.STREAMS = 3
    places, barrier, given = stream._Places(), threading.Barrier(8), list[bool]()

    def come(number: int) -> None:
        with places.one_for(number) as has:
            given.append(has)
            barrier.wait(10)

    threads = [threading.Thread(target=come, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(given) == 3
    assert places.taken.total() == 0


@pytest.mark.parametrize("loss", ["revoked", "scope", "suspended"])
def test_stream_ends_with_the_right_to_it(clock, loss):
    program = make_program()
    began = clock.now

    def lose() -> None:
        if loss == "revoked":
            ApiKey.objects.update(revoked_at=program.application.created_at)
        elif loss == "scope":
            Application.objects.update(scopes=[Scope.WEBHOOKS_MANAGE.value])
        else:
            Application.objects.update(state="suspended")

    other = make_program()  # files after the loss: it must not be seen
    clock.meanwhile = [lose, lambda: _file(other)]
    assert len(_told(_open(program))) == 1
    assert clock.now - began <= 2 * stream.PAUSE


def test_appeals_of_somebody_else_are_not_told(clock, settings):
    settings.STREAM_SECONDS = 0
    one, other = make_program(), make_program()
    _file(other)
    assert _told(_open(one, {"cursor": 0}))[1:] == []
    assert _told(_open(other, {"cursor": 0}))[1:]


@pytest.mark.parametrize(
    ("given", "status"), [({"Last_Event_ID": "x"}, 400), ({"Last_Event_ID": "99"}, 422), ({"Last_Event_ID": "-1"}, 400)]
)
def test_place_that_is_none_is_refused_as_a_problem(given, status):
    answer = make_program().get("changes/stream", None, Accept=stream.MEDIA_TYPE, **given)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
