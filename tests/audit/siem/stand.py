"""Real receivers on the loopback that fail in the ways real ones do, one way after the other."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.audit.siem.rfc5424 import frames, parse

PATIENCE = 20
RESET = struct.pack("ii", 1, 0)


class SyslogServer:
    """Takes connections one by one; `ways` says how the next ones go, afterwards everything is read to its end.

    A number: read so many bytes, then reset. "cut": close without reading; an event: the same, when it is set.
    "stay": read and never end the connection.
    """

    def __init__(self, ways=(), context=None):
        self.ways, self.context = list(ways), context
        self.streams, self.kept, self.ended = [], [], threading.Semaphore(0)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                channel, _address = self.listener.accept()
            except OSError:
                return
            channel.settimeout(PATIENCE)
            way = self.ways.pop(0) if self.ways else "read"
            stream = bytearray()
            self.streams.append(stream)
            try:
                if self.context is not None:
                    channel = self.context.wrap_socket(channel, server_side=True)
                self._take(channel, way, stream)
            except OSError:
                channel.close()
            finally:
                self.ended.release()

    def _take(self, channel, way, stream):
        if way == "stay":
            self.kept.append(channel)
            while data := channel.recv(65536):
                stream += data
            return
        if isinstance(way, threading.Event):
            way.wait(PATIENCE)
        if way == "cut" or isinstance(way, threading.Event):
            channel.recv(1)
            channel.close()
            return
        limit = way if isinstance(way, int) else None
        while limit is None or len(stream) < limit:
            data = channel.recv(65536 if limit is None else min(limit - len(stream), 65536))
            if not data:
                break
            stream += data
        if limit is not None:
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        elif isinstance(channel, ssl.SSLSocket):
            channel.unwrap()
        channel.close()

    def messages(self):
        return [parse(frame) for stream in self.streams for frame in frames(bytes(stream))]

    def wait_for(self, connections):
        for _ in range(connections):
            assert self.ended.acquire(timeout=PATIENCE)

    def close(self):
        self.listener.close()
        for channel in self.kept:
            channel.close()


@contextmanager
def syslog_server(*ways, context=None):
    server = SyslogServer(ways, context)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def udp_server():
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.bind(("127.0.0.1", 0))
    channel.settimeout(PATIENCE)
    try:
        yield channel
    finally:
        channel.close()


@contextmanager
def http_server(*ways):
    """`ways`: a status, (status, headers), "cut" (ends without an answer), "half" (takes it and cuts the answer)."""
    left, taken = list(ways), []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            rows = [json.loads(line) for line in body.decode().splitlines()]
            way = left.pop(0) if left else 200
            status, headers = way if isinstance(way, tuple) else (way, {})
            if status in (200, "half"):
                taken.append((dict(self.headers), rows))
            if status in ("cut", "half"):
                if status == "half":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], taken
    finally:
        server.shutdown()
        server.server_close()


def closed_port():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
