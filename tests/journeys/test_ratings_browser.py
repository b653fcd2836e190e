"""A visitor rates a window in three taps without scripts; a moderator reads the comment; a reader compares bodies."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from reports.models import PointRating
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_department, make_organization, make_user
from tests.reports.qr.world import code_of, make_point, rate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_three_taps_without_scripts_and_what_comes_of_them(visit: Visit) -> None:
    point = make_point(make_department("water", organization=make_organization("vodokanal")))
    page = visit(f"/q/{code_of(point)}/", language="kk", width=360, js=False)
    page.get_by_role("link", name="Нашар", exact=True).click()
    page.get_by_label("Ұзақ күттім").check()
    page.get_by_role("button", name="Жіберу").click()
    expect(page.locator("main")).to_contain_text("Сіздің бағаңыз: Нашар.")
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("main")).to_contain_text("Ваша оценка: Плохо.")
    row = PointRating.objects.get()
    assert (row.score, row.reasons) == (2, ["waiting"])


def test_the_pages_of_a_rating_are_for_everybody(visit: Visit) -> None:
    point = make_point(make_department("water", organization=make_organization("vodokanal")))
    page = visit(f"/q/{code_of(point)}/", language="en", width=360)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Very good").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("A line of your own").fill("Everything was explained")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert_accessible(page)
    moderator = visit("/staff/qr/review/", language="en", user=make_user(Role.MODERATOR, language="en"))
    assert_accessible(moderator)
    assert_fits(moderator)
    moderator.get_by_role("button", name="Show", exact=True).click()
    expect(moderator.locator("main")).to_contain_text("No comment waits.")
    page.goto(f"/statistics/qr/vodokanal/{point.pk}/")
    expect(page.locator("main")).to_contain_text("Everything was explained")
    assert_accessible(page)


def test_two_bodies_side_by_side(visit: Visit) -> None:
    bodies = [make_point(make_department(slug, name_en=slug, organization=make_organization(slug))) for slug in "ab"]
    for number in range(30):
        rate(bodies[0], 5)
        rate(bodies[1], 5 if number < 10 else 1)
    page = visit("/statistics/public-control/?figure=qr", language="en", width=360)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("One body").select_option("a")
    page.get_by_label("The other body").select_option("b")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("main")).to_contain_text("a does better than b")
    assert_accessible(page)
    assert_fits(page)
