"""Errors as RFC 9457 `application/problem+json`, in the caller's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from common.errors import DomainError
from common.limits import waits
from openapi.parsers import TooLarge

MEDIA_TYPE = "application/problem+json"
# Where HTTP has a status of its own for what the steps call a conflict: the version in If-Match is not the present one.
OF_CODE = {"changed": status.HTTP_412_PRECONDITION_FAILED}
# Errors about what the OpenAPI document says itself: the request does not fit it (400). All others are rules beyond it
# (422): an entry that does not exist, a moment in the future, a letter of spaces.
THE_DOCUMENT_SAYS = {
    "date",
    "datetime",
    "invalid",
    "invalid_choice",
    "max_length",
    "max_string_length",
    "max_value",
    "min_length",
    "min_value",
    "no_name",
    "not_a_dict",
    "not_a_list",
    "null",
    "overflow",
    "point",
    "required",
}


class Refused(exceptions.APIException):
    """A rule of the field, as an answer of the API."""

    def __init__(self, error: DomainError) -> None:
        self.status_code = OF_CODE.get(error.code, error.status)
        self.field = error.field
        super().__init__(str(error), code=error.code)
        if error.status == status.HTTP_429_TOO_MANY_REQUESTS:
            self.wait = waits.get() or 60


class Busy(exceptions.APIException):
    """The same request is being worked on, or a row it needs is locked."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "busy"
    wait = 2


class Handler(ExceptionHandler):
    """Broken rules become answers; whatever nobody foresaw becomes a 500 that tells nothing."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DomainError):
            return Refused(exc)
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, SuspiciousOperation | UnreadablePostError):  # more fields than anybody sends; a cut line
            return exceptions.ParseError()
        if isinstance(exc, OperationalError) and "lock timeout" in str(exc):
            return Busy(_("The same is being done at the moment. Try again shortly."))
        found: Exception = super().convert_known_exceptions(exc)
        if isinstance(found, exceptions.ValidationError) and THE_DOCUMENT_SAYS.isdisjoint(_codes(found.get_codes())):
            found.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
        return found

    def should_not_handle(self, exc: Exception) -> bool:
        """In development too a program gets an answer it can read; the log has the rest."""
        return False

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        return Response(data, status=exc.status_code, headers=self.get_headers(exc), content_type=MEDIA_TYPE)


class Formatter(ExceptionFormatter):
    """`type` leads to the page that explains the code; `errors` names each field by a JSON pointer."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        errors = [
            {"code": error.code, "detail": error.detail, "pointer": _pointer(error.attr or self._field())}
            for error in error_response.errors
        ]
        is_invalid = isinstance(self.exc, exceptions.ValidationError)
        first = errors[0] if errors else {"code": "error", "detail": str(self.exc)}
        code = "invalid" if is_invalid else first["code"]
        detail = _("What was sent is not valid; see `errors`.") if is_invalid else first["detail"]
        named = errors if is_invalid or any(error["pointer"] for error in errors) else []
        return problem(self.exc.status_code, code, detail, named)

    def _field(self) -> str:
        return getattr(self.exc, "field", None) or ""


def as_problem(error: Exception) -> dict[str, Any]:
    """The body that an error would be answered with, for reports about many rows."""
    known = Refused(error) if isinstance(error, DomainError) else error
    assert isinstance(known, exceptions.APIException)
    body: dict[str, Any] = Formatter(known, cast(Any, {}), error).run()
    return body


def problem(status_code: int, code: str, detail: str, errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The body of an error."""
    found: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL.rstrip('/')}/developers/errors/#{code}",
        "title": _title(status_code),
        "status": status_code,
        "code": code,
        "detail": detail,
        "request_id": str(structlog.contextvars.get_contextvars().get("request_id", "")),
    }
    return found | ({"errors": errors} if errors else {})


def problem_response(request: HttpRequest, status_code: int, code: str, detail: str) -> HttpResponse:
    """An error outside of any operation: an address that is none, a crash of the machinery."""
    return JsonResponse(problem(status_code, code, detail), status=status_code, content_type=MEDIA_TYPE)


def _codes(codes: Any) -> Iterator[str]:
    """The codes of all errors, however deep they lie."""
    if isinstance(codes, str):
        yield codes
        return
    for inner in codes.values() if isinstance(codes, dict) else codes:
        yield from _codes(inner)


def _pointer(attr: str) -> str:
    return f"/{attr.replace('.', '/')}" if attr and attr != "non_field_errors" else ""


def _title(status_code: int) -> str:
    titles = {
        400: _("The request is not valid"),
        401: _("A valid key is needed"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("This address does not take that method"),
        406: _("That format is not offered"),
        409: _("The state does not allow this"),
        410: _("No longer there"),
        412: _("It has changed in the meantime"),
        413: _("Too large"),
        415: _("That format is not understood"),
        422: _("What was sent cannot be accepted"),
        428: _("Say which version you have seen"),
        429: _("Too many requests"),
    }
    return titles.get(status_code, _("The hub could not do this"))
