"""Sessions in the database, read through the cache, of which an ended one cannot come back.

Django's own `cached_db` has two gaps when a session is ended from outside: a request of another process that has read
the row just before it went writes it into the cache just after, and so does one that saves. From then on the cache
alone keeps the session alive. Here the end leaves a mark in the cache, read in the same journey as the session, and
the cache keeps nothing for longer than the mark.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.core.cache import caches
from redis.exceptions import RedisError

from common.crypto import decrypt, encrypt

logger = logging.getLogger(__name__)

CACHED_SECONDS = 3600  # then it is read from the database again
MARK_SECONDS = 2 * CACHED_SECONDS  # longer than any request that was under way can keep it in the cache
ENDED = "session-ended:"


class SessionStore(CachedStore):
    """The engine of this hub."""

    if TYPE_CHECKING:  # what the stubs do not tell of Django's own stores
        _cache: Any
        _session: dict[str, Any]
        _get_or_create_session_key: Any
        _get_session_from_db: Any

    def load(self) -> dict[str, Any]:
        key = self._get_or_create_session_key()
        found = self._cached(key)
        if ENDED + key in found:
            self._session_key = None
            return {}
        kept = found.get(self.cache_key_prefix + key)
        if isinstance(kept, str):
            return self.decode(kept)
        row = self._get_session_from_db()
        if not row:
            return {}
        age = self.get_expiry_age(expiry=row.expire_date)
        self._cache.set(self.cache_key, row.session_data, self._seconds(age))
        return self.decode(row.session_data)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encrypted: what somebody sent waits here while he proves who he is, and may hold a secret."""
        return encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """One written before sessions were encrypted, or with a key that is gone, has ended."""
        try:
            plain = decrypt(session_data.encode() if isinstance(session_data, str) else session_data).decode()
        except ValueError:
            return {}
        found: dict[str, Any] = super().decode(plain)
        return found

    def exists(self, session_key: str) -> bool:
        return ENDED + session_key not in self._cached(session_key) and super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        super(CachedStore, self).save(must_create)
        try:
            self._cache.set(self.cache_key, self.encode(self._session), self._seconds(self.get_expiry_age()))
        except (OSError, RedisError):
            logger.warning("session_not_cached")

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key:
            end_sessions([session_key])

    @staticmethod
    def _seconds(age: int) -> int:
        return min(age, CACHED_SECONDS)

    def _cached(self, key: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._cache.get_many([self.cache_key_prefix + key, ENDED + key])
        except (OSError, RedisError):
            return {}
        return found


def end_sessions(keys: Iterable[str]) -> None:
    """End many at once, at once for every process: first the marks, then the rows, then what is cached."""
    wanted = list(keys)
    cache = caches[settings.SESSION_CACHE_ALIAS]
    try:
        cache.set_many({ENDED + key: 1 for key in wanted}, MARK_SECONDS)
    except (OSError, RedisError):
        logger.warning("session_end_not_marked")
    SessionStore.get_model_class().objects.filter(session_key__in=wanted).delete()
    try:
        cache.delete_many([SessionStore.cache_key_prefix + key for key in wanted])
    except (OSError, RedisError):
        logger.warning("session_not_uncached")
