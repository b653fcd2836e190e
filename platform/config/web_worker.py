"""The process that answers requests, of which there are several: they share what comes in."""

from __future__ import annotations

import socket

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # gunicorn has no types


class SharingWorker(ThreadWorker):  # type: ignore[misc]  # as above
    """Takes no new connection while all its threads work, so that the next one goes to a process that has one free.

    Without this, the process that wakes first takes whatever waits, up to a thousand connections, and as a connection
    stays where it was taken, one process works for all while its neighbour, and with it a core, stands idle.
    """

    def accept(self, listener: socket.socket) -> None:
        super().accept(listener)
        if self._is_busy:
            self.set_accept_enabled(False)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Asked by gunicorn before each wait as long as connections are not taken."""
        super().set_accept_enabled(enabled and not self._is_busy)

    @property
    def _is_busy(self) -> bool:
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        return bool(self.nr_conns - waiting >= self.cfg.threads)
