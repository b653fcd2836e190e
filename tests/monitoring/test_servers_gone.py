"""What is told while a server is gone, and by which connection figures are read."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.db import OperationalError, connection, connections
from django.test import Client

from monitoring import reading, tasks
from monitoring.certificate import end_of_certificate
from monitoring.models import Moment
from tests.monitoring.scrape import TOKEN, parse, value

ASKED = {"Authorization": f"Bearer {TOKEN}"}


def test_without_the_database_processes_and_other_servers_are_still_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    reading.forget()

    def gone() -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(connection, "ensure_connection", gone)
    answer: Any = Client().get("/metrics", headers=ASKED)
    found = parse(answer.content.decode())
    assert value(found, "halyq_figure_failed", figure="halyq_outbox_waiting") == 1
    assert value(found, "halyq_figure_failed", figure="halyq_queue_waiting") == 0
    assert "halyq_outbox_waiting" not in found
    assert "halyq_queue_waiting" in found and "halyq_http_requests_total" in found


@pytest.mark.django_db
def test_figures_are_read_beside_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are wanted most when every pooled connection is busy."""
    real = connections["default"]
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", {**real.settings_dict["OPTIONS"], "pool": {}})
    with reading.own_connection():
        own = connections["default"]
        assert own is not real
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone()[0] != real.connection.info.backend_pid
        assert "pool" not in own.settings_dict["OPTIONS"]
        assert own.settings_dict["OPTIONS"]["connect_timeout"] == reading.CONNECT_SECONDS
    assert connections["default"] is real
    assert own.connection is None


def test_a_process_without_a_pool_reads_by_the_connection_it_has() -> None:
    real = connections["default"]
    with reading.own_connection():
        assert connections["default"] is real


# The certificate


class Answer(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, datetime]]:
    """A server with a certificate that nobody has signed and that has ended: its end must be told all the same."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    end = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, datetime(2025, 1, 1, tzinfo=UTC), end)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "site.pem").write_bytes(pem + key.private_bytes(*plain))
    server = HTTPServer(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "site.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}/", end
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_the_end_of_the_certificate_is_noted(site: tuple[str, datetime], settings: Any) -> None:
    settings.PUBLIC_URL, end = site
    assert tasks.look_at_certificate() == end.isoformat()
    assert Moment.objects.get(name="certificate").at == end


@pytest.mark.django_db
def test_a_site_that_does_not_answer_keeps_what_was_known(settings: Any) -> None:
    settings.PUBLIC_URL = "https://127.0.0.1:1"
    assert tasks.look_at_certificate() == ""
    assert not Moment.objects.exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "", "https://", "ftp://a.kz"])
def test_without_tls_there_is_no_certificate(url: str) -> None:
    assert end_of_certificate(url) is None
