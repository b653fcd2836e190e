"""The double refuses what NCANode refuses, and keeps those of its habits that a careless client stumbles over."""

import base64
import datetime as dt
import json
import urllib.error
import urllib.request

import pytest

from tests.identity.ncanode_double import FIRM, MAN, authority, key_for_firm, key_of, stranger
from tools.eds import signatures
from tools.eds.authority import Person
from tools.eds.signatures import sign

TEXT = "Жолдама\r\nсоңғы жол\n".encode()
NOW = dt.datetime.now(dt.UTC)
A_DAY = dt.timedelta(days=1)


def ask(ncanode, path, **body):
    request = urllib.request.Request(
        ncanode.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def encoded(content):
    return base64.b64encode(content).decode()


def verify(ncanode, signature, data=TEXT, checks=("OCSP",)):
    return ask(ncanode, "/cms/verify", cms=encoded(signature), data=encoded(data), revocationCheck=list(checks))


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
@pytest.mark.parametrize("detached", [True, False])
def test_a_signature_of_the_authority_is_valid(ncanode, algorithm, detached):
    status, body = verify(ncanode, sign(TEXT, key_of(algorithm=algorithm), detached=detached))
    assert (status, body["status"], body["message"], body["valid"]) == (200, 200, "OK", True)
    certificate = body["signers"][0]["certificates"][0]
    assert certificate["subject"]["iin"] == MAN
    assert (certificate["keyUsage"], certificate["keyUser"]) == ("SIGN", ["INDIVIDUAL"])
    assert certificate["revocations"] == [{"revoked": False, "by": "OCSP", "revocationTime": None, "reason": "OK"}]


def test_a_firm_has_its_number_in_the_unit(ncanode):
    _status, body = verify(ncanode, sign(TEXT, key_for_firm()))
    certificate = body["signers"][0]["certificates"][0]
    assert (certificate["subject"]["bin"], certificate["subject"]["iin"]) == (FIRM, MAN)
    assert certificate["keyUser"] == ["CEO", "ORGANIZATION"]


def changed(signature):
    """One bit of the last byte: that of the signature value."""
    return signature[:-1] + bytes([signature[-1] ^ 1])


def forged_certificate():
    return sign(TEXT, stranger().issue(Person(), algorithm="ec"))


def of_time(since, until):
    return sign(TEXT, authority().issue(Person(), algorithm="ec", since=since, until=until))


INVALID = {
    "the signature value changed": lambda: changed(sign(TEXT, key_of(algorithm="rsa"))),
    "other data": lambda: sign(TEXT + b"!", key_of()),
    "the content changed": lambda: signatures.with_content(sign(TEXT, key_of(), detached=False), TEXT + b"!"),
    "an authority of the same name": forged_certificate,
    "expired": lambda: of_time(NOW - 2 * A_DAY, NOW - A_DAY),
    "not valid yet": lambda: of_time(NOW + A_DAY, NOW + 2 * A_DAY),
}


@pytest.mark.parametrize("case", INVALID)
def test_what_does_not_hold_is_invalid(ncanode, case):
    status, body = verify(ncanode, INVALID[case]())
    assert (status, body["valid"]) == (200, False)


@pytest.mark.parametrize("check", ["OCSP", "CRL"])
def test_a_revoked_certificate_is_invalid_for_whoever_asks(ncanode, check):
    key = authority().issue(Person(), algorithm="ec")
    ncanode.centre.revoke(key.serial)
    signature = sign(TEXT, key)
    _status, body = verify(ncanode, signature, checks=[check])
    assert not body["valid"]
    assert body["signers"][0]["certificates"][0]["revocations"][0]["revoked"]
    assert verify(ncanode, signature, checks=[])[1]["valid"], "nobody asked"


def test_without_an_answer_of_ocsp_nothing_is_valid(ncanode):
    ncanode.centre.ocsp_answers = False
    _status, body = verify(ncanode, sign(TEXT, key_of()))
    assert not body["valid"]
    assert not body["signers"][0]["certificates"][0]["revocations"][0]["revoked"]


@pytest.mark.parametrize("cms", ["%%%", encoded(b"not a signature"), encoded(b"\x30\x03\x02\x01\x03")])
def test_what_is_no_signature_is_a_bad_request(ncanode, cms):
    status, body = ask(ncanode, "/cms/verify", cms=cms, data=encoded(TEXT), revocationCheck=["OCSP"])
    assert status == 400
    assert body["status"] == 400 and body["message"]


def test_extract_gives_what_is_inside(ncanode):
    assert ask(ncanode, "/cms/extract", cms=encoded(sign(TEXT, key_of(), detached=False))) == (
        200,
        {"status": 200, "message": "OK", "data": encoded(TEXT)},
    )
    status, body = ask(ncanode, "/cms/extract", cms=encoded(sign(TEXT, key_of())))
    assert (status, body["message"]) == (400, "CMS doesn't have signed content")


HABITS = {
    "nobody signed": lambda: signatures.without_signers(sign(TEXT, key_of())),
    "the certificate is missing": lambda: signatures.without_certificates(sign(b"anything", key_of())),
    "attached data are other data": lambda: sign(b"anything", key_of(), detached=False),
}


@pytest.mark.parametrize("case", HABITS)
def test_it_calls_valid_what_ncanode_calls_valid(ncanode, case):
    """So that the tests of the hub show what the hub itself must look at."""
    status, body = verify(ncanode, HABITS[case]())
    assert (status, body["valid"]) == (200, True)
