"""What the hub itself demands of a signature beside NCANode's verdict; values in, a signer or a refusal out.

NCANode calls an envelope valid that nobody signed, or whose signer's certificate is missing. So the number of signers
and certificates is checked before anything is believed.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, ValidationFailed
from common.identifiers import check_bin, check_iin
from identity.eds.answers import Certificate, Verification
from identity.models import Representation, SignatureChallenge

USAGES = {"SIGN", "AUTH"}
INDIVIDUAL, ORGANIZATION = "INDIVIDUAL", "ORGANIZATION"

REFUSALS: dict[str, str | Promise] = {
    "one_signer": _("The file must be signed by one person; this one has another number of signatures."),
    "no_certificate": _("The signature comes without the certificate of who signed. Sign with the certificate in it."),
    "other_file": _("This is the signature of another file. Sign the very file that you downloaded here, unchanged."),
    "expired": _("The certificate has expired. Get a new key from the National Certification Centre."),
    "not_yet": _("The certificate is not valid yet."),
    "revoked": _("The certificate was revoked. Get a new key from the National Certification Centre."),
    "not_confirmed": _(
        "The certification centre does not confirm this certificate. Is the key one of the National Certification "
        "Centre? If it is, try again a little later."
    ),
    "broken": _("The signature does not fit the file. Sign the very file that you downloaded here, unchanged."),
    "usage": _("This key is not made for signing or signing in."),
    "not_individual": _("Sign with your own key as a natural person, not with the key of an organization."),
    "not_organization": _("Sign with the key of the organization, not with your own one."),
    "no_right": _(
        "This key gives no right to sign for the organization. The key of its head or of an authorized signatory does."
    ),
    "no_iin": _("The certificate holds no IIN that could be checked."),
    "no_bin": _("The certificate holds no BIN that could be checked."),
}


@dataclass(frozen=True)
class Signer:
    """Whose signature it is, after all checks that need no account."""

    iin: str
    last_name: str
    first_name: str
    patronymic: str
    certificate: Certificate
    bin: str = ""
    organization: str = ""
    post: str = ""


def judge(found: Verification, *, expected: bytes, purpose: str, now: dt.datetime, today: dt.date) -> Signer:
    """The signer of the expected text, for this purpose, at this moment."""
    certificate = _only_certificate(found)
    if found.content is not None and not hmac.compare_digest(found.content, expected):
        raise _refusal("other_file")
    _check_certificate(certificate, now)
    if not found.valid:
        raise _refusal("broken")
    if certificate.usage not in USAGES:
        raise _refusal("usage")
    last_name, first_name, patronymic = names_of(certificate)
    signer = Signer(_iin(certificate, today), last_name, first_name, patronymic, certificate)
    if purpose == SignatureChallenge.Purpose.ORGANIZATION:
        return _for_organization(signer, today)
    if INDIVIDUAL not in certificate.users or certificate.bin or ORGANIZATION in certificate.users:
        raise _refusal("not_individual")
    return signer


def names_of(certificate: Certificate) -> tuple[str, str, str]:
    """Surname, name and patronymic: CN is «SURNAME NAME», G the patronymic; all of it in capitals."""
    name = certificate.common_name.removeprefix(certificate.surname)
    return _written(certificate.surname), _written(name), _written(certificate.given_name)


def _written(name: str) -> str:
    return " ".join(name.split()).title()


def _refusal(code: str) -> ValidationFailed:
    return ValidationFailed(REFUSALS[code], code=code, field="signature")


def _only_certificate(found: Verification) -> Certificate:
    if len(found.signers) != 1:
        raise _refusal("one_signer")
    if len(found.signers[0]) != 1:
        raise _refusal("no_certificate")
    return found.signers[0][0]


def _check_certificate(certificate: Certificate, now: dt.datetime) -> None:
    """The reasons before the verdict, so that a person reads what to do."""
    if certificate.not_after <= now:
        raise _refusal("expired")
    if certificate.not_before > now:
        raise _refusal("not_yet")
    if certificate.revoked:
        raise _refusal("revoked")
    if not certificate.valid or not certificate.was_asked:
        raise _refusal("not_confirmed")


def _iin(certificate: Certificate, today: dt.date) -> str:
    try:
        return check_iin(certificate.iin, today=today).value
    except DomainError as error:
        raise _refusal("no_iin") from error


def _for_organization(signer: Signer, today: dt.date) -> Signer:
    certificate = signer.certificate
    if ORGANIZATION not in certificate.users:
        raise _refusal("not_organization")
    post = next((post for post in Representation.Post.values if post in certificate.users), "")
    if not post:
        raise _refusal("no_right")
    try:
        bin_number = check_bin(certificate.bin, today=today).value
    except DomainError as error:
        raise _refusal("no_bin") from error
    return Signer(
        iin=signer.iin,
        last_name=signer.last_name,
        first_name=signer.first_name,
        patronymic=signer.patronymic,
        certificate=certificate,
        bin=bin_number,
        organization=certificate.organization or bin_number,
        post=post,
    )
