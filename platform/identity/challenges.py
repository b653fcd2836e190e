"""The text that a person signs: random, for his account, for one purpose, good for five minutes and one use."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import limits
from common.errors import Conflict, NotFound
from identity.eds.files import read_signature
from identity.models import SignatureChallenge

LIFETIME = dt.timedelta(minutes=5)
# A signature that came in time may wait so long for NCANode to answer again.
KEPT_UNCHECKED = dt.timedelta(hours=24)
FORGOTTEN_AFTER = dt.timedelta(days=1)

# Three languages and no data of the person: a signing program shows it, and the file lies in a folder of downloads.
TEXT = """\
Халық үні / Halyq Uni

Осы мәтінге қол қою арқылы Сіз порталдағы есептік жазбаның өзіңізге тиесілі екенін растайсыз.
Подписывая этот текст, Вы подтверждаете, что учётная запись на портале принадлежит Вам.
By signing this text you confirm that the account on the portal is yours.

site: {site}
account: {account}
purpose: {purpose}
issued: {issued}
valid until: {expires}
number: {nonce}
"""


def open_challenge(user: User, purpose: str) -> SignatureChallenge:
    """A new text; the one before it is good for nothing any more, unless its signature waits to be checked."""
    limits.take("signature-text", f"user:{user.pk}")
    now = timezone.now()
    with transaction.atomic():
        before = SignatureChallenge.objects.filter(user=user, purpose=purpose, used_at=None, expires_at__gt=now)
        before.update(expires_at=now)
        return SignatureChallenge.objects.create(
            user=user,
            purpose=SignatureChallenge.Purpose(purpose),
            nonce=secrets.token_urlsafe(32),
            created_at=now,
            expires_at=now + LIFETIME,
        )


def find(user: User, challenge_id: int) -> SignatureChallenge:
    """The person's own one; that of somebody else does not exist."""
    found = SignatureChallenge.objects.filter(pk=challenge_id, user=user).first()
    if found is None:
        raise NotFound
    return found


def text_of(challenge: SignatureChallenge) -> bytes:
    """The same bytes each time: they are what must be signed."""
    return TEXT.format(
        site=settings.PUBLIC_URL,
        account=challenge.user_id,
        purpose=challenge.purpose,
        issued=_written(challenge.created_at),
        expires=_written(challenge.created_at + LIFETIME),
        nonce=challenge.nonce,
    ).encode()


def is_open(challenge: SignatureChallenge, now: dt.datetime) -> bool:
    """Whether a signature may still be handed in."""
    return challenge.used_at is None and challenge.expires_at > now


def is_waiting(challenge: SignatureChallenge, now: dt.datetime) -> bool:
    """Whether a signature came in time and has not been checked."""
    received = challenge.received_at
    return challenge.used_at is None and received is not None and received > now - KEPT_UNCHECKED


def keep_signature(challenge: SignatureChallenge, content: bytes) -> None:
    """Put the signature aside before it is checked, so that an outage costs nobody a second one."""
    der = read_signature(content)
    now = timezone.now()
    still_open = SignatureChallenge.objects.filter(pk=challenge.pk, used_at=None, expires_at__gt=now)
    if not still_open.update(signature=der.hex(), received_at=now):
        raise Conflict(_("The five minutes are over. Get a new file and sign it."), code="challenge_over")
    challenge.signature, challenge.received_at = der.hex(), now


def drop_signature(challenge: SignatureChallenge) -> None:
    """A signature that proves nothing is not kept; another one may follow while the time lasts."""
    SignatureChallenge.objects.filter(pk=challenge.pk, used_at=None).update(signature="", received_at=None)


def use(challenge: SignatureChallenge, now: dt.datetime) -> None:
    """Once, whoever comes first; in the transaction of what the signature brings about."""
    if not SignatureChallenge.objects.filter(pk=challenge.pk, used_at=None).update(used_at=now, signature=""):
        raise Conflict(_("This signature has been used already."), code="challenge_used")


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def forget_old(now: dt.datetime) -> int:
    """The text of a challenge serves nobody once its day is over."""
    return SignatureChallenge.objects.filter(created_at__lt=now - FORGOTTEN_AFTER - KEPT_UNCHECKED).delete()[0]


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
