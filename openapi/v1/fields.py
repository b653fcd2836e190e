"""Kinds of values that several resources share: entries of reference tables by key, points as GeoJSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appeals.selectors import names


class TextField(serializers.CharField):
    """Text, and no number; its limit counts what was sent, spaces at its ends included, as the document says."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, int | float):
            self.fail("invalid")
        if isinstance(data, str) and self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().run_validation(data)


class NumberField(serializers.IntegerField):
    """A whole number in JSON; digits in quotes are text."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | str):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class FlagField(serializers.BooleanField):
    """`true` or `false` in JSON; words and numbers that mean the same in forms are neither."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "08:00"})
class ClockTimeField(serializers.TimeField):
    """A time of the day by the clock of the city, hours and minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)


class MomentField(serializers.DateTimeField):
    """A moment in an answer: ISO 8601 with the offset of the city."""

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(timezone.get_default_timezone()).isoformat()


class KeyField(TextField):
    """An entry of a reference table by its key (`water`), which stays the same in every language and installation."""

    default_error_messages = {"unknown": _("There is no active entry with the key “{given}”.")}

    def __init__(self, table: Callable[[], Mapping[int, names.Named]], **kwargs: Any) -> None:
        self.table = table
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The number of the row."""
        key = super().to_internal_value(data)
        for row in self.table().values():
            if row.key == key and row.is_active:
                return row.id
        return self.fail("unknown", given=key)

    def to_representation(self, value: Any) -> str:
        row = self.table().get(value)
        return row.key if row else ""


class ValueField(serializers.CharField):
    """One of a closed list of the field, in an answer; empty where nothing is chosen yet."""

    def __init__(self, values: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.values = tuple(values)
        super().__init__(**kwargs)


@extend_schema_field(
    {
        "type": "object",
        "description": "A GeoJSON point: longitude, then latitude, in degrees (WGS 84).",
        "properties": {
            "type": {"type": "string", "const": "Point"},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
        "required": ["type", "coordinates"],
        "additionalProperties": False,
        "example": {"type": "Point", "coordinates": [68.2518, 43.2973]},
    }
)
class PointField(serializers.Field[Any, Any, Any, Any]):
    """A GeoJSON point <-> (latitude, longitude) with five decimals, about a meter."""

    default_error_messages = {
        "point": _('Give a GeoJSON point: {{"type": "Point", "coordinates": [longitude, latitude]}}.'),
        "range": _("The longitude lies between -180 and 180, the latitude between -90 and 90."),
    }

    def to_internal_value(self, data: Any) -> tuple[Decimal, Decimal]:
        if not isinstance(data, dict) or set(data) != {"type", "coordinates"} or data["type"] != "Point":
            self.fail("point")
        pair = data["coordinates"]
        if not isinstance(pair, list) or len(pair) != 2 or not all(_is_number(number) for number in pair):
            self.fail("point")
        longitude, latitude = pair
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            self.fail("range")
        return Decimal(str(round(latitude, 5))), Decimal(str(round(longitude, 5)))

    def to_representation(self, value: tuple[Decimal, Decimal]) -> dict[str, Any]:
        latitude, longitude = value
        return {"type": "Point", "coordinates": [float(longitude), float(latitude)]}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
