"""The log arrives outside: every sealed record, in order, whatever the receiver does."""

from __future__ import annotations

import datetime as dt
import json
import math
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from accounts.models import Role
from audit import sealing, trail
from audit.models import AuditRecord, SiemTarget
from audit.siem import shipping
from tests.audit.siem.rfc5424 import parse
from tests.audit.siem.stand import closed_port, http_server, syslog_server, udp_server
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-siem"


@pytest.fixture(autouse=True)
def records(settings, monkeypatch):
    settings.OUTGOING_ALLOWED = ["127.0.0.1"]
    settings.SIEM_TIMEOUT = 5
    monkeypatch.setattr(shipping, "BATCH", 3)
    write(10)


def write(count):
    actor = make_user(Role.INSPECTOR)
    for n in range(count):
        trail.record(action="exported", actor=actor, subject_ref=f'queue "{n}" ]\\', reason="қар\nжел")
    sealing.seal_all()


def sent():
    return list(AuditRecord.objects.filter(seq__isnull=False).order_by("seq").values_list("seq", "uid"))


def due():
    SiemTarget.objects.update(next_try_at=timezone.now())


def ship_until_done(tries=12):
    for _ in range(tries):
        due()
        shipping.ship_all()


def of_messages(messages):
    said = [json.loads(message.text)["event"] for message in messages]
    return [(event["sequence"], event["id"]) for event in said]


def in_order_without_repeats(found):
    """Each as it came for the first time; that is what a receiver keeps who knows repeats by event.id."""
    kept = list(dict.fromkeys(found))
    assert len({uid for _seq, uid in kept}) == len(kept)
    return kept


def expected():
    return [(seq, str(uid)) for seq, uid in sent()]


# Syslog


def test_every_record_arrives_over_tcp_in_order(settings):
    with syslog_server() as server:
        settings.SIEM_SYSLOG_URL = f"tcp://127.0.0.1:{server.port}"
        assert shipping.ship_all() == len(sent())
        found = server.messages()
        assert of_messages(found) == expected()
        assert {message.facility for message in found} == {13}
        assert found[-1].data["audit@32473"]["subject"] == 'queue "9" ]\\'
        user = json.loads(found[-1].text)["user"]
        assert user["roles"] == ["inspector"]
        assert shipping.ship_all() == 0
    target = SiemTarget.objects.get()
    assert (target.last_seq, target.attempts, target.last_error) == (sent()[-1][0], 0, "")


@pytest.mark.parametrize(
    "ways",
    [
        [100], [700, 1500], ["cut"], [1], ["cut", 900, "cut", 2000, 1], ["read", 300, "read", "cut"],
    ],
)  # fmt: skip
def test_receiver_that_cuts_in_the_middle_loses_nothing(settings, ways):
    with syslog_server(*ways) as server:
        settings.SIEM_SYSLOG_URL = f"tcp://127.0.0.1:{server.port}"
        ship_until_done()
        assert in_order_without_repeats(of_messages(server.messages())) == expected()
        assert SiemTarget.objects.get().last_seq == sent()[-1][0]


def test_control_without_waiting_for_the_end_a_cut_batch_is_lost(settings):
    later = threading.Event()
    with syslog_server(later) as server:
        settings.SIEM_SYSLOG_URL, settings.SIEM_SYSLOG_CONFIRM = f"tcp://127.0.0.1:{server.port}", False
        shipping.ship_all()
        later.set()
        server.wait_for(math.ceil(len(expected()) / shipping.BATCH))
        assert SiemTarget.objects.get().last_seq == expected()[-1][0]
        assert of_messages(server.messages()) == expected()[3:]


def test_receiver_that_is_down_is_tried_later_and_less_often(settings):
    settings.SIEM_SYSLOG_URL = f"tcp://127.0.0.1:{closed_port()}"
    waits = []
    for attempt in range(1, 12):
        due()
        assert shipping.ship_all() == 0
        target = SiemTarget.objects.get()
        waits.append((target.next_try_at - timezone.now()).total_seconds())
        assert (target.attempts, target.last_seq) == (attempt, 0)
    assert "ConnectionRefusedError" in target.last_error
    assert waits[0] < waits[1] < waits[2] < waits[5]
    assert waits[-1] <= 600
    assert shipping.ship_all() == 0
    assert SiemTarget.objects.get().attempts == 11
    with syslog_server() as server:
        settings.SIEM_SYSLOG_URL = f"tcp://127.0.0.1:{server.port}"
        ship_until_done()
        assert of_messages(server.messages()) == expected()


def test_receiver_that_never_ends_the_connection_has_not_taken_it_unless_that_is_not_asked_for(settings):
    settings.SIEM_TIMEOUT = 1
    with syslog_server("stay", "stay") as server:
        settings.SIEM_SYSLOG_URL = f"tcp://127.0.0.1:{server.port}"
        assert shipping.ship_all() == 0
        assert "TimeoutError" in SiemTarget.objects.get().last_error
    with syslog_server() as server:
        settings.SIEM_SYSLOG_URL, settings.SIEM_SYSLOG_CONFIRM = f"tcp://127.0.0.1:{server.port}", False
        ship_until_done()
        assert SiemTarget.objects.get().last_seq == sent()[-1][0]


def certificate(folder, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(encoding))
    no_password = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, no_password))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_every_record_arrives_over_tls_and_an_unknown_certificate_gets_nothing(settings, tmp_path):
    with syslog_server(context=certificate(tmp_path, "localhost")) as server:
        settings.SIEM_SYSLOG_URL = f"tls://localhost:{server.port}"
        assert shipping.ship_all() == 0
        assert "SSLCertVerificationError" in SiemTarget.objects.get().last_error
        settings.SIEM_SYSLOG_CA_FILE = str(tmp_path / "cert.pem")
        ship_until_done()
        assert of_messages(server.messages()) == expected()


def test_datagrams_arrive_one_message_each(settings):
    with udp_server() as channel:
        settings.SIEM_SYSLOG_URL = f"udp://127.0.0.1:{channel.getsockname()[1]}"
        assert shipping.ship_all() == len(sent())
        found = [parse(channel.recv(65_535)) for _ in sent()]
    assert of_messages(found) == expected()


# HTTP


def events_of(taken):
    return [(row["event"]["sequence"], row["event"]["id"]) for _headers, rows in taken for row in rows]


@pytest.mark.parametrize("is_gzipped", [False, True])
def test_every_record_arrives_over_http_in_order(settings, is_gzipped):
    with http_server() as (port, taken):
        settings.SIEM_HTTP_URL, settings.SIEM_HTTP_TOKEN = f"http://127.0.0.1:{port}/in", TOKEN
        settings.SIEM_HTTP_GZIP = is_gzipped
        assert shipping.ship_all() == len(sent())
    assert events_of(taken) == expected()
    headers = taken[0][0]
    assert (headers["Authorization"], headers["Content-Type"]) == (f"Bearer {TOKEN}", "application/x-ndjson")


@pytest.mark.parametrize(
    "ways",
    [
        [500], [503, 502], ["cut"], ["half"], [200, "half", 500, "cut", 200, 429], [401, 302], [413], [413, 413, 500],
    ],
)  # fmt: skip
def test_receiver_that_fails_loses_nothing(settings, ways):
    with http_server(*ways) as (port, taken):
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        ship_until_done()
    assert in_order_without_repeats(events_of(taken)) == expected()


@pytest.mark.parametrize("status", [429, 503])
def test_receiver_says_when_to_come_again(settings, status):
    with http_server((status, {"Retry-After": "77"})) as (port, _taken):
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        shipping.ship_all()
    target = SiemTarget.objects.get()
    assert 70 < (target.next_try_at - timezone.now()).total_seconds() <= 77
    assert target.last_error == f"HTTP {status}"


def test_token_is_kept_out_of_the_error(settings):
    settings.SIEM_HTTP_URL, settings.SIEM_HTTP_TOKEN = f"http://127.0.0.1:{closed_port()}/in", TOKEN
    shipping.ship_all()
    error = SiemTarget.objects.get().last_error
    assert error
    assert TOKEN not in error


def test_private_address_that_is_not_listed_is_refused(settings):
    settings.OUTGOING_ALLOWED = []
    with http_server() as (port, taken):
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        shipping.ship_all()
    assert not taken
    assert "AddressRefused" in SiemTarget.objects.get().last_error


def test_one_receiver_that_fails_does_not_stop_the_other(settings):
    with http_server() as (port, taken):
        settings.SIEM_SYSLOG_URL = f"tcp://127.0.0.1:{closed_port()}"
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        shipping.ship_all()
    assert events_of(taken) == expected()
    assert SiemTarget.objects.get(slug="syslog").last_seq == 0


def test_waiting_records_are_not_sent_before_they_are_sealed(settings):
    with http_server() as (port, taken):
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        trail.record(action="exported", actor=None, subject_ref="waiting")
        shipping.ship_all()
        assert len(events_of(taken)) == len(expected())
        sealing.seal_all()
        shipping.ship_all()
        assert events_of(taken) == expected()


def test_process_that_died_after_sending_sends_the_batch_again(settings):
    """Its lease runs out, and the receiver knows the repeats by event.id."""
    with http_server() as (port, taken):
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        target = shipping._claim("http")
        shipping.configured()["http"].send(shipping.documents(shipping._next(target, 3)))
        assert shipping.ship_all() == 0
        ship_until_done()
    found = events_of(taken)
    assert len(found) == len(expected()) + 3
    assert in_order_without_repeats(found) == expected()


def test_who_was_overtaken_moves_the_cursor_nowhere(settings):
    target = shipping._claim("http")
    SiemTarget.objects.update(last_seq=7)
    shipping._advance(target, 3)
    assert SiemTarget.objects.get().last_seq == 7


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_batch_once(settings):
    from django.db import connections

    with http_server() as (port, taken):
        settings.SIEM_HTTP_URL = f"http://127.0.0.1:{port}/in"
        SiemTarget.objects.create(slug="http")

        def ship():
            try:
                shipping.ship_all()
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ship) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        ship_until_done(2)
    assert events_of(taken) == expected()
