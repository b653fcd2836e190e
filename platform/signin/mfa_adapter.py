"""allauth's second factors as this hub has them: seeds encrypted, passkeys bound to the public address."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.crypto import decrypt, encrypt
from common.masking import mask_email
from common.phones import mask_phone
from signin import factors

LOCAL = "localhost"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """What `MFA_ADAPTER` names."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("This is your last second step, and your work needs one. Add another first."),
        "cannot_generate_recovery_codes": _("Add an app that makes codes or a passkey first."),
        "incorrect_code": _("That did not work. Try again, or prove in another way that it is you."),
        "unverified_email": _("Confirm your e-mail address or phone first."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def get_totp_label(self, user: User) -> str:
        return known_as(user)

    def build_totp_svg(self, url: str) -> str:
        """The page draws it itself, as a part of its own text: the policy of the pages knows no data: pictures."""
        return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return factors.may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": relying_party(), "name": str(settings.MFA_TOTP_ISSUER)}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The name stands in the device's list of passkeys; the person's own name stays here."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": known_as(user), "display_name": known_as(user)}


def known_as(user: User) -> str:
    """What tells his accounts apart in an app; the user name of a resident says nothing to him."""
    if user.email:
        return mask_email(user.email)
    return mask_phone(user.phone) if user.phone else user.get_username()


def relying_party() -> str:
    """The host of the public address. Passkeys know no bare numbers: a machine of a developer is `localhost`."""
    host = urlsplit(settings.PUBLIC_URL).hostname or LOCAL
    try:
        ip_address(host)
    except ValueError:
        return host
    return LOCAL


def is_own_origin(origin: str) -> bool:
    """Only the public address itself: neither another port nor a host below it may answer in its name."""
    own, given = urlsplit(settings.PUBLIC_URL), urlsplit(origin)
    if relying_party() == LOCAL:
        return given.hostname == LOCAL
    return (given.scheme, given.netloc.lower()) == (own.scheme, own.netloc.lower())
