"""One beat at a time: a second beat process stands by until the first one is gone."""

import logging
from typing import Any

import psycopg
from celery.beat import PersistentScheduler
from django.db import connection

logger = logging.getLogger(__name__)

LOCK_ID = 0x48414C59  # "HALY": any number that nothing else of this database uses
STANDBY_SECONDS = 5.0


class SingleBeat(PersistentScheduler):
    """Tick only while this process holds an advisory lock; the lock goes with the connection, so it cannot stay."""

    _session: psycopg.Connection[Any] | None = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self._is_the_one():
            return STANDBY_SECONDS
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        super().close()

    def _is_the_one(self) -> bool:
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return True
            return self._try_lock()
        except psycopg.OperationalError as error:
            logger.warning("beat_has_no_database: %s", error)
            self._session = None
            return False

    def _try_lock(self) -> bool:
        parameters = connection.get_connection_params() | {"autocommit": True, "connect_timeout": 5}
        session: psycopg.Connection[Any] = psycopg.connect(**parameters)
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_ID]).fetchone()
        if row is None or not row[0]:
            session.close()
            return False
        self._session = session
        logger.info("beat_leads")
        return True
