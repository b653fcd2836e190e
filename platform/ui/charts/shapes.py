"""Places as shapes: the outlines of a map brought into a frame, or tiles where no outline is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STEPS = 5
WIDTH = 600.0
MARGIN = 6.0

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """A place on the drawing: the path of its outline and the middle of it, where its number stands."""

    path: str
    x: float
    y: float


def step_of(value: float | None, highest: float) -> int:
    """Which of the five steps of colour; 0 where there is nothing."""
    if not value or highest <= 0:
        return 0
    return min(STEPS, max(1, math.ceil(STEPS * value / highest)))


def fitted(outlines: Sequence[Mapping[str, Any]]) -> tuple[list[Shape], float]:
    """Outlines (GeoJSON polygons, degrees) in a frame of the fixed width, and the height they need.

    Within a city the earth is flat enough: degrees of longitude are made as short as they are at its latitude.
    """
    rings = [list(_rings(outline)) for outline in outlines]
    points = [point for shape in rings for ring in shape for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / (((east - west) * squeeze) or 1)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return MARGIN + (point[0] - west) * squeeze * scale, MARGIN + (north - point[1]) * scale

    shapes = [_shape([[place(point) for point in ring] for ring in shape]) for shape in rings]
    return shapes, 2 * MARGIN + (north - south) * scale


def _rings(outline: Mapping[str, Any]) -> Iterable[list[tuple[float, float]]]:
    """Rings of a Polygon, a MultiPolygon, or of a Feature around one."""
    geometry = outline.get("geometry") or outline
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [(float(x), float(y)) for x, y, *_ in ring]


def _shape(rings: Sequence[Ring]) -> Shape:
    path = " ".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
    x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
    return Shape(path, x, y)


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring)) / 2


def _middle(ring: Ring) -> tuple[float, float]:
    area = _area(ring)
    if not area:
        return ring[0]
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _sides(ring)) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _sides(ring)) / (6 * area)
    return x, y


def _sides(ring: Ring) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)
