"""Answers as Open311 has them: XML with an element around every list, JSON without it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.html import escape
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# What one entry of each list is called.
ENTRY = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FORMATS = {"xml": "text/xml", "json": "application/json"}


@dataclass(frozen=True)
class Tree:
    """An answer, and the name of its outermost element in XML."""

    root: str
    data: Any


class XmlRenderer(BaseRenderer):
    media_type = FORMATS["xml"]
    format = "xml"
    charset = "utf-8"

    def render(self, data: Tree, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return as_xml(data).encode()


class TreeJsonRenderer(JSONRenderer):
    charset = "utf-8"

    def render(self, data: Tree, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        found: bytes = super().render(data.data, accepted_media_type, renderer_context)
        return found


class BySuffix(DefaultContentNegotiation):
    """The end of the address alone says which format is wanted; clients send any `Accept`."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        wanted = request.parser_context["kwargs"]["form"]
        found = next(renderer for renderer in renderers if renderer.format == wanted)
        return found, found.media_type or ""


def as_xml(tree: Tree) -> str:
    return DECLARATION + "".join(_element(tree.root, tree.data))


def as_response(tree: Tree, form: str, status: int) -> HttpResponse:
    """An answer outside of any operation."""
    content = as_xml(tree).encode() if form == "xml" else TreeJsonRenderer().render(tree)
    return HttpResponse(content, status=status, content_type=f"{FORMATS[form]}; charset=utf-8")


def _element(name: str, value: Any) -> Iterator[str]:
    if value is None or value == "":
        yield f"<{name}/>"
        return
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _element(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _element(ENTRY[name], inner)
    else:
        yield _text(value)
    yield f"</{name}>"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(NOT_IN_XML.sub("", str(value))).replace("\r", "&#13;")
