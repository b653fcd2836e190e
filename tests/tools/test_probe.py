"""The health check of a container."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tools import probe


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        trusted = self.headers["Host"] == "halyq.example" and self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(200 if trusted and self.path == "/readyz" else 503)
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def address(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "halyq.example,www.halyq.example")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_ready_process_passes(address):
    assert probe.answers(f"{address}/readyz")


def test_any_other_answer_fails(address):
    assert not probe.answers(f"{address}/elsewhere")


def test_no_answer_fails():
    assert not probe.answers("http://127.0.0.1:1/readyz")
