"""Public Control: the ranking of bodies, and two of them side by side."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports import charts, sources, wording
from reports.catalog.public_control import KIND, MIX, slug_of, table_of
from reports.dashboards import DASHBOARDS
from reports.intervals import Counts
from reports.questions import Question
from reports.ranking import reading, words
from reports.ranking.forms import PairForm, RankingForm
from reports.ranking.reading import Answer
from reports.ranking.rules import MINIMUM, compare
from reports.tables import Row, Table, reports
from reports.views.cards import Card
from ui.charts.rows import RangeRow, RangeScale


@dataclass(frozen=True)
class Shown:
    """A placed body: its line of the table in words, its drawing, and the groups that it belongs to."""

    name: str
    drawn: RangeRow
    words: dict[str, str]
    counts: str
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """One topic in both bodies and in the city."""

    name: str
    one: Counts | None
    other: Counts | None
    city: Counts | None


@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    form = RankingForm(request.GET)
    found = reading.answer(form.asked())
    shown = _card(found)
    rows = _rows(found, shown.table)
    page = {
        **_asked(form, found),
        "board": DASHBOARDS["public-control"],
        "card": shown,
        "table": shown.table,
        "rows": rows,
        "scale": RangeScale.around([row.drawn for row in rows]),
        "unlike": [(found.names[row.key], row.counts) for row in found.ranking.unlike],
        "few": [(found.names[row.key], row.counts) for row in found.ranking.few],
        "hidden": [found.names[key] for key in found.hidden],
        "pair_form": PairForm(names=_comparable(found)) if len(found.ranking.placed) > 1 else None,
    }
    return render(request, "reports/ranking/ranking.html", page)


@require_safe
def pair(request: HttpRequest) -> HttpResponse:
    form = RankingForm(request.GET)
    found = reading.answer(form.asked())
    comparable = _comparable(found)
    pair_form = PairForm(request.GET if "one" in request.GET else None, names=comparable)
    page = {**_asked(form, found), "pair_form": pair_form}
    if pair_form.is_bound and pair_form.is_valid():
        page |= _compared(found, pair_form.cleaned_data["one"], pair_form.cleaned_data["other"])
    return render(request, "reports/ranking/pair.html", page, status=422 if pair_form.errors else 200)


def _card(found: Answer) -> Card:
    """The report of the catalogue that says the same: its table stands on the page, its files are those of the page."""
    asked = found.asked
    entry = reports.get(slug_of(asked.measure))
    chosen = {KIND.slug: asked.kind, MIX.slug: asked.mix}
    options = {each.slug: chosen[each.slug] for each in entry.options if chosen[each.slug] != each.usual}
    table = table_of(entry, Question(asked.period, options=options), found)
    return Card(entry.slug, entry, table, str(entry.title))


def _rows(found: Answer, table: Table) -> list[Shown]:
    placed = table.rows[: len(found.ranking.placed)]
    return [
        _shown(table, row, drawn, standing.groups)
        for row, drawn, standing in zip(placed, charts.ranges(table), found.ranking.placed, strict=True)
    ]


def _shown(table: Table, row: Row, drawn: RangeRow, groups: tuple[int, ...]) -> Shown:
    said = {key: wording.value(figure) for key, figure in row.figures.items()}
    return Shown(row.label, drawn, said, wording.counts(row.figures[table.drawn[0]]), groups)


def _asked(form: RankingForm, found: Answer) -> dict[str, Any]:
    chosen = form.chosen()
    return {
        "form": form,
        "asked": found.asked,
        "city": found.ranking.city,
        "kept": list(chosen.items()),
        "query": f"?{urlencode(chosen)}" if chosen else "",
        "minimum": MINIMUM,
    }


def _comparable(found: Answer) -> dict[int, str]:
    return {row.key: found.names[row.key] for row in found.ranking.placed}


def _compared(found: Answer, one: int, other: int) -> dict[str, Any]:
    first, second = found.ranking.standing(one), found.ranking.standing(other)
    told = found.ranking.pair(one, other)
    assert first is not None and second is not None and told is not None  # the form knows none but placed ones
    rows = dict(zip([row.key for row in found.ranking.placed], _rows(found, _card(found).table), strict=True))
    both = [rows[one], rows[other]]
    return {
        "verdict": words.verdict(found, told),
        "is_different": told.is_different,
        "both": both,
        "scale": RangeScale.around([row.drawn for row in both]),
        "raw": words.points(first.counts.share - second.counts.share),
        "adjusted": words.points(compare(first, second).difference),
        "parts": list(_parts(found, one, other)) if found.asked.has_mix else [],
        "part_head": sources.TITLES.get(found.asked.mix, ""),
    }


def _parts(found: Answer, one: int, other: int) -> Iterator[Part]:
    """The topics of either, the largest first; where there is too little to be told, nothing."""
    first, second = found.bodies[one], found.bodies[other]
    told = [reading.told_parts(found.asked, cells) for cells in (first, second, found.city)]

    def size(part: Hashable) -> int:
        return sum(cells[part].whole for cells in (first, second) if part in cells)

    for part in sorted({*first, *second}, key=size, reverse=True):
        if size(part):
            yield Part(reading.part_name(found.asked.mix, part), *(cells.get(part) for cells in told))
