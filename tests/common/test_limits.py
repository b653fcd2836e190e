"""Limits by address: counted in the cache, believed from known proxies only, harmless when the cache is down."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisDown

from common import key_value
from common.errors import RateLimited
from common.limits import client_address, count, is_spent


def test_limit_is_refused_and_others_are_not():
    for _ in range(3):
        count("filing", "10.0.0.1", limit=3, seconds=60)
    assert is_spent("filing", "10.0.0.1", limit=3)
    with pytest.raises(RateLimited):
        count("filing", "10.0.0.1", limit=3, seconds=60)
    count("filing", "10.0.0.2", limit=3, seconds=60)
    count("track", "10.0.0.1", limit=3, seconds=60)


def test_window_begins_with_the_first_try_and_a_counter_never_stays_for_good():
    key = "limit:window"
    counter = cache._cache.get_client(cache.make_key(key), write=True)

    def left() -> int:
        return counter.ttl(cache.make_key(key))

    assert key_value.cache.count(key, timeout=60) == 1
    assert key_value.cache.count(key, timeout=6000) == 2
    assert 0 < left() <= 60
    counter.persist(cache.make_key(key))  # as when the connection breaks between the two commands
    assert key_value.cache.count(key, timeout=60) == 3
    assert 0 < left() <= 60


def test_nothing_is_refused_without_the_cache(monkeypatch):
    def down(*args, **kwargs):
        raise RedisDown

    for name in ("count", "get"):
        monkeypatch.setattr(cache, name, down)
    count("filing", "10.0.0.1", limit=0, seconds=60)
    assert not is_spent("filing", "10.0.0.1", limit=0)


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
def test_forwarded_address_is_believed_only_from_known_proxies(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address
