"""NCANode's HTTP interface over the test authority, for tests and for a hub on a developer's machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tools.eds import verification
from tools.eds.verification import Centre, NotACms

LARGEST = 4 * 1024 * 1024
FAULTS = ("", "error", "silent", "html", "huge", "not-an-object")


class Server(ThreadingHTTPServer):
    """`fault` makes it fail as servers do: a stack trace, no answer, somebody else's page, far too much."""

    daemon_threads = True

    def __init__(self, centre: Centre, *, port: int = 0, listener: socket.socket | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler, bind_and_activate=listener is None)
        if listener is not None:
            self.socket.close()
            self.socket = listener
            self.server_address = listener.getsockname()
        self.centre, self.fault, self.released = centre, "", threading.Event()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/actuator/health":
            self._answer(200, {"status": "UP"})
        else:
            self._answer(404, {"status": 404, "error": "Not Found", "path": self.path})

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST))
        if self.server.fault:
            self._fail(self.server.fault)
            return
        try:
            request = json.loads(body)
        except ValueError:
            self._answer(400, {"status": 400, "error": "Bad Request", "path": self.path})
            return
        self.server.asked.append((self.path, request))
        self._serve(request)

    def _serve(self, request: dict[str, Any]) -> None:
        if self.path not in {"/cms/verify", "/cms/extract"}:
            self._answer(404, {"status": 404, "error": "Not Found", "path": self.path})
            return
        cms = request.get("cms")
        if not isinstance(cms, str) or not cms:
            self._answer(400, {"status": 400, "error": "Bad Request", "path": self.path})
            return
        try:
            if self.path == "/cms/extract":
                self._answer(200, verification.extract(cms))
            else:
                checks = request.get("revocationCheck", [])
                self._answer(200, verification.verify(cms, request.get("data"), checks, self.server.centre))
        except NotACms as refused:
            self._answer(400, {"status": 400, "message": str(refused)})

    def _fail(self, fault: str) -> None:
        if fault == "silent":
            self.server.released.wait(60)
            self.close_connection = True
        elif fault == "html":
            self._send(200, b"<html><body>Welcome to nginx!</body></html>", "text/html")
        elif fault == "huge":
            self._send(200, b'{"message": "' + b"x" * LARGEST + b'"}', "application/json")
        elif fault == "not-an-object":
            self._send(200, b"[1, 2]", "application/json")
        else:
            self._answer(500, {"status": 500, "message": "Internal Server Error"})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):  # who asked has heard enough
            self.close_connection = True

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - named by http.server
        """Signatures hold names and numbers of persons; no line of a log does."""


@contextmanager
def running(centre: Centre) -> Iterator[Server]:
    """A server of its own on a free port, for the length of a block."""
    server = Server(centre)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
