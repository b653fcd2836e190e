"""Make CMS signatures as NCALayer and other signing programs do: attached or detached, with signed attributes."""

from __future__ import annotations

from asn1crypto import cms as asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from tools.eds.authority import Credential

Options = pkcs7.PKCS7Options


def sign(data: bytes, credential: Credential, *, detached: bool = True) -> bytes:
    """DER of a CMS SignedData over the data as they are, to the last byte."""
    return sign_by([credential], data, detached=detached)


def sign_by(credentials: list[Credential], data: bytes, *, detached: bool = True) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    for credential in credentials:
        builder = builder.add_signer(credential.certificate, credential.key, hashes.SHA256())
    options = [Options.Binary, Options.NoCapabilities]
    if detached:
        options.append(Options.DetachedSignature)
    return builder.sign(serialization.Encoding.DER, options)


def without_signers(signature: bytes) -> bytes:
    """The same envelope with nobody who signed it."""
    content = asn1.ContentInfo.load(signature)
    content["content"]["signer_infos"] = asn1.SignerInfos([])
    return bytes(content.dump(force=True))


def without_certificates(signature: bytes) -> bytes:
    """The same signature without the certificate of who signed it."""
    content = asn1.ContentInfo.load(signature)
    content["content"]["certificates"] = asn1.CertificateSet([])
    return bytes(content.dump(force=True))


def with_content(signature: bytes, data: bytes) -> bytes:
    """An attached signature whose content was changed afterwards."""
    content = asn1.ContentInfo.load(signature)
    content["content"]["encap_content_info"]["content"] = data
    return bytes(content.dump(force=True))
