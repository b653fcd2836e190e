"""Short ways through the step of the signature."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from identity import challenges, proofs
from identity.models import SignatureChallenge
from tests.factories import make_user
from tests.identity.ncanode_double import key_of
from tools.eds.signatures import sign

IDENTITY, ORGANIZATION = SignatureChallenge.Purpose.IDENTITY, SignatureChallenge.Purpose.ORGANIZATION


def make_confirmed_user(**values: Any) -> User:
    """An account whose e-mail address is confirmed."""
    user = make_user(**values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return User.objects.get(pk=user.pk)


def handed_in(user: User, signature: bytes, challenge: SignatureChallenge) -> SignatureChallenge:
    challenges.keep_signature(challenge, signature)
    return challenges.find(user, challenge.pk)


def signed_challenge(user: User, key: Any = None, *, purpose: str = IDENTITY, detached: bool = True) -> Any:
    """A challenge with the right signature of this key, waiting to be checked."""
    challenge = challenges.open_challenge(user, purpose)
    signature = sign(challenges.text_of(challenge), key or key_of(), detached=detached)
    return handed_in(user, signature, challenge)


def proven_user(key: Any = None, **values: Any) -> User:
    user = make_confirmed_user(**values)
    proofs.prove(signed_challenge(user, key), user=user)
    return User.objects.get(pk=user.pk)
