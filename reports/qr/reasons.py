"""What a rating may be about: six themes, each with words that fit the score."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SCORES: dict[int, str | Promise] = {
    5: pgettext_lazy("rating", "Very good"),
    4: pgettext_lazy("rating", "Good"),
    3: pgettext_lazy("rating", "So-so"),
    2: pgettext_lazy("rating", "Bad"),
    1: pgettext_lazy("rating", "Very bad"),
}


class Tone(Enum):
    GOOD = "good"
    MIDDLING = "middling"
    BAD = "bad"


@dataclass(frozen=True)
class Theme:
    """One theme: its plain name for the results, and how a visitor would say it."""

    name: str | Promise
    good: str | Promise
    bad: str | Promise

    def words(self, tone: Tone) -> str | Promise:
        return {Tone.GOOD: self.good, Tone.MIDDLING: self.name, Tone.BAD: self.bad}[tone]


THEMES: dict[str, Theme] = {
    "waiting": Theme(_("Waiting time"), _("I was served quickly"), _("I waited long")),
    "manners": Theme(_("Politeness"), _("They were polite"), _("They were rude")),
    "clarity": Theme(_("Explanation"), _("They explained clearly"), _("They explained nothing clearly")),
    "result": Theme(_("Result"), _("My matter was settled"), _("My matter was not settled")),
    "papers": Theme(_("Papers"), _("Nothing unnecessary was asked for"), _("Unnecessary papers were asked for")),
    "place": Theme(_("Premises"), _("Comfortable, easy to get in"), _("Uncomfortable, hard to get in")),
}


def tone_of(score: int) -> Tone:
    return Tone.GOOD if score >= 4 else Tone.BAD if score <= 2 else Tone.MIDDLING


def reasons_for(score: int) -> list[tuple[str, str | Promise]]:
    """The list that fits the score."""
    tone = tone_of(score)
    return [(slug, theme.words(tone)) for slug, theme in THEMES.items()]
