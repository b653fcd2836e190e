"""Hand out files of versions to everybody: with checksums, in parts if wanted, to pages of other sites as well."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from reports.models import DatasetFile
from reports.opendata import storage
from reports.opendata.formats import FORMATS

PIECE = 64 * 1024
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
SHOWN_TO_OTHER_SITES = "ETag, Content-Digest, Content-Range, Content-Length, Accept-Ranges"


def open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    """A page of any site may read it; nothing of the reader goes along."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = SHOWN_TO_OTHER_SITES
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def serve(request: HttpRequest, file: DatasetFile) -> HttpResponseBase:
    """The whole file, the part that was asked for, or that the reader has it already."""
    etag = f'"{file.sha256}"'
    response = get_conditional_response(request, etag=etag) or _body(request, file, etag)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=3600"  # not longer: a version may be withheld
    return open_to_all(response)


def _body(request: HttpRequest, file: DatasetFile, etag: str) -> HttpResponseBase:
    entry = FORMATS[file.format]
    part = _part(request, file.size, etag)
    if part == (0, 0):
        refused = HttpResponse(status=416)
        refused.headers["Content-Range"] = f"bytes */{file.size}"
        return refused
    if part is None:
        response: HttpResponseBase = FileResponse(storage.opened(file), content_type=_type(entry.media_type))
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        response.headers["Content-Digest"] = f"sha-256=:{digest}:"
    else:
        start, end = part
        response = StreamingHttpResponse(_read(storage.opened(file), start, end), status=206)
        response.headers["Content-Type"] = _type(entry.media_type)
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
        response.headers["Content-Length"] = str(end - start)
    name = f"{file.version.dataset}-{file.version.number}.{entry.slug}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Start and end of the one range that was asked for; (0, 0) for one that the file does not have."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or found.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        return (max(size - int(last), 0), size) if int(last) and size else (0, 0)
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else (0, 0)


def _read(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (piece := file.read(min(PIECE, end - start))):
            start += len(piece)
            yield piece
