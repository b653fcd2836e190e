"""NCALayer for tests: a real WebSocket on loopback that greets and signs as module kz.gov.pki.knca.basics."""

from __future__ import annotations

import base64
import hashlib
import json
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tools.eds.authority import Credential
from tools.eds.signatures import sign

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Answer = Callable[[dict[str, Any]], dict[str, Any]]


def signs_with(key: Credential) -> Answer:
    """What NCALayer gives after its owner has chosen a key and typed its password."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        arguments = request["args"]
        assert (request["module"], request["method"]) == ("kz.gov.pki.knca.basics", "sign")
        assert arguments["format"] == "cms" and arguments["signingParams"]["decode"]
        data = base64.b64decode(arguments["data"])
        signature = sign(data, key, detached=not arguments["signingParams"]["encapsulate"])
        return {"status": True, "body": {"result": [base64.encodebytes(signature).decode()]}}

    return answer


def cancelled(request: dict[str, Any]) -> dict[str, Any]:
    """The owner has closed its window."""
    return {"status": False, "code": "USER_CANCELLED", "message": "action.canceled", "body": {}}


class Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        key = ""
        while (line := self.rfile.readline().decode().strip()) or not key:
            name, _, value = line.partition(":")
            if name.lower() == "sec-websocket-key":
                key = value.strip()
        accepted = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + f"Sec-WebSocket-Accept: {accepted}\r\n\r\n".encode()
        )
        self._say(json.dumps({"result": {"version": "1.4"}}))
        request = self._hear()
        if request is not None:
            self.server.asked.append(request)
            self._say("--heartbeat--")
            self._say(json.dumps(self.server.answer(request)))
            self._hear()

    def _say(self, text: str) -> None:
        content = text.encode()
        length = bytes([len(content)]) if len(content) < 126 else b"\x7e" + struct.pack("!H", len(content))
        self.wfile.write(b"\x81" + length + content)

    def _hear(self) -> dict[str, Any] | None:
        """One text frame of a browser, which is always masked; None when it says good-bye."""
        head = self.rfile.read(2)
        if len(head) < 2 or head[0] & 0x0F != 1:
            return None
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self.rfile.read(2))
        mask, content = self.rfile.read(4), self.rfile.read(length)
        request: dict[str, Any] = json.loads(bytes(byte ^ mask[place % 4] for place, byte in enumerate(content)))
        return request


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.asked = answer, []  # type: Answer, list[dict[str, Any]]

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running(answer: Answer) -> Iterator[Server]:
    with Server(answer) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
