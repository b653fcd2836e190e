"""Lists in pages that do not shift while one reads: a cursor over the newest first."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import IntegerField

NOT_A_CURSOR = _("This is no cursor: take `next_cursor` of the page before.")
DIGITS = 18


class NewestFirst(CursorPagination):
    """`results` and `next_cursor`, which is null on the last page and not to be taken apart.

    In the order in which the hub got the rows; the time they were sent may be older. The cursor is the last row that
    was read: what comes meanwhile neither hides nor doubles a row.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    last: int | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size, place = self.get_page_size(request), self._place(request)
        rows = queryset.order_by("-pk")
        found = list((rows if place is None else rows.filter(pk__lt=place))[: size + 1])
        self.last = found[size - 1].pk if len(found) > size else None
        return found[:size]

    def _place(self, request: Request) -> int | None:
        given = request.query_params.get(self.cursor_query_param)
        if not given:  # an empty one is none of a form
            return None
        try:
            text = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
        except (ValueError, binascii.Error):
            text = ""
        if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
            raise ValidationError({self.cursor_query_param: NOT_A_CURSOR}, code="invalid_cursor")
        return int(text)

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
        cursor = base64.urlsafe_b64encode(str(self.last).encode()).decode().rstrip("=") if self.last else None
        return Response({"results": data, "next_cursor": cursor})

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
