"""PostgreSQL restarts under the web; the queue server is away: what was accepted stays, what was said is kept."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.crash.clients import CSRF, Clients, filing
from tests.crash.conftest import copy
from tests.crash.stand import NO_TLS, ROUNDS, Stand, command_of, wait_for
from tools.stack import keyvalue, lock, postgres
from tools.stack.folders import choose_layout

pytestmark = pytest.mark.slow_stack

FEW_SECONDS = 10  # a resident waits so long for his receipt; the queue server's own patience would be a minute


@pytest.fixture(scope="module")
def stand(prepared: Path) -> Iterator[Stand]:
    """Web, worker and beat of `make run`, with servers of one's own that these tests may stop and start."""
    folder = Path(tempfile.mkdtemp(prefix="halyq-gone-"))
    copy(prepared, folder / "own")
    for name in ("static", "steps-done.json"):
        (folder / "own" / name).rename(folder / name)
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HALYQ_VAR", str(folder / "own"))
        servers = choose_layout()
    servers.make_folders()
    held = lock.acquire(servers)
    assert held is not None
    made = Stand(folder, DATABASE_URL=servers.database_url, REDIS_URL=servers.redis_url)
    made.servers, made.held = servers, held
    made.children = [postgres.start(servers, held), keyvalue.start(servers, held)]
    try:
        made.start()
        yield made
    finally:
        made.sweep_away()
        for server in made.children:
            server.process.wait(30)
        os.close(held)
        shutil.rmtree(folder, ignore_errors=True)


def stop(stand: Stand, words: str, number: signal.Signals) -> None:
    """End the server whose command line holds these words; PostgreSQL's children go with it."""
    os.kill(min(pid for pid in stand.all() if words in command_of(pid)), number)
    wait_for(f"{words} is gone", lambda: not _is_there(stand, words))


def _is_there(stand: Stand, words: str) -> bool:
    return any(words in command_of(pid) for pid in stand.all())


@contextmanager
def away(stand: Stand, words: str, number: signal.Signals) -> Iterator[None]:
    stop(stand, words, number)
    yield
    start = postgres.start if "postgres" in words else keyvalue.start
    stand.children.append(start(stand.servers, stand.held))


def send(stand: Stand, token: str, name: str) -> httpx.Response:
    with httpx.Client(base_url=stand.address, cookies={"csrftoken": CSRF}, timeout=60, verify=NO_TLS) as client:
        return client.post("/appeals/new/", data=filing(token, name, 0, statutory=False) | {"topic": ""})


def appeals_of(stand: Stand, token: str) -> list[Any]:
    with stand.database() as session:
        return session.execute(
            "SELECT a.number, count(e.reacted_at)"
            " FROM appeals_appeal a JOIN appeals_appealevent e ON e.appeal_id = a.id"
            " WHERE a.external_id LIKE %s GROUP BY 1",
            [f"{token}-%"],
        ).fetchall()


# A planned restart is the milder of the two and is tried where more rounds are asked for (see test_crash.py).
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT][:ROUNDS])
def test_web_comes_back_with_its_database_and_nothing_acknowledged_is_lost(stand, number):
    """A planned restart, and the death of one of its processes, which makes PostgreSQL recover from its log."""
    clients = Clients(stand.address, seed=7, topic=stand.inside("prepare")["topic"])
    clients.start()
    wait_for("some filings", lambda: len(clients.kept.filings) > 10)
    if number == signal.SIGINT:
        with away(stand, "postgres -D", signal.SIGINT):
            time.sleep(1)
    else:
        backends = [pid for pid in stand.all() if "hub hub" in command_of(pid)]
        os.kill(backends[0], signal.SIGKILL)
    before = len(clients.kept.filings)
    wait_for("filing goes on", lambda: len(clients.kept.filings) > before + 10)
    kept = clients.stop()
    wait_for("everything is handed on", lambda: not any(stand.waiting()[:3]))
    found = stand.inside("verdict")
    there = [token for token, _number in found["web"]]
    assert set(kept.filings) <= set(there)
    assert len(there) == len(set(there))
    assert set(kept.updates.values()) <= set(found["telegram"])
    assert found["broken"] == []


def test_filing_goes_on_without_the_queue_server_and_the_sweep_hands_it_on_later(stand):
    token = uuid.uuid4().hex
    with away(stand, "valkey-server", signal.SIGKILL):
        began = time.monotonic()
        answer = send(stand, token, "кезексіз")
        assert answer.status_code == 303, answer.text[:500]
        assert time.monotonic() - began < FEW_SECONDS
        assert send(stand, token, "кезексіз").headers["Location"] == answer.headers["Location"]
        assert [row[1] for row in appeals_of(stand, token)] == [0]
    wait_for("the sweep hands it on", lambda: [row[1] > 0 for row in appeals_of(stand, token)] == [True])
