"""The copy of a person's data: exactly his, sealed, for a week, whoever is killed on the way."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appeals import dialogue, threads
from appeals.models import Appeal, Attachment
from audit import trail
from audit.models import AuditRecord
from common.files import CheckedFile
from common.sealed_files import PIECE, SealingWriter, new_key, opened
from notifications.models import Notification
from privacy import exporting, requests, tasks
from privacy.models import DataRequest, ExportFile
from tests.appeals.cases import make_unit
from tests.privacy.people import make_duties, make_own_appeal, make_resident, subject_of


def copy_of(user: Any, language: str = "kk") -> tuple[ExportFile, zipfile.ZipFile]:
    request = requests.open_request(subject_of(user), "know", language=language)
    assert tasks.build_exports() == 1
    export = ExportFile.objects.get(request=request)
    return export, zipfile.ZipFile(io.BytesIO(b"".join(exporting.pieces_of(export))))


def all_text(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist() if not name.startswith("files/"))


def rows(archive: zipfile.ZipFile, slug: str) -> list[dict[str, Any]]:
    name = f"data/{slug}.jsonl"
    return [json.loads(line) for line in archive.read(name).decode().splitlines()] if name in archive.namelist() else []


# Sealed files


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
@given(st.lists(st.binary(max_size=100), max_size=5), st.sampled_from([0, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE]))
def test_what_is_sealed_opens_again(parts: list[bytes], extra: int) -> None:
    target, key = io.BytesIO(), new_key()
    with SealingWriter(target, key) as sealed:
        for part in (*parts, b"x" * extra):
            sealed.write(part)
    target.seek(0)
    assert b"".join(opened(target, key)) == b"".join(parts) + b"x" * extra


@pytest.mark.parametrize("damage", ["cut", "flipped", "swapped", "other key", "unfinished"])
def test_what_was_changed_does_not_open(damage: str) -> None:
    target, key = io.BytesIO(), new_key()
    writer = SealingWriter(target, key)
    writer.write(b"a" * PIECE + b"b" * PIECE + b"c")
    if damage != "unfinished":
        writer.close()
    stored = target.getvalue()
    piece = PIECE + 16
    if damage == "cut":
        stored = stored[: 4 + piece]
    elif damage == "flipped":
        stored = stored[:50] + bytes([stored[50] ^ 1]) + stored[51:]
    elif damage == "swapped":
        stored = stored[:4] + stored[4 + piece : 4 + 2 * piece] + stored[4 : 4 + piece] + stored[4 + 2 * piece :]
    with pytest.raises(ValueError, match="sealed"):
        list(opened(io.BytesIO(stored), new_key() if damage == "other key" else key))


# What it holds


def make_neighbours() -> tuple[Any, Any, Appeal, Appeal]:
    """Two people of one household: the same phone and incident, a message each, a note of the staff about both."""
    make_duties()
    first = make_resident("Айгүл", last_name="Бірінші", iin="000101300019")
    second = make_resident("Болат", last_name="Екінші", iin="000101300019")
    mine, theirs = (
        make_own_appeal(user, closed=False, text=f"{user.last_name} су туралы жазды") for user in (first, second)
    )
    unit = make_unit()
    for appeal, user in ((mine, first), (theirs, second)):
        parts = threads.MessageParts("web", f"m-{user.pk}", timezone.now(), text=f"{user.last_name} хабарламасы")
        threads.join_message(appeal.pk, parts=parts)
    Appeal.objects.update(department=unit.department, executor=unit.executor, status="in_progress")
    for appeal in (mine, theirs):
        dialogue.add_note(appeal.pk, actor=unit.executor, text="Көршісі Екінші шу шығарады деп айтты")
    return first, second, mine, theirs


@pytest.mark.django_db
def test_copy_holds_what_is_his_and_nothing_of_the_neighbour() -> None:
    first, second, mine, theirs = make_neighbours()
    _export, archive = copy_of(first)
    text = all_text(archive)
    assert [row["number"] for row in rows(archive, "appeals")] == [mine.number]
    assert "Бірінші хабарламасы" in text and "000101300019" in text
    assert second.last_name not in text and theirs.number not in text and second.email not in text
    assert "Көршісі" not in text, "notes of the staff are not his data"


@pytest.mark.django_db
def test_files_notices_and_looks_are_in_it_but_not_what_went_to_the_staff() -> None:
    first, _second, mine, theirs = make_neighbours()
    officer = make_unit("other").executor
    officer.post = "Бас маман"
    officer.save()
    for appeal, content in ((mine, b"%PDF-1.4 mine"), (theirs, b"%PDF-1.4 theirs")):
        threads.attach(
            Appeal.objects.get(pk=appeal.pk), CheckedFile("photo.pdf", content, "application/pdf"), message=None
        )
        trail.record(action="viewed_identity", actor=officer, subject_ref=f"appeal:{appeal.number}", fields=["name"])
    internal = Attachment.objects.create(
        appeal=mine, name="x.txt", size=1, sha256="0", purpose="internal", file="x.txt"
    )
    for key, body in (("notice:1:applicant:sms", "саған"), ("notice:1:user:7:inbox", "қызметкерге")):
        Notification.objects.create(
            dedupe_key=key,
            transport="sms",
            address="1",
            template="received",
            body=body,
            subject_ref=f"appeal:{mine.pk}",
        )
    _export, archive = copy_of(first)
    names = [name for name in archive.namelist() if name.startswith("files/")]
    assert len(names) == 1 and archive.read(names[0]) == b"%PDF-1.4 mine"
    assert internal.name not in all_text(archive)
    assert [row["text"] for row in rows(archive, "notices")] == ["саған"]
    looks = rows(archive, "looks")
    assert [(row["number"], row["who"]) for row in looks] == [(mine.number, "Бас маман")]
    assert officer.last_name not in all_text(archive)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("kk", "Өтініштер"), ("ru", "Обращения"), ("en", "Appeals")])
def test_pages_are_in_the_language_of_the_person(language: str, word: str) -> None:
    make_duties()
    user = make_resident()
    make_own_appeal(user)
    _export, archive = copy_of(user, language)
    assert word in archive.read("index.html").decode() and word in archive.read("appeals.html").decode()


@pytest.mark.django_db
def test_code_that_was_sent_is_not_told_again() -> None:
    make_duties()
    user = make_resident()
    Notification.objects.create(
        dedupe_key="c",
        transport="sms",
        address="1",
        template="contact_code",
        body="123456",
        subject_ref=f"user:{user.pk}",
    )
    _export, archive = copy_of(user)
    assert "123456" not in all_text(archive)


# The job


@pytest.mark.django_db
def test_copy_is_unreadable_on_the_disk_and_gone_after_its_week() -> None:
    make_duties()
    user = make_resident()
    export, _archive = copy_of(user)
    path = exporting.file_of(export.path)
    assert user.last_name.encode() not in path.read_bytes() and not zipfile.is_zipfile(path)
    assert exporting.is_available(export)
    ExportFile.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert tasks.remove_expired_exports() == 1
    export.refresh_from_db()
    assert (export.state, export.key, export.path, path.exists()) == ("expired", "", "", False)
    assert tasks.remove_expired_exports() == 0


@pytest.mark.django_db
def test_maker_that_was_killed_is_followed_by_another_when_its_lease_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    make_duties()
    user = make_resident()
    request = requests.open_request(subject_of(user), "know", language="kk")
    fill = exporting._fill

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "_fill", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.build_exports()
    half = ExportFile.objects.get(request=request)
    monkeypatch.setattr(exporting, "_fill", fill)
    assert tasks.build_exports() == 0, "the lease still runs"
    ExportFile.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert tasks.build_exports() == 1
    export = ExportFile.objects.get(request=request)
    assert (export.state, export.attempts) == ("ready", 2)
    assert export.path != half.path and not exporting.file_of(half.path).exists()
    request.refresh_from_db()
    assert request.state == DataRequest.State.DONE
    assert Notification.objects.filter(template="privacy_export").count() == 1


@pytest.mark.django_db
def test_copy_that_cannot_be_made_fails_after_some_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    make_duties()
    requests.open_request(subject_of(make_resident()), "know", language="kk")
    monkeypatch.setattr(exporting, "_fill", lambda *_: 1 / 0)
    for _try in range(exporting.MOST_ATTEMPTS):
        ExportFile.objects.update(leased_until=None)
        exporting.build_due()
    export = ExportFile.objects.get()
    assert (export.state, export.path) == ("failed", "")


# The pages


@pytest.mark.django_db
def test_copy_is_asked_for_watched_and_downloaded_once_the_password_was_entered(client: Client) -> None:
    make_duties()
    user, stranger = make_resident(), make_resident("Болат")
    client.force_login(user)
    page = client.post("/my/data/export/")["Location"]
    assert "Көшірме жасалып жатыр" in client.get(page).content.decode()
    tasks.build_exports()
    assert f"{page}download/" in client.get(page).content.decode()
    response = client.get(f"{page}download/")
    assert response.status_code == 302 and "reauthenticate" in response["Location"], "the password comes first"
    prove_again(client)
    response = client.get(f"{page}download/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert "index.html" in archive.namelist()
    assert "no-store" in response["Cache-Control"]
    assert AuditRecord.objects.filter(action="exported", actor=user).exists()
    other = Client()
    other.force_login(stranger)
    prove_again(other)
    assert other.get(page).status_code == 404
    assert other.get(f"{page}download/").status_code == 404


def prove_again(client: Client) -> None:
    """As if the password had just been entered once more."""
    session = client.session
    proof = {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    session["account_authentication_methods"] = [*session["account_authentication_methods"], proof]
    session.save()
