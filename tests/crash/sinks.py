"""Stand-ins of Telegram, the SMS gateway and the mail server: they keep everything that they were given."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from email.policy import default as mail_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Sink:
    """What arrived, by transport, each as a key under which the hub's own row is found again."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def take(self, transport: str, key: str) -> int:
        self.taken.append((transport, key))
        return len(self.taken)

    def answer(self, page: str, body: bytes) -> Any:
        if page == "sendMessage":
            fields = json.loads(body)
            number = self.take("telegram", f"{fields['chat_id']}|{fields['text']}")
            return {"ok": True, "result": {"message_id": number}}
        fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if page == "status.php":
            known = ("sms", fields["id"]) in self.taken
            return {"status": 1} if known else {"error": "message not found", "error_code": 3}
        self.take("sms", fields["id"])
        return {"id": fields["id"], "cnt": 1}


def _http(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = json.dumps(sink.answer(self.path.rsplit("/", 1)[-1], body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            return

    return Handler


def _smtp(sink: Sink) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 sink")
            while line := self.rfile.readline().strip():
                word = line[:4].upper()
                if word == b"DATA":
                    self.say("354 go on")
                    self.keep(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("221 bye" if word == b"QUIT" else "250 ok")
                if word == b"QUIT":
                    return

        def keep(self, raw: bytes) -> None:
            mail = message_from_bytes(raw, policy=mail_policy)
            sink.take("email", f"{mail['To']}|{' '.join(mail['Subject'].split())}")

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    return Handler


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed in the middle is what this is all about."""


class WebServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """As above."""


@contextmanager
def serving(sink: Sink) -> Iterator[dict[str, str]]:
    """The settings by which a hub sends to the sink."""
    servers = [WebServer(("127.0.0.1", 0), _http(sink)), Server(("127.0.0.1", 0), _smtp(sink))]
    with ExitStack() as ending:
        for server in servers:
            ending.callback(server.server_close)
            ending.callback(server.shutdown)
            threading.Thread(target=lambda one=server: one.serve_forever(poll_interval=0.05), daemon=True).start()
        web, mail = (server.server_address[1] for server in servers)
        yield {
            "TELEGRAM_API_BASE": f"http://127.0.0.1:{web}",
            "TELEGRAM_BOT_TOKEN": "1:crash",
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{web}",
            "SMS_GATEWAY_TOKEN": "crash",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail),
            "EMAIL_USE_TLS": "0",
        }
