"""A call at the desk without a mouse: few keys from the ring to the answer given on the spot."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role
from appeals.models import Appeal, KnowledgeArticle, Outcome
from common.rows import forget_rows
from tests.browser import Visit, assert_accessible
from tests.factories import make_reference, make_topic, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "Көшеде шам жанбайды, балалар мектептен қорқып қайтады"


@pytest.fixture
def desk(visit: Visit) -> Page:
    make_reference()
    lamp = make_topic("lamp", keywords="шам жанбайды")
    body = "Шамдарды «Электр желілері» қызметі екі күнде жөндейді, нөмірі 109."
    KnowledgeArticle.objects.create(slug="lamp", topic=lamp, title_kk="Шам жанбаса", body_kk=body)
    forget_rows()
    return visit(reverse("appeals:desk"), user=make_user(Role.OPERATOR))


def take_the_call(page: Page) -> None:
    """The cursor stands in the telephone number already; name and text follow by one key each."""
    expect(page.locator("#id_phone")).to_be_focused()
    page.keyboard.type("7010000001")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type(SAID)
    expect(page.locator("[data-fill]")).to_have_count(1)
    expect(page.locator("[data-consultation]")).to_have_count(1)


def test_a_call_is_registered_with_one_key_for_the_topic(desk: Page) -> None:
    take_the_call(desk)
    desk.keyboard.press("F2")
    expect(desk.locator("[data-fill][aria-pressed=true]")).to_have_count(1)
    assert_accessible(desk)
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/register/TRK*/")
    assert Appeal.objects.get().topic.slug == "lamp"


def test_a_call_is_solved_at_first_contact_with_two_keys(desk: Page) -> None:
    take_the_call(desk)
    desk.keyboard.press("F4")
    expect(desk.locator("[data-consultation]")).to_be_checked()
    desk.keyboard.press("Alt+Shift+D")
    desk.wait_for_url("**/register/TRK*/")
    assert Appeal.objects.get().outcome == Outcome.FIRST_CONTACT


def test_the_way_to_solved_by_tab_is_short(desk: Page) -> None:
    desk.locator("#id_text").focus()
    for _ in range(12):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.value") == "solved":
            return
    pytest.fail("more than twelve stops between the text and «solved at first contact»")
