"""Where the files of versions lie: a folder for each, put in its place whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage

from reports.models import DatasetFile, DatasetVersion
from reports.opendata.dataset import Row
from reports.opendata.formats import FORMATS

FOLDER = "open-data"
BUILDING = "building"
PIECE = 1024 * 1024


def folder_of(dataset: str, number: int) -> Path:
    return Path(default_storage.path(f"{FOLDER}/{dataset}/{number}"))


@contextmanager
def workshop(dataset: str) -> Iterator[Path]:
    """A folder to write in; what a maker that was killed has left there goes first, and everything goes in the end."""
    base = Path(default_storage.path(f"{FOLDER}/{BUILDING}/{dataset}"))
    shutil.rmtree(base, ignore_errors=True)
    folder = base / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(base, ignore_errors=True)


def put_in_place(folder: Path, dataset: str, number: int) -> None:
    """One renaming: nobody ever sees a part. A folder of this number that no version knows is a leftover."""
    target = folder_of(dataset, number)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(target)


def remove(dataset: str, number: int) -> None:
    shutil.rmtree(folder_of(dataset, number), ignore_errors=True)


def path_of(file: DatasetFile) -> Path:
    return folder_of(file.version.dataset, file.version.number) / FORMATS[file.format].file_name(file.version.dataset)


def opened(file: DatasetFile) -> BinaryIO:
    return path_of(file).open("rb")


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def rows_of(version: DatasetVersion, most: int | None = None) -> Iterator[Row]:
    """The rows of a version, or the first of them, read from its lines."""
    path = folder_of(version.dataset, version.number) / FORMATS["jsonl"].file_name(version.dataset)
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if most is not None and number >= most:
                return
            yield json.loads(line)
