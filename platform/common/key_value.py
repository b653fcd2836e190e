"""The shared cache on the key-value server, with one client for each pool instead of one for each call."""

from __future__ import annotations

import secrets
from typing import Any, cast

from django.core.cache import cache as configured
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# A sorted set of the moments at which somebody was let through.
SLIDE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
if used < tonumber(ARGV[1]) then
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], window)
  return {0, used + 1}
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local wait = oldest[2] and (tonumber(oldest[2]) + window - now) or window
return {math.max(1, math.ceil(wait / 1000)), used}
"""


class KeepingClient(RedisCacheClient):
    """Making a client costs more than the call it is made for; one is safe to share, its pool lends connections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        client = self._clients.get(write)
        if client is None:
            client = self._clients[write] = super().get_client(key, write=write)
        return client


class KeyValueCache(RedisCache):
    """Django's cache on Redis, keeping its clients."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeepingClient

    def slide(self, key: str, *, limit: int, seconds: int) -> int:
        """One more of `key` unless `limit` were let through within the last `seconds`; else how long to wait.

        The server does it in one step and by its own clock, so that any number of processes count as one.
        """
        return self.slide_counting(key, limit=limit, seconds=seconds)[0]

    def slide_counting(self, key: str, *, limit: int, seconds: int) -> tuple[int, int]:
        """The same, and how many were let through within the last `seconds`."""
        name = self.make_and_validate_key(key)
        client = self._cache.get_client(name, write=True)
        wait, used = client.eval(SLIDE, 1, name, limit, seconds * 1000, secrets.token_hex(8))
        return int(wait), int(used)

    def count_in_hash(self, key: str, field: str, *, seconds: int) -> None:
        """One more of `field` in a table of counters that lives for so long after its last count."""
        name = self.make_and_validate_key(key)
        with self._cache.get_client(name, write=True).pipeline(transaction=False) as together:
            together.hincrby(name, field, 1)
            together.expire(name, seconds)
            together.execute()

    def read_hash(self, key: str) -> dict[str, int]:
        """Such a table; empty when nothing was counted."""
        name = self.make_and_validate_key(key)
        found: Any = self._cache.get_client(name).hgetall(name)
        return {field.decode(): int(count) for field, count in found.items()}

    def server_info(self, section: str) -> dict[str, Any]:
        """What the server tells of itself."""
        return dict(self._cache.get_client(write=True).info(section))

    def slid(self, key: str, *, seconds: int) -> int:
        """How many were let through within the last `seconds`."""
        name = self.make_and_validate_key(key)
        now, micro = self._cache.get_client(name).time()
        return int(self._cache.get_client(name).zcount(name, f"({(now - seconds) * 1000 + micro // 1000}", "+inf"))


cache = cast(KeyValueCache, configured)
