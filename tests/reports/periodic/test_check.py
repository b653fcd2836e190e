"""Anybody can check a report: the file itself, a changed one, another version, one that is none of ours."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reports.models import PublishedReport
from reports.periodic.checking import Found
from reports.periodic.form import forms
from tests.reports.periodic import worlds
from tests.reports.periodic.worlds import FORM, Counted, make

pytestmark = pytest.mark.django_db
START = "/reports/check/"
TRUSTED = "ui-message ui-tone-good"


def page_of(report: PublishedReport) -> str:
    return reverse("reports:check", args=[report.code])


def content_of(report: PublishedReport, kind: str = "pdf") -> bytes:
    with getattr(report, kind).open("rb") as file:
        return bytes(file.read())


def check(address: str, content: bytes, name: str = "report.pdf") -> Any:
    return Client().post(address, {"file": SimpleUploadedFile(name, content)}).context["verdict"]


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_file_itself_is_genuine(counted: Counted, kind: str) -> None:
    report = make()
    for address in (START, page_of(report)):
        verdict = check(address, content_of(report, kind))
        assert (verdict.found, verdict.report) == (Found.GENUINE, report)


def test_one_changed_byte_is_noticed(counted: Counted) -> None:
    report = make()
    content = content_of(report)
    verdict = check(page_of(report), content[:-1] + bytes([content[-1] ^ 1]))
    assert (verdict.found, verdict.report) == (Found.UNKNOWN, None)


def test_the_file_of_another_version_is_told_apart(counted: Counted) -> None:
    first = make()
    counted.number = 9
    second = make()
    verdict = check(page_of(second), content_of(first))
    assert (verdict.found, verdict.report) == (Found.OTHER, first)


def test_digests_can_be_pasted(counted: Counted) -> None:
    report = make()
    for digest, found in (
        (report.pdf_sha256.upper(), Found.GENUINE), (report.data_sha256, Found.DATA), ("0" * 64, Found.UNKNOWN),
    ):  # fmt: skip
        spaced = " ".join(digest[place : place + 8] for place in range(0, 64, 8))
        assert Client().post(page_of(report), {"digest": spaced}).context["verdict"].found == found


def test_a_file_is_called_genuine_only_when_it_was_looked_at(counted: Counted) -> None:
    report = make()
    given = {"file": SimpleUploadedFile("report.pdf", content_of(report))}
    assert TRUSTED in Client().post(START, given).content.decode()
    # What was typed may stand on any paper: the digest of the genuine file is public.
    assert TRUSTED not in Client().post(START, {"digest": report.pdf_sha256}).content.decode()


@pytest.mark.parametrize("data", [{}, {"digest": "abc"}, {"digest": "z" * 64}])
def test_what_cannot_be_checked_is_told(counted: Counted, data: dict[str, str]) -> None:
    answer = Client().post(page_of(make()), data)
    assert answer.status_code == 422 and answer.context["verdict"] is None


def test_nothing_that_was_sent_is_kept(counted: Counted, on_disk: Path) -> None:
    report = make()
    before = sorted(on_disk.rglob("*"))
    assert len([path for path in before if path.is_file()]) == 2
    check(START, b"a file of somebody")
    assert sorted(on_disk.rglob("*")) == before
    assert not PublishedReport.objects.exclude(pk=report.pk).exists()


def test_the_page_shows_what_is_different_today(counted: Counted) -> None:
    report = make()
    same = Client().get(page_of(report))
    assert same.context["changed"] == 0 and "Бөлім" in same.content.decode()
    from django.core.cache import cache

    cache.clear()
    counted.number = 8
    changed = Client().get(page_of(report))
    assert [(one.was, one.now) for one in changed.context["changes"]] == [("7", "8")]
    report.refresh_from_db()
    assert report.data_sha256 == make().previous.data_sha256


def test_the_genuine_file_can_be_had_there(counted: Counted) -> None:
    report = make()
    answer = Client().get(reverse("reports:check-file", args=[report.code, "pdf"]))
    assert hashlib.sha256(b"".join(answer)).hexdigest() == report.pdf_sha256  # type: ignore[arg-type]


def test_a_file_that_was_lost_is_not_found(counted: Counted) -> None:
    report = make()
    report.pdf.storage.delete(report.pdf.name)
    assert Client().get(reverse("reports:check-file", args=[report.code, "pdf"])).status_code == 404


def test_of_a_list_of_appeals_only_the_verdict_is_shown() -> None:
    worlds.with_form(Counted(), is_public=False)
    try:
        report = make()
        page = Client().get(page_of(report))
        assert page.status_code == 200 and "Бөлім" not in page.content.decode()
        assert check(page_of(report), content_of(report)).found == Found.GENUINE
        assert Client().get(reverse("reports:check-file", args=[report.code, "pdf"])).status_code == 404
    finally:
        forms._entries.pop(FORM)


def test_codes_are_found_however_they_are_typed(counted: Counted) -> None:
    report = make()
    for typed in (report.code.lower(), f" {report.code} ", f"https://hub.example.kz{page_of(report)}"):
        assert Client().get(START, {"code": typed})["Location"] == page_of(report)
    assert Client().get(reverse("reports:check", args=["NOSUCHCODE"])).status_code == 404


def test_a_code_typed_with_cyrillic_letters_is_found(counted: Counted) -> None:
    PublishedReport.objects.filter(pk=make().pk).update(code="ABCEHKMPTXY2")
    assert Client().get(START, {"code": "авсенкмртху2"})["Location"] == reverse("reports:check", args=["ABCEHKMPTXY2"])


@pytest.mark.parametrize("typed", ["Ж", "/", "a.b", "<b>", "\x00", " "])
def test_what_can_be_no_code_is_told_at_its_field(db: None, typed: str) -> None:
    answer = Client().get(START, {"code": typed})
    assert answer.status_code == 422 and answer.context["code_form"].errors["code"]


def test_another_parameter_asks_for_nothing(db: None) -> None:
    assert Client().get(START, {"from": "mail"}).status_code == 200


def test_a_new_version_differs_in_nothing_from_today(counted: Counted) -> None:
    first = make()
    assert Client().get(page_of(first)).context["changed"] == 0
    counted.number = 8
    second = make()
    assert Client().get(page_of(second)).context["changed"] == 0
    assert Client().get(page_of(first)).context["changed"] == 1


def test_unfinished_reports_are_found_by_nobody(counted: Counted) -> None:
    assert Client().get(page_of(worlds.ask())).status_code == 404


def test_whoever_tries_very_often_has_to_wait(counted: Counted) -> None:
    client = Client()
    answers = [client.post(START, {"digest": "0" * 64}).status_code for _try in range(31)]
    assert answers[29:] == [200, 429]
