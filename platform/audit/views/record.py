"""One record with everything it says and its place in the chain."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import selectors
from audit.digests import digest_of, link_hash
from audit.models import AuditRecord
from audit.subjects import subjects_of
from audit.views.base import officer_of, officers_only, record_look
from audit.words import fields_in_words, lines_of
from common.errors import NotFound


@never_cache
@require_safe
@officers_only
def page(request: HttpRequest, record_id: int) -> HttpResponse:
    row = AuditRecord.objects.select_related("actor").filter(pk=record_id).first()
    if row is None:
        raise NotFound
    record_look(request, f"audit-row:{record_id}")
    reader = officer_of(request)
    before, after = selectors.neighbours(row)
    context = {
        "row": row,
        "subject": subjects_of([row.subject_ref], reader)[row.subject_ref],
        "fields": fields_in_words(row.fields),
        "details": lines_of(row.details, reader),
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
