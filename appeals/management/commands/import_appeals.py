"""`manage.py import_appeals`: bring in the history of another system, once, however often it is run."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from appeals.history.past import PastAppeal
from appeals.history.store import BATCH, store_batch
from appeals.history_files.cases import Reader
from appeals.history_files.fields import UnusableError
from appeals.history_files.lines import Line, read_lines
from appeals.history_files.mapping import Mapping, WrongMappingError, read_mapping
from appeals.history_files.places import Places
from appeals.models import AppealEvent, EventKind
from appeals.reference.files import MAPPINGS
from common.progress import Progress

LOCK_ID = 0x494D504F  # "IMPO": one import at a time
SHOWN_REJECTS = 10


class Command(BaseCommand):
    help = (
        "Import appeals with their messages, answers, routes and closures from JSONL or CSV (also .gz). "
        "Resumable and idempotent: what is there already is passed over. Examples of mapping files: "
        "appeals/reference/mappings/."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["jsonl", "csv"], required=True)
        parser.add_argument("--mapping", type=Path, required=True, help="a path, or the name of a shipped example")
        parser.add_argument("--limit", type=int, default=0, help="read at most so many lines")
        parser.add_argument("--report", type=Path, help="write the rejected lines here, one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        mapping = self._mapping(options["mapping"])
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with only_one_import():
            run = Import(mapping, Progress(sys.stderr, "import"))
            lines = read_lines(path, options["format"], delimiter=mapping.delimiter)
            run.read_all(lines, options["limit"])
        self._summarize(run, mapping)
        if options["report"]:
            texts = (json.dumps(row, ensure_ascii=False) + "\n" for row in run.rejects)
            Path(options["report"]).write_text("".join(texts), encoding="utf-8")

    def _mapping(self, wanted: Path | str) -> Mapping:
        path = Path(wanted)
        shipped = MAPPINGS / f"{path}.json"
        try:
            return read_mapping(path if path.is_file() or not shipped.is_file() else shipped)
        except WrongMappingError as error:
            raise CommandError(f"Mapping file: {error}") from None

    def _summarize(self, run: Import, mapping: Mapping) -> None:
        self.stdout.write(
            f"Read {run.read:,} lines in {run.progress.seconds:.1f} s: "
            f"made {run.made:,}, there already {run.known:,}, rejected {len(run.rejects):,}."
        )
        for row in run.rejects[:SHOWN_REJECTS]:
            self.stdout.write(f"    line {row['line']}: {row['reason']}")
        if len(run.rejects) > SHOWN_REJECTS:
            self.stdout.write(f"    ... and {len(run.rejects) - SHOWN_REJECTS:,} more (--report FILE writes all)")
        if mapping.count_by:
            self._compare(run.counts, stored_counts(mapping.source))

    def _compare(self, theirs: Counter[str], ours: Counter[str]) -> None:
        self.stdout.write(f"    {'category':<64} {'file':>9} {'here':>9}  equal")
        for name in sorted(theirs | ours, key=lambda key: (-theirs[key], key)):
            equal = "yes" if theirs[name] == ours[name] else "NO"
            self.stdout.write(f"    {name[:64] or '-':<64} {theirs[name]:>9,} {ours[name]:>9,}  {equal}")
        equal = "yes" if theirs == ours else "NO"
        self.stdout.write(f"    {'all':<64} {theirs.total():>9,} {ours.total():>9,}  {equal}")


class Import:
    """One run over a file: batches, counts, rejected lines."""

    def __init__(self, mapping: Mapping, progress: Progress) -> None:
        self.reader = Reader(mapping, Places(mapping), now=timezone.now())
        self.progress = progress
        self.read = self.made = self.known = 0
        self.counts: Counter[str] = Counter()
        self.rejects: list[dict[str, Any]] = []
        self._batch: list[PastAppeal] = []
        self._lines: dict[str, int] = {}

    def read_all(self, lines: Iterator[Line], limit: int) -> None:
        for line in lines:
            self.read += 1
            self._take(line)
            if len(self._batch) >= BATCH:
                self._store(line.done)
            if limit and self.read >= limit:
                break
        self._store(1.0)
        self.progress.end()

    def _take(self, line: Line) -> None:
        if line.record is None:
            self._reject(line.number, line.reason)
            return
        try:
            self.counts[self.reader.count_key(line.record)] += 1
            past = self.reader.read(line.record, line.number)
        except UnusableError as error:
            self._reject(line.number, str(error))
            return
        self._batch.append(past)
        self._lines[past.external_id] = line.number

    def _store(self, done: float) -> None:
        stored = store_batch(self._batch)
        self.made += stored.made
        self.known += stored.known
        for refused in stored.refused:
            self._reject(self._lines[refused.external_id], refused.reason)
        self._batch, self._lines = [], {}
        self.progress.show(done, self.read)

    def _reject(self, number: int, reason: str) -> None:
        self.rejects.append({"line": number, "reason": reason})


def stored_counts(source: str) -> Counter[str]:
    """How many appeals of a source are in the hub, by the source's own category, asked of the database."""
    rows = AppealEvent.objects.filter(kind=EventKind.IMPORTED, data__source=source)
    found = rows.values("data__category").annotate(count=Count("pk")).values_list("data__category", "count")
    return Counter(dict(found))


@contextmanager
def only_one_import() -> Iterator[None]:
    """Two imports at a time would make each other's rows twice or wait for each other; the second one is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_ID])
        if not cursor.fetchone()[0]:
            raise CommandError("Another import is running.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_ID])
