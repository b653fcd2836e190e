"""Connect a person with a system, remember what he agreed to, and take it back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sso import records
from sso.authentication import Proof
from sso.models import ConnectedSystem, Connection, SystemSignIn

KEPT = dt.timedelta(days=180)  # longer than any refresh token lives
BATCH = 10_000


def connection_of(system: ConnectedSystem, user: User) -> Connection:
    """The one connection of this person with this system; made when it is first needed."""
    return Connection.objects.select_related("user").get_or_create(system=system, user=user)[0]


def is_agreed(system: ConnectedSystem, user: User, asked: Collection[str]) -> bool:
    """Whether the person asked not to be asked again, and for no less than this."""
    row = Connection.objects.filter(system=system, user=user, is_remembered=True, withdrawn_at=None).first()
    return row is not None and set(asked) <= set(row.scopes)


@transaction.atomic
def agree(system: ConnectedSystem, user: User, granted: Collection[str], *, remember: bool) -> Connection:
    """Keep what the person agreed to; only what he wants remembered is used without asking next time."""
    row = Connection.objects.select_for_update().get(pk=connection_of(system, user).pk)
    kept = set(row.scopes) if row.withdrawn_at is None else set()
    if not set(granted) <= kept:  # more than what is remembered, and only for once
        row.is_remembered = False
    row.scopes = sorted(kept | set(granted))
    if remember:
        row.scopes, row.is_remembered = sorted(granted), True
    row.withdrawn_at = None
    row.save()
    records.agreed(row, granted)
    return row


@transaction.atomic
def start_sign_in(connection: Connection, *, code: str, proof: Proof) -> SystemSignIn:
    """Tie the code to how the person proved himself; the tokens it is exchanged for are its family."""
    now = timezone.now()
    Connection.objects.filter(pk=connection.pk).update(last_used_at=now, withdrawn_at=None)
    records.signed_in_to(connection)
    return SystemSignIn.objects.create(
        connection=connection,
        code_hash=hash_of(code),
        at=now,
        authenticated_at=proof.at,
        methods=list(proof.methods),
        level=proof.level,
    )


@transaction.atomic
def withdraw(connection_id: int, *, user: User) -> None:
    """The system gets nothing of the person any more; its number for him stays, so that he can come back."""
    row = Connection.objects.select_for_update().select_related("system").get(pk=connection_id, user=user)
    row.scopes, row.is_remembered, row.withdrawn_at = [], False, timezone.now()
    row.save()
    SystemSignIn.objects.filter(connection=row, ended_at=None).update(ended_at=timezone.now())
    Token.objects.filter(client_id=row.system.client_id, user=user).delete()
    records.withdrawn(row)


@transaction.atomic
def end_family(sign_in: SystemSignIn, *, reason: str) -> None:
    """A code or a refresh token came twice, so somebody has a copy: everything that grew from it dies."""
    SystemSignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=timezone.now())
    connection = sign_in.connection
    client_id = connection.system.client_id
    Token.objects.filter(client_id=client_id, user=connection.user_id, data__family=sign_in.pk).delete()
    records.misused(connection, reason)


@transaction.atomic
def end_tokens(user: User, **_kwargs: object) -> None:
    """A new password, other roles, signed out everywhere: no system goes on with tokens of a stranger or of before.

    Nor with a code that is on its way. First the sign-ins, then their tokens: whoever exchanges holds them so, too.
    """
    SystemSignIn.objects.filter(connection__user=user, ended_at=None).update(ended_at=timezone.now())
    Token.objects.filter(user=user).delete()


def forget_old(now: dt.datetime | None = None) -> int:
    """Remove expired tokens, and sign-ins that are too old to have any; the audit log keeps that they took place."""
    now = now or timezone.now()
    Token.objects.expired().delete()
    old = SystemSignIn.objects.filter(at__lt=now - KEPT).order_by("pk").values_list("pk", flat=True)[:BATCH]
    return SystemSignIn.objects.filter(pk__in=list(old)).delete()[0]


def hash_of(value: str) -> str:
    """Codes and tokens are long random values, so a plain hash is enough to find them without keeping them."""
    return hashlib.sha256(value.encode()).hexdigest()
