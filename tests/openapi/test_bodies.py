"""Bodies that no honest program sends are refused for what they are; none of them is a failure of the hub."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.exceptions import ParseError

from appeals.models import Appeal
from openapi.parsers import Json, LargeJson, TooLarge
from tests.factories import make_reference
from tests.openapi.api import FILING, Program, make_program

LETTER = "ә".encode()


class Endless(io.RawIOBase):
    """A body that never ends, and counts what was read of it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "all of it is more than there is memory for"
        self.taken += size
        return b"[" * size


@pytest.mark.parametrize("parser", [Json, LargeJson])
def test_no_more_is_read_than_may_come(parser):
    body = Endless()
    with pytest.raises(TooLarge):
        parser().parse(body)
    assert body.taken == parser.largest + 1


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b'"\\ud800"', b'{"\\uDFFF": 1}', b"NaN", b"1" * 5000, b"\xff", b"{"]
)
def test_what_cannot_be_read_is_the_callers_mistake(body):
    with pytest.raises(ParseError):
        Json().parse(io.BytesIO(body))


@pytest.mark.parametrize("text", ["ә", "\\u04d9", "\\ud83d\\ude00", "\\\\ud800"])
def test_whole_characters_are_read_however_they_are_written(text):
    assert Json().parse(io.BytesIO(f'["{text}"]'.encode()))


@pytest.fixture
def program(db: None) -> Program:
    make_reference()
    return make_program()


def _send(program: Program, path: str, body: bytes, kind: str = "application/json") -> Any:
    headers = {"Authorization": f"Bearer {program.key}", "Idempotency-Key": "k"}
    return program.client.post(f"/api/v1/{path}", body, content_type=kind, headers=headers)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[" * 100_000, 400, "parse_error"),
        (b'{"regime": "\\ud800"}', 400, "parse_error"),
        (b'{"text": "' + LETTER * 2**20 + b'x"}', 413, "too_large"),
    ],
)
def test_filing_with_such_a_body_is_refused(program, body, status, code):
    answer = _send(program, "appeals", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Appeal.objects.exists()


def test_two_hundred_filings_of_full_length_are_taken(program):
    text = (LETTER * 20_000).decode().encode("ascii", "backslashreplace")
    rows = b",".join(b'{"external_id": "%d", "text": "%s", "answer_language": "x"}' % (n, text) for n in range(200))
    report = _send(program, "appeals/bulk", b'{"appeals": [' + rows + b"]}")
    assert report.status_code == 200, report.content[:500]
    assert report.json()["refused"] == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"x": "x" * (2 * 1024 * 1024 + 1)}, 413), ({f"x{n}": "x" for n in range(501)}, 400)],
)
def test_form_that_is_larger_than_any_is_refused(program, fields, status):
    headers = {"Authorization": f"Bearer {program.key}"}
    answer = program.client.post("/api/v1/uploads", fields, headers=headers)
    assert answer.status_code == status, answer.content


@pytest.mark.parametrize("field", ["api_key", "jurisdiction_id", "service_code", "lat"])
def test_file_in_place_of_a_word_is_refused(program, field):
    fields = {"api_key": program.key, "service_code": "water", field: SimpleUploadedFile("a.txt", b"x")}
    answer = program.client.post("/open311/v2/requests.json", fields)
    assert answer.status_code in (400, 403, 404), answer.content


@pytest.mark.parametrize(
    "path", ["appeals/{}", "appeals/{}/files/1", "cases/{}", "cases/{}/story", "public/requests/{}", "platforms/{}"]
)
def test_sign_that_no_database_keeps_finds_nothing(program, path):
    assert program.get(path.format("%00")).status_code in (403, 404)


def test_message_with_such_a_sign_is_none(program):
    made = program.post("webhooks", {"url": "https://example.kz/"}, key=None).json()
    assert program.post(f"webhooks/{made['id']}/deliveries/%00/resend", key=None).status_code == 404


def test_line_that_is_cut_is_no_failure_of_the_hub(program, monkeypatch):
    def cut(*_args: Any) -> bytes:
        raise OSError("the other side is gone")

    monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", cut)
    assert program.post("appeals", FILING).status_code == 400


def test_ordinary_filing_goes_on(program):
    assert program.post("appeals", FILING).status_code == 201
