"""One record with everything it says and its place in the chain."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import selectors
from audit.digests import digest_of, link_hash
from audit.models import AuditRecord
from audit.subjects import page_of
from audit.views.base import officer_of, officers_only, record_look
from common.errors import NotFound


@never_cache
@require_safe
@officers_only
def page(request: HttpRequest, record_id: int) -> HttpResponse:
    row = AuditRecord.objects.select_related("actor").filter(pk=record_id).first()
    if row is None:
        raise NotFound
    record_look(request, f"audit-row:{record_id}")
    before, after = selectors.neighbours(row)
    context = {
        "row": row,
        "subject_url": page_of(row.subject_ref, officer_of(request)),
        "details": _lines(row.details),
        "before": before,
        "after": after,
        "holds": holds(row),
    }
    return render(request, "audit/record.html", context)


def holds(row: AuditRecord) -> bool:
    """Whether the record says what it said, and its place is that of its link."""
    if row.digest != digest_of(row):
        return False
    if row.seq is None:
        return True
    return row.hash == link_hash(prev_hash=row.prev_hash, seq=row.seq, row_id=row.pk, digest=row.digest)


def _lines(details: Any) -> list[tuple[str, str]]:
    """Details as names and values; values before and after stand beside each other."""
    if not isinstance(details, dict):
        return []
    lines: list[tuple[str, str]] = []
    for name, value in details.items():
        if name == "values" and isinstance(value, dict):
            lines += [(field, _before_after(pair)) for field, pair in value.items()]
        else:
            lines.append((name, _text(value)))
    return lines


def _before_after(pair: Any) -> str:
    if isinstance(pair, list) and len(pair) == 2:
        return f"{_text(pair[0])} → {_text(pair[1])}"
    return _text(pair)


def _text(value: Any) -> str:
    if value in (None, "", [], {}):
        return _("nothing")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
