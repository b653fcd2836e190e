"""Tables for spreadsheets: lines of CSV in which no cell can act as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

# What a spreadsheet takes for a formula, or for the way to one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


class _Echo:
    """csv writes to anything with `write`; this hands the line on."""

    def write(self, value: str) -> str:
        return value


def cell(value: object) -> object:
    """Numbers stay numbers; a text that a spreadsheet would compute gets a quote before it."""
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The mark by which spreadsheets know UTF-8 comes first."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([cell(value) for value in header]))
    for row in rows:
        yield str(writer.writerow([cell(value) for value in row]))
