"""Nothing acknowledged is lost or done twice, whatever is killed: intake, reactions and sending under kill -9.

`make crash ROUNDS=5 HALYQ_CRASH_SEED=7` shoots longer and at other moments.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crash.clients import Clients, Remembered
from tests.crash.conftest import copy
from tests.crash.sinks import Sink, serving
from tests.crash.stand import PATIENCE, ROUNDS, Stand, wait_for

pytestmark = pytest.mark.slow_stack
logger = logging.getLogger(__name__)

SEED = int(os.environ.get("HALYQ_CRASH_SEED", "20261123"))
# A round of everything that may die alone; the supervisor, and all with it, dies after the first.
ROUND = ["web-worker", "worker-child", "web", "worker", "web-worker", "beat", "worker", "worker-child"]
STILL = 3  # seconds without a change, after which what the dead had is given back


@pytest.fixture
def var(prepared: Path) -> Iterator[Path]:
    """A short path that PostgreSQL's account can enter, with the tables of a new hub in it."""
    folder = Path(tempfile.mkdtemp(prefix="halyq-crash-"))
    copy(prepared, folder)
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def shoot(stand: Stand, chance: random.Random) -> Counter[str]:
    """Kill what may die alone at random moments of the work, then the supervisor; more rounds go on after that."""
    killed: Counter[str] = Counter()
    for number in range(ROUNDS):
        for role in chance.sample(ROUND, len(ROUND)):
            wait_for("the web", stand.answers, tell=stand.last_words)
            time.sleep(chance.uniform(0.2, 1.6))
            stand.kill(role, chance)
            killed[role] += 1
        if number == 0:
            time.sleep(chance.uniform(0.2, 1.0))
            stand.kill_supervisor()
            killed["supervisor"] += 1
            stand.start()
    return killed


def settle(stand: Stand) -> None:
    """Wait until nothing waits, as long as something moves: a busy machine gives the worker little time.

    What dead processes had taken is given back when nothing has moved for a while.
    """
    seen = stand.waiting()
    moved_at = asked_at = time.monotonic()
    while any(seen):
        time.sleep(0.2)
        before, seen, now = seen, stand.waiting(), time.monotonic()
        if seen != before:
            moved_at = now
        elif now - max(moved_at, asked_at) > STILL:
            stand.let_leases_end()
            asked_at = now
        assert now - moved_at < PATIENCE, f"nothing moves any more: {seen}\n{stand.last_words()}"


def count_sent(sink: Sink, notices: list[list[str]]) -> tuple[Counter[tuple[str, str]], dict[str, int]]:
    """Notices that never arrived, and how many arrived once more; the inbox is its own arrival."""
    sent = Counter((transport, key) for transport, status, key in notices if status == "sent" and transport != "inbox")
    arrived = Counter(sink.taken)
    return sent - arrived, {"sent": sent.total(), "arrived": arrived.total(), "again": (arrived - sent).total()}


def check_kept(kept: Remembered, found: dict[str, Any]) -> None:
    """Every acknowledged filing and update is there exactly once, under the number that its author was given."""
    by_token = Counter(token for token, _number in found["web"])
    numbers = dict(found["web"])
    assert {token for token in kept.filings if by_token[token] != 1} == set()
    assert max(by_token.values()) == 1
    assert all(numbers[token] in place for token, place in kept.filings.items())
    photos = Counter(found["photos"])
    assert {token for token in kept.photos if photos[token] != 1} == set()
    told = Counter(found["telegram"])
    assert {update for update, key in kept.updates.items() if told[key] != 1} == set(), found["errors"]
    assert max(told.values()) == 1
    assert {str(update) for update in kept.updates} <= set(found["updates"])
    assert kept.refused == []


def test_nothing_acknowledged_is_lost_or_done_twice(var: Path) -> None:
    sink, chance = Sink(), random.Random(SEED)
    with serving(sink) as settings:
        stand = Stand(var, **settings)
        try:
            stand.start()
            clients = Clients(stand.address, SEED, stand.inside("prepare")["topic"])
            wait_for("a worker", lambda: stand.of("worker-child"), tell=stand.last_words)
            clients.start()
            killed = shoot(stand, chance)
            wait_for("the web", stand.answers, tell=stand.last_words)
            kept = clients.stop()
            settle(stand)
            found = stand.inside("verdict")
            missing, counts = count_sent(sink, found["notices"])
            report(killed, kept, found, counts)
            check_kept(kept, found)
            assert found["broken"] == []
            assert (found["events"] > 0, found["untold"]) == (True, [])
            assert missing == Counter()
            assert Counter(row[1] for row in found["notices"]).keys() <= {"sent", "cancelled"}
            assert sum(killed.values()) == ROUNDS * len(ROUND) + 1
            assert [len(stand.of(role)) for role in ("web", "web-worker", "worker", "worker-child", "beat")] == [
                1, 2, 1, 2, 1,
            ]  # fmt: skip
            assert stand.stop() == 0
            assert stand.all() == []
        finally:
            stand.sweep_away()


def report(killed: Counter[str], kept: Remembered, found: dict[str, Any], counts: dict[str, int]) -> None:
    figures = {
        "seed": SEED,
        "killed": dict(killed),
        "filings acknowledged": len(kept.filings),
        "with a photo": len(kept.photos),
        "pairs at once": kept.doubled,
        "updates acknowledged": len(kept.updates),
        "requests": kept.tries,
        "failed and repeated": kept.failures,
        "appeals": len(found["web"]) + len(set(found["telegram"])),
        "events": found["events"],
        "deliveries": found["deliveries"],
        **counts,
    }
    for name, value in figures.items():
        logger.warning("crash: %-22s %s", name, value)
