"""Files of reports that no row names: their maker was killed between writing them and writing the row."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from reports.models import PublishedReport
from reports.models.published import FOLDER

DAY = 24 * 3600  # none that is still being made is so old


def remove() -> int:
    root, removed = Path(settings.MEDIA_ROOT), 0
    old = [file for file in (root / FOLDER).glob("*/*") if file.stat().st_mtime < time.time() - DAY]
    if not old:
        return 0
    named = {name for pair in PublishedReport.objects.values_list("pdf", "xlsx").iterator() for name in pair}
    for file in old:
        if file.relative_to(root).as_posix() not in named:
            file.unlink(missing_ok=True)
            removed += 1
    return removed
