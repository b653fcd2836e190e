"""Files without a row go after a day; those of reports stay for ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from reports.models.published import FOLDER
from reports.periodic import tasks
from tests.reports.periodic.worlds import Counted, make

pytestmark = pytest.mark.django_db


def test_only_old_files_without_a_row_are_removed(counted: Counted, on_disk: Path) -> None:
    report = make()
    folder = on_disk / FOLDER / "2026"
    left, fresh = folder / "left.pdf", folder / "fresh.pdf"
    for file in (left, fresh):
        file.write_bytes(b"a")
    long_ago = time.time() - 2 * 24 * 3600
    for file in (left, Path(report.pdf.path), Path(report.xlsx.path)):
        os.utime(file, (long_ago, long_ago))
    assert tasks.remove_leftovers() == 1
    assert not left.exists() and fresh.exists()
    assert Path(report.pdf.path).exists() and Path(report.xlsx.path).exists()
