"""Prove the chain: every record says what it said, none is missing, none is out of its place, none waits too long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import acceptance, checkpoints, sealing
from audit.digests import digest_of, link_hash
from audit.models import AuditRecord, ChainCheck, ChainHead, SiemTarget

CHUNK = 2000
LONGEST_WAIT = timedelta(minutes=15)


class Why(models.TextChoices):
    CHANGED = "changed", _("The contents of the record were changed.")
    MISSING = "missing", _("A record is missing before this one.")
    MOVED = "moved", _("The record does not continue the one before it.")
    CUT = "cut", _("The end of the chain is missing.")
    UNKNOWN_END = "unknown_end", _("Records stand after the end of the chain.")
    UNSEALED = "unsealed", _("The record waits for its place in the chain too long.")
    CHECKPOINT = "checkpoint", _("A checkpoint was not made by the hub.")


@dataclass(frozen=True)
class Link:
    """A place in the chain that is known to hold."""

    seq: int = 0
    hash: str = ""


@dataclass(frozen=True)
class Problem:
    """The first thing that does not fit: at which number, in which row, and why."""

    seq: int
    why: Why
    row_id: int | None = None


@dataclass(frozen=True)
class Step:
    """How far a walk has come."""

    link: Link
    checked: int
    problem: Problem | None = None


def beginning() -> Link | Problem:
    """Where the chain begins: at the first record ever, or right after a checkpoint before which was removed."""
    for point in checkpoints.all_points():
        if not checkpoints.is_genuine(point):
            return Problem(point.seq, Why.CHECKPOINT)
    lowest = AuditRecord.objects.aggregate(seq=Min("seq"))["seq"]
    if lowest == 1 or (lowest is None and not ChainHead.objects.filter(seq__gt=0).exists()):
        return Link()
    before = (lowest - 1) if lowest is not None else ChainHead.objects.get(pk=ChainHead.ONLY).seq
    removed = checkpoints.at(before)
    return Link(removed.seq, removed.hash) if removed else Problem(1, Why.MISSING)


def walk(after: Link, *, chunk: int = CHUNK) -> Iterator[Step]:
    """Check every sealed record after a link that holds, chunk by chunk; ends with the first problem."""
    link = after
    while rows := list(AuditRecord.objects.filter(seq__gt=link.seq).order_by("seq")[:chunk]):
        link, checked, problem = check_rows(rows, link)
        if problem and problem.why == Why.MISSING:
            start = beginning()
            if isinstance(start, Link) and start.seq > link.seq:
                link, problem = start, None  # what was to come was removed while we looked
        yield Step(link, checked, problem)
        if problem:
            return


def check_rows(rows: Iterable[AuditRecord], after: Link) -> tuple[Link, int, Problem | None]:
    """Rows in the order of the chain against the link before them; how far they hold, and what does not.

    What the security officer has accepted as it stands is passed over.
    """
    link, checked, accepted = after, 0, acceptance.known()
    for row in rows:
        assert row.seq is not None
        for before, why in _faults(row, link):
            if not acceptance.is_accepted(row, before, why, accepted):
                return link, checked, Problem(row.seq, why, row.pk)
        link, checked = Link(row.seq, row.hash), checked + 1
    return link, checked, None


def _faults(row: AuditRecord, before: Link) -> Iterator[tuple[Link, Why]]:
    """All that does not fit at this record, with the link it was compared with."""
    assert row.seq is not None
    if row.seq != before.seq + 1:
        yield before, Why.MISSING
        before = Link(row.seq - 1, row.prev_hash)  # nobody knows it any more but the record itself
    if row.digest != digest_of(row):
        yield before, Why.CHANGED
    expected = link_hash(prev_hash=before.hash, seq=row.seq, row_id=row.pk, digest=row.digest)
    if (row.prev_hash, row.hash) != (before.hash, expected):
        yield before, Why.MOVED


def breaks_at(row: AuditRecord) -> list[tuple[Link, Why]]:
    """What does not fit at this record and was not accepted yet."""
    if row.seq is None:
        return []
    last = AuditRecord.objects.filter(seq__lt=row.seq).order_by("-seq").first()
    before = Link(last.seq or 0, last.hash) if last else beginning()
    if isinstance(before, Problem):
        return []
    accepted = acceptance.known()
    return [(link, why) for link, why in _faults(row, before) if not acceptance.is_accepted(row, link, why, accepted)]


def still_holds(link: Link) -> bool:
    """Whether a link verified before is still what it was, in its row or in a checkpoint."""
    if link.seq == 0:
        return beginning() == Link()
    row = AuditRecord.objects.filter(seq=link.seq).first()
    if row is not None:
        return row.hash == link.hash
    point = checkpoints.at(link.seq)
    return point is not None and checkpoints.is_genuine(point) and point.hash == link.hash


def check_end() -> Problem | None:
    """The head, the last row and what others remember of the chain agree. One statement sees one moment."""
    last = AuditRecord.objects.order_by("-seq").filter(seq__isnull=False)
    head = ChainHead.objects.filter(pk=ChainHead.ONLY).annotate(
        last_seq=models.Subquery(last.values("seq")[:1]), last_hash=models.Subquery(last.values("hash")[:1])
    )
    found = head.values_list("seq", "hash", "last_seq", "last_hash").first()
    if found is None:
        return Problem(1, Why.CUT) if _remembered() or last.exists() else None
    seq, head_hash, last_seq, last_hash = found
    if last_seq is None and seq:
        point = checkpoints.at(seq)
        last_seq, last_hash = (point.seq, point.hash) if point else (0, "")
    if seq < _remembered() or (last_seq or 0) < seq:
        return Problem((last_seq or 0) + 1, Why.CUT)
    if (last_seq or 0) > seq or (last_hash or "") != head_hash:
        return Problem(seq + 1, Why.UNKNOWN_END)
    return None


def _remembered() -> int:
    """How far the chain has been once, as earlier verifications, checkpoints and receivers outside know it."""
    known = [
        ChainCheck.objects.aggregate(seq=Max("through_seq"))["seq"],
        SiemTarget.objects.aggregate(seq=Max("last_seq"))["seq"],
        *(point.seq for point in checkpoints.all_points()),
    ]
    return max((seq for seq in known if seq), default=0)


def check_waiting() -> Problem | None:
    """Records without a place say what they said, and none of them has waited for long."""
    sealing.seal_all()
    late = timezone.now() - LONGEST_WAIT
    for row in AuditRecord.objects.filter(seq__isnull=True).order_by("pk")[:CHUNK].iterator():
        if row.digest != digest_of(row):
            return Problem(0, Why.CHANGED, row.pk)
        if row.at < late:
            return Problem(0, Why.UNSEALED, row.pk)
    return None
