"""The load generator: plain sockets with keep-alive in one process, so that it costs little beside the server."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[int], bytes]


@dataclass
class Series:
    """The answers to one kind of request."""

    name: str
    clients: int
    seconds: float
    times: list[float] = field(default_factory=list)
    codes: dict[int, int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    sample: str = ""

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("nan")

    @property
    def median(self) -> float:
        return statistics.median(self.times) * 1000 if self.times else float("nan")

    def good(self, codes: set[int]) -> bool:
        return bool(self.times) and set(self.codes) <= codes


class Connection:
    """One keep-alive connection; opened anew when the server has closed it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None
        self.rest = b""

    def ask(self, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        for attempt in (1, 2):
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(self.address, timeout=30)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.rest = b""
                self.socket.sendall(raw)
                return self._read()
            except (ConnectionError, OSError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _read(self) -> tuple[int, dict[str, str], bytes]:
        assert self.socket is not None
        data = self.rest
        while b"\r\n\r\n" not in data:
            piece = self.socket.recv(262144)
            if not piece:
                raise ConnectionError("closed")
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        cookies = []
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookies.append(value)
            headers[name.lower()] = value
        headers["set-cookie"] = "\n".join(cookies)
        body, self.rest = self._body(headers, body)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split()[1]), headers, body

    def _body(self, headers: dict[str, str], body: bytes) -> tuple[bytes, bytes]:
        assert self.socket is not None
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks(body)
        length = int(headers.get("content-length", "0"))
        while len(body) < length:
            piece = self.socket.recv(262144)
            if not piece:
                raise ConnectionError("closed")
            body += piece
        return body[:length], body[length:]

    def _chunks(self, data: bytes) -> tuple[bytes, bytes]:
        assert self.socket is not None
        whole = b""
        while True:
            while b"\r\n" not in data:
                data += self.socket.recv(262144)
            size, _, data = data.partition(b"\r\n")
            length = int(size, 16)
            while len(data) < length + 2:
                data += self.socket.recv(262144)
            whole, data = whole + data[:length], data[length + 2 :]
            if length == 0:
                return whole, data


def measure(
    name: str, address: tuple[str, int], request: Request, *, clients: int, seconds: float, most: int = 0, warm: int = 3
) -> Series:
    """Ask from `clients` connections for `seconds` (or `most` requests); the first few of each are not counted."""
    lock = threading.Lock()
    numbers = iter(range(10**9))
    series = Series(name, clients, 0.0)
    barrier = threading.Barrier(clients + 1)
    until = [0.0]

    def work() -> None:
        connection = Connection(address)
        own: list[tuple[float, int, int]] = []
        sample = b""
        for _ in range(warm):
            with lock:
                number = next(numbers)
            connection.ask(request(number))
        barrier.wait()
        while time.perf_counter() < until[0] and (not most or len(own) * clients < most):
            with lock:
                number = next(numbers)
            raw = request(number)
            began = time.perf_counter()
            code, _headers, body = connection.ask(raw)
            own.append((time.perf_counter() - began, code, len(body)))
            sample = body if code >= 400 else sample
        connection.close()
        with lock:
            for taken, code, size in own:
                series.times.append(taken)
                series.codes[code] = series.codes.get(code, 0) + 1
                series.sizes.append(size)
            series.sample = series.sample or sample[:300].decode("utf-8", "replace")

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    until[0] = time.perf_counter() + 3600
    barrier.wait()
    began = time.perf_counter()
    until[0] = began + seconds
    for thread in threads:
        thread.join()
    series.seconds = time.perf_counter() - began
    return series


def get(path: str, cookies: str = "", *, more: str = "") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nAccept-Language: kk\r\n{more}\r\n"
    return head.encode()


def post(
    path: str, body: bytes, *, kind: str = "application/x-www-form-urlencoded", cookies: str = "", more: str = ""
) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\n{more}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
