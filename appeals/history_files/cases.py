"""One foreign record becomes one past appeal: its first message, and everything after it as steps in order of time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from appeals.history.past import PastAppeal, PastApplicant, PastStep
from appeals.history_files.fields import UnusableError, items_at, point_at, text_at, time_at
from appeals.history_files.mapping import Mapping, Meaning, Subject
from appeals.history_files.places import Places
from appeals.models import Category, EventKind, Kind, Priority
from common.phones import phone_or_none
from common.text import guess_language

NO_TEXT = "the source holds no text of this answer"
KINDS = {Category.PROPOSAL: Kind.PROPOSAL, Category.STAFF_COMPLAINT: Kind.COMPLAINT, Category.GRATITUDE: Kind.GRATITUDE}


@dataclass(frozen=True)
class Said:
    """A message or an answer of the record."""

    at: dt.datetime
    text: str
    organisation: str = ""
    is_interim: bool = False
    until: str = ""


@dataclass(frozen=True)
class Happened:
    """An entry of the record's own log, with what the mapping says of it."""

    at: dt.datetime
    value: Any
    meaning: Meaning


class Reader:
    """Turns records into past appeals by one mapping."""

    def __init__(self, mapping: Mapping, places: Places, *, now: dt.datetime) -> None:
        self.mapping, self.places, self.now = mapping, places, now

    def count_key(self, record: dict[str, Any]) -> str:
        return text_at(record, self.mapping.count_by or None)

    def read(self, record: dict[str, Any], line: int) -> PastAppeal:
        """Raises UnusableError with the reason where the record cannot become an appeal."""
        fields = self.mapping.fields
        external_id = text_at(record, fields["id"], longest=70)
        if not external_id:
            raise UnusableError("the record has no id")
        subject = text_at(record, fields.get("subject"))
        messages = self._messages(record)
        text = messages[0].text or subject
        if not text:
            raise UnusableError("the record has neither text nor subject")
        about = self._subject(record)
        category = about.category or Category.PERSONAL
        latitude, longitude = point_at(record, self.mapping)
        topic = self.places.topic(about.topic)
        return PastAppeal(
            external_id=f"{self.mapping.source}:{external_id}",
            received_at=messages[0].at,
            text=text,
            language=self.mapping.language or guess_language(text),
            subject=subject[:250],
            kind=KINDS.get(category, Kind.MESSAGE),
            category=category,
            sector_id=topic.sector_id if topic else None,
            topic_id=topic.pk if topic else None,
            priority=about.priority or Priority.NORMAL,
            area_id=self.places.area(text_at(record, fields.get("district"))),
            address=text_at(record, fields.get("address"))[:300],
            latitude=latitude,
            longitude=longitude,
            applicant=self._applicant(record),
            steps=self._steps(record, messages),
            clocks=self.mapping.clocks,
            origin=self._origin(record, external_id, line),
        )

    def _origin(self, record: dict[str, Any], external_id: str, line: int) -> dict[str, Any]:
        kept = {name: text_at(record, name)[:300] for name in self.mapping.keep}
        origin = {"source": self.mapping.source, "id": external_id, "line": line, "category": self.count_key(record)}
        return origin | {"fields": kept}

    def _subject(self, record: dict[str, Any]) -> Subject:
        known = self.mapping.categories
        return known.get(text_at(record, self.mapping.fields.get("category"))) or known.get("*") or Subject()

    def _applicant(self, record: dict[str, Any]) -> PastApplicant:
        fields = self.mapping.fields
        return PastApplicant(
            full_name=text_at(record, fields.get("applicant"), longest=300),
            phone=phone_or_none(text_at(record, fields.get("phone"), longest=60)) or "",
            email=text_at(record, fields.get("email"), longest=254).lower(),
            postal_address=text_at(record, fields.get("postal_address"), longest=300),
        )

    # What was said

    def _messages(self, record: dict[str, Any]) -> list[Said]:
        names = self.mapping.messages
        items = items_at(record, names["list"]) if names.get("list") else [record]
        said = [self._said(item, names or self.mapping.fields, at="at" if names else "received_at") for item in items]
        messages = sorted((item for item in said if item is not None), key=lambda item: item.at)
        if not messages:
            raise UnusableError("the record has no message with a time")
        return messages

    def _answers(self, record: dict[str, Any]) -> list[Said]:
        names = self.mapping.answers
        if not names:
            return []
        items = items_at(record, names["list"]) if names.get("list") else [record]
        said = (self._said(item, names, at="at") for item in items)
        return sorted((item for item in said if item is not None), key=lambda item: item.at)

    def _said(self, item: dict[str, Any], names: Any, *, at: str) -> Said | None:
        moment = time_at(item, names.get(at), self.mapping, now=self.now)
        if moment is None:
            return None
        until = text_at(item, names.get("interim_until"), longest=60)
        text, organisation = text_at(item, names.get("text")), text_at(item, names.get("organisation"))
        return Said(moment, text, organisation, is_interim=bool(until), until=until)

    # What happened

    def _steps(self, record: dict[str, Any], messages: list[Said]) -> tuple[PastStep, ...]:
        log = self._log(record)
        answers = self._answers(record)
        steps = [PastStep(EventKind.MESSAGE_RECEIVED, said.at, text=said.text or "—") for said in messages[1:]]
        steps += self._sent(answers, [entry for entry in log if entry.meaning.becomes in ("answered", "interim")])
        unit = self._first_unit(record, log, answers)
        for entry in log:
            steps += self._log_steps(entry, unit, is_first=entry is _first(log, "received"))
            if entry is _first(log, "registered"):
                steps += self._given(unit, entry.at)
        if not log:
            steps += self._given(unit, messages[0].at)
        began = messages[0].at  # nothing happens to an appeal before it is there, whatever the source's clocks say
        steps = [step if step.at >= began else replace(step, at=began) for step in steps]
        return tuple(sorted(steps, key=lambda step: step.at))

    def _log(self, record: dict[str, Any]) -> list[Happened]:
        names, log = self.mapping.events, []
        items = items_at(record, names["list"]) if names.get("list") else [record] if names else []
        for item in items:
            kind = text_at(item, names.get("type")) if names.get("type") else ""
            value = item.get(names["value"]) if names.get("list") else text_at(item, names["value"])
            meaning = self.mapping.meaning(kind, value if isinstance(value, str) else "")
            if meaning is None:
                raise UnusableError(f"the mapping has no step for {kind} {str(value)[:80]!r}".replace("  ", " "))
            moment = time_at(item, names["at"], self.mapping, now=self.now)
            if moment is not None and meaning.becomes != "ignored":
                log.append(Happened(moment, value, meaning))
        return sorted(log, key=lambda entry: entry.at)

    def _first_unit(self, record: dict[str, Any], log: list[Happened], answers: list[Said]) -> str:
        """Who had it first: where the first route came from, else who answered, else the record's own unit."""
        route = _first(log, "routed")
        pattern = self.mapping.route_from
        if route and pattern and (found := pattern.search(str(route.value))):
            return found[1]
        if answers and answers[0].organisation:
            return answers[0].organisation
        return text_at(record, self.mapping.fields.get("organisation"))

    def _given(self, unit: str, at: dt.datetime) -> list[PastStep]:
        department_id = self.places.department(unit)
        return [PastStep(EventKind.ASSIGNED, at, department_id=department_id)] if department_id else []

    def _log_steps(self, entry: Happened, unit: str, *, is_first: bool) -> list[PastStep]:
        meaning, at = entry.meaning, entry.at
        if meaning.becomes == "received":
            # The first one is the arrival itself; a later one means that the applicant came back.
            return [] if is_first else [PastStep(EventKind.REOPENED, at)]
        if meaning.becomes == "registered":
            return [PastStep(EventKind.REGISTERED, at)]
        if meaning.becomes == "reopened":
            return [PastStep(EventKind.REOPENED, at)]
        if meaning.becomes == "routed":
            return [self._route(entry, unit)]
        if meaning.becomes == "reclassified":
            return [PastStep(EventKind.CLASSIFIED, at, data={"labels": _labels(entry.value)})]
        return self._closing(entry) if meaning.becomes == "closed" else []

    def _route(self, entry: Happened, unit: str) -> PastStep:
        pattern, text = self.mapping.route_to, str(entry.value)
        found = pattern.search(text) if pattern else None
        department_id = self.places.department(found[1] if found else unit)
        return PastStep(EventKind.ASSIGNED, entry.at, department_id=department_id, reason=text[:2000])

    def _closing(self, entry: Happened) -> list[PastStep]:
        closed = PastStep(EventKind.CLOSED, entry.at, outcome=entry.meaning.outcome, reason=str(entry.value)[:2000])
        if entry.meaning.verdict is None:
            return [closed]
        return [PastStep(EventKind.RATED, entry.at, verdict=entry.meaning.verdict), closed]

    def _sent(self, answers: list[Said], statuses: list[Happened]) -> list[PastStep]:
        """Each answer was written at its own time and sent when the source says so; an unannounced one at once."""
        left = list(statuses)
        steps: list[PastStep] = []
        for said in answers:
            wanted = "interim" if said.is_interim else "answered"
            match = next((entry for entry in left if entry.meaning.becomes == wanted and entry.at >= said.at), None)
            if match is not None:
                left.remove(match)
            steps += self._answer(said, match)
        for entry in left:
            if entry.meaning.becomes == "answered":
                steps.append(PastStep(EventKind.REPLY_SENT, entry.at, reason=NO_TEXT, outcome=entry.meaning.outcome))
        return steps

    def _answer(self, said: Said, match: Happened | None) -> list[PastStep]:
        department_id = self.places.department(said.organisation)
        drafted = PastStep(EventKind.REPLY_DRAFTED, said.at, department_id=department_id)
        sent = PastStep(
            EventKind.REPLY_SENT,
            match.at if match else said.at,
            department_id=department_id,
            text=said.text,
            outcome=match.meaning.outcome if match else None,
            is_interim=said.is_interim,
            data={"promised_until": said.until} if said.until else {},
        )
        return [drafted, sent]


def _first(log: list[Happened], becomes: str) -> Happened | None:
    return next((entry for entry in log if entry.meaning.becomes == becomes), None)


def _labels(value: Any) -> list[str]:
    return [str(part)[:300] for part in value[:2]] if isinstance(value, list) else [str(value)[:300]]
