"""Make the copy of somebody's data: a sealed ZIP of JSON lines, pages to read and his own files."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from common.sealed_files import SealingWriter, new_key, opened
from privacy import history, notices, requests
from privacy.models import CaseEvent, DataRequest, ExportFile
from privacy.registries import ExportPart, Row, Subject, exports

logger = logging.getLogger(__name__)

STATE = ExportFile.State
KEPT_FOR = timedelta(days=7)
LEASE = timedelta(minutes=30)
MOST_ATTEMPTS = 5
COPY_PIECE = 1024 * 1024
FOLDER = "privacy-exports"
UNSAFE = re.compile(r"[^\w.\- ()]+")


def build_due(limit: int = 20) -> int:
    """Make every copy that waits; one whose maker was killed is begun again when its lease is over."""
    built = 0
    while built < limit and (export := _claim()) is not None:
        try:
            _build(export)
        except Exception:  # whatever is wrong with one copy, the others are made
            logger.exception("copy of personal data not made", extra={"data_request": export.request_id})
            _failed(export)
        built += 1
    return built


@transaction.atomic
def _claim() -> ExportFile | None:
    now = timezone.now()
    _give_up(now)
    free = Q(state=STATE.WAITING) & (Q(leased_until=None) | Q(leased_until__lt=now))
    rows = ExportFile.objects.select_for_update(skip_locked=True, of=("self",)).select_related("request__user")
    export = rows.filter(free | Q(state=STATE.BUILDING, leased_until__lt=now)).order_by("id").first()
    if export is None:
        return None
    _remove_file(export.path)
    export.state, export.attempts, export.leased_until = STATE.BUILDING, export.attempts + 1, now + LEASE
    export.path, export.key = f"{FOLDER}/{uuid.uuid4()}.sealed", new_key()
    export.step, export.steps = 0, len(list(exports))
    export.save()
    return export


def _give_up(now: datetime) -> None:
    """One that killed its maker each time is not begun for ever: it would take the worker of everybody else along."""
    dead = ExportFile.objects.filter(state=STATE.BUILDING, leased_until__lt=now, attempts__gte=MOST_ATTEMPTS)
    for export in dead.select_for_update(skip_locked=True, of=("self",)).select_related("request__user"):
        logger.error("copy of personal data given up", extra={"export": export.pk})
        _remove_file(export.path)
        ExportFile.objects.filter(pk=export.pk).update(state=STATE.FAILED, path="", key="")
        requests.copy_failed(export.request)


@transaction.atomic
def _failed(export: ExportFile) -> None:
    """Whoever claimed it after us is left alone. The last try that fails is told to the person and to the officers."""
    _remove_file(export.path)
    state = STATE.FAILED if export.attempts >= MOST_ATTEMPTS else STATE.WAITING
    wait = timezone.now() + timedelta(minutes=export.attempts)
    ours = ExportFile.objects.filter(pk=export.pk, path=export.path, state=STATE.BUILDING)
    if ours.update(state=state, path="", key="", leased_until=wait) and state == STATE.FAILED:
        requests.copy_failed(export.request)


def _build(export: ExportFile) -> None:
    request = export.request
    target = file_of(export.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        override(request.language),
        target.open("wb") as file,
        SealingWriter(file, export.key) as sealed,
        zipfile.ZipFile(cast(BinaryIO, sealed), "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        _fill(archive, export, notices.subject_of(request))
    _finish(export, target.stat().st_size)


def _fill(archive: zipfile.ZipFile, export: ExportFile, subject: Subject) -> None:
    parts = sorted(exports, key=lambda pair: pair[1].order)
    shown: list[tuple[str, str, int, str]] = []
    for number, (slug, part) in enumerate(parts, start=1):
        rows = list(part.rows(subject))
        if rows:
            _write_part(archive, slug, part, rows)
            shown.append((slug, str(part.title), len(rows), f"{slug}.jsonl"))
        _write_files(archive, slug, part, subject)
        ExportFile.objects.filter(pk=export.pk).update(step=number)
    context = {"parts": shown, "made_at": timezone.now(), "language": export.request.language}
    archive.writestr("index.html", render_to_string("privacy/export/index.html", context))


def _write_part(archive: zipfile.ZipFile, slug: str, part: ExportPart, rows: list[Row]) -> None:
    lines = "".join(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n" for row in rows)
    archive.writestr(f"data/{slug}.jsonl", lines)
    table = [[(str(label), row.get(name)) for name, label in part.columns.items()] for row in rows]
    page = render_to_string("privacy/export/part.html", {"title": part.title, "rows": table})
    archive.writestr(f"{slug}.html", page)


def _write_files(archive: zipfile.ZipFile, slug: str, part: ExportPart, subject: Subject) -> None:
    for file in part.files(subject) if part.files else ():
        name = UNSAFE.sub("_", file.name).strip(". ") or "file"
        try:
            source = file.open()
        except FileNotFoundError:
            continue  # deleted in the meantime
        with source, archive.open(f"files/{slug}/{name}", "w") as target:
            while piece := source.read(COPY_PIECE):
                target.write(piece)


@transaction.atomic
def _finish(export: ExportFile, size: int) -> None:
    """Whoever took the request back meanwhile, or claimed it after us, is left alone."""
    request = requests.lock(export.request_id)
    row = ExportFile.objects.select_for_update().get(pk=export.pk)
    if row.path != export.path or row.state != STATE.BUILDING:
        return
    now = timezone.now()
    row.state, row.size, row.ready_at, row.expires_at = STATE.READY, size, now, now + KEPT_FOR
    row.save()
    requests.finish(request, DataRequest.State.DONE, CaseEvent.Kind.EXPORTED)
    notices.tell_person(request, "export", notices.export_ready)


def pieces_of(export: ExportFile) -> Iterator[bytes]:
    """The plain ZIP, piece by piece, for a download."""
    with file_of(export.path).open("rb") as sealed:
        yield from opened(sealed, export.key)


def is_available(export: ExportFile) -> bool:
    return export.state == STATE.READY and export.expires_at is not None and export.expires_at > timezone.now()


def remove_expired(limit: int = 500) -> int:
    """The file and, before it, the key: what is left anywhere of the file opens no more."""
    rows = ExportFile.objects.filter(state=STATE.READY, expires_at__lte=timezone.now()).order_by("id")
    found = list(rows.values_list("pk", flat=True)[:limit])
    for export_id in found:
        expire(export_id)
    return len(found)


def remove_orphans() -> int:
    """Files that no row names any more, which a worker killed at the wrong moment has left; they open without a key."""
    named = set(ExportFile.objects.exclude(path="").values_list("path", flat=True))
    begun_before, removed = time.time() - 2 * LEASE.total_seconds(), 0
    for found in file_of(FOLDER).glob("*.sealed"):
        if f"{FOLDER}/{found.name}" not in named and found.stat().st_mtime < begun_before:
            found.unlink(missing_ok=True)
            removed += 1
    return removed


def expire(export_id: int) -> None:
    with transaction.atomic():
        row = ExportFile.objects.select_for_update().get(pk=export_id)
        if row.state != STATE.READY:
            return
        path, row.path, row.key, row.state = row.path, "", "", STATE.EXPIRED
        row.save(update_fields=["path", "key", "state"])
        history.record(f"request:{row.request_id}", CaseEvent.Kind.EXPIRED)
    _remove_file(path)


def file_of(path: str) -> Path:
    """On the disk that web and worker share for uploads: pieces are written as they come, which no other store does."""
    return Path(settings.MEDIA_ROOT) / path


def _remove_file(path: str) -> None:
    if path:
        file_of(path).unlink(missing_ok=True)
