"""Figures of a month, how they changed, and a dataset with its checksum verified: no key is needed. HUB_URL."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import sys
from decimal import Decimal

import httpx
from halyq_uni import answer, connect
from halyq_uni.generated.api.statistics import get_dataset, get_figures, get_series
from halyq_uni.generated.models import DatasetFile, GetSeriesGrain, GetSeriesPeriod

hub = connect(os.environ["HUB_URL"], language="en")


def main() -> None:
    since, until = (dt.date.fromisoformat(os.environ[name]) for name in ("SINCE", "UNTIL"))
    figures = answer(
        get_figures.sync_detailed(client=hub, metrics="received,kept_share", by="channel", since=since, until=until)
    )
    series = answer(
        get_series.sync_detailed(
            client=hub, metrics="received", period=GetSeriesPeriod("12-months"), grain=GetSeriesGrain.MONTH
        )
    )
    dataset = answer(get_dataset.sync_detailed("working-calendar", client=hub))
    file = next(one for one in (dataset.newest.files if dataset.newest else []) if one.format_ == "csv")
    told = {
        "counted_at": str(figures.counted_at),
        "received": {row.keys[0].key: row.figures[0].value for row in figures.rows},
        "kept": {row.keys[0].key: as_number(row.figures[1].value) for row in figures.rows},
        "months": len(series.points),
        "columns": [column.name for column in dataset.columns],
        "rows": len(list(csv.DictReader(io.StringIO(download(file).decode())))),
    }
    sys.stdout.write(json.dumps(told))


def as_number(value: str | None) -> str:
    """A value has all its digits: a Decimal keeps them, a float would not. None: nothing to take a share of."""
    return f"{Decimal(value) / 100:.3f}" if value is not None else ""


def download(file: DatasetFile) -> bytes:
    """The bytes, when they are those that the hub published."""
    content = httpx.get(file.file_url).raise_for_status().content
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError(f"{file.file_url} did not arrive whole")
    return content


if __name__ == "__main__":
    main()
