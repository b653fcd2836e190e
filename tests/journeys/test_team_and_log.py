"""A head makes a roster and sets who stands in; the officer reads the log and records a breach."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role, Shift, Substitution
from appeals.models import Appeal
from audit import trail
from audit.actions import Action
from privacy.models import Breach
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_appeal, make_department, make_user
from tests.privacy.people import make_duties

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("kk", "ru", "en")


def day(ahead: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
def test_substitute_sees_the_work_of_the_absent_until_it_is_ended(visit: Visit, language: str) -> None:
    department = make_department()
    head = make_user(Role.HEAD, department=department, last_name="Ахметова", first_name="Сәуле")
    other = make_user(Role.EXECUTOR, department=make_department("roads"), last_name="Серіков", first_name="Данияр")
    appeal = make_appeal()
    Appeal.objects.filter(pk=appeal.pk).update(department=department)
    desk = visit("/staff/substitutions/", user=other, language=language, width=360)
    assert desk.goto(f"/staff/appeals/{appeal.number}/").status == 404  # type: ignore[union-attr]  # a page came

    page = visit("/staff/substitutions/", user=head, language=language)
    page.locator("select[name=substitute]").select_option(str(other.pk))
    page.locator("input[name=begins_on]").fill(day())
    page.locator("input[name=ends_on]").fill(day(7))
    page.locator("input[name=reason]").fill("Еңбек демалысы")
    send(page)
    assert_accessible(page)
    assert_fits(page)
    expect(page.locator("table").first).to_contain_text("Серіков")

    desk.goto("/staff/")
    expect(desk.locator("main")).to_contain_text("Ахметова")
    assert_accessible(desk)
    assert desk.goto(f"/staff/appeals/{appeal.number}/").status == 200  # type: ignore[union-attr]  # likewise

    row = Substitution.objects.get()
    page.locator(f"a[href='/staff/substitutions/{row.pk}/end/']").click()
    assert_accessible(page)
    send(page)
    row.refresh_from_db()
    assert row.ended_by == head
    assert desk.goto(f"/staff/appeals/{appeal.number}/").status == 404  # type: ignore[union-attr]  # likewise


@pytest.mark.parametrize("language", LANGUAGES)
def test_head_makes_a_roster_and_takes_a_deleted_shift_back(visit: Visit, language: str) -> None:
    department = make_department()
    head = make_user(Role.HEAD, department=department)
    person = make_user(Role.EXECUTOR, department=department, last_name="Серіков", first_name="Данияр")
    page = visit(f"/staff/shifts/units/{department.pk}/new/", user=head, language=language)
    assert_accessible(page)
    assert_fits(page)
    page.locator(f"input[name=people][value='{person.pk}']").check()
    page.locator("input[name=pattern][value='2/2']").check()
    page.locator("input[name=first]").fill(day())
    page.locator("input[name=last]").fill(day(1))
    page.locator("input[name=begins]").fill("00:00")
    page.locator("input[name=ends]").fill("23:59")
    send(page)
    assert Shift.objects.filter(user=person).count() == 2
    expect(page.locator("main")).to_contain_text("Серіков")
    assert_accessible(page)
    assert_fits(page)

    colleague = visit("/staff/shifts/", user=person, language=language, width=360)
    expect(colleague.locator("section").first).to_contain_text("Серіков")  # on duty now
    assert_accessible(colleague)

    first = Shift.objects.order_by("starts_at")[0]
    page.locator(f"form[action='/staff/shifts/{first.pk}/delete/'] button").click()
    page.wait_for_load_state()
    assert Shift.objects.count() == 1
    assert_accessible(page)
    page.locator("form[action='/staff/shifts/undo/'] button").click()
    page.wait_for_load_state()
    assert Shift.objects.count() == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_officer_filters_opens_and_takes_out_the_log(visit: Visit, language: str) -> None:
    officer = make_user(Role.SECURITY_OFFICER)
    person = make_user(last_name="Ахметова", first_name="Сәуле")
    trail.record(action=Action.ROLE_GIVEN, actor=officer, subject_ref=f"user:{person.pk}", fields=["executor"])
    trail.record(action=Action.EXPORTED, actor=officer, subject_ref="queue")
    page = visit("/staff/audit/", user=officer, language=language)
    expect(page.locator("tbody")).to_contain_text("Ахметова Сәуле")
    expect(page.locator("tbody")).not_to_contain_text("user:")
    assert_accessible(page)
    assert_fits(page)

    page.locator("select[name=action]").select_option(Action.ROLE_GIVEN)
    page.locator("input[name=subject]").fill(f"user:{person.pk}")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**action=role_given**")
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as started:
        page.locator("a[href*='format=csv']").click()
    rows = list(csv.reader(Path(started.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 2, rows
    assert f"user:{person.pk}" in rows[1]

    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/staff/audit/\d+/"))
    expect(page.locator(f"main a[href='/staff/accounts/{person.pk}/']")).to_have_text("Ахметова Сәуле")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_officer_records_a_breach(visit: Visit, language: str) -> None:
    make_duties()
    officer = make_user(Role.SECURITY_OFFICER)
    page = visit("/staff/privacy/breaches/new/", user=officer, language=language, width=360)
    page.locator("input[name=title]").fill("Хат басқа адамға кетті")
    page.locator("select[name=kind]").select_option(index=1)
    page.locator("textarea[name=what]").fill("Жауап басқа мекенжайға жіберілді.")
    send(page)
    page.wait_for_url(re.compile(r"/staff/privacy/breaches/\d+/"))
    breach = Breach.objects.get()
    expect(page.locator("main")).to_contain_text(breach.title)
    assert_accessible(page)
    assert_fits(page)
    page.goto("/staff/privacy/breaches/")
    expect(page.locator("main")).to_contain_text(breach.title)
    assert_accessible(page)


def test_long_menu_of_the_administrator_stays_on_one_line(visit: Visit) -> None:
    page = visit("/staff/", user=make_user(Role.ADMINISTRATOR))
    menu = page.locator(".ui-nav-wide > ul")
    assert menu.evaluate("(list) => new Set(Array.from(list.children).map((item) => item.offsetTop)).size") == 1
    audit = menu.locator("a[href='/staff/audit/']")
    expect(audit).to_be_hidden()
    menu.locator("summary").click()
    assert_accessible(page)
    audit.click()
    page.wait_for_url("**/staff/audit/**")
    expect(menu.locator("a[aria-current]")).to_have_attribute("href", "/staff/audit/")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(audit).to_be_hidden()
