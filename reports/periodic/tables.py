"""Tables of reports made of figures: a breakdown, a few figures over several periods, a year by months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports import figures, sources
from reports.dictionary import metric
from reports.documents import cells
from reports.documents.model import Cell, Column, Kind, Row, Table
from reports.figures import ALL, Figure, Filters
from reports.periods import Period

Key = int | str


@dataclass(frozen=True)
class Asked:
    """A column: a figure of a period. Without a title it is called as the figure."""

    metric: str
    period: Period
    title: str = ""


def breakdown(
    key: str,
    title: str,
    dimension: str,
    asked: Sequence[Asked],
    filters: Filters = ALL,
    *,
    most: int = 0,
    note: str = "",
) -> Table:
    """One row for each key of the dimension that has figures, and the total of all.

    With `most` only that many rows, those with the largest first column; the others stay in the total.
    """
    found = _found(dimension, asked, filters)
    names = sources.by_key(dimension)
    order = {one: place for place, one in enumerate(names)}
    keys = sorted(_with_figures(found), key=lambda one: order.get(one, len(order)))
    if most:
        keys = sorted(keys, key=lambda one: -_size(found[0].get(one)))[:most]
    rows = [
        Row(str(one), (cells.text(sources.name(dimension, one)), *(_cell(column.get(one), ask) for column, ask in
            zip(found, asked, strict=True))))
        for one in keys
    ]  # fmt: skip
    columns = (Column("name", str(sources.TITLES[dimension])), *_columns(asked))
    return Table(key, title, columns, (*rows, _total(asked, filters)), note)


def _found(dimension: str, asked: Sequence[Asked], filters: Filters) -> list[Mapping[Key, Figure]]:
    """The figures of each column by key; one question for each period."""
    by_period: dict[Period, dict[Key, Mapping[str, Figure]]] = {}
    for period in {ask.period for ask in asked}:
        wanted = list(dict.fromkeys(ask.metric for ask in asked if ask.period == period))
        by_period[period] = {row.key: row.figures for row in figures.by(wanted, period, dimension, filters, exact=True)}
    return [{key: row[ask.metric] for key, row in by_period[ask.period].items()} for ask in asked]


def _with_figures(found: Sequence[Mapping[Key, Figure]]) -> set[Key]:
    """Rows that would hold nothing but noughts are left out."""
    return {key for column in found for key, figure in column.items() if figure.numerator or figure.denominator}


def _size(figure: Figure | None) -> int:
    return figure.numerator if figure else 0


def _cell(figure: Figure | None, ask: Asked) -> Cell:
    return cells.of(figure or figures.make(metric(ask.metric), {}))


def _columns(asked: Iterable[Asked]) -> Iterable[Column]:
    for place, ask in enumerate(asked):
        yield cells.column(metric(ask.metric), ask.title, key=f"{place}-{ask.metric}")


def _total(asked: Sequence[Asked], filters: Filters) -> Row:
    made = [figures.figure(ask.metric, ask.period, filters, exact=True) for ask in asked]
    return Row("total", (cells.text(_("Total")), *map(cells.of, made)), is_total=True)


def summary(
    key: str, title: str, metrics: Sequence[str], spans: Sequence[tuple[str, Period]], filters: Filters = ALL
) -> Table:
    """One row for each figure, one column for each period."""
    found = [figures.figures(metrics, period, filters, exact=True) for _words, period in spans]
    rows = tuple(
        Row(one, (cells.text(cells.name(metric(one))), *(cells.of(column[one]) for column in found))) for one in metrics
    )
    columns = (
        Column("name", _("Figure")),
        *(Column(f"period-{place}", words, Kind.SHARE) for place, (words, _period) in enumerate(spans)),
    )
    return Table(key, title, columns, rows)


def shares(
    key: str, title: str, dimension: str, spans: Sequence[tuple[str, Period]], filters: Filters = ALL, *, note: str = ""
) -> Table:
    """Appeals received of every key of the dimension in each period, and the share of each in the last one."""
    asked = [Asked("received", period, words) for words, period in spans]
    found = _found(dimension, asked, filters)
    whole = sum(map(_size, found[-1].values()))
    rows = []
    for choice in (*sources.choices(dimension), sources.not_given(dimension)):
        counts = [_size(column.get(choice.key)) for column in found]
        if any(counts) or (choice.is_active and choice.slug != "none"):
            made = (*map(cells.count, counts), cells.share(counts[-1], whole))
            rows.append(Row(str(choice.key), (cells.text(choice.name), *made)))
    totals = [sum(map(_size, column.values())) for column in found]
    rows.append(Row("total", (cells.text(_("Total")), *map(cells.count, totals), cells.share(whole, whole)), True))
    columns = (
        Column("name", str(sources.TITLES[dimension])),
        *(Column(f"period-{place}", words, Kind.NUMBER, "received") for place, (words, _one) in enumerate(spans)),
        Column("share", _("Share, %(period)s") % {"period": spans[-1][0]}, Kind.SHARE),
    )
    return Table(key, title, columns, tuple(rows), note)
