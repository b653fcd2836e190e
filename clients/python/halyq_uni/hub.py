"""Connect with a key, take the answer or the refusal, and read lists to their end."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar, cast

import httpx

from halyq_uni.generated.client import AuthenticatedClient, Client
from halyq_uni.generated.models import Problem
from halyq_uni.generated.types import UNSET, Response, Unset
from halyq_uni.patience import Patience

Body = TypeVar("Body")
Row = TypeVar("Row", covariant=True)
One = TypeVar("One")
NO_CONTENT = 204


class Page(Protocol[Row]):
    """A part of a list."""

    @property
    def results(self) -> Sequence[Row]: ...

    @property
    def next_cursor(self) -> str | None: ...


class Refused(Exception):
    """The hub did not do it: `code` is for programs, the message for people, `problem` has everything."""

    def __init__(self, status: int, problem: Problem | None) -> None:
        self.status = status
        self.problem = problem
        self.code = problem.code if problem else ""
        super().__init__(problem.detail if problem else f"HTTP {status}")


def connect(
    url: str, key: str | None = None, *, language: str = "kk", patience: Patience | None = None, timeout: float = 30
) -> AuthenticatedClient:
    """For every operation in `halyq_uni.generated.api`, also the `asyncio` ones. `language` of errors: kk, ru or en.

    Without a key for the operations that are open to everybody, such as the statistics.
    Behind a proxy of your own: `patience=Patience(httpx.HTTPTransport(proxy="http://proxy:3128"))`.
    """
    address, headers, limit = url.rstrip("/"), {"Accept-Language": language}, httpx.Timeout(timeout)
    how = {"transport": patience or Patience()}
    if key is None:  # sends no key; the operations do not know that there are such, and take it all the same
        return cast(AuthenticatedClient, Client(base_url=address, headers=headers, timeout=limit, httpx_args=how))
    return AuthenticatedClient(base_url=address, token=key, headers=headers, timeout=limit, httpx_args=how)


def new_key() -> str:
    """An Idempotency-Key: one for each thing you do, the same for each time you try it."""
    return str(uuid.uuid4())


def answer(response: Response[Problem | Body]) -> Body:
    """What was asked for; nothing where the hub has nothing to say but that it is done (204)."""
    found, status = response.parsed, int(response.status_code)
    if isinstance(found, Problem):
        raise Refused(status, found)
    if not 200 <= status < 300 or (found is None and status != NO_CONTENT):
        raise Refused(status, None)
    return cast(Body, found)


def every(read: Callable[[str | Unset], Page[One]]) -> Iterator[One]:
    """All rows of a list, page after page, as they are needed."""
    cursor: str | Unset = UNSET
    while True:
        page = read(cursor)
        yield from page.results
        if not page.next_cursor or not getattr(page, "has_more", True):
            return
        cursor = page.next_cursor
