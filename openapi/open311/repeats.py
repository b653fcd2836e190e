"""The same report sent again is filed once: Open311 clients know no `Idempotency-Key`, so the content is the key.

The same application, the same fields and files (device and account among them) within an hour are a repeat: when the
answer was lost on its way, the retry gets it. Later the same words are a new report. The row is that of
`openapi.idempotency`, written in the transaction of the filing; a repeat that comes while the first is still being
filed gets a token, and asks with it for the number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import QueryDict
from django.utils import timezone

from common.crypto import keyed_hash
from openapi import idempotency
from openapi.authentication import Caller
from openapi.models import IdempotentRequest
from openapi.open311.entry import FIELD

WINDOW = timedelta(hours=1)
PURPOSE = "open311 token"
MARK = "open311:"
DIGITS = 40


class _UnderWay(Exception):
    """An equal report is being filed."""


@dataclass(frozen=True)
class Answer:
    """What a client is told; `body` is None while an equal report is still being filed."""

    body: dict[str, Any] | None
    is_repeat: bool = False


def token_of(caller: Caller, form: QueryDict) -> str:
    """A name for the report that nobody can guess; the key by which it came does not count, for keys are rotated."""
    mark = hashlib.sha256()
    for name, values in sorted(form.lists()):
        for value in values if name != FIELD else ():
            content = idempotency.content_of(value)
            mark.update(f"{len(name)}:{name}={len(content)}:".encode() + content)
    digest = keyed_hash(f"{caller.application.pk}:{mark.hexdigest()}", purpose=PURPOSE)
    return f"{caller.application.pk}-{digest[:DIGITS]}"


def once(caller: Caller, token: str, file: Callable[[], dict[str, Any]]) -> Answer:
    """File the report, or tell what an equal one was told."""
    try:
        with transaction.atomic():
            row, is_new = _claimed(caller.application.pk, token)
            if not is_new and _is_fresh(row):
                return Answer(row.body, is_repeat=True)
            return _filed(row, file)
    except _UnderWay:
        return Answer(None)


def _claimed(application_id: int, token: str) -> tuple[IdempotentRequest, bool]:
    """The row of the report, held until the end of the transaction, and whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_mark_of(token)])
    try:
        row = idempotency.claim(application_id, MARK + token, token)
        if row is not None:
            return row, True
        rows = IdempotentRequest.objects.select_for_update()
        return rows.get(application_id=application_id, key=MARK + token), False
    except OperationalError as error:
        if "lock timeout" in str(error):  # here alone: whatever else the filing waits for in vain is no repeat
            raise _UnderWay from error
        raise


def _filed(row: IdempotentRequest, file: Callable[[], dict[str, Any]]) -> Answer:
    row.body, row.status, row.created_at = file(), 200, timezone.now()
    row.save(update_fields=["body", "status", "created_at"])
    return Answer(row.body)


def told_before(token: str) -> Answer | None:
    """The answer to an equal report of the last hour, without waiting for one under way."""
    row = _row(token)
    return Answer(row.body, is_repeat=True) if row and _is_fresh(row) else None


def number_of(token: str) -> str | None:
    """The number for which a token stands; kept as long as the keys of repeated requests."""
    row = _row(token)
    return row.body["service_request_id"] if row and row.body else None


def is_under_way(token: str) -> bool:
    """Whether somebody files the report at this moment: he holds its mark until his transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_mark_of(token)])
        return not cursor.fetchone()[0]


def _mark_of(token: str) -> int:
    return int.from_bytes(hashlib.sha256((MARK + token).encode()).digest()[:8], signed=True)


def _row(token: str) -> IdempotentRequest | None:
    application_id, _dash, digest = token.partition("-")
    if not application_id.isdecimal() or len(application_id) > 18 or len(digest) != DIGITS:
        return None
    return IdempotentRequest.objects.filter(application_id=int(application_id), key=MARK + token).first()


def _is_fresh(row: IdempotentRequest) -> bool:
    return row.created_at > timezone.now() - WINDOW
