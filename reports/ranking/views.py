"""Public Control: the ranking of bodies, and two of them side by side."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.csv_lines import lines
from reports import sources
from reports.intervals import Counts
from reports.ranking import reading, words
from reports.ranking.forms import PairForm, RankingForm
from reports.ranking.reading import Answer
from reports.ranking.rules import MINIMUM, Standing, compare

CSV_HEAD = (
    "body", "part", "whole", "share", "low", "high", "expected", "difference", "best_place", "worst_place", "groups"
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A range on a line of a hundred: where it begins and ends, the share, what was expected."""

    low: str
    width: str
    share: str
    expected: str


@dataclass(frozen=True)
class Shown:
    name: str
    places: str
    standing: Standing
    difference: str
    drawn: Drawn


@dataclass(frozen=True)
class Part:
    """One topic in both bodies and in the city."""

    name: str
    one: Counts | None
    other: Counts | None
    city: Counts


@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    form = RankingForm(request.GET)
    found = reading.answer(form.asked())
    scale = Scale.around(found.ranking.placed)
    page = {
        **_asked(form, found),
        "rows": [_shown(found, row, scale) for row in found.ranking.placed],
        "scale": scale,
        "unlike": [(found.names[row.key], row.counts) for row in found.ranking.unlike],
        "few": [(found.names[row.key], row.counts) for row in found.ranking.few],
        "summary": words.summary(found),
        "pair_form": PairForm(names=_comparable(found)) if len(found.ranking.placed) > 1 else None,
    }
    return render(request, "reports/ranking/ranking.html", page)


@require_safe
def ranking_csv(request: HttpRequest) -> HttpResponse:
    found = reading.answer(RankingForm(request.GET).asked())
    response = HttpResponse(lines(CSV_HEAD, list(_csv_rows(found))), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="public-control-{found.asked.measure.key}.csv"'
    return response


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
    scale = Scale.around((first, second))
    return {
        "verdict": words.verdict(found, told),
        "is_different": told.is_different,
        "both": [_shown(found, row, scale) for row in (first, second)],
        "scale": scale,
        "raw": words.points(first.counts.share - second.counts.share),
        "adjusted": words.points(compare(first, second).difference),
        "parts": list(_parts(found, one, other)) if found.asked.has_mix else [],
        "part_head": sources.TITLES.get(found.asked.mix, ""),
    }


def _parts(found: Answer, one: int, other: int) -> Iterator[Part]:
    """The topics of either, the largest first."""
    first, second = found.bodies[one], found.bodies[other]

    def size(part: Hashable) -> int:
        return sum(cells[part].whole for cells in (first, second) if part in cells)

    for part in sorted({*first, *second}, key=size, reverse=True):
        if size(part):
            yield Part(reading.part_name(found.asked.mix, part), first.get(part), second.get(part), found.city[part])


def _shown(found: Answer, row: Standing, scale: Scale) -> Shown:
    return Shown(
        found.names[row.key], words.places(row), row, words.points(row.difference), scale.draw(row)
    )  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """Where the lines of the ranges begin and end, in tenths."""

    first: float
    last: float

    @classmethod
    def around(cls, rows: Sequence[Standing]) -> Scale:
        lows = [min(row.interval.low, row.expected) for row in rows]
        highs = [max(row.interval.high, row.expected) for row in rows]
        first, last = math.floor(min(lows, default=0) * 10) / 10, math.ceil(max(highs, default=1) * 10) / 10
        return cls(first, max(last, first + 0.1))

    def draw(self, row: Standing) -> Drawn:
        """Figures for an SVG: with points, whatever the language."""
        low, high = self._at(row.interval.low), self._at(row.interval.high)
        return Drawn(
            f"{low:.2f}", f"{high - low:.2f}", f"{self._at(row.counts.share):.2f}", f"{self._at(row.expected):.2f}"
        )

    def _at(self, share: float) -> float:
        return 100 * (share - self.first) / (self.last - self.first)


def _csv_rows(found: Answer) -> Iterator[list[Any]]:
    for row in found.ranking.placed:
        interval = row.interval
        figures = (row.counts.share, interval.low, interval.high, row.expected, row.difference)
        yield [
            found.names[row.key], row.counts.part, row.counts.whole, *(round(value, 4) + 0.0 for value in figures),
            row.best, row.worst, " ".join(map(str, row.groups)),
        ]  # fmt: skip
