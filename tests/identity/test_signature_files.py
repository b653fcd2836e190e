"""What may be uploaded as a signature, and that a key never goes further."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given
from hypothesis import strategies as st

from common.errors import ValidationFailed
from identity.eds.files import LARGEST, read_signature
from tests.identity.ncanode_double import key_of
from tools.eds.signatures import sign

SIGNATURE = sign(b"text", key_of())
BASE64 = base64.encodebytes(SIGNATURE)


@pytest.mark.parametrize("name", ["CMS", "PKCS7"])
def test_pem_is_read(name):
    content = b"-----BEGIN %b-----\r\n%b-----END %b-----\n" % (name.encode(), BASE64, name.encode())
    assert read_signature(content) == SIGNATURE


@pytest.mark.parametrize("content", [SIGNATURE, BASE64, BASE64.replace(b"\n", b""), b"\xef\xbb\xbf" + BASE64])
def test_bytes_and_base64_are_read(content):
    assert read_signature(content) == SIGNATURE


def keys():
    key = key_of()
    secret = serialization.BestAvailableEncryption(b"secret")
    yield pkcs12.serialize_key_and_certificates(b"key", key.key, key.certificate, None, secret)
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        yield key.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("content", list(keys()))
def test_a_key_is_refused_in_plain_words(content):
    for sent in (content, base64.encodebytes(content)):
        with pytest.raises(ValidationFailed) as refused:
            read_signature(sent)
        assert refused.value.code in {"key_uploaded", "not_a_signature"}
    with pytest.raises(ValidationFailed) as refused:
        read_signature(content)
    assert refused.value.code == "key_uploaded"


@pytest.mark.parametrize("content", [b"", b"0", b"0\x80", b"0\x84", b"hello", b"%PDF-1.7", b"\x30\x03\x02\x01\x03"[:4]])
def test_anything_else_is_no_signature(content):
    with pytest.raises(ValidationFailed):
        read_signature(content)


def test_a_file_without_end_is_not_read():
    with pytest.raises(ValidationFailed) as refused:
        read_signature(SIGNATURE + b"\x00" * LARGEST)
    assert refused.value.code == "signature_too_large"


@given(st.binary(max_size=300))
def test_whatever_comes_is_refused_and_breaks_nothing(content):
    try:
        read_signature(content)
    except ValidationFailed as refused:
        assert refused.field == "signature"
