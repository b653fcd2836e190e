"""What NCANode 3 answers, as values; whatever has another shape is no answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BadAnswer(Exception):
    """It does not look like NCANode."""


@dataclass(frozen=True)
class Certificate:
    """Of one signer; `usage` and `users` in NCANode's words (SIGN, AUTH; INDIVIDUAL, ORGANIZATION, CEO, ...)."""

    valid: bool
    revoked: bool
    was_asked: bool  # whether OCSP was asked at all: an installation without its address asks nobody and says valid
    not_before: dt.datetime
    not_after: dt.datetime
    usage: str
    users: frozenset[str]
    serial: str
    issuer: str
    subject: str
    iin: str
    bin: str
    common_name: str
    surname: str
    given_name: str  # G of the subject: the patronymic in certificates of the National Certification Centre
    organization: str


@dataclass(frozen=True)
class Verification:
    """`content` is what the signature itself carries, None when it is detached."""

    valid: bool
    signers: tuple[tuple[Certificate, ...], ...]
    content: bytes | None


def read_signers(body: Mapping[str, Any]) -> tuple[bool, tuple[tuple[Certificate, ...], ...]]:
    valid, signers = body.get("valid"), body.get("signers")
    if not isinstance(valid, bool) or not isinstance(signers, list):
        raise BadAnswer("no verdict")
    return valid, tuple(_signer(one) for one in signers)


def _signer(raw: object) -> tuple[Certificate, ...]:
    certificates = _object(raw).get("certificates")
    if not isinstance(certificates, list):
        raise BadAnswer("a signer without a list of certificates")
    return tuple(_certificate(_object(one)) for one in certificates)


def _certificate(raw: Mapping[str, Any]) -> Certificate:
    subject = _object(raw.get("subject") or {})
    users, revocations = raw.get("keyUser") or [], raw.get("revocations") or []
    if not isinstance(users, list) or not isinstance(revocations, list):
        raise BadAnswer("a certificate without lists")
    return Certificate(
        valid=raw.get("valid") is True,
        revoked=any(_object(one).get("revoked") is True for one in revocations),
        was_asked=any(_object(one).get("by") == "OCSP" for one in revocations),
        not_before=_moment(raw.get("notBefore")),
        not_after=_moment(raw.get("notAfter")),
        usage=_text(raw.get("keyUsage")),
        users=frozenset(_text(one) for one in users),
        serial=_text(raw.get("serialNumber")),
        issuer=_text(_object(raw.get("issuer") or {}).get("dn")),
        subject=_text(subject.get("dn")),
        iin=_text(subject.get("iin")),
        bin=_text(subject.get("bin")),
        common_name=_text(subject.get("commonName")),
        surname=_text(subject.get("surName")),
        given_name=_text(subject.get("lastName")),
        organization=_text(subject.get("organization")),
    )


def _object(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise BadAnswer("an object was expected")
    return raw


def _text(raw: object) -> str:
    """A field that is not there is null or missing."""
    if raw is not None and not isinstance(raw, str):
        raise BadAnswer("a text was expected")
    return (raw or "").strip()


def _moment(raw: object) -> dt.datetime:
    """Jackson writes 2022-05-02T08:38:13.000+00:00."""
    try:
        moment = dt.datetime.fromisoformat(_text(raw))
    except ValueError as error:
        raise BadAnswer("no time") from error
    if moment.tzinfo is None:
        raise BadAnswer("a time without its zone")
    return moment
