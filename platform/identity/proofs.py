"""Prove an identity, or a right to act for an organization, by a signature over the hub's own text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import limits
from common.crypto import keyed_hash
from common.errors import Conflict, DomainError, ValidationFailed
from common.masking import mask_email
from identity import challenges, levels, notices, records
from identity.eds import ncanode, rules
from identity.eds.rules import Signer
from identity.iin import hash_of
from identity.models import IdentityRecord, ProvenIdentity, Representation, SignatureChallenge

# Refusals that may be over in a moment: the signature is kept for them.
PASSING = {"verifier_unavailable", "not_confirmed", "not_yet"}


@dataclass(frozen=True)
class Evidence:
    """What was signed and how, to be checked again."""

    text: bytes
    signature: bytes
    signer: Signer


class TakenElsewhere(Conflict):
    """The identity belongs to another account; said only to who has just proven that it is his."""

    code = "identity_taken"


def prove(challenge: SignatureChallenge, *, user: User, request: HttpRequest | None = None) -> Signer:
    """Check the signature that was put aside, and let it count once. NCANode is asked outside of any transaction."""
    now = timezone.now()
    if not challenges.is_waiting(challenge, now):
        raise Conflict(_("The five minutes are over. Get a new file and sign it."), code="challenge_over")
    limits.take("signature-check", f"user:{user.pk}")
    text, signature = challenges.text_of(challenge), bytes.fromhex(challenge.signature)
    try:
        found = ncanode.verify(signature, text)
        signer = rules.judge(found, expected=text, purpose=challenge.purpose, now=now, today=timezone.localdate(now))
        _count(challenge, user, Evidence(text, signature, signer), now, request)
    except DomainError as error:
        _note_refusal(challenge, user, error, request)
        raise
    return signer


def _note_refusal(challenge: SignatureChallenge, user: User, error: DomainError, request: HttpRequest | None) -> None:
    if error.code not in PASSING:
        challenges.drop_signature(challenge)
    if error.code != "verifier_unavailable":
        records.refused(user, error.code, request=request)


@transaction.atomic
def _count(
    challenge: SignatureChallenge, user: User, evidence: Evidence, now: dt.datetime, request: HttpRequest | None
) -> None:
    locked = User.objects.select_for_update().get(pk=user.pk)
    challenges.use(challenge, now)
    if challenge.purpose == SignatureChallenge.Purpose.ORGANIZATION:
        _let_represent(locked, evidence, now, request)
    else:
        _let_be(locked, evidence, now, request)
    for name in ("iin", "iin_hash", "last_name", "first_name", "patronymic"):
        setattr(user, name, getattr(locked, name))
    user.__dict__.pop("_standing", None)


def _let_be(user: User, evidence: Evidence, now: dt.datetime, request: HttpRequest | None) -> None:
    """The account is this person's from now on; its IIN and names are those of the certificate."""
    signer = evidence.signer
    hashed = hash_of(signer.iin)
    if user.iin_hash and user.iin_hash != hashed:
        raise _other_iin(ProvenIdentity.objects.filter(user=user).exists())
    _claim(user, hashed, evidence, now)
    user.iin, user.iin_hash = signer.iin, hashed
    user.last_name, user.first_name, user.patronymic = signer.last_name, signer.first_name, signer.patronymic
    user.save(update_fields=["iin", "iin_hash", "last_name", "first_name", "patronymic"])
    records.write(user, IdentityRecord.Method.SIGNATURE, request=request, proof=_proof(evidence, hashed))
    notices.identity_proven(user, now)


def _claim(user: User, hashed: str, evidence: Evidence, now: dt.datetime) -> None:
    """One account for one IIN, whoever else asks at this moment: the constraint of the table decides."""
    values = {
        "iin_hash": hashed,
        "renewed_at": now,
        "valid_until": evidence.signer.certificate.not_after,
        "signature": evidence.signature.hex(),
        "challenge": evidence.text.decode(),
    }
    try:
        with transaction.atomic():
            ProvenIdentity.objects.update_or_create(
                user=user, defaults=values, create_defaults=values | {"proven_at": now}
            )
    except IntegrityError:
        holder = User.objects.filter(proven_identity__iin_hash=hashed).first()
        raise TakenElsewhere(_taken_words(holder)) from None


def _taken_words(holder: User | None) -> str:
    """He has shown whose key it is, so he may know where his confirmation is; the address stays masked."""
    where = mask_email(holder.email) if holder and holder.email else "•••"
    return _(
        "Your identity is confirmed in another account already, with the e-mail address %(where)s. One person has one "
        "confirmed account: sign in there. If you cannot, turn to the reception with your identity card."
    ) % {"where": where}


def _other_iin(is_proven: bool) -> ValidationFailed:
    if is_proven:
        text = _("This account is confirmed for somebody else's IIN. Sign with the key of the same person.")
        return ValidationFailed(text, code="other_iin", field="signature")
    text = _("The IIN of the key is not the one given in this account. Correct the IIN first, or use your own key.")
    return ValidationFailed(text, code="typed_other_iin", field="signature")  # the page leads to where it is corrected


def _let_represent(user: User, evidence: Evidence, now: dt.datetime, request: HttpRequest | None) -> None:
    """Only who is proven himself acts for others, and the organization's key must name the same person."""
    signer, own = evidence.signer, ProvenIdentity.objects.filter(user=user).first()
    if own is None:
        raise Conflict(_("Confirm your own identity first, with your own key."), code="not_proven")
    levels.require(user, "represent")
    if own.iin_hash != hash_of(signer.iin):
        raise _other_iin(is_proven=True)
    Representation.objects.update_or_create(
        user=user,
        bin_hash=keyed_hash(signer.bin, purpose="identifier"),
        defaults={
            "bin": signer.bin,
            "organization": signer.organization[:300],
            "post": signer.post,
            "proven_at": now,
            "valid_until": signer.certificate.not_after,
        },
    )
    proof = _proof(evidence, own.iin_hash)
    details = {"post": signer.post}
    records.write(user, IdentityRecord.Method.ORGANIZATION, request=request, details=details, proof=proof)


def _proof(evidence: Evidence, iin_hash: str) -> dict[str, object]:
    certificate = evidence.signer.certificate
    return {
        "iin_hash": iin_hash,
        "certificate_serial": certificate.serial[:80],
        "certificate_issuer": certificate.issuer[:250],
        "subject_hash": keyed_hash(certificate.subject, purpose="certificate subject"),
        "valid_from": certificate.not_before,
        "valid_until": certificate.not_after,
        "challenge_digest": challenges.digest_of(evidence.text),
        "signature_digest": challenges.digest_of(evidence.signature),
    }


@transaction.atomic
def release(user: User, *, by: User | None, reason: str) -> None:
    """Take a confirmation back, so that the person can confirm another account: a decision of the operator."""
    if not reason.strip():
        raise ValidationFailed(_("Say why."), code="reason_missing", field="reason")
    User.objects.select_for_update().get(pk=user.pk)
    gone, _kinds = ProvenIdentity.objects.filter(user=user).delete()
    if not gone:
        raise Conflict(_("This account has no confirmed identity."), code="not_proven")
    Representation.objects.filter(user=user).delete()
    records.write(user, IdentityRecord.Method.RELEASED, by=by, reason=reason)


def forget(user: User) -> None:
    """What a signature proved goes with the account, in the transaction that closes it; the record has hashes only."""
    for model in (ProvenIdentity, Representation, SignatureChallenge):
        model._default_manager.filter(user=user).delete()


def acts_for(user: User, now: dt.datetime) -> list[Representation]:
    """The organizations whose key he has shown and whose certificate has not ended."""
    return list(Representation.objects.filter(user=user, valid_until__gt=now).order_by("organization"))
