"""A client that speaks Open311: forms, the key as a field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.openapi.api import Program

FORM = "application/x-www-form-urlencoded; charset=utf-8"
REPORT = {
    "service_code": "water",
    "lat": "43.29730",
    "long": "68.25180",
    "description": "Көшемізде үш күннен бері су жоқ, құбыр жарылған.",
    "phone": "+7 701 000 00 00",
}


def send(program: Program | None, values: Any = None, *, form: str = "json", query: str = "", **more: Any) -> Any:
    """`values` replace those of the usual report; None takes a field out."""
    fields = {**REPORT, **(values or {})}
    if program is not None:
        fields = {"api_key": program.key, **fields}
    body = urlencode({name: value for name, value in fields.items() if value is not None}, doseq=True)
    client = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    return client.post(f"/open311/v2/requests.{form}{query}", body, content_type=FORM, **more)
