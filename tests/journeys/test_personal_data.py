"""A resident asks for his data and their deletion, an officer decides, a visitor has a card taken down."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from appeals.models import Appeal
from privacy import erasing, tasks
from privacy.models import DataRequest, TakedownRequest
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_appeal, make_consent_text
from tests.privacy.people import make_duties, make_own_appeal, make_resident, make_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("kk", "ru", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_resident_gets_the_copy_of_his_data(visit: Visit, language: str) -> None:
    make_duties()
    user = make_resident()
    appeal = make_own_appeal(user, consent="2026-11 kk")
    page = visit("/my/data/", user=user, language=language, width=360)
    assert_accessible(page)
    assert_fits(page)
    page.locator("a[href='/my/data/export/']").first.click()
    assert_accessible(page)
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/my/data/\d+/"))
    assert_accessible(page)
    tasks.build_exports()
    page.reload()
    assert_accessible(page)
    page.locator("a[href$='/download/']").click()
    page.wait_for_url("**/reauthenticate/**")
    page.locator("input[type=password]").fill("bir-eki-ush-tort")
    with page.expect_download() as started:
        page.locator("main form button[type=submit]").first.click()
    archive = zipfile.ZipFile(io.BytesIO(Path(started.value.path()).read_bytes()))
    assert appeal.number in archive.read("appeals.html").decode()
    page.goto("/my/consents/")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_deletion_from_the_wish_to_the_answer(visit: Visit, language: str) -> None:
    officer = make_duties()
    user = make_resident()
    gone, kept = make_own_appeal(user), make_own_appeal(user, closed=False)
    page = visit("/my/data/new/delete/", user=user, language=language)
    assert_accessible(page)
    page.locator("textarea").fill("Барлығын жойыңыз")
    page.locator("input[name=closes_account]").check()
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/my/data/\d+/"))
    address = page.url
    request = DataRequest.objects.get(user=user)
    desk = visit("/staff/privacy/", user=officer, language=language)
    assert_accessible(desk)
    desk.locator(f"a[href='/staff/privacy/requests/{request.pk}/']").click()
    assert_accessible(desk)
    assert_fits(desk)
    expect(desk.locator("fieldset input[type=radio]:checked")).to_have_count(0)  # nobody deletes by not looking
    for choice in desk.locator("fieldset").all():
        choice.locator("input[type=radio]").first.check()
    desk.locator("button[name=action][value=decide]").click()
    assert_accessible(desk)
    assert_fits(desk)
    desk.locator("main form button[type=submit]").click()
    expect(desk.locator("button[value=decide]")).to_have_count(0)
    erasing.execute_due()
    desk.reload()
    assert_accessible(desk)
    assert Appeal.objects.get(pk=gone.pk).anonymised_at and not Appeal.objects.get(pk=kept.pk).anonymised_at
    page.goto(address)
    assert "/login/" in page.url, "the account was closed with the rest"


@pytest.mark.parametrize("language", LANGUAGES)
def test_card_is_taken_down_from_the_visitor_to_the_officer(visit: Visit, language: str) -> None:
    officer = make_duties()
    appeal = make_appeal()
    page = visit(f"/appeals/{appeal.number}/", language=language, width=360)
    page.locator(f"a[href='/privacy/takedown/appeal/{appeal.number}/']").click()
    assert_accessible(page)
    assert_fits(page)
    page.locator("textarea").fill("Менің мекенжайым көрінеді")
    page.locator("main button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text(appeal.number)
    assert_accessible(page)
    takedown = TakedownRequest.objects.get()
    desk = visit(f"/staff/privacy/takedowns/{takedown.pk}/", user=officer, language=language)
    assert_accessible(desk)
    desk.locator("button[name=action][value=hide]").click()
    expect(desk.locator("button[value=hide]")).to_have_count(0)
    page.goto(f"/appeals/{appeal.number}/")
    assert_accessible(page)
    assert Appeal.objects.get().is_taken_down


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_officer_are_clean(visit: Visit, language: str) -> None:
    officer = make_duties()
    make_consent_text()
    for slug in ("codes", "notices", "sessions"):
        make_rule(slug, 1, "years")
    page = visit("/staff/privacy/retention/", user=officer, language=language)
    for path in ("retention/", "takedowns/", "breaches/", "breaches/new/", "requests/new/"):
        page.goto(f"/staff/privacy/{path}")
        assert_accessible(page)
        assert_fits(page)
    page.goto("/privacy/consents/")
    assert_accessible(page)
    page.goto("/help/privacy/")
    assert_accessible(page)
