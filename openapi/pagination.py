"""Lists in pages that do not shift while one reads: a cursor over the newest first."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import IntegerField

NOT_A_CURSOR = _("This is no cursor: take `next_cursor` of the page before.")
LONGEST_CURSOR, DIGITS = 100, 18
YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Place:
    """The last row that was read. Its id tells rows of one moment apart, however many there are."""

    at: datetime | None
    pk: int

    def __str__(self) -> str:
        raw = f"{self.at.isoformat() if self.at else ''}|{self.pk}"
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """None for whatever no page has given."""
        try:
            raw = base64.urlsafe_b64decode(text[:LONGEST_CURSOR] + "=" * (-len(text) % 4)).decode()
            moment, _bar, pk = raw.partition("|")
            at = datetime.fromisoformat(moment) if moment else None
        except (ValueError, binascii.Error):
            return None
        is_moment = at is None or (timezone.is_aware(at) and at.year in YEARS)
        is_key = pk.isascii() and pk.isdigit() and len(pk) <= DIGITS
        return cls(at, int(pk)) if is_moment and is_key else None

    def older(self, field: str) -> Q:
        """What comes after it in the list. The first condition is what lets an index be entered at the place."""
        if self.at is None:
            return Q(pk__lt=self.pk)
        same = Q((field, self.at), pk__lt=self.pk)
        return Q((f"{field}__lte", self.at)) & (Q((f"{field}__lt", self.at)) | same)


class NewestFirst(CursorPagination):
    """`results` and `next_cursor`, which is null on the last page and not to be taken apart."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    time_field = "received_at"  # empty: by id alone
    after: Place | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size, place = self.get_page_size(request), self._place(request)
        rows = queryset.order_by(*(f"-{name}" for name in (self.time_field, "pk") if name))
        if place is not None:
            rows = rows.filter(place.older(self.time_field))
        found = list(rows[: size + 1])
        if len(found) > size:
            last = found[size - 1]
            self.after = Place(getattr(last, self.time_field) if self.time_field else None, last.pk)
        return found[:size]

    def _place(self, request: Request) -> Place | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        place = Place.parse(given)
        if place is None or (place.at is None) == bool(self.time_field):
            raise ValidationError({self.cursor_query_param: NOT_A_CURSOR}, code="invalid_cursor")
        return place

    def get_page_size(self, request: Request) -> int:
        """A size that is none is an error: another one in silence would make a program miss rows."""
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        try:
            return int(IntegerField(min_value=1, max_value=self.max_page_size).run_validation(given))
        except ValidationError as error:
            raise ValidationError({self.page_size_query_param: error.detail}) from None

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next_cursor": str(self.after) if self.after else None})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        cursor = {"type": ["string", "null"]}
        return {
            "type": "object",
            "required": ["results", "next_cursor"],
            "properties": {"results": schema, "next_cursor": cursor},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in found:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": 50}
        return found


class LastFiledFirst(NewestFirst):
    """In the order in which the hub got them; the time they were sent may be older."""

    time_field = ""
