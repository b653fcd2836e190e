"""A worker answers Prometheus at an address of its own, from its main process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from celery.signals import worker_process_shutdown, worker_ready
from django.conf import settings
from prometheus_client import multiprocess
from prometheus_client.exposition import ThreadingWSGIServer

from monitoring.exposition import CONTENT_TYPE, text
from monitoring.guard import may_read

logger = structlog.get_logger(__name__)
Start = Callable[[str, list[tuple[str, str]]], object]


class QuietHandler(WSGIRequestHandler):
    """No line per scrape, and no name of a visitor's address is asked for."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name in the standard library
        pass

    def address_string(self) -> str:
        return str(self.client_address[0])


def answer(environment: dict[str, Any], start: Start) -> Iterable[bytes]:
    """The same guard and the same form as in the web, without the figures that the web reads."""
    if environment.get("PATH_INFO") != "/metrics" or environment.get("REQUEST_METHOD") != "GET":
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Not found."]
    if not may_read(environment):
        start("403 Forbidden", [("Content-Type", "text/plain")])
        return [b"Not from here."]
    start("200 OK", [("Content-Type", CONTENT_TYPE)])
    return [text(with_figures=False)]


def serve(host: str, port: int) -> WSGIServer:
    """Answer in a thread of its own until the process ends."""
    server = make_server(host, port, answer, ThreadingWSGIServer, handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


@worker_ready.connect(weak=False, dispatch_uid="monitoring-serve")
def serve_worker(**_: Any) -> None:
    """A port that is taken must not keep a worker from working."""
    if not settings.WORKER_METRICS_BIND:
        return
    host, _colon, port = settings.WORKER_METRICS_BIND.rpartition(":")
    try:
        serve(host.strip("[]"), int(port))
    except (OSError, OverflowError) as error:
        logger.error("worker_metrics_not_served", bind=settings.WORKER_METRICS_BIND, why=str(error))


@worker_process_shutdown.connect(weak=False, dispatch_uid="monitoring-shutdown")
def forget_process(pid: int | None = None, **_: Any) -> None:
    """What a child counted stays; what only a living one has goes."""
    if settings.METRICS_FOLDER and pid:
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
