"""What cannot go with the redaction itself: files, after its commit, and notices that were still to be sent."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from appeals.models import Appeal, Leftover
from notifications.models import Notification

logger = logging.getLogger(__name__)

WAITING = Notification.Status.WAITING
EMPTY = {"address": "", "subject": "", "body": "", "headers": {}, "error": "", "provider_id": "", "secret_body": ""}
BATCH = 500


def note_files(appeal: Appeal, paths: Iterable[str]) -> None:
    Leftover.objects.bulk_create(Leftover(appeal=appeal, path=path) for path in paths)


def empty_notices(appeal_id: int) -> None:
    """Those that are out. One that waits keeps its address until it has gone: a person waits for it."""
    about = Notification.objects.filter(subject_ref=_ref(appeal_id))
    gone = about.exclude(status=WAITING)
    gone.filter(transport=Notification.Transport.INBOX).delete()
    gone.update(**EMPTY)
    if about.filter(status=WAITING).exists():
        Leftover.objects.get_or_create(appeal_id=appeal_id, path="")


def _ref(appeal_id: int) -> str:
    return f"appeal:{appeal_id}"


def remove_soon(appeal: Appeal) -> None:
    """Right after the commit; whoever is killed in between leaves it to the tick of the clock."""
    transaction.on_commit(partial(remove, appeal_id=appeal.pk), robust=True)


def remove(*, appeal_id: int | None = None, limit: int = BATCH) -> int:
    """Remove what is left of one appeal, or of any; the number of rows that are done with."""
    rows = Leftover.objects.order_by("pk")
    if appeal_id is not None:
        rows = rows.filter(appeal=appeal_id)
    return sum(_remove(row) for row in list(rows[:limit]))


def _remove(row: Leftover) -> bool:
    """One that fails stays for the next tick and keeps none of the others."""
    try:
        with transaction.atomic():
            if not _is_gone(row):
                return False
            row.delete()
            return True
    except Exception:
        logger.exception("leftover_not_removed", extra={"appeal": row.appeal_id, "leftover": row.pk})
        return False


def _is_gone(row: Leftover) -> bool:
    if row.path:
        default_storage.delete(row.path)  # harmless when it is gone already
        return True
    about = Notification.objects.filter(subject_ref=_ref(row.appeal_id))
    about.exclude(status=WAITING).update(**EMPTY)
    return not about.filter(status=WAITING).exists()
