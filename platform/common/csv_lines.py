"""Tables for spreadsheets: lines of CSV in which no cell can act as a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from django.utils.translation import get_language, override

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


def into(file: TextIO) -> Callable[[Iterable[object]], object]:
    """Writes one row after the other into an open file; what a program may read, so without the mark."""
    writer = csv.writer(file)
    return lambda row: writer.writerow([cell(value) for value in row])


def lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The mark by which spreadsheets know UTF-8 comes first.

    The server reads a streamed answer after the request, where no language is chosen any more: every line is made in
    the language in which the table was asked for.
    """
    return _written(get_language(), header, iter(rows))


def _written(language: str | None, header: Iterable[object], rows: Iterator[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    with override(language):
        first = [cell(value) for value in header]
    yield "\ufeff" + str(writer.writerow(first))
    while True:
        # Never held while the line is on its way: the thread may answer somebody else meanwhile.
        with override(language):
            row = next(rows, None)
            values = None if row is None else [cell(value) for value in row]
        if values is None:
            return
        yield str(writer.writerow(values))
