"""Read foreign JSON without trusting it: every value is taken only when it is of the expected kind and size."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from appeals.channels.base import Malformed, Place

LONGEST_INTEGER = 2**63


def json_object(raw: bytes) -> dict[str, Any]:
    """The payload as an object, whatever it holds."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"no JSON: {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise Malformed("no JSON object")
    return value


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any, most: int = 20) -> list[dict[str, Any]]:
    """The objects of a list, no more than `most`."""
    return [item for item in value[:most] if isinstance(item, dict)] if isinstance(value, list) else []


def integer(value: Any) -> int | None:
    """A whole number that the database can hold; JSON's true and false are none."""
    if isinstance(value, int) and not isinstance(value, bool) and -LONGEST_INTEGER < value < LONGEST_INTEGER:
        return value
    return None


def clean_text(value: Any, longest: int) -> str:
    """Text that can be stored: without NUL, without halves of characters, cut to `longest`."""
    if not isinstance(value, str):
        return ""
    return value[:longest].replace("\x00", "").encode("utf-8", "ignore").decode().strip()


def place_of(latitude: Any, longitude: Any) -> Place | None:
    """A point on the earth, to the five digits the appeal keeps (about a metre)."""
    numbers = [
        value for value in (latitude, longitude) if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(numbers) != 2 or not (-90 <= numbers[0] <= 90 and -180 <= numbers[1] <= 180):
        return None
    north, east = (round(Decimal(str(float(number))), 5) for number in numbers)
    return Place(north, east)
