"""Many appeals in one request, and files sent before the appeal they belong to."""

import io
import random
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from appeals.models import Appeal, Attachment
from common import pending_files
from tests.factories import make_reference
from tests.openapi.api import FILING, Program, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def upload(program: Program, name: str = "p.jpg", content: bytes = b""):
    if not content:
        out = io.BytesIO()
        Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=b"Exif\x00\x00secret-place")
        content = out.getvalue()
    headers = {"Authorization": f"Bearer {program.key}"}
    return program.client.post("/api/v1/uploads", {"file": SimpleUploadedFile(name, content)}, headers=headers)


def rows(numbers):
    return [FILING | {"external_id": f"A-{number}"} for number in numbers]


def test_file_is_checked_at_once_and_joins_the_appeal_that_names_it(django_capture_on_commit_callbacks):
    program = make_program()
    uploaded = upload(program)
    assert uploaded.status_code == 201, uploaded.json()
    with django_capture_on_commit_callbacks(execute=True):
        filed = program.post("appeals", FILING | {"uploads": [uploaded.json()["id"]]})
    assert filed.status_code == 201, filed.json()
    attachment = Attachment.objects.get()
    assert attachment.content_type == "image/jpeg"
    assert b"secret-place" not in attachment.file.read()
    again = program.post("appeals", FILING | {"uploads": [uploaded.json()["id"]]})
    assert again.json()["code"] == "upload_unknown"


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ" + b"0" * 99), ("a.jpg", b"no picture"), ("a.pdf", b"")])
def test_file_that_is_not_what_it_says_is_refused(name, content):
    answer = upload(make_program(), name, content or b"\n")
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_upload_of_another_application_is_unknown():
    mine, other = make_program(), make_program()
    upload_id = upload(other).json()["id"]
    answer = mine.post("appeals", FILING | {"uploads": [upload_id]})
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_unknown")
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("upload_id", ["", "x", "../../etc/passwd", "a" * 32 + "." + "b" * 16, "." * 49])
def test_anything_else_is_no_upload(upload_id):
    assert make_program().post("appeals", FILING | {"uploads": [upload_id]}).status_code in (400, 422)


def test_uploads_that_nobody_used_go_after_a_day(time_machine):
    program = make_program()
    upload_id = upload(program).json()["id"]
    pending_files.forget_older_than(timezone.now() + timedelta(days=1))
    assert program.post("appeals", FILING | {"uploads": [upload_id]}).json()["code"] == "upload_unknown"


def test_each_row_stands_for_itself():
    program = make_program()
    answer = program.post(
        "appeals/bulk", {"appeals": [*rows([1, 2]), {"text": "short", "external_id": "A-3"}, {}]}, key=None
    )
    report = answer.json()
    assert (report["created"], report["known"], report["refused"]) == (2, 0, 2)
    assert [row["external_id"] for row in report["rows"]] == ["A-1", "A-2", "A-3", ""]
    assert report["rows"][2]["problem"]["errors"][0]["pointer"] == "/text"
    again = program.post("appeals/bulk", {"appeals": rows([1, 2, 4])}, key=None).json()
    assert (again["created"], again["known"]) == (1, 2)
    assert again["rows"][0]["number"] == report["rows"][0]["number"]
    assert Appeal.objects.count() == 3


@pytest.mark.parametrize("body", [{}, {"appeals": []}, {"appeals": [{}] * 201}, {"appeals": [1]}, []])
def test_bulk_that_is_none_is_refused(body):
    assert make_program().post("appeals/bulk", body, key=None).status_code == 400


def test_a_network_that_cuts_off_loses_nothing_and_doubles_nothing():
    """Half of the answers, or of the requests, never arrive; the partner repeats until he has heard of every row."""
    chance, program = random.Random(20261127), make_program()
    heard: dict[str, str] = {}
    todo = [f"A-{number}" for number in range(1000)]
    while todo:
        batch = todo[: chance.randint(1, 120)]
        if chance.random() < 0.25:
            continue  # the request is lost
        answer = program.post("appeals/bulk", {"appeals": rows(name[2:] for name in batch)}, key=None)
        if chance.random() < 0.35:
            continue  # the answer is lost
        heard |= {row["external_id"]: row["number"] for row in answer.json()["rows"]}
        todo = [name for name in todo if name not in heard]
    assert Appeal.objects.count() == len(set(heard.values())) == 1000
