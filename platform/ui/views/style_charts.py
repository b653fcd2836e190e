"""The charts of the statistics on the style page: invented numbers, every kind of drawing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ui import dates
from ui.charts.plot import Series
from ui.charts.rows import BarRow, Part, Place

_NOW, _BEFORE = (12, 18, 9, 22, 25, 19, 31, 28), (10, 11, 14, 13, 18, 16, 20, 22)
_SQUARE = ((68.2, 43.2), (68.3, 43.2), (68.3, 43.3), (68.2, 43.3), (68.2, 43.2))


def samples() -> dict[str, Any]:
    words = [str(value) for value in _NOW]
    return {
        "name": _("Trend"),
        "rows": [_bar(_("Yassy"), 50, 25, 25), _bar(_("Otyrar"), 80, 15, 5)],
        "scale": 100.0,
        "legend": [("c-good", _("Solved")), ("c-warn", _("Answered")), ("c-bad", _("Not done"))],
        "labels": [f"{month:02}.2026" for month in range(1, 9)],
        "series": [
            Series(_("Appeals"), _NOW, words),
            Series(_("A year before"), _BEFORE, [str(value) for value in _BEFORE], is_dashed=True),
        ],
        "tick": lambda: lambda value: dates.number(int(value)),
        "tiles": [Place(_("Yassy"), "120", url="#", step=5), Place(_("Otyrar"), "40", step=2)],
        "places": [
            Place(_("Yassy"), "120", url="#map", step=5, outline={"type": "Polygon", "coordinates": [_SQUARE]}),
            Place(_("Otyrar"), "40", step=2, outline={"type": "Polygon", "coordinates": [_beside()]}),
        ],
    }  # fmt: skip


def _bar(label: str, good: int, fair: int, bad: int) -> BarRow:
    parts = [Part(good, "c-good"), Part(fair, "c-warn"), Part(bad, "c-bad")]
    return BarRow(label, parts, f"{good}\u00a0%", f"{good} / 100")


def _beside() -> list[tuple[float, float]]:
    return [(x + 0.1, y) for x, y in _SQUARE]
