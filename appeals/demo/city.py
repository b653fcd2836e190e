"""The whole invented city: incidents, cases and their stories, the same ones for the same seed and day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from appeals import timers
from appeals.demo.cases import Case, invent_case, with_priority
from appeals.demo.data import read, weighted
from appeals.demo.duplicates import EVERY, Pair, first_of_pair, steps_of_source, with_link
from appeals.demo.people import applicant_of, invent_person, representative_of
from appeals.demo.sidelines import files_of
from appeals.demo.stories import Story
from appeals.demo.texts import Place, Writer, invent_place
from appeals.demo.world import World
from appeals.history.incidents import ensure_incident
from appeals.history.past import ClockRule, PastAppeal, PastApplicant, PastStep
from appeals.models import Appeal, Category, Channel, Kind, Regime, TimerCode
from common.text import beginning

INCIDENT_TOPICS = {"water-outage": 4, "power-outage": 4, "burst-pipe": 2, "heating": 2, "sewer": 2}
CASES_FOR_ONE_INCIDENT = 200
RECENT_INCIDENTS = 3
SUBJECT, SHORTEST_SUBJECT = 70, 22
# No sentence ends before a small letter: «3 дн. подряд».
SENTENCE_END = re.compile(r"[.!?]+(?:\s+(?![a-zа-яёәғқңөұүһі])|$)")
UNCONFIRMED = dt.timedelta(hours=20)  # the code sent to the applicant has not been entered yet


@dataclass(frozen=True)
class Trouble:
    """One event in the city that many tell about."""

    key: int
    topic: str
    area: str
    place: Place
    began_at: dt.datetime


class City:
    """Invents appeals; `now` is where all stories end."""

    def __init__(self, world: World, *, count: int, days: int, seed: int) -> None:
        self.world, self.count, self.days, self.seed = world, count, days, seed
        self.troubles = [self._trouble(number) for number in range(max(count // CASES_FOR_ONE_INCIDENT, 1))]

    def appeals(self, known: set[str]) -> Iterator[PastAppeal]:
        """Those not there yet, by their id alone: on another day the same number tells another story."""
        for number in range(self.count):
            if self._id(number) not in known:
                yield self._appeal(number)

    def _id(self, number: int) -> str:
        return f"demo-{self.seed}-{number}"

    def _trouble(self, number: int) -> Trouble:
        rng = Random(f"{self.seed}-trouble-{number}")
        topic = weighted(rng, INCIDENT_TOPICS)  # type: ignore[arg-type]
        area = rng.choice(list(self.world.areas))
        place = invent_place(rng)
        days = rng.uniform(0.1, 1.2) if number < RECENT_INCIDENTS else rng.uniform(2, self.days)
        began_at = self.world.now - dt.timedelta(days=days)
        names = self.world.topics[topic], self.world.areas[area]
        key = ensure_incident(
            title=f"{names[0].name_kk}: {place.street_kk}",
            topic=names[0],
            area=names[1],
            opened_at=began_at,
            opened_by_id=self.world.people["inspector", None][0],
            closed_at=None if number < RECENT_INCIDENTS else began_at + dt.timedelta(days=2),
        )
        return Trouble(key, topic, area, place, began_at)

    def _appeal(self, number: int) -> PastAppeal:
        """A generator of its own for each case: a run that was cut off goes on with the same ones."""
        rng = Random(f"{self.seed}-{number}")
        pair = self._pair(number)
        case = self._case(rng, number) if pair is None else pair.source if number == pair.source.number else pair.target
        topic = self.world.topics[case.topic]
        case = with_priority(case, topic)
        writer = Writer(rng, case.language, case.topic, case.place)
        case, text = self._written(rng, case, writer)
        waits = self._waits(case)
        return PastAppeal(
            external_id=self._id(number),
            received_at=case.received_at,
            text=text,
            language=case.language,
            channel=Channel(case.channel),
            subject=_subject(text),
            regime=case.regime,
            kind=case.kind,
            category=case.category,
            sector_id=topic.sector_id,
            topic_id=topic.pk,
            priority=case.priority,
            area_id=self.world.areas[case.area].pk,
            is_confidential=case.category == Category.STAFF_COMPLAINT and rng.random() < 0.3,
            is_demo=True,
            complaint_department_id=self._complained_about(rng, case),
            applicant=self._applicant(case, writer, confirmed=not waits),
            files=files_of(rng, case),
            steps=() if waits else self._steps(rng, case, writer, pair),
            clocks=ClockRule.RUNNING,
            is_ladder_told=True,
            **_where(case, writer),
        )

    def _case(self, rng: Random, number: int) -> Case:
        case = invent_case(rng, number, seed=self.seed, count=self.count, days=self.days, now=self.world.now)
        if case.category == Category.INCIDENT and not case.is_anonymous and rng.random() < 0.22:
            return self._of_trouble(rng, case, rng.choice(self.troubles))
        return case

    def _written(self, rng: Random, case: Case, writer: Writer) -> tuple[Case, str]:
        """The text of the appeal; one with two matters knows them as the questions it will be split into."""
        text = writer.appeal()
        if not case.second:
            return case, text
        other = Writer(rng, case.language, case.second, case.place).matter().rstrip(".")
        questions = (_subject(text, longest=200), other)
        return replace(case, questions=questions), f"{text}\n\n{writer.say('second')}: {other}."

    def _waits(self, case: Case) -> bool:
        """The code sent to him has not been entered yet."""
        is_fresh = self.world.now - case.received_at < UNCONFIRMED
        return case.channel == "web" and is_fresh and not (case.account or case.is_anonymous)

    def _applicant(self, case: Case, writer: Writer, *, confirmed: bool) -> PastApplicant:
        applicant = applicant_of(
            case.person,
            case.place,
            channel=case.channel,
            statutory=case.regime == Regime.APPEAL,
            confirmed=confirmed,
            user_id=self.world.residents.get(case.account),
        )
        if case.regime != Regime.APPEAL or case.account:
            return applicant
        ground = writer.say("ground_firm" if case.person.firm else "ground_person")
        return replace(applicant, **representative_of(case.person, self.seed, ground))

    def _steps(self, rng: Random, case: Case, writer: Writer, pair: Pair | None) -> tuple[PastStep, ...]:
        now = self.world.now
        if pair and case.number == pair.source.number:
            return steps_of_source(pair, self._id(pair.target.number), now)
        steps = Story(case, self.world, rng, writer, self._due_at(case)).tell()
        return with_link(steps, pair, self._id(pair.source.number), now) if pair else steps

    def _pair(self, number: int) -> Pair | None:
        """Two calls about one trouble, from the same house."""
        first = first_of_pair(number)
        if first is None or first + 1 >= self.count:
            return None
        rng = Random(f"{self.seed}-pair-{first}")
        drawn = invent_case(rng, first, seed=self.seed, count=self.count, days=self.days, now=self.world.now)
        plain = replace(
            drawn, stream="109", channel="call109", regime=Regime.REQUEST, category=Category.INCIDENT,
            person=invent_person(self.seed, first, language=drawn.language), account="", second="", is_anonymous=False,
        )  # fmt: skip
        target = self._of_trouble(rng, plain, self.troubles[first // EVERY % len(self.troubles)])
        received_at = target.received_at + dt.timedelta(minutes=rng.uniform(5, 90))
        source = replace(
            target,
            number=first + 1,
            channel=rng.choice(["call109", "whatsapp"]),
            person=invent_person(self.seed, first + 1, language=target.language),
            received_at=min(received_at, self.world.now - dt.timedelta(minutes=2)),
        )
        linked_at = source.received_at + dt.timedelta(minutes=rng.uniform(10, 40))
        return Pair(target, source, linked_at, self.world.people["inspector", None][0])

    def _of_trouble(self, rng: Random, case: Case, trouble: Trouble) -> Case:
        """A call about an event that others tell about too, within hours of it."""
        moment = trouble.began_at + dt.timedelta(minutes=rng.uniform(0, 240))
        place = replace(trouble.place, house=rng.randint(1, 60), flat=rng.randint(1, 90))
        known = case.language in read("phrases")["topics"][trouble.topic]["what"]
        return replace(
            case,
            topic=trouble.topic,
            area=trouble.area,
            place=place,
            language=case.language if known else "kk",
            received_at=min(moment, self.world.now - dt.timedelta(minutes=5)),
            incident=str(trouble.key),
            kind=Kind.MESSAGE,
        )

    def _due_at(self, case: Case) -> dt.datetime:
        """The term this case will have, so that its story can keep or break it."""
        topic = self.world.topics[case.topic]
        draft = Appeal(regime=case.regime, kind=case.kind, topic=topic, priority=case.priority)
        timers.plan(draft, [TimerCode.ANSWER], at=case.received_at)
        return draft.due_at

    def _complained_about(self, rng: Random, case: Case) -> int | None:
        if case.category != Category.STAFF_COMPLAINT:
            return None
        return int(self.world.departments[rng.choice(["social", "land", "utilities", "housing", "improvement"])].pk)


def _where(case: Case, writer: Writer) -> dict[str, Any]:
    """The place in the city; a matter of papers has none."""
    if writer.is_desk:
        return {}
    latitude, longitude = case.point or (None, None)
    address = case.place.address("ru" if case.language == "ru" else "kk")
    return {"address": address, "latitude": latitude, "longitude": longitude}


def _subject(text: str, *, longest: int = SUBJECT) -> str:
    """The first sentence that says something: neither a greeting nor a mere word."""
    greetings = {words.strip(".! ") for opening in read("phrases")["general"]["open"].values() for words in opening}
    parts = [part.strip() for part in SENTENCE_END.split(text)]
    sentences = [part for part in parts if len(part) > SHORTEST_SUBJECT and part not in greetings]
    return beginning(sentences[0] if sentences else text, longest)
