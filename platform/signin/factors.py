"""By what a person can prove, beside the password, that it is he: read from where each is kept."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.permissions import is_staff_member
from signin import notices, recovery_codes

TOTP, WEBAUTHN = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
WEAK, GOOD, STRONG = "weak", "good", "strong"


@dataclass(frozen=True)
class Factors:
    """All second steps of an account."""

    email: str
    phone: str
    totp: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes_left: int
    has_codes: bool

    @property
    def has_device(self) -> bool:
        return self.totp is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        """Recovery codes are a way back, not a factor of their own."""
        return sum((bool(self.email), bool(self.phone), self.totp is not None, len(self.passkeys)))

    @property
    def strength(self) -> str:
        if self.has_device:
            return STRONG if self.codes_left or self.count > 1 else GOOD
        return GOOD if self.count else WEAK


def factors_of(user: User) -> Factors:
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        email=notices.email_of(user),
        phone=user.phone if user.phone_confirmed_at else "",
        totp=next((row for row in rows if row.type == TOTP), None),
        passkeys=tuple(row for row in rows if row.type == WEBAUTHN),
        codes_left=recovery_codes.HashedRecoveryCodes(codes).count_left() if codes else 0,
        has_codes=codes is not None,
    )


def has_confirmed_contact(user: User) -> bool:
    """Whoever opened an account with the address of another must not lock him out with a factor of his own."""
    return bool(notices.email_of(user)) or user.phone_confirmed_at is not None


def may_remove(authenticator: Authenticator) -> bool:
    """A member of staff keeps one second step."""
    user = authenticator.user
    return not is_staff_member(user) or factors_of(user).count > 1
