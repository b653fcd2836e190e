"""The data-flow picture as numbers: where boxes, lines and arrows of the SVG stand. Template and style do the rest.

The hub is one tall box in the middle; who comes from the left and who serves from the right stand level with their
lines, so that no line to the hub crosses another one. The table beside the picture says the same in words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalogue.models import DataFlow, Platform

Kind = Platform.Kind
LEFT = (Kind.CENTRE, Kind.PORTAL, Kind.APP, Kind.MESSENGER, Kind.PARTNER)
RIGHT = (Kind.IDENTITY, Kind.GATEWAY, Kind.OPERATION)

BOX, HUB, LANE, MARGIN = 220, 130, 110, 44  # widths: a system, the hub, between them, beside the columns
LINE, PADDING, GAP, CAPTION = 26, 18, 12, 30  # heights: a flow, in a box, between boxes, the heading of a group
TOP = 12
LETTERS, MOST_LINES, TEXT = 25, 3, 17
ARROW = 8


@dataclass
class Box:
    """A system. `ports` counts the lines that have met it already."""

    key: str
    words: list[str]
    x: int
    y: int
    width: int
    height: int
    is_hub: bool = False
    ports: int = 0

    @property
    def texts(self) -> list[tuple[int, int, str]]:
        """Each line of its name with the place of its middle."""
        first = self.y + self.height // 2 - (len(self.words) - 1) * TEXT // 2
        return [(self.x + self.width // 2, first + number * TEXT, word) for number, word in enumerate(self.words)]


@dataclass(frozen=True)
class Line:
    """A flow: its path, the place of its number, its arrows, and what the style needs to know."""

    number: int
    path: str
    x: int
    y: int
    arrows: list[str]
    personal: str
    state: str


@dataclass(frozen=True)
class Caption:
    x: int
    y: int
    text: str


@dataclass
class Picture:
    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return self.width > HUB + LANE + BOX + 2 * MARGIN

    @property
    def hub(self) -> Box | None:
        return next((box for box in self.boxes if box.is_hub), None)


def draw(flows: Sequence[DataFlow]) -> Picture:
    """The picture of these flows, numbered from one in their order."""
    systems = {row.pk: row for flow in flows for row in (flow.origin, flow.target)}
    at_work = sorted(systems.values(), key=lambda row: (row.position, row.key))
    left = [row for row in at_work if row.kind in LEFT]
    right = [row for row in at_work if row.kind in RIGHT]
    has_inner_left, has_inner_right = (_has_inner(flows, kinds) for kinds in (LEFT, RIGHT))
    picture = Picture()
    x = MARGIN if has_inner_left else 1
    left_end = _column(picture, left, LEFT, x, flows) if left else TOP
    hub_x = x + BOX + LANE if left else x
    right_end = _column(picture, right, RIGHT, hub_x + HUB + LANE, flows) if right else TOP
    picture.height = max(left_end, right_end, TOP + 3 * LINE) + TOP
    end = hub_x + HUB + LANE + BOX if right else hub_x + HUB
    picture.width = end + (MARGIN if has_inner_right else 1)
    hubs = [row for row in at_work if row.kind == Kind.HUB]
    if hubs:
        words = textwrap.wrap(hubs[0].name, 16)[:MOST_LINES]
        picture.boxes.append(Box(hubs[0].key, words, hub_x, TOP, HUB, picture.height - 2 * TOP, is_hub=True))
    places = {box.key: box for box in picture.boxes}
    by_pk = {row.pk: picture.hub if row.kind == Kind.HUB else places.get(row.key) for row in at_work}
    for number, flow in enumerate(flows, start=1):
        start, end_box = by_pk[flow.origin_id], by_pk[flow.target_id]
        if start is not None and end_box is not None and start is not end_box:
            picture.lines.append(_line(number, flow, start, end_box))
    return picture


def _has_inner(flows: Iterable[DataFlow], kinds: tuple[str, ...]) -> bool:
    return any(flow.origin.kind in kinds and flow.target.kind in kinds for flow in flows)


def _column(
    picture: Picture, rows: Sequence[Platform], kinds: Iterable[Kind], x: int, flows: Sequence[DataFlow]
) -> int:
    """Boxes one below the other in groups, each as high as its lines and its name need; where the column ends."""
    y = TOP
    for kind in kinds:
        group = [row for row in rows if row.kind == kind]
        if not group:
            continue
        picture.captions.append(Caption(x, y + CAPTION - 12, str(kind.label)))
        y += CAPTION
        for row in group:
            words = _words(row.name)
            lines = sum(row.pk in (flow.origin_id, flow.target_id) for flow in flows)
            height = PADDING + max(lines * LINE, len(words) * TEXT)
            picture.boxes.append(Box(row.key, words, x, y, BOX, height))
            y += height + GAP
    return y


def _words(name: str) -> list[str]:
    lines = textwrap.wrap(name, LETTERS)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: LETTERS - 1] + "…"]
    return lines


def _line(number: int, flow: DataFlow, start: Box, end: Box) -> Line:
    if start.is_hub or end.is_hub:
        return _straight(number, flow, start, end)
    return _bent(number, flow, start, end) if start.x == end.x else _across(number, flow, start, end)


def _port(box: Box) -> int:
    """The height at which the next line meets the box."""
    box.ports += 1
    return box.y + PADDING // 2 + LINE // 2 + (box.ports - 1) * LINE


def _straight(number: int, flow: DataFlow, start: Box, end: Box) -> Line:
    """Level with the system that is not the hub."""
    y = _port(end if start.is_hub else start)
    goes_right = start.x < end.x
    from_x, to_x = (start.x + start.width, end.x) if goes_right else (start.x, end.x + end.width)
    return _made(number, flow, f"M{from_x} {y}H{to_x}", ((from_x + to_x) // 2, y), (from_x, y), (to_x, y), goes_right)


def _across(number: int, flow: DataFlow, start: Box, end: Box) -> Line:
    """From one side to the other, behind the hub."""
    goes_right = start.x < end.x
    from_y, to_y = _port(start), _port(end)
    from_x, to_x = (start.x + start.width, end.x) if goes_right else (start.x, end.x + end.width)
    bend = LANE if goes_right else -LANE
    path = f"M{from_x} {from_y}C{from_x + bend} {from_y} {to_x - bend} {to_y} {to_x} {to_y}"
    return _made(number, flow, path, (from_x + bend // 4, from_y), (from_x, from_y), (to_x, to_y), goes_right)


def _bent(number: int, flow: DataFlow, start: Box, end: Box) -> Line:
    """Between two systems of one column: around their outer side, which is the left one in the left column."""
    is_left = start.x <= MARGIN
    side = start.x if is_left else start.x + start.width
    out = side - MARGIN if is_left else side + MARGIN
    from_y, to_y = _port(start), _port(end)
    path = f"M{side} {from_y}C{out} {from_y} {out} {to_y} {side} {to_y}"
    middle = ((side + 3 * out) // 4, (from_y + to_y) // 2)
    line = _made(number, flow, path, middle, (side, from_y), (side, to_y), is_left)
    if flow.direction == flow.Direction.BOTH:
        line.arrows[1] = _arrow(side, from_y, points_right=is_left)
    return line


def _made(
    number: int, flow: DataFlow, path: str, middle: tuple[int, int], begin: tuple[int, int], end: tuple[int, int],
    goes_right: bool,
) -> Line:  # fmt: skip
    arrows = [_arrow(*end, points_right=goes_right)]
    if flow.direction == flow.Direction.BOTH:
        arrows.append(_arrow(*begin, points_right=not goes_right))
    return Line(number, path, *middle, arrows, flow.personal, flow.state)


def _arrow(x: int, y: int, *, points_right: bool) -> str:
    back = x - ARROW if points_right else x + ARROW
    return f"{x},{y} {back},{y - ARROW // 2 - 1} {back},{y + ARROW // 2 + 1}"
