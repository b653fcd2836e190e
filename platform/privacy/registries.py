"""Where the apps announce what they hold of a person, for how long, what of it is public, and whom a breach touches.

Apps below this one are announced in `privacy.holdings`, the others announce themselves in AppConfig.ready().
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.functional import Promise

from accounts.models import User
from common.registry import Registry

Label = str | Promise


@dataclass(frozen=True)
class Subject:
    """Whose data are meant: an account, or the author of one appeal who has none."""

    ref: str
    user: User | None = None
    item_ref: str = ""  # the record by which the person was found, such as "appeal:12"

    @property
    def appeal_id(self) -> int | None:
        kind, _colon, key = self.ref.partition(":")
        return int(key) if kind == "appeal" and key.isdigit() else None


# A copy of what is kept


Cell = str | int | float | bool | dt.datetime | dt.date | None
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class ExportedFile:
    """A file of the person's own: its name in the copy, and how it is opened."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class ExportPart:
    """What one app holds: rows of plain values, with the words for their columns, and files."""

    title: Label
    columns: Mapping[str, Label]
    rows: Callable[[Subject], Iterator[Row]]
    files: Callable[[Subject], Iterator[ExportedFile]] | None = None
    order: int = 100


# Deletion on request


@dataclass(frozen=True)
class Held:
    """Records of one kind: how many there are, how many of them the law obliges us to keep, and why."""

    count: int
    kept: int = 0
    ground: str = ""  # slug of a Ground


@dataclass(frozen=True)
class Erased:
    changed: int
    kept: int = 0


@dataclass(frozen=True)
class Erasure:
    """One kind of record of a person. `erase` is harmless when repeated and leaves alone what `look` says is kept."""

    title: Label
    actions: tuple[str, ...]
    look: Callable[[Subject], Held]
    erase: Callable[[Subject, str, str], Erased]  # whose, which action, slug of the ground or ""
    explanation: Label = ""
    order: int = 100
    is_closing: bool = False  # only where the person wants the account closed too


# Retention


@dataclass(frozen=True)
class RecordType:
    """One kind of record with a period. `batch` does at most `limit` records that are older than the cutoff."""

    title: Label
    actions: tuple[str, ...]
    due: Callable[[dt.datetime], int]
    batch: Callable[[dt.datetime, str, int], int]
    explanation: Label = ""
    is_urgent: bool = False  # done at every tick, not only at night
    order: int = 100


# Public items


@dataclass(frozen=True)
class PublicKind:
    """Items everybody may see. `set_hidden` takes effect at once everywhere the item is shown."""

    title: Label
    find: Callable[[str], str | None]  # the item's canonical name, or None when there is none such in public
    url: Callable[[str], str]
    set_hidden: Callable[[str, bool, User, str], None]  # item, hidden, by whom, why


# Whom a breach touches


@dataclass(frozen=True)
class Person:
    """What the authorised body asks for of one affected person; `ref` is the same for the same person."""

    ref: str
    name: str = ""
    iin: str = ""
    phone: str = ""


@dataclass(frozen=True)
class PersonSource:
    """A way to find persons; `fields` are the names of the parameters the form gives."""

    title: Label
    find: Callable[[Mapping[str, str]], Iterator[Person]]
    fields: tuple[str, ...] = field(default=())
    order: int = 100


# What the person has agreed to elsewhere than in the table of consents


@dataclass(frozen=True)
class GivenElsewhere:
    """A consent that is kept with what it was given for."""

    purpose: str
    version: str
    language: str
    at: dt.datetime
    channel: str
    ref: str
    about: str


@dataclass(frozen=True)
class Way:
    """A way to reach somebody: a transport of the notices and an address."""

    transport: str
    address: str


exports: Registry[ExportPart] = Registry("export part")
erasures: Registry[Erasure] = Registry("kind of record")
retention: Registry[RecordType] = Registry("record type")
public_kinds: Registry[PublicKind] = Registry("public kind")
person_sources: Registry[PersonSource] = Registry("source of persons")
consents_elsewhere: Registry[Callable[[User], Iterator[GivenElsewhere]]] = Registry("source of consents")
# Finds the persons behind what an audit record names, such as "appeal:12".
behind_refs: Registry[Callable[[list[str]], Iterator[Person]]] = Registry("kind of subject")
# The references of what belongs to held or restricted persons, such as "appeal:12": notices about it stay as well.
refs_of_users: Registry[Callable[[list[int]], list[str]]] = Registry("references of persons")
# How the author of an appeal without an account is reached, by the kind of the reference.
ways_to: Registry[Callable[[Subject], list[Way]]] = Registry("way to a person")
# Finds whose data are meant by what an officer types, such as the number of an appeal.
subject_finders: Registry[Callable[[str], Subject | None]] = Registry("way to find a person")
