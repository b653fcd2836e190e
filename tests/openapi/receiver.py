"""A real server on this machine that receives webhooks and misbehaves on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """`plan` holds how the next requests are answered (200 when it is empty); `received` what has come."""

    def __init__(self) -> None:
        self.plan: list[int | str] = []
        self.received: list[tuple[str, dict[str, str], str]] = []
        self.release = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                named = {name.lower(): value for name, value in self.headers.items()}
                outer.received.append((self.path, named, body))
                how = outer.plan.pop(0) if outer.plan else 200
                if how == "silent":
                    outer.release.wait(30)
                    return
                if how == "dripping":  # never too late with a byte, never done
                    self._drip()
                    return
                if how == "slow":
                    outer.release.wait(0.2)
                    how = 200
                self.send_response(int(how))
                if int(how) in (301, 302, 307, 308):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _drip(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                for _ in range(30):
                    if outer.release.wait(0.05):
                        return
                    try:
                        self.wfile.write(b".")
                    except OSError:
                        return

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in self.received]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.release.set()
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
