"""What a dataset is: its words, its columns and a function that gives its rows. Each announces itself by slug."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.registry import Registry

Words = str | Promise
Value = str | int | float | bool | None
Row = Mapping[str, Value]
NO_ROWS = _("There are no rows yet.")


class Type(TextChoices):
    """Types of columns, named as the table schema of a data package names them."""

    STRING = "string", _("text")
    INTEGER = "integer", _("whole number")
    NUMBER = "number", _("number")
    BOOLEAN = "boolean", _("yes or no")
    DATE = "date", _("date")


@dataclass(frozen=True)
class Field:
    """A column. `codes` are its values with their words where the list is closed; `refers_to` names a list of keys."""

    name: str
    type: Type
    title: Words
    description: Words = ""
    codes: Sequence[tuple[str, Words]] = ()
    refers_to: str = ""  # which list of the reference lists has its keys
    is_required: bool = True


class Every(Enum):
    """How often a version is tried to be made, with the word of the European vocabulary for it."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"

    @property
    def label(self) -> Words:
        return {Every.DAY: _("daily"), Every.WEEK: _("weekly"), Every.MONTH: _("monthly")}[self]


@dataclass
class Build:
    """One making of a dataset. What the method counts goes into `figures`; the stretch of time it covers, beside."""

    now: dt.datetime
    settling_days: int = 45
    previous: Callable[[], Iterator[Row]] | None = None  # rows of the last published version
    covered_until: dt.date | None = None  # by that version
    previous_figures: Mapping[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    covers_from: dt.date | None = None
    covers_until: dt.date | None = None
    has_demo: bool = False

    def cover(self, first: dt.date, last: dt.date) -> None:
        """Widen the stretch of time by these days."""
        self.covers_from = min(self.covers_from or first, first)
        self.covers_until = max(self.covers_until or last, last)

    def count(self, what: str, number: int) -> None:
        self.figures[what] = self.figures.get(what, 0) + number


@dataclass(frozen=True)
class Dataset:
    """A table of the catalogue; `when_empty` is said instead of rows."""

    slug: str
    title: Words
    description: Words
    keywords: Sequence[Words]
    fields: Sequence[Field]
    rows: Callable[[Build], Iterator[Row]]
    every: Every = Every.DAY
    key: Sequence[str] = ()
    quality: Sequence[Words] = ()
    when_empty: Words = NO_ROWS
    is_about_people: bool = False  # made of appeals: de-identified, and asked about more carefully
    is_revocable: bool = False  # rows rest on a consent that may be taken back: of earlier versions nothing is kept
    order: int = 100

    @property
    def schema(self) -> list[dict[str, str]]:
        """The columns in short, as a version keeps them."""
        return [{"name": column.name, "type": str(column.type)} for column in self.fields]

    @property
    def schema_hash(self) -> str:
        return hashlib.sha256(json.dumps(self.schema).encode()).hexdigest()


datasets: Registry[Dataset] = Registry("dataset")


def publish(dataset: Dataset) -> Dataset:
    return datasets.register(dataset.slug)(dataset)


def listed() -> list[Dataset]:
    """All datasets in the order of the catalogue."""
    return sorted((entry for _slug, entry in datasets), key=lambda entry: (entry.order, entry.slug))


def find(slug: str) -> Dataset | None:
    return datasets.get(slug) if slug in datasets else None


def as_json(row: Row) -> str:
    """A row as a line; the same row is always the same line."""
    values: dict[str, Any] = dict(row)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
