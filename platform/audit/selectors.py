"""Read the log: a page of records by key, everything of a filter in pieces, and the state of the chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.filters import ANYTHING, LogFilters
from audit.models import AuditRecord, ChainCheck, ChainHead, SiemTarget
from audit.siem import shipping
from audit.subjects import subject_pages

PAGE = 50
CHUNK = 1000
MOST_WAITING = 1000  # counted no further than that


@dataclass(frozen=True)
class Cursor:
    """A place between two records of the list: time and key of the record beside it."""

    at: dt.datetime
    pk: int

    def __str__(self) -> str:
        return f"{int(self.at.timestamp() * 1_000_000)}-{self.pk}"

    @classmethod
    def of(cls, row: AuditRecord) -> Cursor:
        return cls(row.at, row.pk)

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        micros, _dash, pk = text.partition("-")
        if not (micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit() and len(text) < 40):
            return None
        try:
            at = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(micros))
        except OverflowError:
            return None
        return cls(at, int(pk)) if int(pk) < 2**63 else None


@dataclass(frozen=True)
class Page:
    rows: list[AuditRecord]
    newer: Cursor | None
    older: Cursor | None


def records(filters: LogFilters) -> QuerySet[AuditRecord]:
    """Every record of the filter, not ordered."""
    rows = AuditRecord.objects.select_related("actor")
    conditions = {name: getattr(filters, name) for name in ("category", "action", "outcome") if getattr(filters, name)}
    rows = rows.filter(**conditions)
    if filters.since:
        rows = rows.filter(at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(at__lt=_midnight(filters.until) + dt.timedelta(days=1))
    if filters.actor:
        rows = rows.filter(actor__in=list(User.objects.filter(username=filters.actor).values_list("pk", flat=True)))
    if filters.subject:
        rows = rows.filter(_subject(filters.subject))
    if filters.address:
        rows = rows.extra(where=["address <<= %s::inet"], params=[filters.address])
    return rows


def _midnight(day: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time()))


def _subject(text: str) -> Q:
    """The kind may be left out: whoever asks for an appeal types its number, as it stands on the page."""
    if ANYTHING not in text:
        keys = () if ":" in text else (text, text.upper())
        return Q(subject_ref__in=[text, *(f"{kind}:{key}" for kind, _page in subject_pages for key in keys)])
    pattern = ".*".join(_quoted(part) for part in text.split(ANYTHING))
    return Q(subject_ref__iregex=f"^{pattern}$")


def _quoted(text: str) -> str:
    """Letters and digits as they are, everything else as itself and not as a rule of the expression."""
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)


def page(filters: LogFilters, *, after: Cursor | None = None, before: Cursor | None = None, size: int = PAGE) -> Page:
    """The newest first; `after` a place goes to older records, `before` it to newer ones."""
    rows = records(filters)
    if before is not None:
        found = list(_newer(rows, before).order_by("at", "id")[: size + 1])
        has_more, found = len(found) > size, found[:size][::-1]
        older = Cursor.of(found[-1]) if found else None
        return Page(found, Cursor.of(found[0]) if found and has_more else None, older)
    if after is not None:
        rows = _older(rows, after)
    found = list(rows.order_by("-at", "-id")[: size + 1])
    has_more, found = len(found) > size, found[:size]
    newer = Cursor.of(found[0]) if found and after is not None else None
    return Page(found, newer, Cursor.of(found[-1]) if has_more else None)


def _older(rows: QuerySet[AuditRecord], than: Cursor) -> QuerySet[AuditRecord]:
    return rows.filter(Q(at__lt=than.at) | Q(at=than.at, pk__lt=than.pk), at__lte=than.at)


def _newer(rows: QuerySet[AuditRecord], than: Cursor) -> QuerySet[AuditRecord]:
    return rows.filter(Q(at__gt=than.at) | Q(at=than.at, pk__gt=than.pk), at__gte=than.at)


def everything(filters: LogFilters, most: int) -> Iterator[AuditRecord]:
    """The newest `most` records of a filter, read in pieces so that they need no memory."""
    cursor: Cursor | None = None
    given = 0
    while given < most:
        found = page(filters, after=cursor, size=min(CHUNK, most - given))
        yield from found.rows
        given += len(found.rows)
        cursor = found.older
        if cursor is None:
            return


@dataclass(frozen=True)
class TargetState:
    """How far a receiver outside is behind."""

    slug: str
    behind: int
    sent_at: dt.datetime | None
    error: str


@dataclass(frozen=True)
class ChainState:
    """What stands above the list: whether the chain holds, and what has not got into it or out of the house yet."""

    seq: int
    sealed_at: dt.datetime | None
    waiting: int
    last_check: ChainCheck | None
    last_whole: ChainCheck | None
    targets: tuple[TargetState, ...]


def chain_state() -> ChainState:
    head = ChainHead.objects.filter(pk=ChainHead.ONLY).first()
    ended = ChainCheck.objects.filter(finished_at__isnull=False).order_by("-id")
    waiting = AuditRecord.objects.filter(seq__isnull=True).values("pk")[:MOST_WAITING].count()
    seq = head.seq if head else 0
    return ChainState(
        seq=seq,
        sealed_at=head.sealed_at if head else None,
        waiting=waiting,
        last_check=ended.first(),
        last_whole=ended.filter(is_whole=True).first(),
        targets=tuple(_targets(seq)),
    )


def _targets(seq: int) -> Iterator[TargetState]:
    known = {target.slug: target for target in SiemTarget.objects.all()}
    for slug in shipping.configured():
        target = known.get(slug)
        if target is None:
            yield TargetState(slug, seq, None, "")
        else:
            yield TargetState(slug, max(seq - target.last_seq, 0), target.sent_at, target.last_error)


def neighbours(row: AuditRecord) -> tuple[AuditRecord | None, AuditRecord | None]:
    """The records before and after it in the chain."""
    if row.seq is None:
        return None, None
    found = {near.seq: near for near in AuditRecord.objects.filter(seq__in=[row.seq - 1, row.seq + 1])}
    return found.get(row.seq - 1), found.get(row.seq + 1)
