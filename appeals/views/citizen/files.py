"""Hand out a file to whoever may see the case, in a way that it cannot act as a page of this site."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from appeals.models import Appeal
from appeals.selectors.tracking import visible_files
from appeals.views.citizen import access

SHOWN_IN_PLACE = {
    "image/jpeg",
    "image/png",
    "image/webp",
}  # a document is downloaded: viewers inside a browser want more rights than a sandbox gives


@require_GET
@access.of_case
def citizen_file(request: HttpRequest, appeal: Appeal, file_id: int) -> HttpResponseBase:
    row = visible_files(appeal).filter(pk=file_id).first()
    if row is None:
        raise Http404
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=row.content_type not in SHOWN_IN_PLACE,
        filename=row.name,
        content_type=row.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
