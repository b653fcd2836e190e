"""Give an account its IIN: checked by its digits, kept encrypted, told nobody else's.

Typing a number proves nothing, so nothing is taken from anybody by it. Whoever types the IIN of another account gets
the very same answer as everybody else, does the same work in the database and sees nothing of that account; only a
state signature settles whose it is.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import limits
from common.crypto import keyed_hash
from common.errors import Conflict
from common.identifiers import check_iin
from identity import levels, records
from identity.models import IdentityRecord, ProvenIdentity


def hash_of(iin: str) -> str:
    """The same hash by which applicants are found."""
    return keyed_hash(iin, purpose="identifier")


def is_fixed(user: User) -> bool:
    return levels.standing_of(user).is_proven


@transaction.atomic
def give_iin(user: User, *, iin: str, request: HttpRequest | None = None) -> None:
    """Store a number that passed the checks; the same number again changes nothing."""
    value = check_iin(iin, today=timezone.localdate()).value
    limits.take("iin", f"user:{user.pk}")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if ProvenIdentity.objects.filter(user=locked).exists():
        raise Conflict(_("Your IIN is confirmed by your signature and stays as it is."), code="iin_fixed")
    hashed, before = hash_of(value), locked.iin_hash
    if before == hashed:
        return
    locked.iin, locked.iin_hash = value, hashed
    locked.save(update_fields=["iin", "iin_hash"])
    user.iin, user.iin_hash = value, hashed
    method = IdentityRecord.Method.IIN_CHANGED if before else IdentityRecord.Method.IIN_GIVEN
    others = User.objects.filter(iin_hash=hashed).exclude(pk=user.pk).count()
    details = {"given_in_other_accounts": others}
    records.write(user, method, request=request, details=details, proof={"iin_hash": hashed})
