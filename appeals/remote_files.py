"""Fetch the files that a messenger keeps, check them and put them to their appeal."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from appeals import conversations, talk, threads
from appeals.channels.base import FileUnavailable, IncomingMessage, Sender, channels
from appeals.models import Appeal, Channel, RemoteFile
from appeals.threads import FileToFetch
from common.errors import ValidationFailed
from common.files import SCAN_UNAVAILABLE, CheckedFile, UploadLimits, check_file

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LEASE = timedelta(minutes=5)  # longer than the slowest download that is still waited for
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 1800, 7200, 6 * 3600))
Status = RemoteFile.Status


def fetch_due() -> int:
    """Fetch everything due, one after the other; the number of files tried."""
    tried = 0
    while (file_id := _claim()) is not None:
        fetch(file_id)
        tried += 1
    return tried


@transaction.atomic
def _claim() -> int | None:
    """The try is counted and leased before it is made, so that several workers may fetch at once."""
    rows = RemoteFile.objects.filter(status=Status.WAITING, next_try_at__lte=timezone.now())
    row = rows.select_for_update(skip_locked=True).order_by("next_try_at").values_list("pk", flat=True).first()
    if row is not None:
        RemoteFile.objects.filter(pk=row).update(attempts=F("attempts") + 1, next_try_at=timezone.now() + LEASE)
    return row


def fetch(file_id: int) -> None:
    """Download without holding anything, check by content, then attach under the appeal's lock."""
    row = RemoteFile.objects.select_related("appeal").get(pk=file_id)
    limits = UploadLimits(max_bytes=conversations.parameters_of(Channel(row.channel)).largest_file_mb * MEGABYTE)
    try:
        wanted = FileToFetch(row.remote_id, row.unique_id, row.name, row.size)
        content = channels.get(row.channel).fetch(wanted, largest=limits.max_bytes)
        with override(row.appeal.answer_language):
            checked = check_file(row.name, content, limits)
    except ValidationFailed as error:
        if error.code == SCAN_UNAVAILABLE:
            _postpone(row, error.code, is_final=False)
        else:
            _refuse(row, error)
    except FileUnavailable as error:
        _postpone(row, str(error), is_final=error.is_final)
    except Exception as error:  # one bad file must not stop the others
        logger.exception("file could not be fetched", extra={"remote_file": row.pk})
        _postpone(row, type(error).__name__, is_final=False)
    else:
        _keep(row.pk, checked)


@transaction.atomic
def _keep(file_id: int, checked: CheckedFile) -> None:
    """The message may have been moved while the file came: it goes to wherever the message is now."""
    appeal_id = RemoteFile.objects.values_list("appeal_id", flat=True).get(pk=file_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=appeal_id)
    row = RemoteFile.objects.select_related("message").get(pk=file_id)
    if row.status != Status.WAITING:
        return
    if row.appeal_id != appeal.pk:
        RemoteFile.objects.filter(pk=file_id).update(next_try_at=timezone.now())
        return
    threads.attach(appeal, checked, message=row.message)
    RemoteFile.objects.filter(pk=file_id).update(status=Status.STORED, error="")


@transaction.atomic
def _refuse(row: RemoteFile, error: ValidationFailed) -> None:
    with override(row.appeal.answer_language):
        why = str(error.message)
        RemoteFile.objects.filter(pk=row.pk).update(status=Status.REFUSED, error=why)
        _tell(row, why)


def _postpone(row: RemoteFile, why: str, *, is_final: bool) -> None:
    attempts = row.attempts
    if not is_final and attempts <= len(BACKOFF):
        RemoteFile.objects.filter(pk=row.pk).update(next_try_at=timezone.now() + BACKOFF[attempts - 1], error=why)
        return
    with transaction.atomic(), override(row.appeal.answer_language):
        RemoteFile.objects.filter(pk=row.pk).update(status=Status.FAILED, error=why)
        _tell(row, talk.file_lost(row.name))


def _tell(row: RemoteFile, why: str) -> None:
    thread_key = row.appeal.applicant.thread_key
    if thread_key.partition(":")[0] != row.channel:
        return
    cause = IncomingMessage(Channel(row.channel), f"file-{row.pk}", Sender(thread_key), timezone.now())
    talk.say(cause, "files_refused", {"reasons": [why]})
