"""Tables of the study as their pages show them: rows, marks, numbered notes, charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.study.contents import (
    COLUMN,
    ROW,
    SECTION,
    WORD,
    Source,
    Status,
    Table,
    Value,
    Words,
    lines,
    notes,
    tables,
    units,
)
from reports.study.contents import words as words_of
from reports.study.trends import is_year
from ui import dates
from ui.charts import plot

MARKS = {Status.OK: "", Status.CORRECTED: "†", Status.RECOMPUTED: "‡", Status.UNRESOLVED: "§"}
MEANINGS: dict[Status, str | Promise] = {  # of all that is not as printed
    Status.CORRECTED: _("corrected: a misprint whose cause is known"),
    Status.RECOMPUTED: _(
        "recomputed here: the printed figure does not follow from other printed ones, or none is printed"
    ),
    Status.UNRESOLVED: _("unresolved: printed figures contradict each other, and either may be wrong"),
}
OF_TOTALS = {"total", "2019-2024-total", "2023-2024"}  # no part among parts


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    printed: str  # where it is another than the shown one
    otherwise: str  # what other figures of the study give, where nobody knows which is right
    mark: str
    meaning: str | Promise
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    notes: tuple[int, ...]
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    rows: tuple[Row, ...]


class Tick:
    """How the scale of a plot is written."""

    do_not_call_in_templates = True

    def __call__(self, value: float) -> str:
        return dates.number(int(value))


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and shares are drawn of `items`, columns and lines over the years of `plots`."""

    kind: str
    caption: str
    items: tuple[tuple[str, float], ...] = ()
    are_percents: bool = False
    labels: tuple[str, ...] = ()
    plots: tuple[plot.Series, ...] = ()
    tick: Tick = field(default_factory=Tick)


@dataclass
class Numbering:
    """Notes get their numbers as they are met."""

    ids: list[str] = field(default_factory=list)

    def of(self, found: Iterable[str]) -> tuple[int, ...]:
        self.ids.extend(one for one in dict.fromkeys(found) if one not in self.ids)
        return tuple(self.ids.index(one) + 1 for one in found)


@dataclass(frozen=True, slots=True)
class ShownTable:
    table: Table
    columns: tuple[tuple[str, str], ...]  # label, and what part of a year it holds
    sections: tuple[Section, ...]
    notes: tuple[tuple[int, str], ...]
    marks: tuple[tuple[str, str | Promise, int], ...]  # with how many values have it
    charts: tuple[Chart, ...]

    @property
    def is_narrow(self) -> bool:
        """One or two columns read badly far from their labels."""
        return len(self.columns) < 3


def shown(table: Table) -> ShownTable:
    numbering = Numbering()
    numbering.of(table.notes)
    sections = tuple(_sections(table, numbering))
    met = Counter[Status](value.status for value in table.cells.values())
    return ShownTable(
        table=table,
        columns=tuple((str(table.label(COLUMN, key)), _part_of_year(table, key)) for key in table.columns),
        sections=sections,
        notes=tuple((number, str(notes()[key])) for number, key in enumerate(numbering.ids, 1)),
        marks=tuple((MARKS[status], MEANINGS[status], met[status]) for status in MEANINGS if met[status]),
        charts=tuple(_charts(table)),
    )


def _part_of_year(table: Table, key: str) -> str:
    part = table.partial(key)
    return str(part) if part else ""


def _sections(table: Table, numbering: Numbering) -> Iterator[Section]:
    if not table.sections:
        yield Section("", tuple(_row(table, key, numbering) for key in table.rows))
    for section in table.sections:
        rows = tuple(_row(table, key, numbering) for key in table.in_section(section))
        yield Section(str(table.label(SECTION, section)), rows)


def _row(table: Table, key: str, numbering: Numbering) -> Row:
    label, part = str(table.label(ROW, key)), _part_of_year(table, key)
    values = (table.get(key, column) for column in table.columns)
    own = numbering.of(table.row_notes.get(key, ()))
    cells = tuple(_cell(table, value, numbering) if value else None for value in values)
    return Row(f"{label} ({part})" if part else label, own, cells)


def _cell(table: Table, value: Value, numbering: Numbering) -> Cell:
    if value.word:
        text, printed = str(table.label(WORD, value.word)), ""
    elif value.number is None:
        text, printed = "–", written(value.printed)
    else:
        text, printed = written(value.number), written(value.printed) if value.differs else ""
    otherwise = written(value.recomputed) if value.status != Status.OK and value.recomputed != value.number else ""
    meaning = MEANINGS.get(value.status, "")
    return Cell(text, printed, otherwise, MARKS[value.status], meaning, numbering.of(value.notes))


def written(number: Decimal | None) -> str:
    """With as many digits as are printed."""
    if number is None:
        return ""
    places = max(0, -int(number.as_tuple().exponent))
    return dates.number(number, places)


def source_of(table: Table) -> str | Promise:
    """Where in the study it stands."""
    if table.source == Source.TABLE:
        return _("Table %(number)s") % {"number": table.printed_as}
    if table.source == Source.FIGURE:
        return _("Figure %(number)s") % {"number": table.printed_as}
    return _("Running text") if table.source == Source.TEXT else _("Reconstructed from other tables")


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: Words
    lead: Words

    @property
    def tables(self) -> list[Table]:
        return [table for table in tables().values() if table.group == self.key]


@cache
def groups() -> dict[str, Group]:
    return {
        row["group"]: Group(row["group"], words_of(row, "title_"), words_of(row, "lead_"))
        for row in lines("groups.csv")
    }


def unit_of(table: Table) -> str:
    return str(units()[table.unit])


@cache
def _plans() -> dict[str, list[dict[str, str]]]:
    plans: dict[str, list[dict[str, str]]] = {}
    for row in lines("charts.csv"):
        plans.setdefault(row["table"], []).append(row)
    return plans


def _charts(table: Table) -> Iterator[Chart]:
    for plan in _plans().get(table.key, ()):
        kind, key = plan["kind"], plan["key"]
        if plan["of"] == SECTION:
            for section in table.sections:
                found = [(row, table.get(row, key)) for row in table.in_section(section)]
                yield _chart(table, kind, str(table.label(SECTION, section)), ROW, found)
            continue
        if kind in {"columns", "lines"}:
            yield _over_years(table, plan["of"], key.split(), is_columns=kind == "columns")
            continue
        line = table.row_of(key) if plan["of"] == ROW else table.column_of(key)
        parts = plan["parts"].split() or [one for one in line if one not in OF_TOTALS]
        caption = str(table.label(plan["of"], key))
        yield _chart(table, kind, caption, _other(plan["of"]), [(one, line[one]) for one in parts])


def _other(axis: str) -> str:
    return COLUMN if axis == ROW else ROW


def _over_years(table: Table, axis: str, keys: list[str], *, is_columns: bool) -> Chart:
    """Several lines, or one of columns; a year of which a value is marked is marked."""
    found = [table.row_of(key) if axis == ROW else table.column_of(key) for key in keys]
    years = [key for key in (table.columns if axis == ROW else table.rows) if is_year(key)]
    plots = tuple(
        plot.Series(
            name=str(table.label(axis, key)),
            values=[float(line[year].number or 0) if year in line else None for year in years],
            words=[written(line[year].number) if year in line else "–" for year in years],
            ink=ink,
            is_columns=is_columns,
        )
        for ink, (key, line) in enumerate(zip(keys, found, strict=True), 1)
    )
    marked = {year: "".join(sorted({MARKS[line[year].status] for line in found if year in line})) for year in years}
    labels = tuple(f"{year}\u00a0{marked[year]}".strip() for year in years)
    caption = plots[0].name if len(plots) == 1 else ""  # the legend names several
    return Chart("plot", caption, labels=labels, plots=plots)


def _chart(table: Table, kind: str, caption: str, axis: str, found: list[tuple[str, Value | None]]) -> Chart:
    known = [(key, value) for key, value in found if value is not None and value.number is not None]
    items = [
        (f"{table.label(axis, key)}\u00a0{MARKS[value.status]}".strip(), float(value.number or 0))
        for key, value in known
    ]
    return Chart(kind, caption, tuple(items), {value.unit for _, value in known} == {"percent"})
