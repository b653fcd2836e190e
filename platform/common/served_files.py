"""Hand out a file that somebody sent, in a way that it cannot act as a page of this site."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse

# A document is downloaded: viewers inside a browser want more rights than a sandbox gives.
SHOWN_IN_PLACE = {"image/jpeg", "image/png", "image/webp"}
POLICY = "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def serve(file: Any, *, name: str, content_type: str) -> FileResponse:
    response = FileResponse(
        file, as_attachment=content_type not in SHOWN_IN_PLACE, filename=name, content_type=content_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store, private"
    return response
