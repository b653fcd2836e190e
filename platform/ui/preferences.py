"""How a visitor wants the pages to look: theme, text size, contrast; kept in a cookie, no account needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

COOKIE = "halyq_look"
COOKIE_AGE = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")
TEXT_SIZES = ("normal", "large", "larger")
CONTRASTS = ("normal", "high")


@dataclass(frozen=True)
class Look:
    """A visitor's choice; the first value of each list is what everybody gets."""

    theme: str = THEMES[0]
    text: str = TEXT_SIZES[0]
    contrast: str = CONTRASTS[0]

    @property
    def is_easy(self) -> bool:
        """The version for the visually impaired is on."""
        return self.contrast == "high" or self.text != "normal"


def read_look(cookie: str) -> Look:
    """Anything unknown in the cookie is passed over: it comes from outside."""
    theme, text, contrast = [*cookie.split("."), "", "", ""][:3]
    return change_look(Look(), {"theme": theme, "text": text, "contrast": contrast})


def change_look(look: Look, chosen: Mapping[str, str]) -> Look:
    """Take the known values of a form; `version` switches text and contrast together."""
    version = {"easy": ("large", "high"), "usual": ("normal", "normal")}.get(chosen.get("version", ""))
    if version:
        look = replace(look, text=version[0], contrast=version[1])
    for name, known in (("theme", THEMES), ("text", TEXT_SIZES), ("contrast", CONTRASTS)):
        if chosen.get(name) in known:
            look = replace(look, **{name: chosen[name]})
    return look


def write_look(look: Look) -> str:
    return f"{look.theme}.{look.text}.{look.contrast}"
