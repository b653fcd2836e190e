"""A table of the catalogue as one picture: title, period, filters, chart, unit and source in a single SVG file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reports import charts, sources, wording
from reports.tables import Chart, Table
from ui import dates
from ui.charts import shapes
from ui.charts.marks import Attrs, Mark, to_file
from ui.charts.plot import HEIGHT, plot
from ui.charts.rows import Place, RangeRow, RangeScale

WIDTH, EDGE = 960, 32
INNER = WIDTH - 2 * EDGE
ROW, NAME_WIDTH, FIGURE_WIDTH = 34, 300, 220
LETTERS_OF_NAME, LETTERS_OF_LINE = 38, 120
MOST_ROWS = 40
MOST_MEANINGS = 3


def picture(table: Table, address: str) -> str:
    top = list(_heading(table))
    body, height = _body(table)
    start = 108 + 20 * (len(top) - 2)
    foot = list(_foot(table, address, start + height + 26))
    total = start + height + 26 + 18 * len(foot) + 6
    sheet = Mark("rect", {"width": WIDTH, "height": total}, "sheet")
    drawing = Mark("svg", {"x": EDGE, "y": start, "width": INNER, "height": height}, inner=body)
    return to_file([sheet, *top, drawing, *foot], WIDTH, total, str(table.title), described(table))


def described(table: Table) -> str:
    """What the picture shows, in words: for whoever hears it."""
    if not table.rows:
        return _("There is nothing to count here yet.")
    key = table.drawn[0]
    return "; ".join(f"{row.label}: {wording.full(row.figures.get(key))}" for row in table.rows[:MOST_ROWS])


def chosen(table: Table) -> str:
    """The filters in words."""
    return ", ".join(
        f"{sources.TITLES[slug]}: {sources.name(slug, key)}" for slug, key in table.question.filters.set.items()
    )


def unit_words(table: Table) -> str:
    return ", ".join(dict.fromkeys(str(each.counted_in.label) for each in table.shown))


def _heading(table: Table) -> Iterator[Mark]:
    yield Mark("text", {"x": EDGE, "y": 46}, "title", str(table.title))
    said = [
        f"{wording.days(table.period)}, {unit_words(table)}",
        *([chosen(table)] if table.question.filters.set else []),
    ]
    for number, line in enumerate(line for words in said for line in textwrap.wrap(words, LETTERS_OF_LINE)):
        yield Mark("text", {"x": EDGE, "y": 72 + 20 * number}, "muted", line)


def _foot(table: Table, address: str, y: int) -> Iterator[Mark]:
    meanings = [f"{each.title}: {each.meaning}" for each in table.shown[:MOST_MEANINGS]]
    source = dict.fromkeys(str(each.metric.source) for each in table.shown)
    said = [
        *(line for words in meanings for line in textwrap.wrap(words, LETTERS_OF_LINE)),
        _("Source: %(source)s") % {"source": ", ".join(source)},
        address,
    ]
    if sources.holds_invented():
        said.append(_("includes invented demo data"))
    for number, line in enumerate(said):
        yield Mark("text", {"x": EDGE, "y": y + 18 * number}, "muted", line)


def _body(table: Table) -> tuple[list[Mark], int]:
    if table.is_empty:
        return [Mark("text", {"x": 0, "y": 24}, "words", _("There is nothing to count here yet."))], 40
    if table.chart in (Chart.LINES, Chart.COLUMNS):
        return _plot(table)
    if table.chart == Chart.MAP:
        return _map(table)
    if table.chart == Chart.RANGES and charts.ranges(table):
        return _ranges(table)
    if table.told and table.chart in (Chart.TABLE, Chart.RANGES):
        lines = [line for words in table.told for line in textwrap.wrap(str(words), LETTERS_OF_LINE)]
        return [Mark("text", {"x": 0, "y": 20 + 24 * at}, "words", line) for at, line in enumerate(lines)], 24 * len(
            lines
        )
    if table.chart == Chart.TILES:
        return _tiles(table)
    return _bars(table)


def _legend(entries: Sequence[tuple[str, str]], is_line: bool) -> list[Mark]:
    marks, x = [], 0.0
    for ink, words in entries:
        if is_line:
            marks.append(Mark("line", {"x1": x, "x2": x + 24, "y1": 10, "y2": 10}, ink))
        else:
            marks.append(Mark("rect", {"x": x + 6, "y": 3, "width": 14, "height": 14, "rx": 2}, ink))
        marks.append(Mark("text", {"x": x + 32, "y": 15}, "words", words))
        x += 52 + 8 * len(words)
    return marks


def _plot(table: Table) -> tuple[list[Mark], int]:
    series = charts.series(table)
    drawn = plot(charts.labels(table), series, charts.tick(table.shown[0]), charts.marks(table))
    legend = _legend(charts.legend(table), is_line=True)
    shift = 30 if legend else 0
    frame = {"y": shift, "width": INNER, "height": HEIGHT}
    return [*legend, Mark("svg", frame, inner=drawn)], HEIGHT + shift


def _bars(table: Table) -> tuple[list[Mark], int]:
    legend = _legend(charts.legend(table), is_line=False)
    scale, y, marks = charts.scale(table) or 1.0, 30 if legend else 0, list(legend)
    room = INNER - NAME_WIDTH - FIGURE_WIDTH - 24
    for row in charts.bars(table, MOST_ROWS):
        marks.append(Mark("text", {"x": 0, "y": y + 21}, "strong" if row.is_total else "words", _cut(row.label)))
        marks.append(Mark("rect", {"x": NAME_WIDTH, "y": y + 7, "width": room, "height": 18}, "track"))
        start = float(NAME_WIDTH)
        for part in row.parts:
            width = room * part.value / scale
            marks.append(Mark("rect", {"x": start, "y": y + 7, "width": width, "height": 18}, part.ink))
            start += width
        words = " · ".join(filter(None, (row.words, row.note)))
        marks.append(Mark("text", {"x": INNER, "y": y + 21, "text-anchor": "end"}, "strong", words))
        y += ROW
    return marks, y


def _ranges(table: Table) -> tuple[list[Mark], int]:
    rows, marks, x = charts.ranges(table), [], 0.0
    scale, room = RangeScale.around(rows), INNER - NAME_WIDTH - FIGURE_WIDTH - 24
    for ink, words in charts.legend(table):
        shape: Attrs = {"x": x + 6, "y": 3, "width": 14, "height": 14}
        line: Attrs = {"x1": x + 13, "x2": x + 13, "y1": 2, "y2": 18}
        marks.append(Mark("rect", shape, ink) if ink == "range-reach" else Mark("line", line, ink))
        marks.append(Mark("text", {"x": x + 32, "y": 15}, "words", words))
        x += 52 + 8 * len(words)
    for place, end in ((0, scale.first), (room, scale.last)):
        at: Attrs = {"x": NAME_WIDTH + place, "y": 44, "text-anchor": "end" if place else "start"}
        marks.append(Mark("text", at, "tick", f"{dates.number(int(end))}{wording.NARROW}%"))
    y = 52
    for row in rows[:MOST_ROWS]:
        marks.append(Mark("text", {"x": 0, "y": y + 21}, "words", _cut(f"{row.before}. {row.label}")))
        marks += _range(row, scale, room, y)
        words = " · ".join(filter(None, (row.words, row.note)))
        marks.append(Mark("text", {"x": INNER, "y": y + 21, "text-anchor": "end"}, "strong", words))
        y += ROW
    return marks, y


def _range(row: RangeRow, scale: RangeScale, room: float, y: float) -> Iterator[Mark]:
    def at(value: float) -> float:
        return NAME_WIDTH + room * scale.at(value) / 100

    yield Mark("line", {"x1": at(scale.first), "x2": at(scale.last), "y1": y + 16, "y2": y + 16}, "range-axis")
    yield Mark("rect", {"x": at(row.low), "y": y + 9, "width": at(row.high) - at(row.low), "height": 14}, "range-reach")
    for value, ink in ((row.expected, "range-expected"), (row.share, "range-share")):
        yield Mark("line", {"x1": at(value), "x2": at(value), "y1": y + 5, "y2": y + 27}, ink)


def _cut(words: str) -> str:
    return words if len(words) <= LETTERS_OF_NAME else f"{words[: LETTERS_OF_NAME - 1].rstrip()}…"


def _tiles(table: Table) -> tuple[list[Mark], int]:
    marks, y = [], 0
    for tile in charts.tiles(table):
        words = " · ".join(filter(None, (tile.words, tile.counts)))
        marks.append(Mark("text", {"x": 0, "y": y + 20}, "words", str(tile.column.title)))
        marks.append(Mark("text", {"x": INNER, "y": y + 20, "text-anchor": "end"}, "title", words))
        y += 28
        for each in tile.beside:
            marks.append(
                Mark("text", {"x": 16, "y": y + 14}, "muted", f"{each.name}: {each.words}, {each.change.words}")
            )
            y += 20
        marks.append(Mark("line", {"x1": 0, "x2": INNER, "y1": y + 8, "y2": y + 8}, "grid"))
        y += 18
    return marks, y


def _map(table: Table) -> tuple[list[Mark], int]:
    found = charts.places(table)
    outlines = [place.outline for place in found if place.outline]
    if found and len(outlines) == len(found):
        return _outlined(found, outlines)
    marks = [Mark("text", {"x": 0, "y": 16}, "muted", _("The boundaries of the sectors are not known here yet."))]
    width, across = (INNER - 2 * 12) / 3, 3
    for number, place in enumerate(found):
        frame = {"x": (number % across) * (width + 12), "y": 30 + (number // across) * 92}
        ink = "on-dark" if place.step > 3 else "words"
        inner = [
            Mark("rect", {"width": width, "height": 80, "rx": 8}, f"step{place.step}" if place.step else "nothing"),
            Mark("text", {"x": 16, "y": 32}, ink, _cut(place.name)),
            Mark("text", {"x": 16, "y": 58}, ink, " · ".join(filter(None, (place.words, place.note)))),
        ]
        marks.append(Mark("svg", {**frame, "width": width, "height": 80}, inner=inner))
    return marks, 30 + 92 * -(-len(found) // across)


def _outlined(found: Sequence[Place], outlines: Sequence[Mapping[str, Any]]) -> tuple[list[Mark], int]:
    drawn, height = shapes.fitted(outlines)
    marks: list[Mark] = []
    for number, (place, shape) in enumerate(zip(found, drawn, strict=True), 1):
        at: Attrs = {"x": shape.x, "y": shape.y + 5, "text-anchor": "middle"}
        marks.append(Mark("path", {"d": shape.path}, f"step{place.step}" if place.step else "nothing"))
        marks.append(Mark("circle", {"cx": shape.x, "cy": shape.y, "r": 14}, "sheet"))
        marks.append(Mark("text", at, "strong", str(number)))
        words = " · ".join(filter(None, (place.words, place.note)))
        marks.append(Mark("text", {"x": 616, "y": 26 * number}, "words", f"{number}. {_cut(place.name)}: {words}"))
    return marks, max(int(height), 26 * len(found)) + 12
