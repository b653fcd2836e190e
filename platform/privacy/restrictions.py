"""Data that are kept but not used: on no public page, not deleted by the nightly job, shown so to the staff."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.rows import CachedRows, forget_rows
from privacy import holds
from privacy.models import DataRequest, Restriction

restricted_users = CachedRows(
    lambda: frozenset(Restriction.objects.filter(lifted_at=None).values_list("user_id", flat=True))
)


@transaction.atomic
def restrict(user: User, *, request: DataRequest | None, actor: User) -> Restriction:
    holds.alone(f"user:{user.pk}")
    row, created = Restriction.objects.get_or_create(user=user, lifted_at=None, defaults={"request": request})
    if created:
        _note(user, actor, "restricted")
    return row


@transaction.atomic
def lift(user: User, *, actor: User) -> bool:
    lifted = Restriction.objects.filter(user=user, lifted_at=None).update(lifted_at=timezone.now())
    if lifted:
        _note(user, actor, "restriction lifted")
    return bool(lifted)


def _note(user: User, actor: User, what: str) -> None:
    trail.record(action=Action.DATA_DECIDED, actor=actor, subject_ref=f"user:{user.pk}", fields=[what])
    transaction.on_commit(forget_rows)


def is_restricted(user_id: int | None) -> bool:
    return user_id is not None and user_id in restricted_users()
