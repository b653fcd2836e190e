"""Values over time as lines or columns: scale, grid, marks. Heights are pixels, widths shares of the room there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ui.charts.marks import Attrs, Mark

HEIGHT, TOP, FOOT = 240, 24, 28
FLOOR = HEIGHT - FOOT
MOST_LABELS = 5
MOST_DOTS = 14
TICKS = 4
GUTTER = 12  # percent of the width that columns leave to the numbers of the scale


@dataclass(frozen=True)
class Series:
    """A line or the columns of a plot; None is a gap. `words` are its values as people read them."""

    name: str
    values: Sequence[float | None]
    words: Sequence[str]
    ink: int = 1
    is_dashed: bool = False
    is_columns: bool = False

    @property
    def look(self) -> str:
        return f"line{self.ink} dashed" if self.is_dashed else f"line{self.ink}"


def top_of(highest: float) -> float:
    """The end of the scale: the ticks below it are whole and round numbers."""
    if highest <= TICKS:
        return float(TICKS)
    size = 10 ** math.floor(math.log10(highest / TICKS))
    steps = (size * factor for factor in (1, 2, 2.5, 5, 10))
    return float(next(TICKS * step for step in steps if float(step).is_integer() and TICKS * step >= highest))


def plot(
    labels: Sequence[str],
    series: Sequence[Series],
    tick: Callable[[float], str],
    marked: Sequence[tuple[int, str]] = (),
) -> list[Mark]:
    """Everything within the frame: grid, lines or columns, names of the stretches, and what pointing at one tells."""
    known = [value for each in series for value in each.values if value is not None]
    top = top_of(max(known, default=0))
    across = _Across(len(labels), GUTTER if any(each.is_columns for each in series) else 0)
    marks = list(_grid(top))
    for each in series:
        marks += _columns(each, top, across, series) if each.is_columns else _line(each, top, across)
    marks += [*_ticks(top, tick), *_marked(marked, across)]
    return [*marks, *_names(labels, across), *_hits(labels, series, across)]


@dataclass(frozen=True)
class _Across:
    """Where stretches stand, in percent of the width: lines begin at the edge, columns beside the scale."""

    count: int
    start: float

    @property
    def room(self) -> float:
        return (100 - self.start) / max(self.count, 1)

    def middle(self, place: float) -> float:
        return self.start + self.room * (place + 0.5)


def _y(value: float, top: float) -> float:
    return FLOOR - (FLOOR - TOP) * value / top


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def _grid(top: float) -> Iterator[Mark]:
    for number in range(TICKS + 1):
        y = _y(top * number / TICKS, top)
        yield Mark("line", {"x1": "0", "x2": "100%", "y1": y, "y2": y}, "axis" if number == 0 else "grid")


def _ticks(top: float, tick: Callable[[float], str]) -> Iterator[Mark]:
    for number in range(1, TICKS + 1):
        value = top * number / TICKS
        yield Mark("text", {"x": "0", "y": _y(value, top) - 5}, "tick", tick(value))


def _marked(marked: Sequence[tuple[int, str]], across: _Across) -> Iterator[Mark]:
    """A line through each place that is marked, its words beside it, one below the other."""
    for number, (place, words) in enumerate(marked):
        x, y = across.middle(place), TOP + 18 * number
        yield Mark("line", {"x1": _percent(x), "x2": _percent(x), "y1": y - 10, "y2": FLOOR}, "line2 dashed")
        anchor, shift = ("start", 6) if x < 60 else ("end", -6)
        yield Mark("text", {"x": _percent(x), "dx": shift, "y": y, "text-anchor": anchor}, "tick", words)


def _line(series: Series, top: float, across: _Across) -> Iterator[Mark]:
    count = len(series.values)
    for run in _runs(series.values):
        points = " ".join(f"{across.middle(place):.3f},{_y(value, top):.2f}" for place, value in run)
        size: Attrs = {"x": "0", "y": "0", "width": "100%", "height": HEIGHT}
        frame: Attrs = {**size, "viewBox": f"0 0 100 {HEIGHT}", "preserveAspectRatio": "none"}
        line = Mark("polyline", {"points": points}, series.look)
        if len(run) > 1:
            yield Mark("svg", frame, inner=[line])
        dots = run if count <= MOST_DOTS or len(run) == 1 else run[-1:]
        for place, value in () if series.is_dashed and len(run) > 1 else dots:
            yield Mark(
                "circle", {"cx": _percent(across.middle(place)), "cy": _y(value, top), "r": 3.5}, f"c{series.ink}"
            )


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Stretches without a gap."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _columns(series: Series, top: float, across: _Across, all_of_them: Sequence[Series]) -> Iterator[Mark]:
    """Columns of several series stand side by side."""
    beside = [each for each in all_of_them if each.is_columns]
    room = 0.76 * across.room
    width = room / len(beside)
    shift = beside.index(series) * width - room / 2
    for number, value in enumerate(series.values):
        if value:
            y = _y(value, top)
            x = _percent(across.middle(number) + shift)
            yield Mark("rect", {"x": x, "y": y, "width": _percent(width), "height": FLOOR - y}, f"c{series.ink}")


def labelled(count: int) -> list[int]:
    """Which stretches are named below: the last one always, the others evenly before it."""
    step = max(1, math.ceil(count / MOST_LABELS))
    return list(range(count - 1, -1, -step))[::-1]


def _names(labels: Sequence[str], across: _Across) -> Iterator[Mark]:
    count = len(labels)
    for place in labelled(count):
        x, anchor = across.middle(place), "middle"
        if count > MOST_LABELS and place == count - 1:
            x, anchor = 100.0, "end"
        elif count > MOST_LABELS and x < 8:
            x, anchor = 0.0, "start"
        yield Mark("text", {"x": _percent(x), "y": HEIGHT - 8, "text-anchor": anchor}, "tick", labels[place])


def _hits(labels: Sequence[str], series: Sequence[Series], across: _Across) -> Iterator[Mark]:
    """What pointing at a stretch tells: every series of it in words."""
    for place, label in enumerate(labels):
        said = [f"{each.name}: {each.words[place]}" for each in series if place < len(each.words)]
        frame: Attrs = {"x": _percent(across.start + across.room * place), "width": _percent(across.room)}
        yield Mark("rect", {**frame, "y": TOP, "height": FLOOR - TOP}, "hit", title="\n".join([label, *said]))
