"""What a stranger reads first in the OpenAPI document: how one calls, what the parts are, what answers carry."""

from __future__ import annotations

from typing import Any

DESCRIPTION = """\
Appeals of a city's residents: file them, follow them, work on them, hear what happens to them.

**Key.** Register an application at `/developers/`; in the sandbox its key is there at once. Send it as
`Authorization: Bearer hub_...`, or as `X-API-Key` where the other cannot be sent. Each operation names the scope it
needs; a key never may more than its owner. The statistics are open without a key, too: 120 requests a minute from
one network.

**Errors** are RFC 9457 (`application/problem+json`) in the language of `Accept-Language` (kk, ru, en). `code` is
for programs and explained at `/developers/errors/`; `request_id` is what to tell the hub when you ask for help.
400: the request does not fit this document. 422: it fits and breaks a rule.

**Repeating.** A request with the same `Idempotency-Key` is done once and gets the same answer, which then carries
`Idempotency-Replayed`. Wait as `Retry-After` says after 429, 409 and 503.

**Versions.** `ETag` is the version that was read; changes of cases want it in `If-Match` (`*` for any).

**Lists** are read by `cursor`: go on with `next_cursor` until there is none.

**Forms of values.** Moments are ISO 8601 with offset, telephone numbers E.164, places GeoJSON (longitude first).
Lists marked `x-extensible-enum` may grow: pass over what you do not know.

**What stays.** Within version 1 nothing is taken away and nothing more is demanded; what will go says so in its
answers (`Deprecation`, `Sunset`) at least 12 months before: `/developers/changes/`.
"""
LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
TAGS = {
    "appeals": "The applicant's side: file, follow, add, judge the answer. An application sees what it filed.",
    "cases": "The staff's side: everything that the page of a case does, with the rights of the key's owner.",
    "events": "The feed of changes: what happened to an application's own appeals, in one order, read by a cursor.",
    "webhooks": "The same events, sent to an address of yours and signed as Standard Webhooks says.",
    "me": "The owner of the key: what he may, his notices and their ways, his saved filters.",
    "team": "Substitutions and duty rosters.",
    "oversight": "Load, lateness and disputes of the units one oversees.",
    "public": "The list of appeals that everybody sees, without anything about persons.",
    "statistics": "Every figure that the hub publishes, by one dictionary. Open to everybody.",
    "reports": "Periodic reports as they were made, whether a file is genuine, and questions of the report builder.",
    "warnings": "What grew beyond its expected range, for those who oversee.",
    "points": "Service points that visitors rate by a QR code, and what waits for a reviewer.",
    "reference": "What keys in appeals mean: topics, sectors, units, calendar, terms, boundaries, systems.",
    "sandbox": "The akimat of one's own: move its clock, reset it, see what would have been sent.",
    "usage": "How a key is used: calls, refusals, latency.",
}
# Headers of answers, by the names under which they stand in the document.
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "The version of what is answered.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` when the request was done before and this is the answer it got then.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {
        "description": "How many seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Policy": {
        "description": 'The limit, on every answer to a known key: `"application";q=600;w=60` are 600 calls a minute.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left, on every answer to a known key: `"application";r=9;t=60`.',
        "schema": {"type": "string"},
    },
}
VERSIONED = ("Appeal", "Case", "Receipt")  # whoever answers with one of them says its version


def introduce(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The beginning of the document, and the headers that its answers refer to."""
    result["info"] |= {"description": DESCRIPTION, "license": LICENSE}
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    result["components"]["headers"] = HEADERS
    return result


def add_headers(operation: dict[str, Any], *, is_repeatable: bool) -> None:
    """What the answers of an operation carry beside their body."""
    for status, answer in operation["responses"].items():
        if names := list(
            _headers(status, answer, is_repeatable=is_repeatable, is_kept="304" in operation["responses"])
        ):
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _headers(status: str, answer: dict[str, Any], *, is_repeatable: bool, is_kept: bool) -> list[str]:
    if status == "429":
        return ["Retry-After", "RateLimit-Policy", "RateLimit"]
    if status == "409":
        return ["Retry-After"]
    if status >= "400":
        return []
    schemas = [content.get("schema", {}).get("$ref", "") for content in answer.get("content", {}).values()]
    is_versioned = is_kept or any(schema.rsplit("/", 1)[-1] in VERSIONED for schema in schemas)
    return ["ETag"] * is_versioned + ["Idempotency-Replayed"] * is_repeatable
