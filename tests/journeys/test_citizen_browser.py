"""The resident's pages in a real browser: without scripts on a cheap phone, with the keyboard, in every look."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from appeals.models import Appeal, Message, Status
from notifications.models import Notification
from tests.appeals.test_feedback import answered
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_appeal, make_area, make_identified_applicant, make_reference, make_topic, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Көшемізде үш күннен бері су жоқ, балалар мен қарттар қиналып отыр."


@pytest.fixture(autouse=True)
def terms() -> None:
    make_reference()


def photo(name: str = "photo.jpg") -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def open_case(page: Page, appeal: Appeal) -> None:
    page.goto("/track/")
    page.fill("#id_number", appeal.number)
    page.fill("#id_code", appeal.tracking_code)
    page.locator("main button[type=submit]").click()
    expect(page.locator("h1")).to_be_visible()


def send(page: Page) -> None:
    page.locator('.ui-actions button[value="send"]').click()


def test_whole_way_without_scripts_on_a_phone(visit: Visit) -> None:
    make_topic(), make_area()
    page = visit("/", width=360, js=False)
    page.locator(".cit-hero-actions a").first.click()
    page.fill("#id_text", "су")
    page.set_input_files("#id_attachments", [photo()])
    page.select_option("#id_area", index=1)
    page.fill("#id_phone", "8 701 000 00 00")
    send(page)

    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("#id_phone")).to_have_value("8 701 000 00 00")
    expect(page.locator(".cit-kept")).to_contain_text("photo.jpg")
    page.fill("#id_text", TEXT)
    page.check("#id_consent")
    send(page)

    appeal = Appeal.objects.get()
    expect(page.locator(".ui-panel-number")).to_have_text(appeal.number)
    assert appeal.attachments.count() == 1
    code = re.search(r"\b\d{6}\b", Notification.objects.get(template="contact_code").text)
    assert code
    page.fill("#id_code", code[0])
    page.locator("#code form").first.locator("button").click()
    expect(page.locator("#code")).to_have_count(0)

    page.locator("main .ui-actions a").first.click()
    page.locator("#thread textarea").fill("Су бүгін де жоқ")
    page.locator("#thread form button").click()
    expect(page.locator(".ui-thread")).to_contain_text("Су бүгін де жоқ")
    assert Message.objects.filter(appeal=appeal).count() == 1


def test_one_tap_judges_without_scripts_and_a_rating_may_follow(visit: Visit) -> None:
    appeal, reply = answered()
    page = visit("/track/", width=360, js=False)
    open_case(page, appeal)
    page.locator(".cit-verdicts button").first.click()
    expect(page.locator("#id_rating_0")).to_be_visible()
    appeal.refresh_from_db()
    assert appeal.status == Status.CLOSED
    page.check("#id_rating_1")
    page.locator("main form button").click()
    expect(page.locator(".cit-answer")).to_be_visible()
    reply.refresh_from_db()
    assert reply.feedback.rating == 4


def test_parts_of_the_form_appear_when_they_are_needed(visit: Visit) -> None:
    page = visit("/appeals/new/", language="ru")
    expect(page.locator("#id_identifier")).to_be_hidden()
    expect(page.locator("#id_complaint_about")).to_be_hidden()
    page.check("#id_regime_1")
    expect(page.locator("#id_identifier")).to_be_visible()
    expect(page.locator("#id_representative_name")).to_be_hidden()
    page.check("#id_applicant_type_1")
    expect(page.locator("#id_representative_name")).to_be_visible()
    page.check("#id_is_complaint")
    expect(page.locator("#id_complaint_about")).to_be_visible()
    page.check("#id_is_anonymous")
    expect(page.locator("#id_phone")).to_be_hidden()
    assert_accessible(page)


def test_enter_in_a_field_sends_the_form_and_does_not_ask_for_topics(visit: Visit) -> None:
    page = visit("/appeals/new/")
    page.fill("#id_text", TEXT)
    page.fill("#id_phone", "8 701 000 00 00")
    page.locator("#id_phone").press("Enter")
    expect(page.locator('.govuk-error-summary a[href="#id_consent"]')).to_be_visible()


def test_filing_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("/appeals/new/")
    page.locator("#id_text").focus()
    page.keyboard.type(TEXT)
    for target, text in (("id_phone", "87010000000"), ("id_consent", " ")):
        while page.evaluate("document.activeElement.id") != target:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    while page.evaluate("document.activeElement.value") != "send":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".ui-panel-number")).to_be_visible()


def test_double_click_on_send_files_once(visit: Visit) -> None:
    page = visit("/appeals/new/")
    page.fill("#id_text", TEXT)
    page.fill("#id_phone", "8 701 000 00 00")
    page.check("#id_consent")
    page.locator('.ui-actions button[value="send"]').dblclick()
    expect(page.locator(".ui-panel-number")).to_be_visible()
    assert Appeal.objects.count() == 1


def test_expired_form_is_sent_once_more_with_everything_typed(visit: Visit) -> None:
    page = visit("/appeals/new/", language="ru")
    page.fill("#id_text", TEXT)
    page.fill("#id_phone", "8 701 000 00 00")
    page.check("#id_consent")
    page.context.clear_cookies(name="csrftoken")
    send(page)
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ui-panel-number")).to_be_visible()
    assert Appeal.objects.get().text == TEXT


def test_unsent_text_is_given_back(visit: Visit) -> None:
    page = visit("/appeals/new/")
    page.fill("#id_text", TEXT)
    page.wait_for_timeout(600)
    page.goto("/help/")
    page.goto("/appeals/new/")
    expect(page.locator("#id_text")).to_have_value(TEXT)


def test_receipt_is_printed_without_buttons(visit: Visit) -> None:
    appeal = make_appeal(applicant=make_identified_applicant())
    page = visit("/track/", language="kk")
    open_case(page, appeal)
    page.goto(f"/track/{appeal.number}/receipt/")
    page.emulate_media(media="print")
    expect(page.locator(".ui-panel-number")).to_have_text(appeal.number)
    expect(page.locator(".cit-code")).to_be_visible()
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator("#code")).to_be_hidden()


PUBLIC = ["/", "/appeals/new/", "/appeals/", "/track/", "/help/", "/help/privacy/", "/help/accessibility/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_accessible_and_fits_a_phone(visit: Visit, path: str) -> None:
    make_appeal(topic_id=make_topic().pk, area_id=make_area().pk)
    page = visit(path, width=360)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_a_case_are_accessible_and_fit_a_phone(visit: Visit, theme: str) -> None:
    appeal, _reply = answered(applicant=make_identified_applicant(), topic_id=make_topic().pk)
    page = visit("/track/", width=360, theme=theme)
    open_case(page, appeal)
    for path in ("", "receipt/", "judgement/?verdict=partly"):
        page.goto(f"/track/{appeal.number}/{path}")
        assert_accessible(page)
        assert_fits(page)


def test_pages_of_the_account_are_accessible_and_fit_a_phone(visit: Visit) -> None:
    user = make_user(iin="000101300019", phone="+77010000000")
    make_appeal(applicant=make_identified_applicant(user_id=user.pk))
    page = visit("/my/", width=360, user=user)
    for path in ("/my/", "/my/profile/", "/my/views/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
