"""Hand out a file to whoever may see the case."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from appeals.models import Appeal, Attachment
from appeals.selectors.tracking import visible_files
from appeals.views.citizen import access
from common import served_files


@require_GET
@access.of_case
def citizen_file(request: HttpRequest, appeal: Appeal, file_id: int) -> HttpResponseBase:
    row = visible_files(appeal).filter(pk=file_id).first()
    if row is None or row.scan == Attachment.Scan.INFECTED:
        raise Http404
    return served_files.serve(row)
