"""The mapping file: which field of the source is what, and what its words mean here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appeals.history.past import ClockRule
from appeals.models import Category, Outcome, Priority, Verdict

MAKE, IGNORE, ANY = "make", "ignore", "*"
BECOMES = {"received", "registered", "routed", "reclassified", "interim", "answered", "closed", "reopened", "ignored"}
KEYS = {
    "about", "source", "names", "time_zone", "time_format", "delimiter", "language", "clocks", "fields", "messages",
    "answers", "events", "steps", "routes", "categories", "districts", "organisations", "count_by", "keep",
}  # fmt: skip


class WrongMappingError(ValueError):
    """The mapping file cannot be used; the message says which entry."""


@dataclass(frozen=True)
class Meaning:
    """What one status of the source stands for."""

    becomes: str
    outcome: Outcome | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Subject:
    """What a category of the source is here."""

    topic: str = ""
    category: Category | None = None
    priority: Priority | None = None


@dataclass(frozen=True)
class Mapping:
    """A checked mapping file. Field names may be paths such as `place.district`."""

    source: str
    time_zone: ZoneInfo
    fields: AnyMapping[str, str]
    names: AnyMapping[str, str]
    time_format: str = ""
    delimiter: str = ","
    language: str = ""
    clocks: ClockRule = ClockRule.JUDGED
    messages: AnyMapping[str, str] = field(default_factory=dict)
    answers: AnyMapping[str, str] = field(default_factory=dict)
    events: AnyMapping[str, str] = field(default_factory=dict)
    steps: AnyMapping[tuple[str, str], Meaning] = field(default_factory=dict)
    route_from: re.Pattern[str] | None = None
    route_to: re.Pattern[str] | None = None
    categories: AnyMapping[str, Subject] = field(default_factory=dict)
    districts: AnyMapping[str, str] = field(default_factory=dict)
    organisations: AnyMapping[str, str] = field(default_factory=dict)
    count_by: str = ""
    keep: tuple[str, ...] = ()

    def meaning(self, kind: str, value: str) -> Meaning | None:
        """An entry without a value stands for every value of its type."""
        return self.steps.get((kind, value)) or self.steps.get((kind, ANY))


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file; a wrong one is refused before the first line is read."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongMappingError(f"{path}: {error}") from None
    if not isinstance(raw, dict):
        raise WrongMappingError(f"{path}: not a JSON object")
    if unknown := sorted(set(raw) - KEYS):
        raise WrongMappingError(f"unknown entries: {', '.join(unknown)}")
    return build_mapping(raw)


def build_mapping(raw: dict[str, Any]) -> Mapping:
    source = str(raw.get("source", ""))
    if not re.fullmatch(r"[a-z0-9-]{1,40}", source):
        raise WrongMappingError("«source» names the system in small Latin letters, digits and dashes")
    if "id" not in raw.get("fields", {}):
        raise WrongMappingError("«fields» must say which field is the «id»")
    routes = raw.get("routes", {})
    return Mapping(
        source=source,
        time_zone=_zone(raw.get("time_zone", "Asia/Almaty")),
        fields=_words(raw, "fields"),
        names=_words(raw, "names") or {"kk": source, "ru": source},
        time_format=str(raw.get("time_format", "")),
        delimiter=str(raw.get("delimiter", ",")),
        language=str(raw.get("language", "")),
        clocks=_choice(ClockRule, raw.get("clocks", ClockRule.JUDGED), "clocks"),
        messages=_words(raw, "messages"),
        answers=_words(raw, "answers"),
        events=_words(raw, "events"),
        steps={(str(row.get("type", "")), str(row.get("value", ANY))): _meaning(row) for row in raw.get("steps", [])},
        route_from=_pattern(routes.get("from")),
        route_to=_pattern(routes.get("to")),
        categories={name: _subject(name, row) for name, row in raw.get("categories", {}).items()},
        districts=_words(raw, "districts"),
        organisations=_words(raw, "organisations"),
        count_by=str(raw.get("count_by", "")),
        keep=tuple(str(name) for name in raw.get("keep", [])),
    )


def _words(raw: dict[str, Any], name: str) -> dict[str, str]:
    found = raw.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise WrongMappingError(f"«{name}» must be an object of texts")
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise WrongMappingError(f"no such time zone: {name}") from None


def _choice(kind: Any, value: Any, name: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise WrongMappingError(f"«{name}»: {value!r} is none of {known}") from None


def _optional(kind: Any, row: dict[str, Any], name: str) -> Any:
    return _choice(kind, row[name], name) if row.get(name) else None


def _meaning(row: dict[str, Any]) -> Meaning:
    if row.get("becomes") not in BECOMES:
        raise WrongMappingError(f"«becomes»: {row.get('becomes')!r} is none of {', '.join(sorted(BECOMES))}")
    return Meaning(row["becomes"], _optional(Outcome, row, "outcome"), _optional(Verdict, row, "verdict"))


def _subject(name: str, row: Any) -> Subject:
    if not isinstance(row, dict):
        raise WrongMappingError(f"«categories»: {name} must be an object")
    return Subject(
        str(row.get("topic", "")), _optional(Category, row, "category"), _optional(Priority, row, "priority")
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text else None
    except re.error as error:
        raise WrongMappingError(f"«routes»: {error}") from None
