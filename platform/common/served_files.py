"""Hand out a file that somebody sent, in a way that it cannot act as a page of this site."""

from __future__ import annotations

from typing import Any, Protocol

from django.http import FileResponse

# A document is downloaded: viewers inside a browser want more rights than a sandbox gives.
SHOWN_IN_PLACE = {"image/jpeg", "image/png", "image/webp"}
POLICY = "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Kept(Protocol):
    """A file that was checked when it came."""

    file: Any
    name: Any
    content_type: Any

    @property
    def is_scanned(self) -> bool: ...


def serve(row: Kept) -> FileResponse:
    """What no virus scanner has looked through yet is only ever saved, never shown in place."""
    shown = row.content_type in SHOWN_IN_PLACE and row.is_scanned
    response = FileResponse(
        row.file.open("rb"), as_attachment=not shown, filename=row.name, content_type=row.content_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store, private"
    return response
