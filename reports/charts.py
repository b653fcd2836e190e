"""A table of the catalogue as what the drawing components of the pages take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import questions, sources, wording
from reports.building import ROMAN
from reports.changes import Change, change
from reports.dictionary import Kind, Unit
from reports.figures import Figure
from reports.tables import Chart, Column, Row, Table
from ui import dates
from ui.charts.plot import Series
from ui.charts.rows import BarRow, Part, Place, RangeRow
from ui.charts.shapes import step_of

MOST_BARS = 12
# Parts of a whole that are good, partly so, or bad carry the colour of that; their order is the same everywhere.
_INKS = {
    "kept_share": "c-good", "late_share": "c-warn", "not_done_share": "c-bad",
    "solved_share": "c-good", "partly_share": "c-warn", "not_solved_share": "c-bad",
}  # fmt: skip


def tick(column: Column) -> Callable[[float], str]:
    """How the scale of a column is written."""
    after = f"{wording.NARROW}%" if column.metric.unit == Unit.PERCENT else ""
    return lambda value: dates.number(int(value)) + after


# Bars


def bars(table: Table, most: int = 0) -> list[BarRow]:
    """Rows as bars, the first so many of them; the total stands above where shares are compared with it."""
    rows = list(table.rows[:most] if most else table.rows)
    if table.total and table.chart == Chart.STACKED:
        rows.insert(0, table.total)
    return [_bar(table, row) for row in rows]


def _bar(table: Table, row: Row) -> BarRow:
    figures = [(each, row.figures[each.key]) for each in table.shown if each.key in row.figures]
    parts = [Part(_size(found), _ink(each), f"{each.title}: {wording.full(found)}") for each, found in figures]
    first = figures[0][1] if figures else None
    return BarRow(
        label=row.label,
        url=row_url(table, row),
        parts=parts,
        words=wording.value(first),
        note=wording.counts(first),
        is_total=row is table.total,
    )


def _size(found: Figure) -> float:
    """What a bar is long by: of a share the share itself, as exact as its counts."""
    if found.metric.kind == Kind.SHARE:
        return 100 * found.numerator / found.denominator if found.denominator else 0.0
    return float(found.value or 0)


def _ink(each: Column) -> str:
    return _INKS.get(each.metric.key, "c1")


def scale(table: Table) -> float:
    """The full length of a bar: all of a whole, or the longest."""
    if table.chart == Chart.STACKED:
        return 100.0
    return max((_size(row.figures[key]) for row in table.rows for key in table.drawn), default=0.0)


def legend(table: Table) -> list[tuple[str, str]]:
    """(ink, words) of what is drawn; a single column says it in the title."""
    if table.chart == Chart.RANGES:
        return [(ink, str(words)) for ink, words in RANGES.items()]
    if table.chart == Chart.STACKED:
        return [(_ink(each), str(each.title)) for each in table.shown]
    if table.chart in (Chart.LINES, Chart.COLUMNS) and len(table.shown) > 1:
        return [(each.look, each.name) for each in series(table)]
    return []


# Shares in their ranges

RANGES = {
    "range-reach": gettext_lazy("95 % range"),
    "range-share": pgettext_lazy("mark in a range", "share"),
    "range-expected": gettext_lazy("City on the same mix"),
}


def ranges(table: Table) -> list[RangeRow]:
    """The rows that have a place, best first."""
    share = table.drawn[0]
    return [_range(row, row.figures[share]) for row in table.rows if "best_place" in row.figures]


def _range(row: Row, share: Figure) -> RangeRow:
    low, high, expected = (_size(row.figures[key]) for key in ("range_low", "range_high", "expected_share"))
    best, worst = (wording.value(row.figures[key]) for key in ("best_place", "worst_place"))
    return RangeRow(
        label=row.label,
        low=low,
        high=high,
        share=_size(share),
        expected=expected,
        words=wording.value(share),
        note=wording.counts(share),
        before=best if best == worst else f"{best}–{worst}",
        url=row.url,
    )


# Over time


def series(table: Table) -> list[Series]:
    inks: dict[str, int] = {}
    made = []
    for each in table.shown:
        ink = inks.setdefault(each.beside or each.key, len(inks) + 1)
        found = [row.figures.get(each.key) for row in table.rows]
        made.append(
            Series(
                name=str(each.title),
                values=[_size(one) if one is not None and one.value is not None else None for one in found],
                words=[wording.full(one) for one in found],
                ink=ink,
                is_dashed=bool(each.beside),
                is_columns=table.chart == Chart.COLUMNS,
            )
        )
    return made


def marks(table: Table) -> list[tuple[int, str]]:
    """The stretches that are marked, by their place."""
    return [(place, str(table.marks[row.slug])) for place, row in enumerate(table.rows) if row.slug in table.marks]


def labels(table: Table) -> list[str]:
    """Names of the stretches as short as they can be told apart: an axis has little room."""
    if table.grain not in _SHORT:
        return [row.label for row in table.rows]
    return [_SHORT[table.grain](dt.date.fromisoformat(row.slug)) for row in table.rows]


_SHORT: Mapping[str, Callable[[dt.date], str]] = {
    "day": lambda day: f"{day:%d.%m}",
    "week": lambda day: f"{day:%d.%m}",
    "month": lambda day: f"{day:%m.%Y}",
    "quarter": lambda day: f"{ROMAN[(day.month - 1) // 3]} {day.year}",
    "year": lambda day: str(day.year),
}


# Figures in large


@dataclass(frozen=True)
class Beside:
    """An earlier figure under a tile: which period, what it was, and how far the new one is from it."""

    name: str
    words: str
    change: Change


@dataclass(frozen=True)
class Tile:
    column: Column
    words: str
    counts: str
    beside: Sequence[Beside]
    now: str = ""
    is_headline: bool = False


def tiles(table: Table) -> list[Tile]:
    """The first row in large, the rows of earlier periods beneath; the day itself where a row is about it."""
    rows: Mapping[str, Row] = {row.slug: row for row in table.rows}
    first = table.rows[0]
    made = []
    for each in table.shown:
        found = first.figures[each.key]
        earlier = [row for row in table.rows[1:] if row.slug != "today" and is_counted(row)]
        made.append(
            Tile(
                column=each,
                words=wording.value(found),
                counts=wording.counts(found),
                beside=[_beside(row, each.key, found) for row in earlier],
                now=_today(rows.get("today"), each),
                is_headline=each.metric.key == "disputed_share",
            )
        )
    return sorted(made, key=lambda tile: not tile.is_headline)


def is_counted(row: Row) -> bool:
    """Whether anything happened in a period: before the hub was there it did not."""
    return any(found.is_counted for found in row.figures.values())


def _beside(row: Row, key: str, found: Figure) -> Beside:
    return Beside(row.label.split(":")[0], wording.full(row.figures[key]), change(found, row.figures[key]))


def _today(row: Row | None, each: Column) -> str:
    """States and percentiles of one day say nothing of their own."""
    return wording.value(row.figures[each.key]) if row and each.metric.kind == Kind.COUNT else ""


# The map


def places(table: Table) -> list[Place]:
    """The city sectors with their value, its step of colour, and the outline where it is known."""
    key = table.drawn[0]
    given = [row for row in table.rows if row.slug != "none"]
    highest = max((_size(row.figures[key]) for row in given), default=0.0)
    outlines = sources.outlines()
    return [
        Place(
            name=row.label,
            words=wording.value(row.figures[key]),
            note=wording.counts(row.figures[key]),
            url=row_url(table, row),
            step=step_of(_size(row.figures[key]), highest),
            outline=outlines.get(row.key),
        )
        for row in given
    ]


def row_url(table: Table, row: Row) -> str:
    """The page of its own that a row has, or the same report of this row alone."""
    if row.url:
        return row.url
    return f"?{questions.address(row.question)}" if row.question and row.question.filters.set else ""
