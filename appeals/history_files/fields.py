"""Take single values out of a foreign record: bounded, clean, in our types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as AnyMapping
from decimal import Decimal, InvalidOperation
from typing import Any

from appeals.history_files.mapping import Mapping

LONGEST_TEXT = 20_000
MOST_ITEMS = 300
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)


class UnusableError(ValueError):
    """The record cannot become an appeal; the message is the reason of the report."""


def value_at(record: AnyMapping[str, Any], path: str) -> Any:
    """The value of a field, or of a path such as `place.district`."""
    found: Any = record
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def text_at(record: AnyMapping[str, Any], path: str | None, *, longest: int = LONGEST_TEXT) -> str:
    """Text without what the database refuses; longer than allowed is a reason to reject, never silently cut."""
    value = value_at(record, path) if path else None
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise UnusableError(f"«{path}» is not a text")
    text = str(value).replace("\x00", "").strip()
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusableError(f"«{path}» holds signs that are no text") from None
    if len(text) > longest:
        raise UnusableError(f"«{path}» is longer than {longest} characters")
    return text


def items_at(record: AnyMapping[str, Any], path: str) -> list[dict[str, Any]]:
    items = value_at(record, path) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnusableError(f"«{path}» is not a list of objects")
    if len(items) > MOST_ITEMS:
        raise UnusableError(f"«{path}» has more than {MOST_ITEMS} entries")
    return items


def time_at(
    record: AnyMapping[str, Any], path: str | None, mapping: Mapping, *, now: dt.datetime
) -> dt.datetime | None:
    """An instant with a zone; one without is meant in the zone of the mapping."""
    text = text_at(record, path, longest=60)
    if not text:
        return None
    try:
        moment = (
            dt.datetime.strptime(text, mapping.time_format) if mapping.time_format else dt.datetime.fromisoformat(text)
        )
    except ValueError:
        raise UnusableError(f"«{path}» is not a time: {text}") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=mapping.time_zone)
    if not EARLIEST <= moment <= now + dt.timedelta(days=1):
        raise UnusableError(f"«{path}» lies out of reach: {text}")
    return moment


def point_at(record: AnyMapping[str, Any], mapping: Mapping) -> tuple[Decimal | None, Decimal | None]:
    """Both coordinates or none."""
    texts = [text_at(record, mapping.fields.get(name), longest=40) for name in ("latitude", "longitude")]
    if not all(texts):
        return None, None
    try:
        latitude, longitude = (round(Decimal(text.replace(",", ".")), 5) for text in texts)
    except InvalidOperation:
        raise UnusableError("the point is not a pair of numbers") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise UnusableError("the point lies outside the globe")
    return latitude, longitude
