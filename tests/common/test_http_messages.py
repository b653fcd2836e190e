"""The real web server reads each message once and in one way."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.common.limited_server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Server(tmp_path_factory.mktemp("gunicorn"), most=100) as running:
        yield running


def statuses(server: Server, raw: bytes) -> list[bytes]:
    """The status lines of everything that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return [line.split()[1] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.")]


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST /ready HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef" + SMUGGLED,
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: +5\r\n\r\nabcde" + SMUGGLED,
        HEAD + b"Content-Length : 5\r\n\r\nabcde" + SMUGGLED,
        HEAD + b"X-A: b\r\n X-Folded: c\r\n\r\n" + SMUGGLED,
    ],
)
def test_a_message_with_two_lengths_is_refused(server: Server, raw: bytes) -> None:
    """One answer at most, and no success: what stands behind is never taken for another request."""
    found = statuses(server, raw)
    assert len(found) <= 1
    assert not any(status == b"200" for status in found)


def test_a_plain_message_is_answered(server: Server) -> None:
    """Control: the same way of asking gets its answer."""
    assert statuses(server, HEAD + b"Content-Length: 5\r\nConnection: close\r\n\r\nabcde") == [b"200"]


def test_a_head_without_end_is_refused(server: Server) -> None:
    assert statuses(server, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")[:1] in ([b"400"], [b"414"])
    assert statuses(server, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n")[:1] in (
        [b"400"],
        [b"431"],
    )
