"""Recovery codes: ten, shown for a quarter of an hour after they were made, each good once, kept as hashes."""

from __future__ import annotations

import json
import secrets
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.models import User
from common.crypto import decrypt, encrypt

SHOWN = "recovery_codes_shown"
SHOWN_SECONDS = 15 * 60
FEW = 3


class HashedRecoveryCodes(auth.RecoveryCodes):  # type: ignore[misc]  # allauth is untyped
    """Allauth keeps a seed from which the codes can be computed; here it lives until its owner looks at the codes.

    From that moment only their hashes are left; before it nobody knows the codes, so none of them is taken.
    All ten share a salt, so that one hash is computed for a try instead of ten.
    """

    instance: Authenticator

    @transaction.atomic
    def reveal(self) -> list[str] | None:
        """The codes, to the first who looks at them; they are hashed in the same moment."""
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        if "seed" not in self.instance.data:
            return None
        codes: list[str] = self.get_unused_codes()
        self.instance.data = hashed(codes) | {"viewed_at": time.time()}
        self.instance.save(update_fields=["data"])
        return codes

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        data = self.instance.data
        plain = "".join(sign for sign in code if sign.isalnum())  # they are printed in groups
        typed = make_password(plain, salt=data.get("salt") or secrets.token_hex(16))
        found = [kept for kept in data.get("hashes", ()) if constant_time_compare(kept, typed)]
        if not found:
            return False
        self.instance.data = data | {"hashes": [kept for kept in data["hashes"] if kept not in found]}
        self.instance.save(update_fields=["data"])
        return True

    def count_left(self) -> int:
        if "hashes" in self.instance.data:
            return len(self.instance.data["hashes"])
        return len(self.get_unused_codes())


def hashed(codes: list[str]) -> dict[str, object]:
    """What is kept of codes; the hash is that of passwords, for eight digits are soon tried."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "hashes": [make_password(code, salt=salt) for code in codes]}


def replace_allauths() -> None:
    """`Authenticator.wrap` looks the class up when it is called; there is no setting for it."""
    auth.RecoveryCodes = HashedRecoveryCodes


def row_of(user: User) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return found


def count_left(user: User) -> int:
    row = row_of(user)
    return HashedRecoveryCodes(row).count_left() if row is not None else 0


def shown_codes(session: SessionBase, row: Authenticator) -> list[str] | None:
    """The codes, for the session that looked at them first and for a short while; None ever after.

    Printing and saving are looks of the same quarter of an hour, for which the codes wait, encrypted, in the cache.
    """
    codes = HashedRecoveryCodes(row).reveal()
    if codes is not None:
        key = secrets.token_hex(16)
        session[SHOWN] = {"row": row.pk, "at": time.time(), "key": key}
        cache.set(_place(key), encrypt(json.dumps(codes).encode()).decode(), SHOWN_SECONDS)
        return codes
    shown = session.get(SHOWN)
    if not shown or shown["row"] != row.pk or time.time() - shown["at"] > SHOWN_SECONDS:
        return None
    kept = cache.get(_place(shown.get("key", "")))
    found: list[str] | None = json.loads(decrypt(kept.encode())) if kept else None
    return found


def _place(key: str) -> str:
    return f"recovery-codes:{key}"
