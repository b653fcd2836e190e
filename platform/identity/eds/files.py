"""Read an uploaded signature: DER, PEM or base64 of a CMS, never a key."""

from __future__ import annotations

import base64
import binascii
import re

from django.utils.translation import gettext_lazy as _

from common.errors import ValidationFailed

LARGEST = 128 * 1024
FIELD = "signature"
PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the object identifier with its tag and length
PKCS12_VERSION = bytes.fromhex("020103")


def read_signature(content: bytes) -> bytes:
    """The DER of a CMS SignedData; a key is refused in plain words and goes no further."""
    if len(content) > LARGEST:
        raise ValidationFailed(
            _("The file is too large for a signature of our file."), code="signature_too_large", field=FIELD
        )
    der = _binary(content)
    inside = _inside_sequence(der)
    if inside.startswith(PKCS12_VERSION) or b"PRIVATE KEY" in content[:4096]:
        raise ValidationFailed(
            _(
                "This is your key itself, not a signature. Do not give it to anybody, not even to us: sign the file "
                "with it and upload the signature. We have not kept the file."
            ),
            code="key_uploaded",
            field=FIELD,
        )
    if not inside.startswith(SIGNED_DATA):
        raise ValidationFailed(
            _("This is not a file with a signature (CMS or PKCS#7, usually .cms, .p7s or .sig)."),
            code="not_a_signature",
            field=FIELD,
        )
    return der


def _binary(content: bytes) -> bytes:
    """Signing programs write bytes, PEM or bare base64."""
    if content[:1] == b"\x30":
        return content
    found = PEM.search(content)
    text = b"".join((found.group(2) if found else content.removeprefix(b"\xef\xbb\xbf")).split())
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return content


def _inside_sequence(der: bytes) -> bytes:
    """What follows the tag and the length of the outer sequence; nothing when there is none."""
    if len(der) < 2 or der[0] != 0x30:
        return b""
    length = der[1]
    return der[2:] if length <= 0x80 else der[2 + (length & 0x7F) :]
