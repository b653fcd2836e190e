"""Lists in pages that do not shift while one reads: a cursor over the newest first."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """`next` and `previous` are whole addresses; the cursor in them is not to be taken apart."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: tuple[str, ...] = ("-received_at", "-id")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = super().get_paginated_response_schema(schema)
        found["required"] = ["results", "next", "previous"]
        for name in ("next", "previous"):  # null on the last page and the first
            found["properties"][name]["type"] = ["string", "null"]
            found["properties"][name].pop("nullable", None)
        return found
