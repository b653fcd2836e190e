"""Charts without a page: scales, gaps, steps of colour, outlines, and the file that carries its own colours."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from ui.charts import marks, shapes
from ui.charts.marks import Mark
from ui.charts.plot import GUTTER, MOST_LABELS, Series, labelled, plot, top_of
from ui.charts.rows import BarRow, Part, Place

STATIC = Path(__file__).parents[2] / "platform/ui/static/ui"
SQUARE = {"type": "Polygon", "coordinates": [[[68.0, 43.0], [68.1, 43.0], [68.1, 43.1], [68.0, 43.1], [68.0, 43.0]]]}


def drawn(template: str, **values: object) -> str:
    return Template("{% load ui %}" + template).render(Context(values))


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (9, 20), (20, 20), (21, 40), (89.4, 100), (100, 100), (101, 200), (7412, 8000)],
)
def test_a_scale_ends_at_a_round_number_with_whole_ticks(highest: float, top: float) -> None:
    assert top_of(highest) == top
    assert top_of(highest) >= highest
    assert (top_of(highest) / 4).is_integer()


@pytest.mark.parametrize("count", [1, 2, 5, 6, 12, 13, 31, 62])
def test_the_last_stretch_is_always_named_and_few_others(count: int) -> None:
    places = labelled(count)
    assert places[-1] == count - 1
    assert len(places) <= MOST_LABELS
    assert len({b - a for a, b in itertools.pairwise(places)}) <= 1


def test_a_line_breaks_where_nothing_is_known() -> None:
    line = Series("x", [1, 2, None, 4, None, 3, 3], ["1", "2", "–", "4", "–", "3", "3"])
    found = plot([str(number) for number in range(7)], [line], str)
    runs = [inner.attrs["points"] for mark in found for inner in mark.inner]
    assert [len(str(run).split()) for run in runs] == [2, 2]
    assert sum(mark.tag == "circle" for mark in found) == 5  # each known value, the lonely one too
    hits = [mark.title for mark in found if mark.ink == "hit"]
    assert hits[2] == "2\nx: –"


def test_a_line_stays_within_its_frame() -> None:
    found = plot(["a", "b"], [Series("x", [0, 8], ["0", "8"])], str)
    (points,) = [str(inner.attrs["points"]) for mark in found for inner in mark.inner]
    assert points == "25.000,212.00 75.000,24.00"


def test_columns_of_two_series_stand_side_by_side() -> None:
    series = [Series(name, [4.0, 2.0], ["4", "2"], ink, is_columns=True) for ink, name in enumerate("ab", 1)]
    rects = [mark for mark in plot(["x", "y"], series, str) if mark.tag == "rect" and mark.ink != "hit"]
    starts = [float(str(mark.attrs["x"]).rstrip("%")) for mark in rects]
    assert len(set(starts)) == 4
    assert {mark.attrs["height"] for mark in rects} == {188.0, 94.0}
    assert min(starts) > GUTTER  # the numbers of the scale stand beside them


@pytest.mark.parametrize("count", [1, 5, 24])
def test_columns_fill_the_room_beside_the_scale_and_no_more(count: int) -> None:
    series = [Series("a", [4.0] * count, ["4"] * count, is_columns=True)]
    marks = plot([str(number) for number in range(count)], series, str)
    spans = [
        (float(str(mark.attrs["x"]).rstrip("%")), float(str(mark.attrs["width"]).rstrip("%")))
        for mark in marks
        if mark.ink == "hit"
    ]
    assert spans[0][0] == GUTTER
    assert sum(spans[-1]) == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize(("value", "step"), [(None, 0), (0, 0), (1, 1), (20, 1), (21, 2), (60, 3), (99, 5), (100, 5)])
def test_a_step_of_colour_is_a_fifth_of_the_highest(value: float | None, step: int) -> None:
    assert shapes.step_of(value, 100) == step


def test_outlines_keep_their_form_and_stay_in_the_frame() -> None:
    (square,), height = shapes.fitted([SQUARE])
    points = [tuple(map(float, point.split())) for point in re.findall(r"[\d.]+ [\d.]+", square.path)]
    assert all(0 <= x <= shapes.WIDTH and 0 <= y <= height for x, y in points)
    # A tenth of a degree is 1/cos(43°) times as long to the north as to the east.
    assert (height - 12) / (shapes.WIDTH - 12) == pytest.approx(1.368, abs=0.01)
    assert (square.x, square.y) == pytest.approx((shapes.WIDTH / 2, height / 2))


def test_a_feature_of_several_polygons_is_one_shape() -> None:
    other = [[[x + 0.5, y] for x, y in SQUARE["coordinates"][0]]]
    many = {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], other]}}
    (shape,), _height = shapes.fitted([many])
    assert shape.path.count("M") == 2


def test_the_map_shows_tiles_until_every_outline_is_known() -> None:
    known, unknown = Place("Yassy", "3", url="?area=yassy", step=5, outline=SQUARE), Place("Otyrar", "1", step=1)
    tiles = drawn("{% area_map places 'Map' %}", places=[known, unknown])
    assert "ui-tile-5" in tiles
    assert '<a href="?area=yassy">Yassy</a>' in tiles
    outlined = drawn("{% area_map places 'Map' %}", places=[known])
    assert '<path class="ui-step5"' in outlined
    assert "ui-tile-" not in outlined
    assert "<strong" in outlined


def test_bars_escape_what_they_are_given_and_stack_their_parts() -> None:
    row = BarRow("<b>", [Part(50, "c-good", 'a "quoted" title'), Part(25, "c-bad")], "50 %", "2 of 4", url="?a=1&b=2")
    html = drawn("{% bar_rows rows 100 %}", rows=[row])
    assert "&lt;b&gt;" in html
    assert 'x="0.00" width="50.00"' in html
    assert 'x="50.00" width="25.00"' in html
    assert "a &quot;quoted&quot; title" in html
    assert "?a=1&amp;b=2" in html


def test_a_file_has_its_own_colours_and_a_page_none() -> None:
    line = [Mark("line", {"x1": 0, "x2": 9.5}, "line2 dashed", href="/x/"), Mark("text", ink="words", text="a < b")]
    page, file = str(marks.to_page(line)), marks.to_file(line, 100, 50, "Title & more", "Words")
    assert '<a href="/x/"><line x1="0" x2="9.5" class="ui-line2 ui-dashed"></line></a>' in page
    assert '<text class="ui-words">a &lt; b</text>' in page
    root = ElementTree.fromstring(file.encode())
    assert root[0].text == "Title & more"
    assert 'class="' not in file
    assert 'stroke="#b4702a"' in file
    assert "<a " not in file


def test_colours_of_files_are_those_of_the_tokens() -> None:
    tokens = dict(re.findall(r"--ui-([\w-]+): (#[0-9a-f]{6})", (STATIC / "tokens.css").read_text()))
    assert list(marks.SERIES) == [tokens[f"chart-{number}"] for number in range(1, 7)]
    assert list(marks.STEPS) == [tokens[f"step-{number}"] for number in range(1, 6)]
    assert (tokens["ink"], tokens["muted"], tokens["line"]) == (marks.INK, marks.MUTED, marks.LINE)
    assert list(marks.PARTS) == [tokens[f"part-{name}"] for name in ("good", "warn", "bad")]


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sheet", ["tokens.css", "dark.css"])
def test_steps_of_the_map_are_told_apart_without_colour_and_words_on_them_are_read(sheet: str) -> None:
    tokens = dict(re.findall(r"--ui-([\w-]+): (#[0-9a-f]{6})", (STATIC / sheet).read_text()))
    steps = [tokens[f"step-{number}"] for number in range(1, 6)]
    lights = [luminance(step) for step in steps]
    assert lights == sorted(lights, reverse=sheet == "tokens.css")
    assert all(contrast(a, b) >= 1.2 for a, b in itertools.pairwise(steps))
    assert all(contrast(step, tokens["on-step-light"]) >= 4.5 for step in steps[:3])
    assert all(contrast(step, tokens["on-step-strong"]) >= 4.5 for step in steps[3:])
    parts = [tokens[f"part-{name}"] for name in ("good", "warn", "bad")]
    assert all(contrast(a, b) >= 1.5 for a, b in itertools.pairwise(parts))
