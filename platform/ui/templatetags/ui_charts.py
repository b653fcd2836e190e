"""Charts as server-drawn SVG: each is a table or has its numbers in words, colours never carry meaning alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import dates
from ui.charts import marks, plot, shapes
from ui.charts.rows import BarRow, NumberRow, Place, RangeRow, RangeScale

register = template.Library()
WIDTH = 100.0


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    words: str
    url: str
    width: str
    tone: str
    start: str = "0"


def _bars(items: Iterable[Any], tone: str, places: int | None, *, of_total: bool = False) -> list[Bar]:
    """Items are (label, value) or (label, value, address)."""
    rows = [(str(item[0]), float(item[1] or 0), str(item[2]) if len(item) > 2 else "") for item in items]
    values = [value for _, value, _ in rows]
    scale = (sum(values) if of_total else max(values, default=0)) or 1
    bars, start = [], 0.0
    for index, (label, value, url) in enumerate(rows):
        width = WIDTH * value / scale
        words = dates.number(int(value) if value.is_integer() else value, places)
        color = f"c{index % 6 + 1}" if of_total else f"c-{tone}" if tone else "c1"
        bars.append(Bar(label, value, words, url, f"{width:.2f}", color, f"{start:.2f}"))
        start += width
    return bars


@register.simple_tag
def number_rows(lines: Iterable[NumberRow]) -> SafeString:
    """{% number_rows lines %}: the rows of a table of figures, written at once: pages have many hundred cells."""
    return mark_safe("".join(map(_number_row, lines)))


def _number_row(line: NumberRow) -> str:
    label = escape(line.label)
    head = f'<a href="{escape(line.url)}">{label}</a>' if line.url else label
    cells = "".join(
        f'<td class="ui-num">{escape(words)}'
        + (f'<span class="stat-counts">{escape(counts)}</span></td>' if counts else "</td>")
        for words, counts in line.cells
    )
    mark = ' class="stat-total"' if line.is_total else ""
    return f'<tr{mark}><th scope="row">{head}</th>{cells}</tr>'


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(items: Iterable[Any], caption: str = "", tone: str = "", places: int | None = None) -> dict[str, Any]:
    """{% bar_chart rows caption=_("By sector") %}: rows of (label, value[, url]), longest bar fills the width."""
    return {"bars": _bars(items, tone, places), "caption": caption}


@register.inclusion_tag("ui/share_bar.html")
def share_bar(items: Iterable[Any], caption: str = "", percents: bool = False) -> dict[str, Any]:
    """One bar of parts with a legend in words and shares; for up to six parts. `percents`: the values are shares."""
    bars = _bars(items, "", None, of_total=True)
    total = sum(bar.value for bar in bars) or 1
    return {"bars": [(bar, _share(bar.value / total)) for bar in bars], "caption": caption, "percents": percents}


def _share(share: float) -> str:
    """In whole percent, and with more digits where these would make nothing or everything of a part."""
    whole = share in {0, 1}
    places = 0 if whole else next((digits for digits in range(4) if 0 < round(share * 100, digits) < 100), 0)
    return f"{dates.number(round(share * 100, places), places)}\u00a0%"


@register.inclusion_tag("ui/column_chart.html")
def column_chart(items: Sequence[Any], caption: str = "", tone: str = "") -> dict[str, Any]:
    """{% column_chart rows caption=... %}: values over time; the table below it says the same in numbers."""
    bars = _bars(items, tone, None)
    top = max((bar.value for bar in bars), default=0) or 1
    step = WIDTH / (len(bars) or 1)
    columns = [
        (
            bar,
            f"{index * step + step * 0.12:.2f}",
            f"{step * 0.76:.2f}",
            f"{50 - 50 * bar.value / top:.2f}",
            f"{50 * bar.value / top:.2f}",
        )
        for index, bar in enumerate(bars)
    ]
    return {"columns": columns, "bars": bars, "caption": caption, "top": dates.number(top if top % 1 else int(top))}


@register.simple_tag
def sparkline(values: Sequence[float], label: str) -> SafeString:
    """{% sparkline last_weeks _("Appeals in the last 12 weeks") %}: the label says what the line shows."""
    points = [float(value) for value in values]
    if len(points) < 2:
        return SafeString("")
    low, span = min(points), (max(points) - min(points)) or 1
    step = 116 / (len(points) - 1)
    places = [(2 + index * step, 26 - 22 * (value - low) / span) for index, value in enumerate(points)]
    words = f"{label}: {', '.join(dates.number(int(value) if value.is_integer() else value) for value in points)}"
    return format_html(
        '<svg class="ui-spark" viewBox="0 0 120 28" role="img" aria-label="{}">'
        '<polyline class="ui-spark-line" points="{}"/><circle class="ui-spark-dot" cx="{}" cy="{}" r="2.5"/></svg>',
        words,
        " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        f"{places[-1][0]:.1f}",
        f"{places[-1][1]:.1f}",
    )


@register.inclusion_tag("ui/meter.html")
def meter(value: float, total: float, label: str, tone: str = "info") -> dict[str, Any]:
    """{% meter 4 7 _("day 4 of 7") tone="warn" %}"""
    share = min(max(float(value) / float(total), 0.0), 1.0) if total else 0.0
    return {"width": f"{WIDTH * share:.1f}", "label": label, "tone": tone}


@register.inclusion_tag("ui/bar_rows.html")
def bar_rows(rows: Sequence[BarRow], scale: float, legend: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """{% bar_rows rows scale legend %}: bars of one part or of several, words and counts beside each."""
    drawn = []
    for row in rows:
        start, rects = 0.0, []
        for part in row.parts:
            width = WIDTH * part.value / scale if scale else 0.0
            rects.append((f"{start:.2f}", f"{width:.2f}", part))
            start += width
        drawn.append((row, rects))
    return {"rows": drawn, "legend": legend}


@register.inclusion_tag("ui/range_rows.html")
def range_rows(rows: Sequence[RangeRow], legend: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """{% range_rows rows legend %}: shares in their ranges on one scale, each with its place, words and counts."""
    scale = RangeScale.around(rows)
    ends = [f"{dates.number(int(value))}\u00a0%" for value in (scale.first, scale.last)]
    return {"rows": rows, "scale": scale, "ends": ends, "legend": legend}


@register.inclusion_tag("ui/range_line.html")
def range_line(row: RangeRow, scale: RangeScale) -> dict[str, Any]:
    """{% range_line row scale %}: one of them; figures for an SVG have points, whatever the language."""
    low, high = scale.at(row.low), scale.at(row.high)
    drawn = {"low": low, "width": high - low, "share": scale.at(row.share), "expected": scale.at(row.expected)}
    return {name: f"{value:.2f}" for name, value in drawn.items()}


@register.inclusion_tag("ui/plot.html")
def plot_chart(
    labels: Sequence[str],
    series: Sequence[plot.Series],
    tick: Callable[[float], str],
    name: str = "",
    marked: Sequence[tuple[int, str]] = (),
) -> dict[str, Any]:
    """{% plot_chart labels series tick name %}: lines or columns over time; the name says what is drawn.

    `marked` are places with what they are: the median of a distribution.
    """
    return {
        "drawing": marks.to_page(plot.plot(labels, series, tick, marked)),
        "legend": [(each.look, each.name) for each in series] if len(series) > 1 else [],
        "name": name,
        "height": plot.HEIGHT,
    }


@register.inclusion_tag("ui/area_map.html")
def area_map(places: Sequence[Place], name: str = "") -> dict[str, Any]:
    """{% area_map places name %}: outlines with numbers and a list of what they are, tiles where one is missing."""
    outlines = [place.outline for place in places if place.outline]
    if not places or len(outlines) < len(places):
        return {"tiles": places, "name": name}
    drawn, height = shapes.fitted(outlines)
    return {
        "outlined": list(zip(places, drawn, strict=True)),
        "name": name,
        "width": f"{shapes.WIDTH:.0f}",
        "height": f"{height:.0f}",
    }
