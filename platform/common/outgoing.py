"""Calls to other servers: only over HTTPS, only to public addresses, bounded in size and time.

An address that somebody configured or sent may point into our own network. So the name is looked up here, every
address of the answer is checked, and the connection goes to exactly the checked address: a name that resolves
differently a moment later gains nothing. TLS still proves the name. What OUTGOING_ALLOWED lists (hosts and networks)
may be private and plain HTTP, for calls whose code says `allow_private`.
"""

from __future__ import annotations

import contextvars
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import TracebackType
from typing import Any

import httpcore
import httpx
from django.conf import settings

from common.network_addresses import Unresolvable, is_public, listed, resolve

TIMEOUT = 20.0
CONNECT_TIMEOUT = 5.0
MAX_BYTES = 1024 * 1024
MOST_REDIRECTS = 3
USER_AGENT = "HalyqUni"
REDIRECTS = {301, 302, 303, 307, 308}
# All that a request tells a server to which another one sent it.
HARMLESS = {"accept", "accept-language", "user-agent"}


class OutgoingError(httpx.RequestError):
    """A call that was not made or not finished; as an `httpx.HTTPError` it is a failure like any other."""


class AddressRefused(OutgoingError):
    """The address is none that the hub may call."""


class AnswerTooLarge(OutgoingError):
    """The answer has more bytes than are wanted."""


class AnswerTooSlow(OutgoingError, httpx.TimeoutException):
    """The answer did not come in the time for it, whether silent or drop by drop."""


class EncodedAnswer(OutgoingError):
    """The answer is compressed though that was not asked for: what it unpacks to is not bounded."""


_deadline: contextvars.ContextVar[float | None] = contextvars.ContextVar("deadline", default=None)


def _left(timeout: float | None) -> float | None:
    """What a step may still take of the time for the whole call."""
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the call is over")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the time for the whole call."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self.inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class _CheckedAddresses(httpcore.NetworkBackend):
    """Looks names up itself and connects to what it has checked."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._checked(host, port):
            try:
                return _Stream(self.inner.connect_tcp(address, port, _left(timeout), local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise AddressRefused("a socket file")

    def _checked(self, host: str, port: int) -> list[str]:
        """All addresses of the name; one forbidden among them refuses the whole name."""
        try:
            found = resolve(host, port)
        except Unresolvable as error:
            raise httpcore.ConnectError(str(error)) from None
        if self.allow_private and listed(host, settings.OUTGOING_ALLOWED):
            return found
        for address in found:
            if not (is_public(address) or (self.allow_private and listed(address, settings.OUTGOING_ALLOWED))):
                raise AddressRefused("the address is not public")
        return found


@lru_cache(maxsize=4)
def _tls(ca_file: str) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


class _Transport(httpx.HTTPTransport):
    """httpx's transport over connections to checked addresses."""

    def __init__(self, *, allow_private: bool) -> None:
        context = _tls(str(settings.OUTGOING_CA_FILE))
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        # httpx has no argument for the backend; the version is pinned and a test connects through it.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=10,
            keepalive_expiry=5.0,
            network_backend=_CheckedAddresses(allow_private=allow_private),
        )


class Client:
    """Calls that share connections; `with outgoing.client() as calls: calls.request(...)`."""

    def __init__(self, *, allow_private: bool = False) -> None:
        self.allow_private = allow_private
        self.inner = httpx.Client(
            transport=_Transport(allow_private=allow_private),
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.inner.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout: float = TIMEOUT,
        max_bytes: int = MAX_BYTES,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = False,
        **content: Any,
    ) -> httpx.Response:
        """The whole answer, or an error that is an `httpx.HTTPError`. `timeout` is for everything together."""
        with _within(timeout):
            request = self._build(method, url, headers, content)
            response = self._send(request, timeout, max_bytes)
            for _hop in range(MOST_REDIRECTS if follow_redirects and method in {"GET", "HEAD"} else 0):
                if response.status_code not in REDIRECTS or "location" not in response.headers:
                    return response
                request = self._next(request, response)
                response = self._send(request, timeout, max_bytes)
            return response

    def _build(
        self, method: str, url: str | httpx.URL, headers: Mapping[str, str] | None, content: Mapping[str, Any]
    ) -> httpx.Request:
        try:
            self._check(httpx.URL(url))
            return self.inner.build_request(method, url, headers=headers, **content)
        except (httpx.InvalidURL, ValueError) as error:  # reading a host such as xn--.kz raises what IDNA raises
            raise AddressRefused("no valid address") from error

    def _check(self, url: httpx.URL) -> None:
        """What can be refused without looking the name up."""
        if url.userinfo or not url.host or "%" in url.host or not 0 < (url.port or 443) < 65536:
            raise AddressRefused("no plain host name")
        may_be_plain = self.allow_private and listed(url.host, settings.OUTGOING_ALLOWED)
        if url.scheme != "https" and not (url.scheme == "http" and may_be_plain):
            raise AddressRefused("not https")

    def _next(self, request: httpx.Request, response: httpx.Response) -> httpx.Request:
        """The hop a redirect asks for, checked like the first one. Another server gets harmless headers only."""
        try:
            url = request.url.join(response.headers["location"])
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused("no valid address") from error
        is_same = (url.scheme, url.host, url.port) == (request.url.scheme, request.url.host, request.url.port)
        kept = {
            name: value
            for name, value in request.headers.items()
            if name.lower() != "host" and (is_same or name.lower() in HARMLESS)
        }
        return self._build(request.method, url, kept, {})

    def _send(self, request: httpx.Request, timeout: float, max_bytes: int) -> httpx.Response:
        request.extensions["timeout"] = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT)).as_dict()
        response = self.inner.send(request, stream=True)
        try:
            body = b"" if request.method == "HEAD" else _body(response, max_bytes)
        finally:
            response.close()
        return httpx.Response(response.status_code, headers=response.headers, content=body, request=request)


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise EncodedAnswer("the answer is compressed")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise AnswerTooLarge("the answer is too large")
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise AnswerTooLarge("the answer is too large")
    return bytes(body)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    except httpx.TimeoutException as error:
        raise AnswerTooSlow(type(error).__name__) from None
    finally:
        _deadline.reset(token)


def client(*, allow_private: bool = False) -> Client:
    return Client(allow_private=allow_private)


def request(method: str, url: str, *, allow_private: bool = False, **options: Any) -> httpx.Response:
    """One call; options as of `Client.request`."""
    with client(allow_private=allow_private) as calls:
        return calls.request(method, url, **options)
