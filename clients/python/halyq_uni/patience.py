"""Repeat what was cut off or put off, when repeating does no harm."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import httpx

SAFE = {"GET", "HEAD", "OPTIONS"}
PUT_OFF = {429, 502, 503, 504}
BUSY = 409  # with Retry-After: the same is being done at the moment
STREAM = "text/event-stream"
LONGEST_WAIT = 60.0


class Patience(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Up to `tries` times, waiting as Retry-After says, or longer and longer with some chance in it."""

    def __init__(
        self,
        below: httpx.BaseTransport | None = None,
        below_async: httpx.AsyncBaseTransport | None = None,
        *,
        tries: int = 5,
        first: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
        sleep_async: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.below = below or httpx.HTTPTransport()
        self.below_async = below_async or httpx.AsyncHTTPTransport()
        self.tries, self.first, self.sleep, self.sleep_async = tries, first, sleep, sleep_async

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        for wait in self._waits(request):
            try:
                response = _whole(self.below.handle_request(request))
            except httpx.TransportError:
                if wait is None:
                    raise
                self.sleep(wait)
                continue
            if wait is None or not _is_put_off(response):
                return response
            self.sleep(_asked(response) or wait)
        raise AssertionError("the last try returns or raises")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        for wait in self._waits(request):
            try:
                response = await _whole_async(await self.below_async.handle_async_request(request))
            except httpx.TransportError:
                if wait is None:
                    raise
                await self.sleep_async(wait)
                continue
            if wait is None or not _is_put_off(response):
                return response
            await self.sleep_async(_asked(response) or wait)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        self.below.close()

    async def aclose(self) -> None:
        await self.below_async.aclose()

    def _waits(self, request: httpx.Request) -> list[float | None]:
        """The pause after each try; None after the last one."""
        tries = self.tries if request.method in SAFE or "Idempotency-Key" in request.headers else 1
        return [*(self._wait(tried) for tried in range(1, tries)), None]

    def _wait(self, tried: int) -> float:
        return min(self.first * 2.0 ** (tried - 1), LONGEST_WAIT) * random.uniform(0.5, 1)


def _whole(response: httpx.Response) -> httpx.Response:
    """With all of its body: what is cut off in the middle has not arrived. Streams have no end to wait for."""
    if _is_there(response):
        return response
    try:
        return _with(response, b"".join(response.iter_raw()))
    finally:
        response.close()


async def _whole_async(response: httpx.Response) -> httpx.Response:
    if _is_there(response):
        return response
    try:
        return _with(response, b"".join([part async for part in response.aiter_raw()]))
    finally:
        await response.aclose()


def _with(response: httpx.Response, body: bytes) -> httpx.Response:
    stream = httpx.ByteStream(body)
    return httpx.Response(response.status_code, headers=response.headers, stream=stream, extensions=response.extensions)


def _is_there(response: httpx.Response) -> bool:
    return response.is_closed or str(response.headers.get("Content-Type", "")).startswith(STREAM)


def _is_put_off(response: httpx.Response) -> bool:
    return response.status_code in PUT_OFF or (response.status_code == BUSY and "Retry-After" in response.headers)


def _asked(response: httpx.Response) -> float:
    given = str(response.headers.get("Retry-After", ""))
    return min(float(given), LONGEST_WAIT) if given.isdigit() else 0.0
