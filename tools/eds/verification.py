"""Check CMS signatures and describe their certificates as NCANode 3 does, to the names of the fields.

It keeps the habits of NCANode that a careless client stumbles over: an envelope without any signer is *valid*, a
signer whose certificate is missing changes nothing, and for an attached signature the data sent along are ignored.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from tools.eds.authority import KEY_USERS, Authority

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
ALGORITHM_NAMES = {"sha256_rsa": "SHA256WITHRSAENCRYPTION", "sha256_ecdsa": "SHA256WITHECDSA"}
SUBJECT_FIELDS = {
    NameOID.COMMON_NAME: "commonName",
    NameOID.SURNAME: "surName",
    NameOID.GIVEN_NAME: "lastName",  # usually the patronymic, says NCANode
    NameOID.COUNTRY_NAME: "country",
    NameOID.ORGANIZATION_NAME: "organization",
    NameOID.EMAIL_ADDRESS: "email",
    NameOID.LOCALITY_NAME: "locality",
    NameOID.STATE_OR_PROVINCE_NAME: "state",
}


class NotACms(Exception):
    """What NCANode answers with status 400 and the reason as `message`."""


@dataclass
class Centre:
    """What the verifier knows beside the signature: whom it trusts, what was revoked, whether OCSP answers."""

    authority: Authority
    revoked: dict[str, dt.datetime] = field(default_factory=dict)
    ocsp_answers: bool = True
    has_ocsp: bool = True  # without an address of OCSP NCANode asks nobody, and misses nothing

    def revoke(self, serial: str) -> None:
        self.revoked[serial] = dt.datetime.now(dt.UTC)


def load(text: str) -> asn1.SignedData:
    try:
        content = asn1.ContentInfo.load(base64.b64decode(text, validate=True), strict=True)
        if content["content_type"].native != "signed_data":
            raise NotACms("Malformed content.")
        content["content"]["signer_infos"].native  # noqa: B018 - asn1crypto parses when asked
    except (binascii.Error, ValueError, TypeError, KeyError) as error:
        raise NotACms(str(error).splitlines()[0]) from error
    return content["content"]


def verify(text: str, data: str | None, checks: list[str], centre: Centre) -> dict[str, Any]:
    """The body of the answer to POST /cms/verify."""
    signed = load(text)
    content = signed["encap_content_info"]["content"].native
    if content is None:
        content = _decoded(data) if data is not None else b""
    certificates = [x509.load_der_x509_certificate(one.dump()) for one in signed["certificates"] or []]
    valid, signers = True, []
    for signer in signed["signer_infos"]:
        found = [one for one in certificates if _is_of(signer, one)]
        described = [_describe(one, centre, checks) for one in found]
        valid = valid and all(one["valid"] for one in described) and all(_signed(signer, content, one) for one in found)
        signers.append({"certificates": described, "tsp": None})
    return {"status": 200, "message": "OK", "valid": valid, "signers": signers}


def extract(text: str) -> dict[str, Any]:
    """The body of the answer to POST /cms/extract."""
    content = load(text)["encap_content_info"]["content"].native
    if content is None:
        raise NotACms("CMS doesn't have signed content")
    return {"status": 200, "message": "OK", "data": base64.b64encode(content).decode()}


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise NotACms(str(error)) from error


def _is_of(signer: asn1.SignerInfo, certificate: x509.Certificate) -> bool:
    named = signer["sid"].chosen
    if signer["sid"].name != "issuer_and_serial_number":
        return False
    return bool(named["serial_number"].native == certificate.serial_number) and bool(
        named["issuer"].dump() == certificate.issuer.public_bytes()
    )


def _signed(signer: asn1.SignerInfo, content: bytes, certificate: x509.Certificate) -> bool:
    """The digest of the content stands in the signed attributes, and these are what the key has signed."""
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in HASHES:
        return False
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    if attributes:
        if attributes["message_digest"][0].native != hashlib.new(name, content).digest():
            return False
        if attributes["content_type"][0].native != "data":
            return False
        message = signer["signed_attrs"].untag().dump(force=True)
    else:
        message = content
    return _fits(certificate, signer["signature"].native, message, HASHES[name]())


def _fits(certificate: x509.Certificate, signature: bytes, message: bytes, digest: hashes.HashAlgorithm) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _describe(certificate: x509.Certificate, centre: Centre, checks: list[str]) -> dict[str, Any]:
    serial, moment = f"{certificate.serial_number:x}", dt.datetime.now(dt.UTC)
    revocations = [_revocation(serial, centre, kind) for kind in ("CRL", "OCSP") if kind in checks]
    revocations = [one for one in revocations if centre.has_ocsp or one["by"] != "OCSP"]
    in_time = certificate.not_valid_before_utc < moment < certificate.not_valid_after_utc
    active = not any(one["revoked"] for one in revocations) and ("OCSP" not in checks or centre.ocsp_answers)
    raw = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    algorithm = raw["signature_algorithm"]["algorithm"].native
    return {
        "valid": in_time and active and _is_trusted(certificate, centre.authority),
        "revocations": revocations,
        "notBefore": _moment(certificate.not_valid_before_utc),
        "notAfter": _moment(certificate.not_valid_after_utc),
        "keyUsage": _usage(certificate),
        "serialNumber": serial,
        "signAlg": ALGORITHM_NAMES.get(algorithm, algorithm),
        "keyUser": _users(certificate),
        "publicKey": _encoded(certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        "signature": _encoded(certificate.signature),
        "subject": _subject(certificate.subject),
        "issuer": _subject(certificate.issuer),
    }


def _revocation(serial: str, centre: Centre, kind: str) -> dict[str, Any]:
    """Without an answer of OCSP nothing is known: not revoked, and not valid either."""
    if kind == "OCSP" and not centre.ocsp_answers:
        return {"revoked": False, "by": kind, "revocationTime": None, "reason": "Connection refused"}
    since = centre.revoked.get(serial)
    return {
        "revoked": since is not None,
        "by": kind,
        "revocationTime": _moment(since) if since else None,
        "reason": "OK",
    }


def _is_trusted(certificate: x509.Certificate, authority: Authority) -> bool:
    """Issued by one of ours, and that one by the root."""
    for issuer in authority.issuers.values():
        if issuer.certificate.subject == certificate.issuer:
            return _issued(certificate, issuer.certificate) and _issued(issuer.certificate, authority.root.certificate)
    return False


def _issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _usage(certificate: x509.Certificate) -> str:
    bits = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    if bits.digital_signature and bits.content_commitment:
        return "SIGN"
    return "AUTH" if bits.digital_signature and bits.key_encipherment else "UNKNOWN"


def _users(certificate: x509.Certificate) -> list[str]:
    oids = {one.dotted_string for one in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
    return sorted(name for name, oid in KEY_USERS.items() if oid in oids)


def _subject(name: x509.Name) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in name:
        value = str(attribute.value)
        if attribute.oid == NameOID.SERIAL_NUMBER:
            key = "bin" if value.startswith("BIN") else "iin"
            found[key] = value.removeprefix("BIN").removeprefix("IIN")
        elif attribute.oid == NameOID.ORGANIZATIONAL_UNIT_NAME:
            found["bin"] = value.removeprefix("BIN")
        elif attribute.oid in SUBJECT_FIELDS:
            found[SUBJECT_FIELDS[attribute.oid]] = value
    return found | {"dn": name.rfc4514_string()}


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000+00:00")


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
