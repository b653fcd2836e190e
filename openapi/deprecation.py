"""Operations that go: declared on the handler, told in each answer (RFC 9745, RFC 8594) and in the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar, cast

from django.conf import settings
from django.urls import reverse
from django.utils.http import http_date

SHORTEST_NOTICE = timedelta(days=365)  # docs/openapi.md promises it
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Deprecation:
    """Since when an operation should not be used any more, when it stops to answer, and what to use in its place."""

    since: date
    sunset: date
    instead: str


def deprecated(*, since: date, sunset: date, instead: str) -> Callable[[Handler], Handler]:
    """`instead` is the `operation_id` of what takes its place. Put it above every other decorator of the handler."""
    if sunset - since < SHORTEST_NOTICE:
        raise ValueError(f"Between deprecation and sunset lie at least {SHORTEST_NOTICE.days} days.")

    def marked(handler: Handler) -> Handler:
        cast(Any, handler).deprecation = Deprecation(since, sunset, instead)
        return handler

    return marked


def of(handler: object) -> Deprecation | None:
    return getattr(handler, "deprecation", None)


def headers(found: Deprecation) -> Mapping[str, str]:
    """What each answer of the operation says, errors too."""
    page = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('openapi:changes')}"
    return {
        "Deprecation": f"@{int(_midnight(found.since).timestamp())}",
        "Sunset": http_date(_midnight(found.sunset).timestamp()),
        "Link": f'<{page}>; rel="deprecation"; type="text/html", <{page}>; rel="sunset"; type="text/html"',
    }


def extensions(found: Deprecation) -> dict[str, str]:
    """For the document, beside its own `deprecated: true`."""
    return {"x-deprecated-since": str(found.since), "x-sunset": str(found.sunset), "x-instead": found.instead}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
