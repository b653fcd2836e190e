"""Repeat what was cut off or put off, when repeating does no harm."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import httpx

SAFE = {"GET", "HEAD", "OPTIONS"}
PUT_OFF = {429, 503}
LONGEST_WAIT = 60.0


class Patience(httpx.BaseTransport):
    """Up to `tries` times, waiting as Retry-After says, or longer and longer with some chance in it."""

    def __init__(
        self,
        below: httpx.BaseTransport,
        *,
        tries: int = 5,
        first: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.below, self.tries, self.first, self.sleep = below, tries, first, sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        for tried in range(1, self.tries + 1):
            last = tried == self.tries or not can_be_repeated(request)
            try:
                response = self.below.handle_request(request)
            except httpx.TransportError:
                if last:
                    raise
                self.sleep(self._wait(tried))
                continue
            if response.status_code not in PUT_OFF or last:
                return response
            response.close()
            self.sleep(self._asked(response) or self._wait(tried))
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        self.below.close()

    def _wait(self, tried: int) -> float:
        return min(self.first * 2.0 ** (tried - 1), LONGEST_WAIT) * random.uniform(0.5, 1)

    def _asked(self, response: httpx.Response) -> float:
        given = str(response.headers.get("Retry-After", ""))
        return min(float(given), LONGEST_WAIT) if given.isdigit() else 0.0


def can_be_repeated(request: httpx.Request) -> bool:
    return request.method in SAFE or "Idempotency-Key" in request.headers
