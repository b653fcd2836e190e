"""Answer a question: one table, read from the rollups in a bounded number of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.errors import ValidationFailed
from reports import figures, sources, spans
from reports.builder.question import GRAINS, Question, active_filters, stretches
from reports.dictionary import Kind as Made
from reports.dictionary import metric
from reports.documents import cells
from reports.documents.model import Column, Definition, Document, Row, Section, Table
from reports.figures import Figure
from reports.models import PeriodKind
from reports.periods import Period
from ui import dates

MOST_CELLS = 20_000
Key = Any  # of a dimension, or a stretch of time
Found = Mapping[tuple[Key, Key], Mapping[str, Figure]]
_KIND_OF = {"week": PeriodKind.WEEK, "month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}


@dataclass(frozen=True)
class Head:
    """A row or a column: its key and its name."""

    key: Key
    name: str


@dataclass(frozen=True)
class Answer:
    table: Table
    chart: str  # "bars", "columns" or nothing
    points: tuple[tuple[str, float], ...]


def answer(question: Question) -> Answer:
    found, totals = _read(question)
    found = {pair: row for pair, row in found.items() if _says_something(row)}
    rows = _heads(question, question.rows, {row for row, _column in found})
    columns = (
        _heads(question, question.columns, {column for _row, column in found}) if question.columns else [Head("", "")]
    )
    if len(rows) * len(columns) * len(question.measures) > MOST_CELLS:
        message = _("The table would have more than %(count)s cells. Choose a filter or fewer columns.")
        raise ValidationFailed(message % {"count": dates.number(MOST_CELLS)}, code="too_many_cells")
    rows = _ordered(question, rows, columns, found)
    table = Table("answer", title(question), tuple(_columns(question, columns)), (
        *(_row(question, head.key, head.name, columns, found) for head in rows),
        _row(question, None, _("Total"), columns, {(None, key): one for key, one in totals.items()}, is_total=True),
    ), note=_note(question))  # fmt: skip
    chart = _chart(question)
    return Answer(table, chart, _points(question, rows, found) if chart else ())


def _says_something(row: Mapping[str, Figure]) -> bool:
    return any(figure.numerator or figure.denominator for figure in row.values())


def title(question: Question) -> str:
    names = ", ".join(str(metric(key).name) for key in question.measures)
    axes = " × ".join(_axis(axis) for axis in (question.rows, question.columns) if axis)
    return f"{names}: {axes}"


def _axis(slug: str) -> str:
    return str(GRAINS[slug] if slug in GRAINS else sources.TITLES[slug])


def _note(question: Question) -> str:
    if question.asked != question.period:
        return _("Here figures are kept by whole months: the period was widened to them.")
    return ""


# Reading


def _read(question: Question) -> tuple[Found, Mapping[Key, Mapping[str, Figure]]]:
    """The figures of each pair of row and column, and of each column in all."""
    if question.grain:
        return _with_time(question)
    keys, period, filters = question.measures, question.asked, question.filters
    if question.columns:
        found = figures.by_two(keys, period, question.rows, question.columns, filters, exact=True)
        totals = {row.key: row.figures for row in figures.by(keys, period, question.columns, filters, exact=True)}
        return found, totals
    rows = {(row.key, ""): row.figures for row in figures.by(keys, period, question.rows, filters, exact=True)}
    return rows, {"": figures.figures(keys, period, filters, exact=True)}


def _with_time(question: Question) -> tuple[Found, Mapping[Key, Mapping[str, Figure]]]:
    """Stretches of time stand in the rows or in the columns; each is asked for by itself."""
    keys, filters, dimension = question.measures, question.filters, "".join(question.dimensions)
    spans = stretches(question)
    in_rows = question.rows == question.grain
    found: dict[tuple[Key, Key], Mapping[str, Figure]] = {}
    totals: dict[Key, Mapping[str, Figure]] = {}
    for span in spans:
        if not dimension:
            found[span, ""] = figures.figures(keys, span, filters, exact=True)
            continue
        for row in figures.by(keys, span, dimension, filters, exact=True):
            found[(span, row.key) if in_rows else (row.key, span)] = row.figures
        if not in_rows:
            totals[span] = figures.figures(keys, span, filters, exact=True)
    if in_rows and dimension:
        totals = {row.key: row.figures for row in figures.by(keys, question.asked, dimension, filters, exact=True)}
    elif in_rows:
        totals = {"": figures.figures(keys, question.asked, filters, exact=True)}
    return found, totals


def _heads(question: Question, axis: str, keys: set[Key]) -> list[Head]:
    """In the order of the list or of time; what has no figure at all is left out."""
    if axis in GRAINS:
        return [Head(span, _span_words(axis, span)) for span in stretches(question)]
    known = sources.by_key(axis)
    order = {key: place for place, key in enumerate(known)}
    found = sorted(keys, key=lambda key: order.get(key, len(order)))
    return [Head(key, sources.name(axis, key)) for key in found]


def _span_words(grain: str, span: Period) -> str:

    if grain == "day":
        return dates.short_date(span.start)
    whole = spans.span(_KIND_OF[grain], span.start)
    if whole != span:
        return f"{dates.short_date(span.start)} – {dates.short_date(span.end)}"
    return spans.words(_KIND_OF[grain], span)


# Writing


def _ordered(question: Question, rows: list[Head], columns: Sequence[Head], found: Found) -> list[Head]:
    if question.order == "name":
        return sorted(rows, key=lambda head: head.name.casefold())
    if question.order in ("most", "least"):
        size: Callable[[Head], float] = lambda head: sum(  # noqa: E731
            _size(found.get((head.key, column.key), {}).get(question.measures[0])) for column in columns
        )
        return sorted(rows, key=size, reverse=question.order == "most")
    return rows


def _size(figure: Figure | None) -> float:
    return float(figure.value) if figure and figure.value is not None else 0.0


def _columns(question: Question, columns: Sequence[Head]) -> list[Column]:
    made = [Column("name", _axis(question.rows))]
    for place, head in enumerate(columns):
        for key in question.measures:
            entry = metric(key)
            shown = head.name if len(question.measures) == 1 and head.name else ""
            column = cells.column(entry, head.name, key=f"{place}-{key}")
            made.append(Column(column.key, shown or column.title, column.kind, key))
    return made


def _row(
    question: Question, key: Key, name: str, columns: Sequence[Head], found: Found, *, is_total: bool = False
) -> Row:
    made = [cells.text(name)]
    for head in columns:
        there = found.get((key, head.key), {})
        made += [cells.of(there.get(one) or figures.make(metric(one), {})) for one in question.measures]
    return Row("total" if is_total else str(key), tuple(made), is_total)


def _chart(question: Question) -> str:
    """One figure along one axis can be drawn; a mean beside a count cannot."""
    if question.columns or metric(question.measures[0]).kind == Made.PERCENTILE:
        return ""
    return "columns" if question.rows in GRAINS else "bars"


def _points(question: Question, rows: Sequence[Head], found: Found) -> tuple[tuple[str, float], ...]:
    first = question.measures[0]
    return tuple((head.name, _size(found.get((head.key, ""), {}).get(first))) for head in rows)[:40]


def document(question: Question, table: Table, name: str = "") -> Document:
    """The answer as a document, for the workbook."""
    notes = tuple(f"{label}: {value}" for label, value in active_filters(question))
    asked = question.asked
    return Document(
        form="builder",
        title=name or table.title,
        subtitle=_("Report builder"),
        period=f"{dates.short_date(asked.start)} – {dates.short_date(asked.end)}",
        starts_on=asked.start.isoformat(),
        ends_on=asked.end.isoformat(),
        language=get_language() or "kk",
        sections=(Section(table.title, (table,)),),
        notes=notes,
        definitions=tuple(
            Definition(key, str(metric(key).name), str(metric(key).definition), str(metric(key).source))
            for key in question.measures
        ),
    )
