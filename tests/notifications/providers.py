"""Stand-ins for the servers of providers: real sockets, and the ways in which the real ones fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Provider:
    """Answers by a list of faults, then properly. `taken` is what the provider has really accepted."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.taken: list[dict[str, Any]] = []
        self.slow = threading.Event()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        page = handler.path.rsplit("/", 1)[-1]
        fields = self.read(body)
        self.requests.append((page, fields))
        fault = self.faults.pop(0) if self.faults else ""
        status, answer = self.answer(page, fields, fault)
        if fault in {"silence", "taken, then silence"}:
            self.slow.wait(timeout=5)
            return
        payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(payload) + (100 if fault == "cut off" else 0)))
        handler.end_headers()
        handler.wfile.write(payload)

    def read(self, body: bytes) -> dict[str, Any]:
        raise NotImplementedError

    def answer(self, page: str, fields: dict[str, Any], fault: str) -> tuple[int, Any]:
        raise NotImplementedError


class Smsc(Provider):
    """send.php and status.php as SMSC answers with fmt=3."""

    def read(self, body: bytes) -> dict[str, Any]:
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}

    def answer(self, page: str, fields: dict[str, Any], fault: str) -> tuple[int, Any]:
        if fault.startswith("error "):
            return 200, {"error": "described", "error_code": int(fault.removeprefix("error "))}
        if fault.isdigit():
            return int(fault), b"<html>Bad gateway</html>"
        if fault == "html":
            return 200, b"<html>maintenance</html>"
        if fault == "silence":
            return 200, {}
        if page == "status.php":
            known = any(sms["id"] == fields["id"] for sms in self.taken)
            return 200, {"status": 1, "last_date": "x"} if known else {"error": "message not found", "error_code": 3}
        self.taken.append(fields)
        return 200, {"id": fields["id"], "cnt": 1}


class TelegramApi(Provider):
    """sendMessage and answerCallbackQuery as the Bot API answers."""

    def read(self, body: bytes) -> dict[str, Any]:
        return dict(json.loads(body))

    def answer(self, page: str, fields: dict[str, Any], fault: str) -> tuple[int, Any]:
        if fault == "429":
            return 429, {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests",
                "parameters": {"retry_after": 900},
            }
        if fault == "403":
            return 403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
        if fault.isdigit():
            return int(fault), b"<html>"
        if page == "answerCallbackQuery":
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: query is too old"}
        self.taken.append(fields)
        return 200, {"ok": True, "result": {"message_id": len(self.taken)}}


@contextmanager
def serving(provider: Provider) -> Iterator[str]:
    """The address of a running stand-in."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            provider.handle(self)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        provider.slow.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
