"""Optimistic locking over HTTP: `ETag` says which version was read, `If-Match` which version a change is based on."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.request import Request

HEADER = "If-Match"
TAG = re.compile(r'(?:W/)?"([0-9]{1,10})"')


class VersionMissing(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_missing"
    default_detail = _("Send If-Match with the ETag of what you have read, or * to go on whatever has happened.")


class VersionChanged(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed"
    default_detail = _("It has changed since you read it. Read it again and decide anew.")


def etag(version: int) -> str:
    return f'"{version}"'


def version_of(request: Request) -> int | None:
    """The version a change is based on; None for `*`. A change without one is refused."""
    value = (request.headers.get(HEADER) or "").strip()
    if not value:
        raise VersionMissing
    if value == "*":
        return None
    match = TAG.fullmatch(value)
    if match is None:
        raise VersionChanged
    return int(match.group(1))
