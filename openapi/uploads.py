"""Files that a program sends before the appeal they belong to: checked at once, kept for a day, named by an id.

The id alone opens nothing: the place of the files is computed with the application's own number and a key of the hub.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from common import pending_files
from common.crypto import keyed_hash
from common.errors import ValidationFailed
from common.files import CheckedFile
from common.pending_files import PendingFile

LONGEST_ID = 49  # 32 hex digits, a dot, 16 hex digits
PURPOSE = "api upload"


def keep(file: CheckedFile, *, application_id: int) -> tuple[str, PendingFile]:
    """Keep one checked file; its id is for the answer."""
    public = secrets.token_hex(16)
    kept = pending_files.keep(_place(public, application_id), [file])[0]
    return f"{public}.{kept.key}", kept


def take(ids: Sequence[str], *, application_id: int) -> tuple[CheckedFile, ...]:
    """The files of these ids, in order; an id that is unknown, old or of another application is refused."""
    return tuple(file for one in ids for file in _take(one, application_id))


def forget(ids: Iterable[str], *, application_id: int) -> None:
    """They have become attachments."""
    for one in ids:
        pending_files.forget(_place(one.partition(".")[0], application_id))


def _take(upload_id: str, application_id: int) -> list[CheckedFile]:
    public, _dot, key = upload_id.partition(".")
    try:
        found = pending_files.take(_place(public, application_id), [key])
    except ValueError:
        found = []
    if not found:
        raise ValidationFailed(
            _("There is no uploaded file “%(id)s”. Files wait for a day; upload it again.") % {"id": upload_id},
            code="upload_unknown",
            field="uploads",
        )
    return found


def _place(public: str, application_id: int) -> str:
    return keyed_hash(f"{application_id}:{public}", purpose=PURPOSE)[:32]
