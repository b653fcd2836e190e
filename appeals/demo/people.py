"""Invented residents and firms, with synthetic phones and identifiers: of people born on 1 January 1900."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from appeals.demo.data import read
from appeals.demo.texts import Place
from appeals.history.past import PastApplicant
from common.identifiers import check_digit

BORN_ON = "000101"  # of the synthetic IIN; its century digits 3 and 4 make it 1900
FIRMS_BIN = "3112400000"  # registered in December 2031
FIRST_PHONE = 77000000000


@dataclass(frozen=True)
class Person:
    """Somebody of the invented city, the same one for the same number."""

    number: int
    name: str
    given: str  # how an answer addresses him
    language: str
    is_woman: bool
    firm: str = ""


def invent_person(seed: int, number: int, *, language: str, is_firm: bool = False) -> Person:
    """A name fitting the language in which he writes."""
    rng = Random(f"{seed}-person-{number}")
    names = read("names")
    is_woman = rng.random() < 0.55
    if language == "ru" and rng.random() < 0.5:
        family, first, father = rng.choice(names["russian_women" if is_woman else "russian_men"])
    else:
        family = rng.choice(names["families"])
        first = rng.choice(names["women" if is_woman else "men"])
        father = rng.choice(names["fathers"]) + ("қызы" if is_woman else "ұлы")
    firm = rng.choice(names["firms"])[language == "ru"] if is_firm else ""
    return Person(number, f"{family} {first} {father}", f"{first} {father}", language, is_woman, firm)


def nobody(language: str) -> Person:
    """Who files without a name."""
    return Person(0, "", "", language, is_woman=False)


def representative_of(person: Person, seed: int, ground: str) -> dict[str, Any]:
    """Some firms and few residents let somebody else file."""
    rng = Random(f"{seed}-representative-{person.number}")
    if rng.random() > (0.4 if person.firm else 0.05):
        return {}
    other = invent_person(seed, person.number + 5000, language=person.language)
    return {"representative_name": other.name, "representative_ground": ground}


def identifier_of(person: Person) -> str:
    """An IIN or BIN with a true check digit; bodies that are never issued are passed over."""
    serial = person.number % 9000
    for shift in range(20):
        tail = f"{serial + shift + 1:04d}"
        body = f"{FIRMS_BIN}{tail[-1]}" if person.firm else f"{BORN_ON}{4 if person.is_woman else 3}{tail}"
        digit = check_digit(body)
        if digit is not None:
            return f"{body}{digit}"
    raise ValueError("no synthetic identifier left")


def applicant_of(
    person: Person, place: Place, *, channel: str, statutory: bool, confirmed: bool = True, user_id: int | None = None
) -> PastApplicant:
    """What the channel knows of him: a statutory appeal everything, a messenger only who writes."""
    if not person.name:
        return PastApplicant(type="anonymous")
    by_messenger = channel in {"telegram", "whatsapp", "instagram", "facebook"}
    known_phone = statutory or channel in {"call109", "call1310", "mobile", "whatsapp", "front_office"}
    return PastApplicant(
        type="legal_entity" if person.firm else "individual",
        user_id=user_id,
        full_name=person.firm or person.name,
        identifier=identifier_of(person) if statutory else "",
        phone=f"+{FIRST_PHONE + person.number}" if known_phone else "",
        email=f"resident{person.number}@demo.example" if channel in {"email", "web", "eotinish"} else "",
        postal_address=f"Түркістан қаласы, {place.address('kk')}" if statutory else "",
        thread_key=f"{channel}:demo{person.number}" if by_messenger else "",
        confirmed=confirmed,
    )
