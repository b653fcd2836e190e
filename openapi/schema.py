"""How operations are described in the OpenAPI document: what is the same everywhere is said here once."""

from __future__ import annotations

import inspect
from typing import Any, cast

from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance, is_serializer
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework import serializers

from openapi import deprecation, idempotency, introduction, preconditions
from openapi.errors import MEDIA_TYPE
from openapi.examples import EXAMPLES
from openapi.examples.base import add_to
from openapi.permissions import is_open, scope_of
from openapi.v1.base import Resource

PROBLEM = "Problem"
COMMON = (400, 401, 403, 429, 500)
# Said by the web server, before the request gets here and in a page of its own.
ADDRESS_TOO_LONG = {"description": "The address has more than 8,190 bytes; the answer is no problem+json."}
DESCRIPTIONS = {
    400: "The request does not fit this document; `errors` says where.",
    401: "No key, or one that is unknown, expired or revoked.",
    403: "The key lacks the scope, its owner the right, or the address is not allowed.",
    404: "It does not exist, or not for this caller.",
    409: "The state does not allow this; or the same request is being done at the moment.",
    412: "It has changed since the version in If-Match.",
    413: "The body is larger than the hub takes.",
    422: "The request fits this document, but breaks a rule; `code` and `errors` say which.",
    428: "If-Match is missing.",
    429: "Too many requests; Retry-After says how long to wait.",
    500: "Something broke on the hub's side. Repeat with the same Idempotency-Key.",
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # metaclass without types
    target_class = "openapi.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "hub_<prefix>_<secret>",
            "description": "A key of an application, from `/developers/`. `X-API-Key` takes the same key.",
        }


class DateScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # metaclass without types
    """`format` alone binds no tool to anything; the length does."""

    target_class = "rest_framework.serializers.DateField"

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        return {"type": "string", "format": "date", "minLength": 10, "maxLength": 10}


class HubGenerator(SchemaGenerator):
    """The document has one language, whatever is the hub's first; the data dictionary translates it."""

    def get_schema(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with translation.override("en"):
            found: dict[str, Any] = super().get_schema(*args, **kwargs)  # type: ignore[no-untyped-call]  # as it is there
        return found


class Values(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # metaclass without types
    """A closed list that may grow: programs must bear a value they do not know, so it is no `enum`."""

    target_class = "openapi.v1.fields.ValueField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        values = {str(value): str(label) for value, label in self.target.values}
        return {"type": "string", "x-extensible-enum": list(values), "x-enum-descriptions": list(values.values())}


class HubSchema(AutoSchema):
    """Adds the scope, the headers and the errors that follow from how an operation is made."""

    @property
    def _resource(self) -> Resource:
        return cast(Resource, self.view)

    def get_tags(self) -> list[str]:
        return [self._resource.tag]

    def get_extensions(self) -> dict[str, Any]:
        scope, going = scope_of(self._resource, self.method), deprecation.of(self._handler())
        return {"x-scope": scope.value if scope else None} | (deprecation.extensions(going) if going else {})

    def is_deprecated(self) -> bool:
        return deprecation.of(self._handler()) is not None

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Of the handler, else of its class; never what `Resource` says, which is for those who write one."""
        own = inspect.getdoc(self._handler()) or inspect.cleandoc(type(self.view).__doc__ or "")
        scope, text = scope_of(self._resource, self.method), own
        without = " Open without a key, too." if is_open(self._resource) else ""
        return f"{text}\n\nScope: `{scope.value}`.{without}".strip() if scope else text

    def get_auth(self) -> list[dict[str, list[str]]]:
        found: list[dict[str, list[str]]] = super().get_auth()
        return [*found, {}] if is_open(self._resource) else found

    def _is_list_view(self, serializer: Any = None) -> bool:
        """A page by cursor is described as the object that it is, not as a list of such."""
        shape = force_instance(serializer)  # type: ignore[no-untyped-call]  # as drf-spectacular has it
        is_page = isinstance(shape, serializers.Serializer) and "next_cursor" in shape.fields
        return not is_page and bool(super()._is_list_view(serializer))

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if kind := getattr(self._handler(), "idempotency", None):
            found.append(
                OpenApiParameter(
                    idempotency.HEADER,
                    {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST, "pattern": "^[!-~]+$"},
                    OpenApiParameter.HEADER,
                    required=kind == "required",
                    description="A value of your own for each request, such as a UUID: a repeated one is done once.",
                )
            )
        if getattr(self._handler(), "needs_version", False):
            found.append(
                OpenApiParameter(
                    preconditions.HEADER,
                    str,
                    OpenApiParameter.HEADER,
                    required=True,
                    description="The ETag of what was read, or *.",
                )
            )
        return found

    def _handler(self) -> Any:
        return getattr(self._resource, getattr(self._resource, "action", None) or self.method.lower(), None)

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status in self._statuses(operation):
                operation["responses"].setdefault(str(status), _problem(status))
            if _asks(operation):
                operation["responses"].setdefault("414", ADDRESS_TOO_LONG)
            operation["responses"] = dict(sorted(operation["responses"].items()))
            introduction.add_headers(operation, is_repeatable=bool(getattr(self._handler(), "idempotency", None)))
            if example := EXAMPLES.get(operation["operationId"]):
                add_to(operation, example)
        return operation

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        """Undoing something answers with what it was undone in, as every other step does."""
        declared = self.get_response_serializers()
        if self.method == "DELETE" and is_serializer(declared):
            answer = self._get_response_for_code(declared, "200", direction=direction)  # type: ignore[no-untyped-call]
            return {"200": answer}
        found: dict[str, Any] = super()._get_response_bodies(direction)
        return found

    def _statuses(self, operation: dict[str, Any]) -> list[int]:
        found = list(COMMON)
        if "{" in self.path:
            found.append(404)
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            found += [409, 422]
        elif _asks(operation) or getattr(self._resource, "action", None) in self._resource.refusing:
            found.append(422)
        if "requestBody" in operation:
            found.append(413)
        if getattr(self._handler(), "needs_version", False):
            found += [412, 428]
        return found


def _asks(operation: dict[str, Any]) -> bool:
    return any(parameter["in"] == "query" for parameter in operation.get("parameters", []))


def _problem(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    return {"description": DESCRIPTIONS[status], "content": content}


def add_problem(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The component of errors, for the references above."""
    text = {"type": "string"}
    result["components"]["schemas"][PROBLEM] = {
        "type": "object",
        "description": "RFC 9457. `code` is stable and for programs, `detail` is for people in their language.",
        "required": ["type", "title", "status", "code", "detail", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": text,
            "status": {"type": "integer"},
            "code": text,
            "detail": text,
            "request_id": text,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["code", "detail", "pointer"],
                    "properties": {"code": text, "detail": text, "pointer": text},
                },
            },
        },
    }
    return result
