"""The OpenAPI document, as it is committed: generated once, compared by a test, served as a file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FILE = Path(__file__).with_name("schema.yml")


@cache
def load() -> dict[str, Any]:
    """The committed document."""
    return dict(yaml.CSafeLoader(FILE.read_text(encoding="utf-8")).get_single_data())


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """For programs that read OpenAPI; open to everybody."""
    return HttpResponse(_json(), content_type="application/json")


@cache
def _json() -> bytes:
    """Written once: it is long, and anybody may ask for it."""
    return json.dumps(load(), ensure_ascii=False).encode()
