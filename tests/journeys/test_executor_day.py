"""An executor's day in the browser: take a case, ask, write an answer, be stopped from answering nothing, send."""

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from appeals import dialogue, extension, replies, threads
from appeals.models import Appeal, Channel, Outcome, Reply, ReplyTemplate, Status
from appeals.replies import ReplyContent
from common.files import CheckedFile
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.appeals.test_replies import EMPTY, GOOD, GROUND
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_identified_applicant
from tests.signin.by_form import sign_in_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "bir-eki-ush-tort"
PDF = CheckedFile("акт.pdf", b"%PDF-1.4", "application/pdf")


def url(name: str, appeal: Appeal) -> str:
    return reverse(f"appeals:{name}", args=[appeal.number])


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_queue_of_the_unit_to_an_answer_that_goes_out(visit: Visit) -> None:
    unit = make_unit()
    appeal = make_case(unit, address="Tauke khan, 24")
    body = "Құрметті {applicant}! {done_on} күні {done_by}: {measures}."
    ReplyTemplate.objects.create(title="Water is back", outcome=Outcome.SATISFIED, language="kk", body=body)
    page = visit(url("case", appeal), language="en", user=unit.executor)
    take_and_note(page)
    ask_and_read(page, appeal)
    write_from_a_ready_text(page)
    be_stopped_by_the_check(page, appeal)
    mend_and_send(page, appeal)


def take_and_note(page: Page) -> None:
    button(page, "Take into work")
    expect(page.get_by_text("The appeal is yours now.")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("The neighbours wrote too")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ui-bubble-note")).to_contain_text("The neighbours wrote too")
    expect(page.locator("#note-text")).to_have_value("")


def ask_and_read(page: Page, appeal: Appeal) -> None:
    page.keyboard.press("a")
    page.keyboard.type("Which side of the street is it?")
    button(page, "Ask and stop the clock")
    expect(page.get_by_text("The applicant has been asked: the clock stands still")).to_be_visible()
    answer = threads.MessageParts(
        channel=Channel.WEB, external_id="answer", received_at=timezone.now(), text="The even side"
    )
    threads.join_message(appeal.pk, parts=answer)
    page.reload()
    button(page, "Mark as read")
    expect(page.get_by_text("New message from the applicant")).to_have_count(0)


def write_from_a_ready_text(page: Page) -> None:
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Answer to the applicant")
    page.get_by_label("What was done").fill(GOOD.measures)
    page.get_by_label("When it was done").fill("2026-11-20")
    page.get_by_label("By whom it was done").fill(GOOD.done_by)
    page.get_by_label("Ready text").select_option(index=1)
    button(page, "Insert")
    expect(page.get_by_label("Text of the answer")).to_have_value(re.compile(re.escape(GOOD.measures)))
    expect(page.get_by_label("Satisfied", exact=True)).to_be_checked()


def be_stopped_by_the_check(page: Page, appeal: Appeal) -> None:
    page.get_by_label("Text of the answer").fill(EMPTY.text)
    page.get_by_label("What was done").fill("")
    button(page, "Send the answer")
    expect(page.locator("#findings blockquote").first).to_be_visible()
    assert fresh(appeal).status == Status.IN_PROGRESS


def mend_and_send(page: Page, appeal: Appeal) -> None:
    page.get_by_label("Text of the answer").fill(GOOD.text)
    page.get_by_label("What was done").fill(GOOD.measures)
    button(page, "Check")
    expect(page.get_by_text("Nothing was found. The answer can be sent.")).to_be_visible()
    page.get_by_role("button", name="Send the answer", exact=True).dblclick()
    expect(page.get_by_text("The answer is on its way to the applicant.")).to_be_visible()
    assert fresh(appeal).status == Status.ANSWERED
    assert Reply.objects.filter(appeal=appeal).count() == 1


def test_text_survives_a_session_lost_while_typing(visit: Visit) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    unit.executor.set_password(PASSWORD)
    unit.executor.save()
    page = visit(url("case-reply", appeal), language="en", user=unit.executor)
    text = page.get_by_label("Text of the answer")
    text.fill("Saved by the server.")
    expect(page.locator("#draft-state")).to_contain_text("Draft saved")

    Session.objects.all().delete()
    cache.clear()
    text.fill("Saved by the server. And this was typed after the session had ended.")
    expect(page.get_by_text("Session expired, sign in again")).to_be_visible()
    page.locator("[data-session-over]").get_by_role("link", name="Sign in").click()
    sign_in_on(page, unit.executor.username, PASSWORD)

    expect(page.get_by_text("Text that was not saved has been brought back")).to_be_visible()
    expect(text).to_have_value("Saved by the server. And this was typed after the session had ended.")
    expect(page.locator("[data-draft-saved]")).to_be_visible()
    assert Reply.objects.get(appeal=appeal).text.endswith("after the session had ended.")


def test_sending_with_a_lost_session_loses_nothing_either(visit: Visit) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    unit.executor.set_password(PASSWORD)
    unit.executor.save()
    page = visit(url("case-reply", appeal), language="en", user=unit.executor)
    Session.objects.all().delete()
    cache.clear()
    page.get_by_label("Text of the answer").fill(GOOD.text)
    button(page, "Send the answer")
    sign_in_on(page, unit.executor.username, PASSWORD)
    expect(page.get_by_label("Text of the answer")).to_have_value(GOOD.text)


def test_two_writers_see_each_other(visit: Visit) -> None:
    unit = make_unit()
    appeal = make_claimed_case(unit)
    page = visit(url("case-reply", appeal), language="en", user=unit.executor)
    replies.save_draft(appeal.pk, actor=unit.colleague, content=ReplyContent(text="Text of the colleague"), version=0)
    page.get_by_label("Text of the answer").fill("Text of the executor")
    expect(page.locator("#draft-state")).to_contain_text(str(unit.colleague))
    button(page, "Save the draft")
    expect(page.get_by_text("Text of the colleague")).to_be_visible()
    expect(page.get_by_label("Text of the answer")).to_have_value("Text of the executor")
    button(page, "Save the draft")
    expect(page.get_by_text("The draft has been saved.")).to_be_visible()
    assert Reply.objects.get(appeal=appeal).text == "Text of the executor"


def test_whole_day_without_script(visit: Visit) -> None:
    unit = make_unit()
    appeal = make_case(unit, applicant=make_identified_applicant())
    page = visit(url("case", appeal), language="en", user=unit.executor, js=False)
    button(page, "Take into work")
    button(page, "Show in full")
    expect(page.get_by_text("Серікова Айгүл Маратқызы")).to_be_visible()
    page.get_by_role("link", name="Write the answer").click()
    page.get_by_label("Satisfied", exact=True).check()
    page.get_by_label("Text of the answer").fill(EMPTY.text)
    button(page, "Send the answer")
    page.get_by_label("Why it is sent all the same").fill(GROUND)
    button(page, "Send the answer")
    expect(page.get_by_text("The answer is on its way to the applicant.")).to_be_visible()


FORMS = ("case-assign", "case-hand-back", "case-co-executors", "case-files", "case-extend", "case-close", "case-print")
LOOKS = [("kk", 360, "light", FORMS), ("ru", 1280, "dark", FORMS[:2]), ("en", 768, "light", ())]


@pytest.mark.parametrize(("language", "width", "theme", "forms"), LOOKS)
def test_pages_are_accessible_and_fit(
    visit: Visit, language: str, width: int, theme: str, forms: tuple[str, ...]
) -> None:
    unit = make_unit()
    answered = make_claimed_case(unit, applicant=make_identified_applicant(), files=[PDF])
    dialogue.add_note(answered.pk, actor=unit.executor, text="Ішкі жазба")
    dialogue.ask(answered.pk, actor=unit.executor, text="Қай үйдің жанында екенін айтыңызшы")
    replies.send_reply(answered.pk, actor=unit.head, content=EMPTY, version=0, ground=GROUND)
    open_case = make_claimed_case(unit)
    until = timezone.localdate() + dt.timedelta(days=14)
    extension.propose(open_case.pk, actor=unit.executor, until=until, ground="Құбырдың иесін анықтау керек")
    replies.save_draft(open_case.pk, actor=unit.executor, content=EMPTY, version=0)
    page = visit(url("case", answered), language=language, width=width, theme=theme, user=unit.head)
    _look(page)
    for name in ("case", *forms):
        page.goto(url(name, open_case))
        _look(page)
    page.goto(url("case-reply", open_case))
    page.locator("button[name=action][value=check]:not([tabindex])").click()
    expect(page.locator("#findings")).to_be_visible()
    _look(page)


def _look(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((details) => { details.open = true; })")
    assert_accessible(page)
    assert_fits(page)
