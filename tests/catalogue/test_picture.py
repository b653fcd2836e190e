"""The data-flow picture: where everything stands, and that it can be read in every theme."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from catalogue import picture
from catalogue.models import DataFlow, Platform

CSS = Path(__file__).resolve().parents[2] / "platform" / "ui" / "static" / "ui"
KINDS = {"hub": "hub", "left": "centre", "other": "portal", "right": "gateway"}


def system(key: str, name: str = "") -> Platform:
    number = list(KINDS).index(key) + 1
    return Platform(pk=number, key=key, kind=KINDS[key], name_kk=name or key, position=number)


def flow(origin: str, target: str, direction: str = "one_way", name: str = "") -> DataFlow:
    return DataFlow(
        origin=system(origin, name), target=system(target), direction=direction, personal="yes", state="planned"
    )


def test_lines_to_the_hub_are_level_and_none_meets_another() -> None:
    made = picture.draw([flow("left", "hub"), flow("hub", "left"), flow("other", "hub"), flow("hub", "right", "both")])
    heights = [line.y for line in made.lines if line.x < made.width // 2]
    assert sorted(set(heights)) == heights
    assert all(re.fullmatch(r"M\d+ \d+H\d+", line.path) for line in made.lines)
    assert [len(line.arrows) for line in made.lines] == [1, 1, 1, 2]


def test_boxes_hold_their_lines_and_do_not_overlap() -> None:
    made = picture.draw([flow("left", "hub")] * 6 + [flow("other", "hub"), flow("hub", "right")])
    for box in made.boxes:
        assert box.x >= 0 and box.x + box.width <= made.width
        assert box.y >= 0 and box.y + box.height <= made.height
    left = sorted((box for box in made.boxes if box.key in ("left", "other")), key=lambda box: box.y)
    assert all(above.y + above.height < below.y for above, below in pairwise(left))
    first = left[0]
    assert all(first.y < line.y < first.y + first.height for line in made.lines[:6])


def test_systems_of_one_side_are_joined_around_their_outer_side() -> None:
    made = picture.draw([flow("left", "other", "both"), flow("left", "hub")])
    bent = made.lines[0]
    assert "C" in bent.path
    assert 0 < bent.x < picture.MARGIN
    assert len(bent.arrows) == 2


def test_systems_of_both_sides_are_joined_behind_the_hub() -> None:
    made = picture.draw([flow("left", "right"), flow("left", "hub"), flow("hub", "right")])
    assert "C" in made.lines[0].path
    assert made.lines[0].x < made.hub.x if made.hub else False


def test_a_long_name_is_broken_into_lines_that_fit() -> None:
    name = "Өтініштерді қарауды бақылау және мемлекеттік қызмет көрсету мониторингінің ақпараттық жүйесі"
    made = picture.draw([flow("left", "hub", name=name)])
    [box] = [box for box in made.boxes if box.key == "left"]
    assert len(box.words) == picture.MOST_LINES
    assert max(map(len, box.words)) <= picture.LETTERS
    assert box.words[-1].endswith("…")


def test_without_flows_there_is_nothing_to_draw() -> None:
    assert picture.draw([]).lines == []


# Colours: axe decides nothing about text in a drawing


def colours(*names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found |= dict(re.findall(r"--ui-([\w-]+): (#[0-9a-f]{6})", (CSS / name).read_text()))
    return found


def light_of(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((light_of(one), light_of(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    "files",
    [
        ("tokens.css",),
        ("tokens.css", "dark.css"),
        ("tokens.css", "contrast.css"),
        ("tokens.css", "dark.css", "contrast-dark.css"),
    ],
)
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "surface-2", 4.5),
        ("ink", "surface", 4.5),
        ("muted", "surface", 4.5),
        ("on-brand", "brand", 4.5),
        ("line-strong", "surface", 3.0),
        ("chart-6", "surface", 3.0),
        ("chart-3", "surface", 3.0),
    ],
)
def test_every_part_of_the_picture_stands_out(files: tuple[str, ...], front: str, back: str, least: float) -> None:
    found = colours(*files)
    assert contrast(found[front], found[back]) >= least
