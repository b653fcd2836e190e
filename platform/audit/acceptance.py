"""A break of the chain that the security officer has looked into: it stays on record and no longer alarms.

What is accepted is one break as it stands: whatever is changed of the record or its place later is a new one. `proof`
is keyed, so that whoever has only the database accepts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action as Right
from audit import sealing, trail
from audit.actions import Action
from audit.digests import digest_of
from audit.models import AcceptedBreak, AuditRecord
from common.errors import Conflict, NotAllowed, ValidationFailed
from common.events import chain_hash, stamp
from common.text import storable

SHORTEST_REASON = 10


class Place(Protocol):
    """A link of the chain before the record."""

    @property
    def seq(self) -> int: ...

    @property
    def hash(self) -> str: ...


Known = Mapping[int, Sequence[AcceptedBreak]]


def known() -> Known:
    """All that were accepted, by the number of the record."""
    found: dict[int, list[AcceptedBreak]] = {}
    for row in AcceptedBreak.objects.order_by("pk"):
        found.setdefault(row.seq, []).append(row)
    return found


def is_accepted(row: AuditRecord, before: Place, why: str, accepted: Known) -> bool:
    told = accepted.get(row.seq or 0, ())
    return any(one.why == why and one.proof == _proof(one, row, before) for one in told)


def _proof(one: AcceptedBreak, row: AuditRecord, before: Place) -> str:
    state = [row.pk, digest_of(row), row.digest, row.prev_hash, row.hash, before.seq, before.hash]
    said = [one.seq, one.why, one.reason, one.accepted_by_id, stamp(one.accepted_at)]
    return chain_hash(prev_hash="accepted", fields=[*said, *state])


@transaction.atomic
def accept(row: AuditRecord, *, reason: str, actor: User) -> list[str]:
    """Accept all that does not fit at this record now; what it was."""
    from audit.verification import breaks_at  # it asks us what was accepted

    if not has_right(actor, Right.MANAGE_BREACHES):
        raise NotAllowed
    reason = storable(reason).strip()
    if len(reason) < SHORTEST_REASON:
        raise ValidationFailed(_("Say in a few words what was found out."), code="too_short", field="reason")
    sealing.seal_all()
    row = AuditRecord.objects.get(pk=row.pk)
    found = breaks_at(row)
    if not found:
        raise Conflict(_("Nothing is broken at this record that was not accepted already."))
    for before, why in found:
        one = AcceptedBreak(seq=row.seq or 0, why=why, reason=reason, accepted_by=actor, accepted_at=timezone.now())
        one.proof = _proof(one, row, before)
        one.save()
    whys = [str(why) for _before, why in found]
    trail.record(
        action=Action.BREAK_ACCEPTED, actor=actor, subject_ref=f"audit:{row.seq}", fields=whys, reason=reason,
        details={"seq": row.seq, "row": row.pk},
    )  # fmt: skip
    return whys
