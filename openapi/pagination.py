"""Lists in pages that do not shift while one reads: a cursor over the newest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import IntegerField

NOT_A_CURSOR = _("This is no cursor: take `next_cursor` of the page before.")


class NewestFirst(CursorPagination):
    """`results` and `next_cursor`, which is null on the last page and not to be taken apart."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: tuple[str, ...] = ("-received_at", "-id")

    def get_page_size(self, request: Request) -> int:
        """A size that is none is an error: another one in silence would make a program miss rows."""
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        try:
            return int(IntegerField(min_value=1, max_value=self.max_page_size).run_validation(given))
        except ValidationError as error:
            raise ValidationError({self.page_size_query_param: error.detail}) from None

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise ValidationError({self.cursor_query_param: NOT_A_CURSOR}, code="invalid_cursor") from None

    def get_paginated_response(self, data: Any) -> Response:
        link = self.get_next_link()
        cursor = parse_qs(urlsplit(link).query)[self.cursor_query_param][0] if link else None
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


class LastFiledFirst(NewestFirst):
    """In the order in which the hub got them; the time they were sent may be older."""

    ordering = ("-pk",)
