"""Speaks clamd's INSTREAM as clamd does, and fails in the ways clamd fails."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The harmless file that every scanner takes for a virus, in two pieces so that no scanner takes this file for one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """`fault`: "", "cut" (hangs up while it listens), "mute" (never answers), "garbage", "flood"."""

    def __init__(self) -> None:
        self.fault, self.largest, self.taken = "", 25 * 1024 * 1024, []  # type: tuple[str, int, list[bytes]]
        self.over = threading.Event()

    def talk(self, handler: socketserver.StreamRequestHandler) -> None:
        command = handler.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0", command
        content = bytearray()
        while size := struct.unpack("!L", handler.rfile.read(4))[0]:
            if self.fault == "cut":
                return
            content += handler.rfile.read(size)
            if len(content) > self.largest:
                handler.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.taken.append(bytes(content))
        self._answer(handler, bytes(content))

    def _answer(self, handler: socketserver.StreamRequestHandler, content: bytes) -> None:
        if self.fault == "mute":
            self.over.wait(10)
        elif self.fault == "flood":
            handler.wfile.write(b"x" * 100_000)
        elif self.fault == "garbage":
            handler.wfile.write(b"stream: \xff\xfe OK FOUND maybe\0")
        else:
            handler.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@contextmanager
def running(clamd: Clamd, folder: Path | None = None) -> Iterator[str]:
    """Its address: a socket file in the folder, or TCP."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                clamd.talk(self)
            except (OSError, struct.error):
                return

    socket_file = str(folder / "clamd.ctl") if folder else ""
    server: socketserver.BaseServer
    if socket_file:
        server = socketserver.ThreadingUnixStreamServer(socket_file, Handler)
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield f"unix:{socket_file}" if socket_file else f"127.0.0.1:{server.server_address[1]}"
    finally:
        clamd.over.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
