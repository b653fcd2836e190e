"""Invented texts in Kazakh, Russian and a few in English: sentences per topic put together so that they vary."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from django.utils import translation

from appeals.demo.data import read
from ui.dates import long_date

# The suffix of a number in Kazakh follows how it is read out.
HOURS_FROM = {18: "18-ден", 19: "19-дан", 20: "20-дан", 21: "21-ден", 22: "22-ден", 23: "23-тен"}
HOURS_TO = {1: "1-ге", 2: "2-ге", 3: "3-ке"}
LOCATIVE = {"көшесі": ("көшесінде", "көшесіндегі"), "даңғылы": ("даңғылында", "даңғылындағы")}
# Topics of the papers of a household rather than of a place in the city.
DESK_TOPICS = frozenset(
    {
        "housing-queue", "land-plot", "allowances", "jobs", "business-support", "clinic", "public-relations",
        "kindergarten", "school", "staff-complaint", "utility-tariffs", "consultation", "proposal", "gratitude",
    }
)  # fmt: skip
# Beside these, what makes it worse is said of the city: a school near by, neighbours, earlier calls.
QUIET_TOPICS = DESK_TOPICS | {
    "tourism", "digital-services", "culture-events", "sport-facilities", "gasification", "disability-care",
    "construction-quality", "land-dispute",
}  # fmt: skip
PLAIN_OUTCOMES = {"satisfied", "satisfied_partly"}


@dataclass(frozen=True)
class Place:
    """A house of the invented city; the names of its streets are common ones."""

    street_kk: str
    street_ru: str
    house: int
    flat: int

    def address(self, language: str) -> str:
        return f"{self.street_ru}, {self.house}" if language == "ru" else f"{self.street_kk}, {self.house}-үй"


def invent_place(rng: Random) -> Place:
    street_kk, street_ru = rng.choice(read("names")["streets"])
    return Place(street_kk, street_ru, rng.randint(1, 140), rng.randint(1, 90))


class Writer:
    """Writes what residents and units say about one case."""

    def __init__(self, rng: Random, language: str, topic: str, place: Place) -> None:
        phrases = read("phrases")
        self.rng, self.language, self.topic, self.place = rng, language, topic, place
        self.general, self.phrases = phrases["general"], phrases["topics"][topic]
        self.values = self._values()

    @property
    def is_desk(self) -> bool:
        return self.topic in DESK_TOPICS

    def say(self, part: str, **values: str) -> str:
        """A sentence of the general part, with its places filled."""
        return self._fill(self._pick(self.general[part]), values)

    def appeal(self) -> str:
        """What the resident writes: a greeting, the matter, what makes it worse, what is wanted."""
        what = self.matter()
        if self.topic == "consultation":
            return f"{what}?"
        parts = [self.say("open"), _stop(what)]
        if self.topic == "gratitude":
            return _join([*parts, self.say("thanks")])
        if self.topic == "proposal":
            return _join([*parts, self.say("ask_idea")])
        why = self.say("why_desk" if self.topic in QUIET_TOPICS else "why")
        ask = self.say("ask_desk" if self.topic in QUIET_TOPICS else "ask")
        return _join([*parts, _stop(why) if why else "", ask])

    def matter(self) -> str:
        """What it is about, in one sentence without its stop."""
        return self._fill(self._pick(self.phrases["what"]), {})

    def measures(self, outcome: str) -> str:
        """What was done, or what was found where nothing was to be done."""
        if outcome in PLAIN_OUTCOMES:
            return self._pick(self.phrases["measures"]).format_map(self.values)
        return self._pick(self.general["found"][outcome])

    def crew(self) -> str:
        return self._pick(self.general["desk" if self.is_desk else "crew"])

    def answer(
        self, *, applicant: str, outcome: str, measures: str, done_on: dt.date, done_by: str, statutory: bool
    ) -> str:
        """What the unit answers: done what, when, by whom, how it ended, and the law where one applies."""
        with translation.override(self.language):
            day = long_date(done_on)
        values = {
            "applicant": applicant,
            "measures": measures,
            "done_by": done_by,
            "done_on": f"{day} күні" if self.language == "kk" else day,
            "address": self.place.address(self.language),
        }
        parts = [
            self.say("greet", **values) + "\n",
            self.say("done" if not self.is_desk and outcome in PLAIN_OUTCOMES else "done_desk", **values),
            self._pick(self.general["result"][self._result(outcome)]),
        ]
        if statutory:
            parts.append(self.say("law"))
        return _join(parts).replace("\n ", "\n").replace("..", ".")

    def _result(self, outcome: str) -> str:
        return "satisfied_desk" if self.is_desk and outcome == "satisfied" else outcome

    def _values(self) -> dict[str, str]:
        rng, place = self.rng, self.place
        number = {"n": rng.randint(2, 9), "m": rng.randrange(15, 200, 5), "route": rng.randint(1, 28)}
        hour, night = rng.choice(list(HOURS_FROM)), rng.choice(list(HOURS_TO))
        values: dict[str, Any] = number | {
            "house": place.house,
            "flat": place.flat,
            "year": rng.randint(2012, 2023),
            "h": hour,
            "h_from": HOURS_FROM[hour],
            "h_to": HOURS_TO[night],
            "h_night": night,
            "address": place.address(self.language),
        }
        return {name: str(value) for name, value in (values | self._street()).items()}

    def _street(self) -> dict[str, str]:
        if self.language == "ru":
            kind, _, name = self.place.street_ru.partition(" ")
            where = f"на {'улице' if kind == 'улица' else 'проспекте'} {name}"
            return {"street": self.place.street_ru, "in_street": where}
        name, _, kind = self.place.street_kk.rpartition(" ")
        inside, of_it = LOCATIVE[kind]
        house = f"{name} {of_it} {self.place.house}-үй"
        return {
            "street": self.place.street_kk,
            "in_street": f"{name} {inside}",
            "of_street": f"{name} {of_it}",
            "at_house": f"{house}дің",
            "in_house": f"{house}де",
        }

    def _pick(self, choices: dict[str, list[str]]) -> str:
        return self.rng.choice(choices.get(self.language) or choices["kk"])

    def _fill(self, sentence: str, values: dict[str, str]) -> str:
        filled = sentence.format_map(self.values | values)
        return filled[:1].upper() + filled[1:]


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."


def _join(parts: list[str]) -> str:
    return " ".join(part for part in parts if part).strip()
