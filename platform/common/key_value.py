"""The shared cache on the key-value server, with one client for each pool instead of one for each call."""

from __future__ import annotations

from typing import Any, cast

from django.core.cache import cache as configured
from django.core.cache.backends.redis import RedisCache, RedisCacheClient


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

    def count(self, key: str, *, timeout: int) -> int:
        """One more of `key` within the window of `timeout` seconds that the first one opens; in one journey.

        `incr` asks first whether the key is there and leaves it to the caller to begin.
        """
        name = self.make_and_validate_key(key)
        pipeline = self._cache.get_client(name, write=True).pipeline(transaction=False)
        pipeline.incr(name)
        pipeline.expire(name, timeout, nx=True)
        return int(pipeline.execute()[0])


cache = cast(KeyValueCache, configured)
