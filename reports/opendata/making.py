"""Make versions of datasets: what waits and what is due, one maker at a time for each, never half of anything."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.errors import Conflict, NotFound
from reports.models import DatasetFile, DatasetRun, DatasetVersion, OpenDataTerms
from reports.opendata import datasets as _all_datasets  # noqa: F401  # they announce themselves
from reports.opendata import formats, notices, storage, versions
from reports.opendata.dataset import Build, Dataset, Every, Row, as_json, find, listed

logger = logging.getLogger(__name__)

STATE = DatasetRun.State
TASK = "reports.tasks.make_open_data"
OPEN = (STATE.WAITING, STATE.RUNNING)
LEASE = timedelta(minutes=15)  # a maker that was not heard of for so long is dead
HEARD_EVERY_SECONDS = 5
EVERY_ROWS = 500
PAUSE = {Every.DAY: timedelta(hours=20), Every.WEEK: timedelta(days=6, hours=20), Every.MONTH: timedelta(days=27)}


def terms() -> OpenDataTerms:
    """The licence and the periods; the defaults until somebody has entered others."""
    return OpenDataTerms.objects.filter(pk=1).first() or OpenDataTerms(pk=1)


def order(slug: str, *, actor: User | None = None, afresh: bool = False) -> DatasetRun:
    """Ask for a version; Conflict while one is being made."""
    if find(slug) is None:
        raise NotFound
    try:
        with transaction.atomic():
            return DatasetRun.objects.create(dataset=slug, asked_by=actor, is_afresh=afresh)
    except IntegrityError as error:
        raise Conflict(code="run_under_way") from error


def order_due(now: datetime) -> list[str]:
    """Order everything whose time has come since its last attempt; a failed one is tried again the next night.

    Nothing where the newest version was withheld: a new one would most likely say again what somebody took away.
    """
    ordered, stopped = [], versions.stopped()
    for dataset in listed():
        if dataset.slug in stopped:
            continue
        last = DatasetRun.objects.filter(dataset=dataset.slug).order_by("-id").first()
        pause = PAUSE[Every.DAY] if last and last.state == STATE.FAILED else PAUSE[dataset.every]
        if last is None or (last.state not in OPEN and last.asked_at <= now - pause):
            try:
                order(dataset.slug)
            except Conflict:  # somebody was quicker
                continue
            ordered.append(dataset.slug)
    return ordered


def make_waiting() -> int:
    """Make everything that waits; whatever is wrong with one dataset, the others are made."""
    made = 0
    while (run := _claim()) is not None:
        try:
            _make(run)
        except Exception as error:
            logger.exception("a dataset was not made", extra={"dataset": run.dataset})
            _fail(run, f"{type(error).__name__}: {error}")
        made += 1
    return made


@transaction.atomic
def _claim() -> DatasetRun | None:
    now = timezone.now()
    rows = DatasetRun.objects.select_for_update(skip_locked=True, of=("self",)).order_by("id")
    dead = Q(state=STATE.RUNNING, seen_at__lt=now - LEASE)
    run = rows.filter(Q(state=STATE.WAITING) | dead).first()
    if run is not None:
        run.state, run.seen_at, run.rows_done = STATE.RUNNING, now, 0
        run.save(update_fields=["state", "seen_at", "rows_done"])
    return run


def _fail(run: DatasetRun, error: str) -> None:
    with transaction.atomic():
        _end(run, STATE.FAILED, error=error[:2000])
        notices.tell_failed(run)


def _end(run: DatasetRun, state: str, *, error: str = "", version: DatasetVersion | None = None) -> None:
    DatasetRun.objects.filter(pk=run.pk).update(state=state, ended_at=timezone.now(), error=error, version=version)


def _make(run: DatasetRun) -> None:
    dataset = find(run.dataset)
    if dataset is None:  # a dataset that the hub no longer has
        _end(run, STATE.FAILED, error="unknown dataset")
        return
    last = versions.newest_of(dataset.slug)
    build = _build(last, afresh=run.is_afresh, schema_hash=dataset.schema_hash)
    with storage.workshop(dataset.slug) as folder:
        rows, content = _write(dataset, build, folder, run)
        if same := _same(last, dataset.slug, content):
            _end(run, STATE.UNCHANGED, version=same)
            return
        version = _store(dataset, build, folder, rows, content)
        _compare(version, last)
        _end(run, STATE.MADE, version=version)
    prune(dataset.slug, keep=1 if dataset.is_revocable else max(terms().versions_kept, 2))


def _same(last: DatasetVersion | None, slug: str, content: str) -> DatasetVersion | None:
    """The version that says this already; what was withheld comes back by being shown again, never by itself."""
    if last is not None and last.content_hash == content:
        return last
    withheld = DatasetVersion.objects.filter(dataset=slug, state=DatasetVersion.State.WITHHELD)
    return withheld.filter(content_hash=content).first()


def _build(last: DatasetVersion | None, *, afresh: bool, schema_hash: str) -> Build:
    build = Build(now=timezone.now(), settling_days=terms().settling_days)
    if last is not None and not afresh and last.schema_hash == schema_hash:
        build.previous = lambda: storage.rows_of(last)
        build.covered_until = last.covers_until
        build.previous_figures = last.figures
    return build


def _write(dataset: Dataset, build: Build, folder: Path, run: DatasetRun) -> tuple[int, str]:
    """Rows go to all files as they come, whatever their number; returns how many and the hash of what they say."""
    content = hashlib.sha256(dataset.schema_hash.encode())
    count, heard = 0, time.monotonic()
    with formats.writing(dataset, folder) as writers:
        for row in dataset.rows(build):
            for writer in writers:
                writer.write(row)
            content.update(as_json(row).encode() + b"\n")
            count += 1
            if count % EVERY_ROWS == 0 and time.monotonic() - heard > HEARD_EVERY_SECONDS:
                heard = time.monotonic()
                DatasetRun.objects.filter(pk=run.pk).update(seen_at=timezone.now(), rows_done=count)
    DatasetRun.objects.filter(pk=run.pk).update(seen_at=timezone.now(), rows_done=count)
    return count, content.hexdigest()


def _store(dataset: Dataset, build: Build, folder: Path, rows: int, content: str) -> DatasetVersion:
    """Files first, then the row that lets everybody see them; without the row they are a leftover."""
    described = [
        (entry, path.stat().st_size, storage.digest(path))
        for entry in formats.available()
        if (path := folder / entry.file_name(dataset.slug)).exists()
    ]
    with transaction.atomic():
        last = DatasetVersion.objects.select_for_update().filter(dataset=dataset.slug).order_by("-number").first()
        version = DatasetVersion.objects.create(
            dataset=dataset.slug,
            number=last.number + 1 if last else 1,
            rows=rows,
            content_hash=content,
            schema_hash=dataset.schema_hash,
            fields=dataset.schema,
            covers_from=build.covers_from,
            covers_until=build.covers_until,
            figures=build.figures,
            has_demo=build.has_demo,
        )
        DatasetFile.objects.bulk_create(
            DatasetFile(version=version, format=entry.slug, size=size, sha256=sha256)
            for entry, size, sha256 in described
        )
        storage.put_in_place(folder, dataset.slug, version.number)
    return version


def _compare(version: DatasetVersion, last: DatasetVersion | None) -> None:
    """What changed, in rows; each is remembered by eight bytes only."""
    if last is None:
        return
    try:
        old = _marks(storage.rows_of(last))
    except FileNotFoundError:  # files were lost: the version is made all the same, and says nothing of changes
        return
    new = _marks(storage.rows_of(version))
    DatasetVersion.objects.filter(pk=version.pk).update(rows_added=len(new - old), rows_removed=len(old - new))


def _marks(rows: Iterator[Row]) -> set[bytes]:
    return {hashlib.blake2b(as_json(row).encode(), digest_size=8).digest() for row in rows}


def prune(slug: str, *, keep: int) -> int:
    """Old versions lose their files beyond the number that is kept; the line with its checksums stays for ever."""
    numbers = DatasetVersion.objects.filter(dataset=slug, is_pruned=False).order_by("-number")
    old = list(numbers.values_list("number", flat=True)[keep:])
    for number in old:
        DatasetVersion.objects.filter(dataset=slug, number=number).update(is_pruned=True)
        storage.remove(slug, number)
    return len(old)
