"""One invented case: from whom, by what channel, about what, where and when, by the proportions of the study."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from appeals.demo.data import read, weighted
from appeals.demo.people import Person, invent_person, nobody
from appeals.demo.texts import Place, invent_place
from appeals.models import Category, Kind, Priority, Regime, Topic

CENTER = (43.2973, 68.2518)
AREA_OFFSETS = {
    "yassy": (0.0, 0.01), "otyrar": (0.03, -0.02), "shaugar": (-0.02, 0.03), "birlik": (0.02, 0.03),
    "bekzat": (-0.03, -0.01), "sauran": (0.01, -0.04),
}  # fmt: skip
HOURS = {
    8: 4.0, 9: 10.0, 10: 12.0, 11: 10.0, 12: 7.0, 13: 5.0, 14: 6.0, 15: 9.0, 16: 9.0, 17: 8.0, 18: 7.0, 19: 6.0,
    20: 4.0, 21: 2.0, 23: 1.0, 2: 0.5,
}  # fmt: skip
KINDS_OF = {
    Category.PROPOSAL: Kind.PROPOSAL,
    Category.STAFF_COMPLAINT: Kind.COMPLAINT,
    Category.GRATITUDE: Kind.GRATITUDE,
}
RESIDENT_EVERY = 390  # every so manyth case belongs to one of the two accounts of residents
KNOWN_PEOPLE = 0.55  # so many different people for each case: some have filed before
ANONYMOUS_EVERY = 250  # and so many requests come without a name
TWO_QUESTIONS = 0.08  # of the statutory appeals
RESIDENTS = {7: ("resident", "kk"), 11: ("resident2", "ru")}


@dataclass(frozen=True)
class Case:
    """What is settled before anybody has done anything."""

    number: int
    stream: str
    channel: str
    regime: Regime
    kind: Kind
    category: Category
    topic: str
    priority: Priority
    language: str
    area: str
    place: Place
    person: Person
    received_at: dt.datetime
    account: str = ""
    incident: str = ""
    second: str = ""  # the topic of a second question in the same appeal
    questions: tuple[str, ...] = ()
    is_anonymous: bool = False
    point: tuple[Decimal, Decimal] | None = None


def invent_case(rng: Random, number: int, *, seed: int, count: int, days: int, now: dt.datetime) -> Case:
    shares = read("proportions")
    account, language = RESIDENTS.get(number % RESIDENT_EVERY, ("", ""))
    stream = (
        "1310"
        if account and number % 2
        else weighted(rng, {key: row["weight"] for key, row in shares["streams"].items()})
    )
    row = shares["streams"][stream]
    regime = Regime.APPEAL if stream == "eotinish" else Regime.REQUEST
    category, kind, topic = _matter(rng, row, shares["topics"], regime)
    language = language or _language(rng, shares["languages"], topic)
    is_firm = not account and rng.random() < row["legal_entities"]
    person = invent_person(seed, rng.randrange(int(count * KNOWN_PEOPLE) or 1), language=language, is_firm=is_firm)
    area = weighted(rng, shares["areas"])
    is_anonymous = not account and regime == Regime.REQUEST and number % ANONYMOUS_EVERY == 0
    if is_anonymous:
        person = nobody(language)
    return Case(
        number=number,
        stream=stream,
        channel="web" if account or is_anonymous else weighted(rng, row["channels"]),
        regime=regime,
        kind=kind,
        category=category,
        topic=topic,
        priority=Priority.NORMAL,
        language=language,
        area=area,
        place=invent_place(rng),
        person=person,
        received_at=_moment(rng, days, now),
        account=account,
        second=_second(rng, topic, language) if regime == Regime.APPEAL and rng.random() < TWO_QUESTIONS else "",
        is_anonymous=is_anonymous,
        point=_point(rng, area) if rng.random() < 0.6 else None,
    )


def _matter(rng: Random, row: dict[str, Any], topics: dict[str, Any], regime: Regime) -> tuple[Category, Kind, str]:
    """Contact centres count by category, e-Otinish by sector and kind."""
    if regime == Regime.APPEAL:
        sector: str = weighted(rng, row["sectors"])
        topic: str = weighted(rng, topics["sectors"][sector])
        kind = Kind(weighted(rng, read("proportions")["kinds"]))
        return (Category.PROPOSAL if kind == Kind.PROPOSAL else Category.PERSONAL), kind, topic
    category = Category(weighted(rng, row["categories"]))
    about: str = weighted(rng, topics[category])
    return category, KINDS_OF.get(category, Kind.MESSAGE), about


def _second(rng: Random, topic: str, language: str) -> str:
    """Another matter of the sectors, in a language the generator can write."""
    phrases, sectors = read("phrases")["topics"], read("proportions")["topics"]["sectors"]
    topics = {name for shares in sectors.values() for name in shares}
    return str(rng.choice(sorted(name for name in topics - {topic} if language in phrases[name]["what"])))


def _language(rng: Random, weights: dict[str, float], topic: str) -> str:
    """English only where the generator can write it."""
    language = weighted(rng, weights)
    known = read("phrases")["topics"][topic]["what"]
    return language if language in known else "kk"


def _moment(rng: Random, days: int, now: dt.datetime) -> dt.datetime:
    """More of late, most by day, fewer at the weekend, never in the future."""
    for _ in range(20):
        day = now - dt.timedelta(days=days * rng.random() ** 1.5)
        moment = day.replace(
            hour=weighted(rng, HOURS), minute=rng.randrange(60), second=rng.randrange(60), microsecond=0
        )
        if moment < now and (moment.weekday() < 5 or rng.random() < 0.45):
            return moment
    return now - dt.timedelta(hours=rng.uniform(1, 40))


def _point(rng: Random, area: str) -> tuple[Decimal, Decimal]:
    latitude, longitude = (
        center + offset + rng.uniform(-0.012, 0.012) for center, offset in zip(CENTER, AREA_OFFSETS[area], strict=True)
    )
    return round(Decimal(latitude), 5), round(Decimal(longitude), 5)


def with_priority(case: Case, topic: Topic) -> Case:
    """The topic's own priority, as an operator would leave it."""
    return replace(case, priority=Priority(topic.default_priority))
