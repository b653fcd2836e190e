"""Errors as Open311 has them: a list of code and description, the code being the status."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from openapi import errors
from openapi.open311.trees import FORMATS, Tree, as_response

# Open311 knows 400, 403 and 404; only what a client must tell apart (too often, busy) keeps a status of its own.
STATUS = {401: 403, 413: 400, 422: 400}
# The fields of the API's filing by their names in Open311.
FIELDS = {
    "text": "description",
    "topic": "service_code",
    "area": "attribute[area]",
    "address": "address_string",
    "location": "lat, long",
    "uploads": "media",
    "files": "media",
    "applicant/full_name": "first_name, last_name",
    "full_name": "first_name, last_name",
    "applicant/phone": "phone",
    "applicant/email": "email",
    "applicant/identifier": "attribute[identifier]",
    "identifier": "attribute[identifier]",
    "applicant/postal_address": "attribute[postal_address]",
    "postal_address": "attribute[postal_address]",
    "regime": "attribute[regime]",
    "kind": "attribute[kind]",
    "answer_language": "attribute[answer_language]",
    "is_confidential": "attribute[confidential]",
}


class Handler(errors.Handler):
    """The same errors as the API's, written down otherwise."""

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        status = STATUS.get(exc.status_code, exc.status_code)
        rows = [{"code": status, "description": text} for text in _descriptions(data)]
        return Response(Tree("errors", rows), status=status, headers=self.get_headers(exc))


def _descriptions(problem: dict[str, Any]) -> list[str]:
    named = [(row["pointer"].strip("/"), str(row["detail"])) for row in problem.get("errors", ())]
    return [f"{FIELDS.get(name, name)}: {text}" if name else text for name, text in named] or [str(problem["detail"])]


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Below /open311/ there is nothing there; in the format that the address ends with."""
    ending = request.path_info.rpartition(".")[2]
    rows = [{"code": 404, "description": _("There is nothing at this address.")}]
    return as_response(Tree("errors", rows), ending if ending in FORMATS else "xml", 404)
