"""Limits by address: one count for all processes, believed from known proxies only, said what happens without cache."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as RedisDown

from common import limits
from common.errors import RateLimited
from common.limits import LIMITS, client_address, count, is_spent, network_of, take
from tests.common.limited_server import Server

ROOT = Path(__file__).resolve().parents[2]
MINUTE = {"limit": 3, "seconds": 60}


def test_limit_is_refused_and_others_are_not() -> None:
    for _ in range(3):
        count("filing", "10.0.0.1", **MINUTE)
    assert is_spent("filing", "10.0.0.1", **MINUTE)
    with pytest.raises(RateLimited):
        count("filing", "10.0.0.1", **MINUTE)
    count("filing", "10.0.0.2", **MINUTE)
    count("track", "10.0.0.1", **MINUTE)


class Clock:
    """Moves the moments that the server keeps, as if time had passed."""

    def __init__(self, what: str, who: str) -> None:
        self.name = cache.make_key(limits._key(what, who))
        self.server = cache._cache.get_client(self.name, write=True)

    def passes(self, seconds: float) -> None:
        for member, moment in self.server.zrange(self.name, 0, -1, withscores=True):
            self.server.zadd(self.name, {member: moment - seconds * 1000})


def test_window_slides_so_that_no_border_lets_twice_as_many_through() -> None:
    clock = Clock("filing", "10.0.0.1")
    count("filing", "10.0.0.1", **MINUTE)
    clock.passes(50)
    for _ in range(2):
        count("filing", "10.0.0.1", **MINUTE)
    clock.passes(9)  # 59 seconds after the first, which still counts
    with pytest.raises(RateLimited):
        count("filing", "10.0.0.1", **MINUTE)
    assert limits.waits.get() in {1, 2}
    clock.passes(2)
    count("filing", "10.0.0.1", **MINUTE)
    with pytest.raises(RateLimited):
        count("filing", "10.0.0.1", **MINUTE)  # a window that began anew would let two more through


def test_refused_tries_do_not_lock_anybody_out_for_longer() -> None:
    clock = Clock("track", "10.0.0.1")
    for _ in range(3):
        count("track", "10.0.0.1", **MINUTE)
    clock.passes(55)
    for _ in range(10):
        with pytest.raises(RateLimited):
            count("track", "10.0.0.1", **MINUTE)
    clock.passes(6)
    count("track", "10.0.0.1", **MINUTE)


def test_a_counter_never_stays_for_good() -> None:
    count("filing", "10.0.0.1", **MINUTE)
    clock = Clock("filing", "10.0.0.1")
    assert 0 < clock.server.ttl(clock.name) <= 60


def test_no_address_stands_in_the_cache() -> None:
    count("filing", "10.77.66.55", **MINUTE)
    assert not any(b"10.77.66.55" in key for key in cache._cache.get_client(None).keys("*limit*"))


@pytest.mark.parametrize("what", LIMITS)
def test_without_the_cache_people_go_on_but_guessers_do_not(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise RedisDown

    for name in ("slide", "slid"):
        monkeypatch.setattr(cache, name, down)
    if what in {"track", "track-number", "contact-code", "iin"}:
        with pytest.raises(RateLimited, match=r"."):
            take(what, "10.0.0.1")
    else:
        take(what, "10.0.0.1")
    assert not is_spent(what, "10.0.0.1", limit=0, seconds=60)


def test_every_limit_that_is_taken_stands_in_the_table() -> None:
    folders = [ROOT / "appeals", ROOT / "platform", ROOT / "reports"]
    sources = [path.read_text() for folder in folders for path in folder.rglob("*.py")]
    taken = {name for source in sources for name in re.findall(r"(?<![\w.])(?:\w*limits\.)?take\(\"([\w-]+)\"", source)}
    assert taken == set(LIMITS)


# Whose request it is


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.5", "1.1.1.1"),
        (2, "1.1.1.1", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_forwarded_address_is_believed_only_from_known_proxies(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


@given(
    claimed=st.lists(st.one_of(st.ip_addresses().map(str), st.text("0123456789.:,; abc%", max_size=20)), max_size=6),
    real=st.ip_addresses(v=4).map(str),
    proxies=st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=3),
)  # fmt: skip
def test_whatever_a_visitor_claims_his_address_stays_the_same(
    claimed: list[str], real: str, proxies: list[str]
) -> None:
    """Each proxy appends whom it heard: with n of them in front, the visitor is the nth from the right."""
    chain = ", ".join([*claimed, real, *proxies[:-1]])
    request = RequestFactory().get("/", headers={"x-forwarded-for": chain}, REMOTE_ADDR=proxies[-1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.limits.settings.TRUSTED_PROXY_COUNT", len(proxies))
        assert client_address(request) == real


def test_a_network_of_ipv6_counts_as_one_visitor() -> None:
    def who(address: str) -> str:
        return network_of(RequestFactory().get("/", REMOTE_ADDR=address))

    assert who("2a00:1450:4010:1::1") == who("2a00:1450:4010:1:ffff::9") != who("2a00:1450:4010:2::1")
    assert who("10.0.0.1") != who("10.0.0.2")
    assert who("") == ""


# Two real processes of gunicorn

MOST = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Server(tmp_path_factory.mktemp("gunicorn"), most=MOST) as running:
        yield running


def test_two_processes_together_let_through_what_one_may(server: Server) -> None:
    answers = server.load("/shared", times=120)
    assert len({answer.process for answer in answers}) == 2
    assert sum(answer.status == 200 for answer in answers) == MOST
    assert sum(answer.status == 429 for answer in answers) == 120 - MOST


def test_counters_of_each_process_would_let_through_more(server: Server) -> None:
    """Control: the load reaches both processes, so a count that is not shared is seen to fail."""
    answers = server.load("/own", times=120)
    assert sum(answer.status == 200 for answer in answers) == 2 * MOST


def test_another_claimed_address_for_each_try_gains_nothing(server: Server) -> None:
    answers = server.load("/spoofed", times=120, claim=True)
    assert sum(answer.status == 200 for answer in answers) == MOST
