"""The backend Django finds by ENGINE = "common.postgres"."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, Error
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Lends a pooled connection after a look at its socket; a journey to the server only when something waits there.

    A server that went away has closed its end, which is seen without asking. CONN_HEALTH_CHECKS would ask each time.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and _is_closed(connection):
            connection.close()
            self.pool.putconn(connection)  # the pool puts another one in its place
            connection = super().get_new_connection(conn_params)
        return connection


def _is_closed(connection: Connection[Any]) -> bool:
    try:
        watch = select.poll()
        watch.register(connection.fileno(), select.POLLIN | select.POLLRDHUP)
        if watch.poll(0):
            ConnectionPool.check_connection(connection)
    except (Error, OSError):
        return True
    return False
