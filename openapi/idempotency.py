"""A request with an `Idempotency-Key` has its effect once: the same request again gets the same answer.

The row of the key is inserted, and completed with the answer, in the transaction of the effect. A second request with
the key waits at the unique constraint until the first one is through, and a process that dies in between leaves
neither effect nor row. Only answers of success are kept: what was refused has no effect and may be corrected.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from common.errors import ValidationFailed
from common.one_statement import preparing_cursor
from openapi.authentication import Caller
from openapi.models import IdempotentRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255
VISIBLE = re.compile(r"[!-~]+")
KEPT_FOR = timedelta(days=7)
KEPT_HEADERS = ("Location", "ETag")
PATIENCE_MS = 3000  # for the first of two equal requests that come at once

# The patience is set before the row is inserted, for the row is made of what setting it gives.
CLAIM = """
WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', $1, true))
INSERT INTO openapi_idempotentrequest (application_id, key, fingerprint, status, headers, created_at)
SELECT $2, $3, $4, 0, '{}', $5 FROM patience ON CONFLICT DO NOTHING RETURNING id
"""

DONE = "UPDATE openapi_idempotentrequest SET status = $1, body = $2, headers = $3 WHERE id = $4"

P = ParamSpec("P")
V = TypeVar("V", bound=APIView)
Handler = Callable[Concatenate[V, Request, P], Response]


class _Undo(Exception):
    """Carries an answer that must have no effect out of the transaction."""

    def __init__(self, response: Response) -> None:
        self.response = response


def once(handler: Handler[V, P]) -> Handler[V, P]:
    """Honour the key of a request when it has one."""
    return _wrapped(handler, is_required=False)


def exactly_once(handler: Handler[V, P]) -> Handler[V, P]:
    """Refuse a request without a key: what it does must not be done twice when the answer is lost on its way."""
    return _wrapped(handler, is_required=True)


def _wrapped(handler: Handler[V, P], *, is_required: bool) -> Handler[V, P]:
    @functools.wraps(handler)
    def wrapped(view: V, request: Request, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = key_of(request)
        if key is None:
            if is_required:
                raise ValidationFailed(
                    _("Send an Idempotency-Key, such as a UUID: a repeated request is then done once."),
                    code="idempotency_key_missing",
                )
            return handler(view, request, *args, **kwargs)
        try:
            with transaction.atomic():
                return _done_once(request, key, lambda: handler(view, request, *args, **kwargs))
        except _Undo as undo:
            return undo.response

    cast(Any, wrapped).idempotency = "required" if is_required else "optional"
    return cast(Handler[V, P], wrapped)


def _done_once(request: Request, key: str, handle: Callable[[], Response]) -> Response:
    mark = fingerprint(request)
    application_id = cast(Caller, request.auth).application.pk
    row = claim(application_id, key, mark)
    if row is None:
        return _stored_answer(application_id, key, mark)
    response = handle()
    if response.status_code >= 400:
        raise _Undo(response)
    _keep(row, response)
    return response


def _keep(row: IdempotentRequest, response: Response) -> None:
    body = json.dumps(response.data, cls=JSONEncoder)
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    with preparing_cursor() as cursor:
        cursor.execute(DONE, [response.status_code, body, json.dumps(headers), row.pk])


def claim(application_id: int, key: str, mark: str) -> IdempotentRequest | None:
    """The row of a key that is new; None when the key was used. Waits for an equal request that is under way.

    One statement: whoever comes second waits in it until the first one is through, and then finds nothing to insert.
    """
    now = timezone.now()
    with preparing_cursor() as cursor:
        cursor.execute(CLAIM, [f"{PATIENCE_MS}ms", application_id, key, mark, now])
        inserted = cursor.fetchone()
    if inserted is None:
        return None
    row = IdempotentRequest(pk=inserted[0], application_id=application_id, key=key, fingerprint=mark, created_at=now)
    row._state.adding = False
    return row


def _stored_answer(application_id: int, key: str, mark: str) -> Response:
    row = IdempotentRequest.objects.get(application_id=application_id, key=key)
    if row.fingerprint != mark:
        raise ValidationFailed(
            _("This Idempotency-Key was used for another request. Take a new one."), code="idempotency_key_reused"
        )
    return Response(row.body, status=row.status, headers={**row.headers, REPLAYED: "true"})


def key_of(request: Request) -> str | None:
    """The key, bare or as a quoted string (the draft standard's form); None when there is none."""
    value = request.headers.get(HEADER)
    if value is None:
        return None
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if len(value) > LONGEST or not VISIBLE.fullmatch(value):
        raise ValidationFailed(
            _("The Idempotency-Key must have 1 to 255 visible ASCII signs."), code="idempotency_key_invalid"
        )
    return value


def number_of(request: Request) -> str:
    """What stands for a number of the other system where there is none; no such number, for those have no space.

    The content belongs to it: keys are forgotten after a week, and one that is used anew is for something else. By the
    key alone it would be taken for what it once was, lost, and its files would go to the appeal of somebody else.
    """
    mark = f"{key_of(request) or ''}\n{fingerprint(request)}"
    return f" {hashlib.sha256(mark.encode()).hexdigest()}"


def fingerprint(request: Request) -> str:
    """What was asked: method, address and content; read once for a request, however often it is asked for."""
    kept: str | None = getattr(request, "_fingerprint", None)
    if kept is None:
        request._fingerprint = kept = _fingerprint(request)  # type: ignore[attr-defined]  # for the life of the request
    return kept


def _fingerprint(request: Request) -> str:
    """A form with files is one whatever its boundary is."""
    mark = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type.startswith("multipart/"):
        for name, value in sorted(cast(QueryDict, request.data).lists()):
            for item in value:
                mark.update(f"{name}=".encode() + content_of(item))
    else:
        mark.update(json.dumps(request.data, sort_keys=True, cls=JSONEncoder).encode())
    return mark.hexdigest()


def content_of(item: object) -> bytes:
    if not isinstance(item, UploadedFile):
        return str(item).encode()
    digest = hashlib.sha256()
    for chunk in item.chunks():
        digest.update(chunk)
    item.seek(0)
    return f"{item.name}:{digest.hexdigest()}".encode()


def forget_old(now: datetime) -> int:
    """Delete the keys of requests that nobody repeats any more; how many there were."""
    return IdempotentRequest.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
