"""What webhooks send, for the section `webhooks` of the OpenAPI document, as the receiver sees it."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import OpenApiWebhook

from appeals.models import EventKind
from openapi.event_types import PUBLISHED, TEST, TYPES
from openapi.examples.events import CHANGE, DELIVERY

EVENT, TEST_EVENT, HEADERS = "WebhookEvent", "WebhookTest", ("WebhookId", "WebhookTimestamp", "WebhookSignature")
KIND_OF = {word: kind for kind, word in TYPES.items() if word}
ANSWERS = {
    "2XX": "Taken. Answer within 10 seconds and do the work afterwards.",
    "410": "Gone: the webhook is switched off.",
    "default": "Anything else, a redirect too, is a failure: the message is tried again over three days.",
}


def _operation(word: str) -> dict[str, Any]:
    schema = TEST_EVENT if word == TEST else EVENT
    content = {
        "schema": {"$ref": f"#/components/schemas/{schema}"},
        "examples": {"example": {"summary": word, "value": _example(word)}},
    }
    return {
        "operationId": f"on_{word.replace('.', '_')}",
        "summary": word,
        "description": _described(word),
        "tags": ["webhooks"],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in HEADERS],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {status: {"description": text} for status, text in ANSWERS.items()},
    }


def _described(word: str) -> str:
    if word == TEST:
        return "Sent on request, to try a webhook; never part of the feed."
    return f"{EventKind(KIND_OF[word]).name.replace('_', ' ').capitalize()}: read the appeal to know more."


def _example(word: str) -> dict[str, Any]:
    if word == TEST:
        return {**json.loads(DELIVERY["body"]), "data": {"id": DELIVERY["message_id"]}}
    data = {name: CHANGE[name] for name in ("id", "number", "status", "version")}
    return {"type": word, "timestamp": CHANGE["time"], "data": data}


WEBHOOKS = [OpenApiWebhook(name=word, decorator={"post": _operation(word)}) for word in (*PUBLISHED, TEST)]


def add_parts(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The components to which the entries refer."""
    types = {"$ref": "#/components/schemas/EventTypeEnum"}
    numbered = {"id": "string", "number": "string", "status": "string", "version": "integer"}
    result["components"]["schemas"] |= {
        EVENT: _body(types, numbered, "An event of an appeal. `data.id` is its place in the feed of changes."),
        TEST_EVENT: _body({"const": TEST}, {"id": "string"}, "A test that somebody asked for."),
    }
    result["components"]["parameters"] = {
        "WebhookId": _header("webhook-id", "The same in every try and in a replay: drop what you know already."),
        "WebhookTimestamp": _header("webhook-timestamp", "Seconds since 1970 when it was sent; refuse old ones."),
        "WebhookSignature": _header(
            "webhook-signature",
            "`v1,` and the base64 of HMAC-SHA256 over id, timestamp and body (Standard Webhooks); "
            "two of them, apart by a space, for a day after a new secret.",
        ),
    }
    return result


def _body(kind: dict[str, Any], data: dict[str, str], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": kind,
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {
                "type": "object",
                "required": list(data),
                "properties": {name: {"type": of} for name, of in data.items()},
            },
        },
    }


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": {"type": "string"}}
