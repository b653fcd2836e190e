"""Legal holds: what an appeal or a person is held by, and who places and lifts it."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotFound, ValidationFailed
from common.text import storable
from privacy import access
from privacy.models import Ground, LegalHold, Restriction

KINDS = ("appeal", "user")
LOCK = 0x484F4C44  # first half of the advisory locks of what is held


def held_ids(kind: str) -> list[int]:
    """The keys of the held appeals or persons; whoever restricted the use of his data keeps them too."""
    refs = LegalHold.objects.filter(lifted_at=None, subject_ref__startswith=f"{kind}:")
    keys = [ref.partition(":")[2] for ref in refs.values_list("subject_ref", flat=True)]
    found = [int(key) for key in keys if key.isdigit()]
    if kind == "user":
        found += Restriction.objects.filter(lifted_at=None).values_list("user_id", flat=True)
    return found


def settle(*refs: str) -> None:
    """Until the transaction ends nobody places a hold on these: what is decided about them now stays true."""
    _guard("pg_advisory_xact_lock_shared", refs)


def alone(ref: str) -> None:
    """Whoever is just taking these data away ends first; then the hold is placed on what is left."""
    _guard("pg_advisory_xact_lock", (ref,))


def _guard(lock: str, refs: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for ref in sorted(refs):
            cursor.execute(f"SELECT {lock}(%s, hashtext(%s))", [LOCK, ref])


def is_held(ref: str) -> bool:
    return LegalHold.objects.filter(subject_ref=ref, lifted_at=None).exists()


def place(ref: str, *, ground_slug: str, note: str, actor: User) -> LegalHold:
    access.require(actor, Right.MANAGE_PRIVACY)
    ground = Ground.objects.filter(slug=ground_slug, use=Ground.Use.KEEP).first()
    if ground is None:
        raise ValidationFailed(_("Name the legal ground on which records stay."), code="ground", field="ground")
    try:
        return _place(ref, ground, note, actor)
    except IntegrityError:
        raise Conflict(_("There is a hold already."), code="held") from None


@transaction.atomic
def _place(ref: str, ground: Ground, note: str, actor: User) -> LegalHold:
    alone(ref)
    hold = LegalHold.objects.create(subject_ref=ref, ground=ground, note=storable(note), placed_by=actor)
    trail.record(action=Action.HOLD_CHANGED, actor=actor, subject_ref=f"hold:{hold.pk}", fields=["placed"], reason=note)
    return hold


@transaction.atomic
def lift(hold_id: int, *, actor: User) -> LegalHold:
    access.require(actor, Right.MANAGE_PRIVACY)
    hold = LegalHold.objects.select_for_update().filter(pk=hold_id, lifted_at=None).first()
    if hold is None:
        raise NotFound
    hold.lifted_at, hold.lifted_by = timezone.now(), actor
    hold.save(update_fields=["lifted_at", "lifted_by"])
    trail.record(action=Action.HOLD_CHANGED, actor=actor, subject_ref=f"hold:{hold.pk}", fields=["lifted"])
    return hold
