"""Figures of the study over the years, by which trends of the hub begin before the hub was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reports.study.contents import COLUMN, ROW, Table, Value, Words, lines, table, words

EVERY_YEAR = "*"


@dataclass(frozen=True, slots=True)
class Point:
    """The figure of one year; `partial` says which part of the year it holds where it is not the whole."""

    year: int
    value: Value
    partial: Words | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a trend.

    `part` is the key of the study (a channel, a category ...), `hub_key` that of the hub for the same thing, empty
    where it has none; `is_exact` is false where the two are only near each other.
    """

    key: str
    by: str
    part: str
    name: Words
    title: Words
    unit: str
    table: str
    points: tuple[Point, ...]
    hub_key: str = ""
    is_exact: bool = True

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(point.year for point in self.points)


def series(key: str, by: str = "") -> list[Series]:
    """The lines of a figure: one for the whole, or one for each part by channel, category, sector, area, applicant."""
    found = _all().get((key, by))
    if not found:
        raise KeyError(f"the study has no series {key!r} by {by!r}")
    return list(found)


def series_keys() -> dict[tuple[str, str], Words]:
    """What can be asked for: (key, by) with the name of the figure."""
    return {place: found[0].title for place, found in _all().items()}


@cache
def _all() -> dict[tuple[str, str], list[Series]]:
    titles = {row["series"]: words(row) for row in lines("series_names.csv")}
    same = {
        (row["dimension"], row["study_key"]): (row["hub_key"], row["exact"] == "yes") for row in lines("mapping.csv")
    }
    found: dict[tuple[str, str], list[Series]] = {}
    for row in lines("series.csv"):
        hub_key, is_exact = same.get((row["by"], row["part"]), ("", True))
        place = (row["series"], row["by"])
        found.setdefault(place, []).append(_series(row, titles[row["series"]], hub_key, is_exact))
    return found


def _series(row: Mapping[str, str], title: Words, hub_key: str, is_exact: bool) -> Series:
    source = table(row["table"])
    points = _points(source, row["row"], row["column"], row["year"])
    return Series(
        key=row["series"],
        by=row["by"],
        part=row["part"],
        name=_name(source, row) if row["by"] else title,
        title=title,
        unit=points[-1].value.unit,
        table=source.key,
        points=points,
        hub_key=hub_key,
        is_exact=is_exact,
    )


def _name(source: Table, row: Mapping[str, str]) -> Words:
    """Of a whole table that is one part of a wider figure the title, else the label of the line."""
    if row["row"] == "total" or row["table"] == "figure-18":
        return source.title
    along_row = row["column"] == EVERY_YEAR
    return source.label(ROW, row["row"]) if along_row else source.label(COLUMN, row["column"])


def _points(source: Table, row: str, column: str, year: str) -> tuple[Point, ...]:
    if year:
        return (Point(int(year), source.cells[row, column]),)
    line = source.row_of(row) if column == EVERY_YEAR else source.column_of(column)
    return tuple(Point(int(key), value, source.partial(key)) for key, value in line.items() if is_year(key))


def is_year(key: str) -> bool:
    return len(key) == 4 and key.isdigit() and key.startswith("20")
