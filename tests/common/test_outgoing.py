"""Calls to other servers cannot be turned against our own network."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import outgoing
from common.network_addresses import is_public, listed
from tests.certificates import certificate_for

PUBLIC = "93.184.215.14"
# What IANA's registries of special-purpose addresses set apart, written down here on their own.
SET_APART_4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
SET_APART_6 = [
    "::/128", "::1/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32",
    "2001:2::/48", "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
    "fec0::/10", "ff00::/8",
]  # fmt: skip


def inside(network: str) -> st.SearchStrategy[str]:
    net = ipaddress.ip_network(network)
    return st.integers(0, net.num_addresses - 1).map(lambda number: str(net[number]))


@given(st.sampled_from(SET_APART_4 + SET_APART_6).flatmap(inside))
def test_no_address_that_is_set_apart_counts_as_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "64:ff9b::{}", "::{}"]))
def test_an_ipv4_address_inside_an_ipv6_one_is_never_public(address: ipaddress.IPv4Address, form: str) -> None:
    assert not is_public(form.format(address))


@given(st.ip_addresses(v=4))
def test_every_other_ipv4_address_is_public(address: ipaddress.IPv4Address) -> None:
    assert is_public(str(address)) == (not any(address in ipaddress.ip_network(net) for net in SET_APART_4))


@pytest.mark.parametrize("address", ["2a00:1450:4010::71", "2606:4700::6810:84e5", "8.8.8.8", "95.59.1.1"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["fe80::1%eth0", "2a00:1450::1%1", "", "localhost", "127.1", "0x7f000001"])
def test_what_is_no_plain_address_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_lists_hold_names_addresses_and_networks() -> None:
    allowed = ["SMS.hall.local", "10.1.0.0/16", "::1"]
    assert listed("sms.hall.local.", allowed)
    assert listed("10.1.2.3", allowed)
    assert listed("[::1]", allowed)
    assert not listed("evil-sms.hall.local", allowed)
    assert not listed("10.2.0.1", allowed)
    assert not listed("", allowed)


# Names


class Names:
    """A resolver that says what the test wants, and a network in which a public address leads to a local server."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.connected: list[str] = []
        self.port = 0

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Names:
    settings.OUTGOING_ALLOWED = []
    found = Names()
    connect = httpcore.SyncBackend.connect_tcp

    def connect_tcp(self: httpcore.SyncBackend, host: str, port: int, *args: Any) -> httpcore.NetworkStream:
        found.connected.append(host)
        return connect(self, "127.0.0.1", found.port, *args)

    monkeypatch.setattr(outgoing, "resolve", found.resolve)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    return found


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"], ["10.0.0.5"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
        ["fe80::1%eth0"], ["100.64.0.1"], ["224.0.0.1"], [PUBLIC, "192.168.1.1"],
    ],
)  # fmt: skip
def test_a_name_of_a_private_address_is_refused(names: Names, answer: list[str]) -> None:
    names.answers["files.example"] = [answer]
    with pytest.raises(outgoing.AddressRefused):
        outgoing.request("GET", "https://files.example/x")
    assert names.connected == []


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/", "file:///etc/passwd", "ftp://files.example/", "gopher://files.example/",
        "https://user:word@files.example/", "https://", "https://[fe80::1%25eth0]/", "https://files.example:99999/",
        "//files.example", "javascript:alert(1)", "unix:///run/kv.sock", "", "https://xn--.example/", "https://xn--a.example/",
    ],
)  # fmt: skip
def test_addresses_that_are_no_plain_https_are_refused(names: Names, url: str) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    with pytest.raises(outgoing.AddressRefused):
        outgoing.request("GET", url)
    assert names.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.0.0.1", "127.1", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]", "localhost"]
)
def test_every_way_to_write_the_own_machine_is_refused(host: str) -> None:
    with pytest.raises((outgoing.AddressRefused, httpx.ConnectError)):  # a resolver may know no odd forms at all
        outgoing.request("GET", f"https://{host}/")


# A server with a certificate of its own


class Answer(BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str]]]
    script: Callable[[BaseHTTPRequestHandler], None]

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        type(self).script(self)

    def log_message(self, *args: object) -> None:
        return


def say(body: bytes = b"ok", status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return script


@contextmanager
def serving(
    tmp_path: Path, settings: Any, script: Callable[[Any], None], *, name: str = "files.example"
) -> Iterator[tuple[int, list[tuple[str, dict[str, str]]]]]:
    seen: list[tuple[str, dict[str, str]]] = []
    handler = type("Handler", (Answer,), {"seen": seen, "script": staticmethod(script)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    authority, chain = certificate_for(name, tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    settings.OUTGOING_CA_FILE = str(authority)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def test_the_connection_goes_to_the_checked_address_and_tls_proves_the_name(
    names: Names, tmp_path: Path, settings: Any
) -> None:
    names.answers["files.example"] = [[PUBLIC], ["127.0.0.1"]]  # the second look-up would lead inside
    with serving(tmp_path, settings, say()) as (names.port, seen):
        assert outgoing.request("GET", "https://files.example/x").content == b"ok"
    assert names.asked == ["files.example"]
    assert names.connected == [PUBLIC]
    assert seen[0][1]["host"] == "files.example"


def test_a_certificate_of_another_name_is_refused(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    server = serving(tmp_path, settings, say(), name="other.example")
    with server as (names.port, seen), pytest.raises(httpx.ConnectError, match="certificate"):
        outgoing.request("GET", "https://files.example/x")
    assert seen == []


def test_every_new_connection_is_checked_anew(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers["files.example"] = [[PUBLIC], ["10.0.0.1"]]
    with serving(tmp_path, settings, say(Connection="close")) as (names.port, _seen), outgoing.client() as calls:
        calls.request("GET", "https://files.example/x")
        with pytest.raises(outgoing.AddressRefused):
            calls.request("GET", "https://files.example/x")


def test_redirects_are_not_followed_unless_wanted(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    with serving(tmp_path, settings, say(b"", 302, Location="https://inside.example/")) as (names.port, seen):
        assert outgoing.request("GET", "https://files.example/x").status_code == 302
    assert len(seen) == 1


@pytest.mark.parametrize(
    "target", ["https://inside.example/", "http://files.example/", "https://169.254.169.254/latest/", "file:///etc/x"]
)
def test_a_redirect_cannot_lead_inside(names: Names, tmp_path: Path, settings: Any, target: str) -> None:
    names.answers |= {
        "files.example": [[PUBLIC]], "inside.example": [["10.0.0.1"]], "169.254.169.254": [["169.254.169.254"]]
    }  # fmt: skip
    server = serving(tmp_path, settings, say(b"", 302, Location=target))
    with server as (names.port, seen), pytest.raises(outgoing.AddressRefused):
        outgoing.request("GET", "https://files.example/x", follow_redirects=True)
    assert len(seen) == 1


def test_redirects_end_and_stay_bounded(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    with serving(tmp_path, settings, say(b"", 302, Location="/again")) as (names.port, seen):
        assert outgoing.request("GET", "https://files.example/x", follow_redirects=True).status_code == 302
    assert len(seen) == 1 + outgoing.MOST_REDIRECTS


def test_another_server_gets_no_secret_by_redirect(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers |= {"files.example": [[PUBLIC]], "other.example": [[PUBLIC]]}

    def script(handler: BaseHTTPRequestHandler) -> None:
        target = {"Location": "https://other.example/y"}
        (say(b"", 302, **target) if handler.path == "/x" else say())(handler)

    with serving(tmp_path, settings, script, name="files.example other.example") as (names.port, seen):
        secret = {"X-Api-Key": "secret", "Authorization": "Bearer secret"}
        outgoing.request("GET", "https://files.example/x", follow_redirects=True, headers=secret)
    assert [path for path, _headers in seen] == ["/x", "/y"]
    assert "secret" in str(seen[0][1])
    assert "secret" not in str(seen[1][1])


@pytest.mark.parametrize("headers", [{}, {"Content_Length": "-1"}, {"Transfer_Encoding": "chunked"}])
def test_a_body_without_end_is_cut(names: Names, tmp_path: Path, settings: Any, headers: dict[str, str]) -> None:
    names.answers["files.example"] = [[PUBLIC]]

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if "Transfer_Encoding" in headers:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        piece = b"x" * 4096
        chunk = b"1000\r\n" + piece + b"\r\n" if "Transfer_Encoding" in headers else piece
        try:
            while True:
                handler.wfile.write(chunk)
        except OSError:
            return

    with serving(tmp_path, settings, script) as (names.port, _seen), pytest.raises(outgoing.AnswerTooLarge):
        outgoing.request("GET", "https://files.example/x", max_bytes=100_000)


def test_a_body_announced_too_large_is_not_read(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    with serving(tmp_path, settings, say(b"x" * 11)) as (names.port, _seen):
        assert len(outgoing.request("GET", "https://files.example/x", max_bytes=11).content) == 11
        with pytest.raises(outgoing.AnswerTooLarge):
            outgoing.request("GET", "https://files.example/x", max_bytes=10)


def test_a_compressed_answer_is_refused(names: Names, tmp_path: Path, settings: Any) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    server = serving(tmp_path, settings, say(b"x", Content_Encoding="gzip"))
    with server as (names.port, seen), pytest.raises(outgoing.EncodedAnswer):
        outgoing.request("GET", "https://files.example/x")
    assert seen[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_drop_by_drop_ends_with_the_time(names: Names, tmp_path: Path, settings: Any, part: str) -> None:
    names.answers["files.example"] = [[PUBLIC]]
    stop = threading.Event()

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b"X-Slow: "))
        try:
            while not stop.wait(0.02):
                handler.wfile.write(b"x")
        except OSError:
            return

    with serving(tmp_path, settings, script) as (names.port, _seen):
        try:
            with pytest.raises(outgoing.AnswerTooSlow):
                outgoing.request("GET", "https://files.example/x", timeout=0.4)
        finally:
            stop.set()


def test_proxies_of_the_environment_are_not_used(
    names: Names, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://10.0.0.9:3128")
    names.answers["files.example"] = [[PUBLIC]]
    with serving(tmp_path, settings, say()) as (names.port, _seen):
        outgoing.request("GET", "https://files.example/x")
    assert names.connected == [PUBLIC]


# Servers of our own


@pytest.fixture
def plain_server() -> Iterator[int]:
    handler = type("Handler", (Answer,), {"seen": [], "script": staticmethod(say())})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.mark.parametrize(
    ("allowed", "allow_private", "passes"),
    [
        (["127.0.0.0/8"], True, True),
        (["127.0.0.0/8"], False, False),  # an address that came from outside gains nothing by the list
        (["10.0.0.0/8", "sms.hall.local"], True, False),
        ([], True, False),
    ],
)
def test_a_private_address_needs_the_list_and_the_code(
    plain_server: int, settings: Any, allowed: list[str], allow_private: bool, passes: bool
) -> None:
    settings.OUTGOING_ALLOWED = allowed
    url = f"http://127.0.0.1:{plain_server}/"
    if passes:
        assert outgoing.request("GET", url, allow_private=allow_private).content == b"ok"
    else:
        with pytest.raises(outgoing.AddressRefused):
            outgoing.request("GET", url, allow_private=allow_private)


def test_an_address_that_does_not_answer_gives_way_to_the_next_one(
    plain_server: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTGOING_ALLOWED = ["hall.local"]
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: ["::1", "127.0.0.1"])
    assert outgoing.request("GET", f"http://hall.local:{plain_server}/", allow_private=True).content == b"ok"


def test_an_unknown_name_is_a_failed_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **options: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(httpx.ConnectError):
        outgoing.request("GET", "https://nobody.example/")


def test_nothing_else_in_the_hub_calls_other_servers() -> None:
    """Every call to another server goes through common.outgoing; mail has its own protocols."""
    root = Path(__file__).resolve().parents[2]
    forbidden = ("httpx.get(", "httpx.post(", "httpx.request(", "httpx.stream(", "httpx.Client(", "urlopen(",
                 "import requests", "http.client", "urllib.request")  # fmt: skip
    own = root / "platform" / "common" / "outgoing.py"
    # allauth speaks through `requests`; its sessions call by common.outgoing (sso/outside/calls.py).
    typed = root / "platform" / "sso" / "outside"
    folders = [root / "appeals", root / "petitions", root / "reports", root / "openapi", root / "platform"]
    for path in (path for folder in folders for path in folder.rglob("*.py") if path != own):
        source = path.read_text()
        known = {"import requests"} if typed in path.parents else set()
        assert not [word for word in forbidden if word in source and word not in known], path
