"""The ways to a SIEM: each hands over a batch as a whole, or says that it was not taken and when to try again."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from django.utils import timezone

from audit.siem.ecs import Document, as_json
from audit.siem.syslog import Sender, counted, datagram, message
from common import outgoing

TIMEOUT = 20.0
DEFAULT_PORTS = {"tcp": 601, "tls": 6514, "udp": 514}


class NotTaken(Exception):
    """The batch counts as not delivered and is sent again. `is_too_large`: a smaller one may be taken."""

    def __init__(self, why: str, *, retry_after: timedelta | None = None, is_too_large: bool = False) -> None:
        super().__init__(why)
        self.retry_after, self.is_too_large = retry_after, is_too_large


class Receiver(Protocol):
    def send(self, documents: Sequence[Document]) -> None: ...


@dataclass(frozen=True)
class SyslogReceiver:
    """RFC 5424 over UDP, over TCP with octet counting, or the same over TLS.

    Syslog has no answers. A batch over TCP counts as delivered when the receiver, after we have ended our side, has
    ended its own in order: then it has read everything. One that was cut off or reset is sent again.
    """

    url: str
    sender: Sender
    ca_file: str = ""
    is_confirmed: bool = True
    timeout: float = TIMEOUT

    def send(self, documents: Sequence[Document]) -> None:
        parts = urlsplit(self.url)
        address = (parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        try:
            if parts.scheme == "udp":
                self._send_datagrams(address, documents)
            else:
                frames = b"".join(counted(message(found, self.sender)) for found in documents)
                self._send_stream(address, frames, is_tls=parts.scheme == "tls")
        except OSError as error:
            raise NotTaken(f"{type(error).__name__}: {error}") from error

    def _send_datagrams(self, address: tuple[str, int], documents: Sequence[Document]) -> None:
        family, kind, _protocol, _name, place = socket.getaddrinfo(*address, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as channel:
            for found in documents:
                channel.sendto(datagram(found, self.sender), place)

    def _send_stream(self, address: tuple[str, int], frames: bytes, *, is_tls: bool) -> None:
        deadline = time.monotonic() + self.timeout
        with socket.create_connection(address, timeout=self.timeout) as plain:
            channel = self._tls().wrap_socket(plain, server_hostname=address[0]) if is_tls else plain
            channel.settimeout(max(deadline - time.monotonic(), 0.1))
            channel.sendall(frames)
            if isinstance(channel, ssl.SSLSocket):
                self._end_tls(channel)
            else:
                channel.shutdown(socket.SHUT_WR)
                self._wait_for_end(channel, deadline)

    def _wait_for_end(self, channel: socket.socket, deadline: float) -> None:
        """What a receiver says is read and passed over; only the end of its side counts."""
        while self.is_confirmed:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the receiver did not end the connection")
            channel.settimeout(left)
            if not channel.recv(4096):
                return

    def _end_tls(self, channel: ssl.SSLSocket) -> None:
        try:
            channel.unwrap()
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return  # ended in order on the level below: not every receiver says good-bye in TLS
        except TimeoutError:
            if self.is_confirmed:
                raise

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


@dataclass(frozen=True)
class HttpReceiver:
    """Lines of JSON in one POST; delivered when the answer is 2xx. For a SIEM inside see OUTGOING_ALLOWED."""

    url: str
    token: str = ""
    is_gzipped: bool = False
    timeout: float = TIMEOUT

    def send(self, documents: Sequence[Document]) -> None:
        body = "".join(f"{as_json(found)}\n" for found in documents).encode()
        headers = {"Content-Type": "application/x-ndjson"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.is_gzipped:
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        try:
            answer = outgoing.request(
                "POST", self.url, allow_private=True, timeout=self.timeout, headers=headers, content=body
            )
        except httpx.HTTPError as error:
            raise NotTaken(f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise NotTaken(
                f"HTTP {answer.status_code}",
                retry_after=_retry_after(answer.headers.get("retry-after", "")),
                is_too_large=answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE,
            )


def _retry_after(value: str) -> timedelta | None:
    """Seconds or a date; what is neither is as if nothing was said."""
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value), 3600))
    try:
        return max(parsedate_to_datetime(value) - timezone.now(), timedelta(0)) if value else None
    except (ValueError, TypeError):
        return None
