"""Marks of a drawing, written as SVG: with classes for a page, with colours of their own for a file.

Widths on a page are shares of whatever room there is, so letters keep their size on a telephone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# The light values of tokens.css; a test compares them. A file has no style sheet beside it.
INK, MUTED, LINE, SURFACE = "#14282d", "#4d5a5c", "#ded5c5", "#ffffff"
SERIES = ("#0a7c80", "#b4702a", "#2d5f9e", "#7d4f94", "#587d2c", "#a8433f")
STEPS = ("#e3f1f0", "#b5dcd9", "#74bab8", "#1d7477", "#0b4f55")
PARTS = ("#2f8f6b", "#e0b04a", "#a11d1d")
FONT = "'Golos Text', 'Noto Sans', 'Segoe UI', Roboto, Arial, sans-serif"

_INKS: Mapping[str, Mapping[str, str]] = {
    "grid": {"stroke": LINE, "stroke-width": "1"},
    "axis": {"stroke": "#7d7566", "stroke-width": "1"},
    "tick": {"fill": MUTED, "font-size": "12", "font-family": FONT},
    "words": {"fill": INK, "font-size": "14", "font-family": FONT},
    "strong": {"fill": INK, "font-size": "14", "font-weight": "600", "font-family": FONT},
    "title": {"fill": INK, "font-size": "22", "font-weight": "700", "font-family": FONT},
    "muted": {"fill": MUTED, "font-size": "13", "font-family": FONT},
    "hit": {"fill": "none", "pointer-events": "all"},
    "sheet": {"fill": SURFACE},
    "track": {"fill": "#f0ebe0"},
    "nothing": {"fill": "#f4efe5", "stroke": "#7d7566", "stroke-dasharray": "4 3"},
    "c-good": {"fill": PARTS[0]}, "c-warn": {"fill": PARTS[1]}, "c-bad": {"fill": PARTS[2]},
    "range-axis": {"stroke": LINE, "stroke-width": "1"},
    "range-reach": {"fill": SERIES[0], "fill-opacity": "0.35"},
    "range-share": {"stroke": SERIES[0], "stroke-width": "3"},
    "range-expected": {"stroke": SERIES[1], "stroke-width": "1.5"},
    "on-dark": {"fill": "#ffffff", "font-size": "14", "font-family": FONT},
    **{f"c{number}": {"fill": colour} for number, colour in enumerate(SERIES, 1)},
    **{
        f"line{number}": {
            "fill": "none", "stroke": colour, "stroke-width": "2.5", "stroke-linejoin": "round",
            "vector-effect": "non-scaling-stroke",
        }
        for number, colour in enumerate(SERIES, 1)
    },
    **{f"step{number}": {"fill": colour, "stroke": SURFACE} for number, colour in enumerate(STEPS, 1)},
}  # fmt: skip


Attrs = Mapping[str, str | float]


@dataclass(frozen=True)
class Mark:
    """One element. `ink` names its look: a class `ui-…` on the page, colours in a file."""

    tag: str
    attrs: Attrs = field(default_factory=dict)
    ink: str = ""
    text: str = ""
    title: str = ""
    href: str = ""
    inner: Sequence[Mark] = ()


def to_page(marks: Iterable[Mark]) -> SafeString:
    return _joined(marks, in_file=False)


def to_file(marks: Iterable[Mark], width: int, height: int, title: str, text: str) -> str:
    """A whole picture: it names itself for whoever cannot see it."""
    return str(
        format_html(
            '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            'width="{0}" height="{1}" viewBox="0 0 {0} {1}"><title>{2}</title><desc>{3}</desc>{4}</svg>\n',
            width, height, title, text, _joined(marks, in_file=True),
        )
    )  # fmt: skip


def _joined(marks: Iterable[Mark], *, in_file: bool) -> SafeString:
    return mark_safe("".join(_written(mark, in_file=in_file) for mark in marks))


def _written(mark: Mark, *, in_file: bool) -> str:
    attrs: dict[str, str | float] = dict(mark.attrs)
    for ink in mark.ink.split():
        if in_file:
            attrs |= _inked(ink, mark.tag)
    if mark.ink and not in_file:
        attrs["class"] = " ".join(f"ui-{ink}" for ink in mark.ink.split())
    inside = format_html("{}{}{}", _title(mark.title), mark.text, _joined(mark.inner, in_file=in_file))
    element = format_html("<{0}{1}>{2}</{0}>", mark_safe(mark.tag), _flat(attrs), inside)
    return str(format_html('<a href="{}">{}</a>', mark.href, element) if mark.href and not in_file else element)


def _inked(ink: str, tag: str) -> Mapping[str, str]:
    if ink == "dashed":
        return {"stroke-dasharray": "6 5", "stroke-opacity": "0.75"}
    return _INKS[ink]


def _title(title: str) -> SafeString:
    return format_html("<title>{}</title>", title) if title else SafeString("")


def _flat(attrs: Mapping[str, str | float]) -> SafeString:
    return format_html_join("", ' {}="{}"', ((name, _short(value)) for name, value in attrs.items()))


def _short(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
