"""Pages of the resident open for those who may see them, in three languages, and for nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts import contact_codes
from appeals import dialogue, events
from appeals.models import Appeal, Applicant, EventKind, Message, Outcome, Regime, Status
from appeals.views.citizen import access
from audit import trail
from audit.models import AuditRecord
from notifications.models import Notification
from tests.appeals.cases import make_claimed_case, make_unit
from tests.appeals.test_feedback import answered
from tests.factories import (
    make_appeal,
    make_department,
    make_identified_applicant,
    make_reference,
    make_topic,
    make_user,
)
from ui import dates

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def opened(client, appeal):
    """The way a person gets in: number and code."""
    return client.post("/track/", {"number": appeal.number, "code": appeal.tracking_code})


def sent_code():
    body = Notification.objects.filter(template="contact_code").latest("id").text
    return next(word for word in body.replace(".", " ").split() if word.isdecimal() and len(word) == 6)


PUBLIC = [
    "/",
    "/appeals/",
    "/appeals/new/",
    "/track/",
    "/help/",
    "/help/terms/",
    "/help/privacy/",
    "/help/accessibility/",
]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("url", PUBLIC)
def test_public_page_opens_without_a_session(client, url, language):
    make_appeal(topic_id=make_topic().pk)
    client.cookies["django_language"] = language
    response = client.get(url)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
    assert "sessionid" not in response.cookies


# Track by number and code


def test_number_and_code_open_the_case_however_they_are_typed(client):
    appeal = make_appeal()
    typed = {"number": appeal.number.lower().replace("-", " "), "code": appeal.tracking_code.lower().replace("-", "")}
    response = client.post("/track/", typed)
    assert (response.status_code, response["Location"]) == (303, f"/track/{appeal.number}/")
    assert client.get(response["Location"]).status_code == 200


def test_wrong_number_and_wrong_code_are_answered_alike(client):
    appeal, other = make_appeal(), make_appeal()
    answers = []
    for typed in (
        {"number": appeal.number, "code": other.tracking_code},
        {"number": "TRK-26-9999999-9", "code": appeal.tracking_code},
        {"number": appeal.number, "code": "x"},
    ):
        response = client.post("/track/", typed)
        assert response.status_code == 422
        answers.append(response.content.decode().split("error-summary__list")[1].split("</ul>")[0])
    assert len(set(answers)) == 1


def test_guessing_codes_is_slowed_down(client):
    appeal = make_appeal()
    statuses = [client.post("/track/", {"number": appeal.number, "code": "22222-22222"}).status_code for _ in range(31)]
    assert statuses[-1] == 429


def test_case_is_closed_to_strangers(client):
    appeal = make_appeal()
    for page in ("", "receipt/", "judgement/", "withdrawal/", "files/1/"):
        response = client.get(f"/track/{appeal.number}/{page}")
        assert (response.status_code, response["Location"]) == (302, f"/track/?number={appeal.number}")


def test_case_page_is_not_kept_by_the_browser(client):
    appeal = make_appeal()
    opened(client, appeal)
    assert "no-store" in client.get(f"/track/{appeal.number}/")["Cache-Control"]


def test_case_can_be_closed_on_a_shared_computer(client):
    appeal = make_appeal()
    opened(client, appeal)
    client.post("/track/forget/")
    assert client.get(f"/track/{appeal.number}/").status_code == 302


def test_case_page_asks_a_fixed_number_of_questions(client, django_assert_max_num_queries):
    appeal = make_appeal()
    for number in range(8):
        Message.objects.create(
            appeal=appeal, direction="in", channel="web", external_id=f"m{number}", text="Жаңа хабар"
        )
    opened(client, appeal)
    client.get(f"/track/{appeal.number}/")
    with django_assert_max_num_queries(10):
        client.get(f"/track/{appeal.number}/")


def test_internal_reasons_and_people_are_not_on_the_page(client):
    from appeals import routing, workqueue

    unit = make_department()
    inspector, executor = make_user("inspector"), make_user("executor", department=unit, last_name="Құпияев")
    head = make_user("head", department=unit)
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    workqueue.assign(appeal.pk, user_id=executor.pk, actor=head, reason="Ішкі себеп")
    opened(client, appeal)
    page = client.get(f"/track/{appeal.number}/").content.decode()
    assert unit.name_kk in page
    assert "Ішкі себеп" not in page
    assert "Құпияев" not in page


# The receipt and the code


def test_receipt_sends_the_code_once(client):
    appeal = make_appeal(applicant=make_identified_applicant())
    opened(client, appeal)
    page = client.get(f"/track/{appeal.number}/receipt/").content.decode()
    client.get(f"/track/{appeal.number}/receipt/")
    assert Notification.objects.filter(template="contact_code").count() == 1
    assert appeal.tracking_code in page
    assert "+7 701 ••• •• 00" in page
    assert "<svg" in page


def test_right_code_registers_a_statutory_appeal(client):
    appeal = make_appeal(regime=Regime.APPEAL, applicant=make_identified_applicant())
    opened(client, appeal)
    client.get(f"/track/{appeal.number}/receipt/")
    response = client.post(f"/track/{appeal.number}/code/", {"code": sent_code()})
    appeal.refresh_from_db()
    assert response.status_code == 303
    assert appeal.status == Status.REGISTERED
    assert appeal.applicant.contact_confirmed_at


def test_wrong_code_says_how_many_tries_are_left(client):
    appeal = make_appeal(applicant=make_identified_applicant())
    opened(client, appeal)
    client.get(f"/track/{appeal.number}/receipt/")
    wrong = f"{(int(sent_code()) + 1) % 1_000_000:06d}"
    client.cookies["django_language"] = "en"
    response = client.post(f"/track/{appeal.number}/code/", {"code": wrong})
    assert response.status_code == 422
    assert "You have 4 tries left" in response.content.decode()


def test_code_is_sent_again_at_most_three_times(client):
    appeal = make_appeal(applicant=make_identified_applicant())
    opened(client, appeal)
    client.get(f"/track/{appeal.number}/receipt/")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            clock.shift(timedelta(minutes=1))
            client.post(f"/track/{appeal.number}/code/again/", {"medium": "sms"})
    assert Notification.objects.filter(template="contact_code").count() == contact_codes.MOST_SENDS


def test_printed_receipt_has_what_the_law_asks_of_a_coupon(client):
    appeal = make_appeal(regime=Regime.APPEAL)
    opened(client, appeal)
    client.cookies["django_language"] = "ru"
    page = client.get(f"/track/{appeal.number}/receipt/").content.decode()
    for part in (appeal.number, "Серікова Айгүл Маратқызы", "data-print"):
        assert part in page


# Write, judge, withdraw


def test_message_joins_the_case_once(client):
    appeal = make_appeal()
    opened(client, appeal)
    for _ in range(2):
        response = client.post(f"/track/{appeal.number}/messages/", {"token": "a" * 32, "text": "Су бүгін де жоқ"})
        assert response.status_code == 303
    assert Message.objects.filter(appeal=appeal, text="Су бүгін де жоқ").count() == 1
    assert "Су бүгін де жоқ" in client.get(f"/track/{appeal.number}/").content.decode()


def test_a_question_keeps_the_name_of_the_unit_that_asked(client):
    asking, second = make_department("asking"), make_department("second")
    appeal = make_appeal()
    Appeal.objects.filter(pk=appeal.pk).update(department=asking)
    events.record(appeal, EventKind.ASSIGNED, data={"department": asking.pk}, is_public=True)
    said = Message.objects.create(appeal=appeal, direction="out", channel="web", text="Нөмірін жазыңыз")
    events.record(appeal, EventKind.MESSAGE_SENT, data={"message": said.pk}, is_public=True)
    Appeal.objects.filter(pk=appeal.pk).update(department=second)
    appeal.refresh_from_db()
    events.record(appeal, EventKind.REOPENED, data={"department": second.pk}, is_public=True)
    opened(client, appeal)
    page = client.get(f"/track/{appeal.number}/").content.decode()
    assert "asking бөлімі" in page[page.index('id="thread"') :]


def test_an_outcome_is_not_shown_while_it_is_looked_at_again(client):
    appeal = make_appeal()
    Appeal.objects.filter(pk=appeal.pk).update(outcome=Outcome.SATISFIED, status=Status.REOPENED)
    opened(client, appeal)
    assert str(Outcome.SATISFIED.label) not in client.get(f"/track/{appeal.number}/").content.decode()


def test_empty_message_is_refused(client):
    appeal = make_appeal()
    opened(client, appeal)
    response = client.post(f"/track/{appeal.number}/messages/", {"token": "a" * 32, "text": " "})
    assert response.status_code == 422
    assert 'href="#id_text"' in response.content.decode()


def test_good_file_stays_with_a_message_whose_other_file_is_bad(client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.appeals.views.test_citizen_filing import photo

    appeal = make_appeal()
    opened(client, appeal)
    bad = SimpleUploadedFile("photo2.jpg", b"MZ" + b"\x00" * 500, "image/jpeg")
    typed = {"token": "a" * 32, "text": "Суреті қоса беріліп отыр"}
    url = f"/track/{appeal.number}/messages/"
    page = client.post(url, typed | {"attachments": [photo(), bad]}).content.decode()
    assert "photo2.jpg" in page
    key = page.split('name="kept" value="')[1].split('"')[0]
    client.post(url, typed | {"kept": [key]})
    assert [row.name for row in appeal.attachments.all()] == ["photo.jpg"]


def test_answer_is_judged_from_the_page(client):
    appeal, reply = answered()
    opened(client, appeal)
    page = client.get(f"/track/{appeal.number}/").content.decode()
    assert reply.text in page
    assert f'action="/track/{appeal.number}/judgement/solved/"' in page
    response = client.post(f"/track/{appeal.number}/judgement/solved/")
    appeal.refresh_from_db()
    assert (response.status_code, response["Location"]) == (303, f"/track/{appeal.number}/rating/")
    assert appeal.status == Status.CLOSED
    assert client.post(f"/track/{appeal.number}/rating/", {}).status_code == 422
    assert client.post(f"/track/{appeal.number}/rating/", {"rating": "5"}).status_code == 303
    assert client.get(f"/track/{appeal.number}/rating/")["Location"] == f"/track/{appeal.number}/"


def test_dispute_from_the_page(client):
    appeal, _reply = answered()
    opened(client, appeal)
    data = {"verdict": "not_solved", "reasons": ["incomplete"], "wants_second_look": "on", "comment": "Су әлі жоқ"}
    client.post(f"/track/{appeal.number}/judgement/", data)
    appeal.refresh_from_db()
    assert appeal.is_disputed


def test_judgement_without_a_reason_keeps_what_was_chosen(client):
    appeal, _reply = answered()
    opened(client, appeal)
    response = client.post(f"/track/{appeal.number}/judgement/", {"verdict": "partly", "rating": "2"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="partly" checked' in page
    assert 'value="2" checked' in page


def test_withdrawal_asks_first(client):
    appeal = make_appeal()
    opened(client, appeal)
    assert client.get(f"/track/{appeal.number}/withdrawal/").status_code == 200
    client.post(f"/track/{appeal.number}/withdrawal/", {"reason": "Су келді"})
    appeal.refresh_from_db()
    assert (appeal.status, appeal.outcome) == (Status.CLOSED, Outcome.WITHDRAWN)


def test_overdue_statutory_appeal_says_where_to_complain(client, time_machine_at=None):
    from datetime import timedelta

    import time_machine
    from django.utils import timezone

    appeal = make_appeal(regime=Regime.APPEAL)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        opened(client, appeal)
        page = client.get(f"/track/{appeal.number}/").content.decode()
    assert "complain-title" in page
    opened(client, appeal)
    assert "complain-title" not in client.get(f"/track/{appeal.number}/").content.decode()


# The account


def test_my_appeals_are_for_those_who_sign_in(client):
    assert client.get("/my/").status_code == 302
    user = make_user()
    appeal = make_appeal(applicant=make_identified_applicant(user_id=user.pk))
    client.force_login(user)
    assert appeal.number in client.get("/my/").content.decode()
    assert client.get(f"/track/{appeal.number}/").status_code == 200


def test_confirmed_contact_brings_in_the_appeals_filed_with_it(client):
    mine = make_appeal(applicant=make_identified_applicant(contact_confirmed=True))
    unconfirmed = make_appeal(applicant=make_identified_applicant())
    other = make_appeal(applicant=make_identified_applicant(phone="+77010000009", contact_confirmed=True))
    user = make_user(password="сауран-самал-2026")
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": "сауран-самал-2026"})
    client.post("/accounts/contacts/change/", {"contact": "8 701 000 00 00"})
    client.post("/accounts/contacts/confirm/", {"code": sent_code()})
    page = client.get("/my/").content.decode()
    user.refresh_from_db()
    assert user.phone == "+77010000000"
    assert mine.number in page
    assert unconfirmed.number not in page
    assert other.number not in page


def test_the_profile_shows_the_iin_masked_and_leads_to_its_own_page(client):
    user = make_user(iin="000101300019")
    client.force_login(user)
    client.post("/my/profile/", {"language": "ru", "iin": "000101400015", "last_name": "Серікова"})
    user.refresh_from_db()
    page = client.get("/my/profile/").content.decode()
    assert (user.iin, user.language, user.last_name) == ("000101300019", "ru", "Серікова")
    assert "••••••••0019" in page and "/my/id/iin/" in page
    assert "000101300019" not in page


def test_owner_sees_who_looked_at_his_data(client):
    user, clerk = make_user(), make_user("inspector", post="Инспектор")
    appeal = make_appeal(applicant=make_identified_applicant(user_id=user.pk))
    trail.record(actor=clerk, action=AuditRecord.Action.VIEWED_IDENTITY, subject_ref=f"appeal:{appeal.number}")
    client.force_login(user)
    page = client.get("/my/views/").content.decode()
    assert appeal.number in page
    assert clerk.last_name not in page


# Files


def test_file_is_handed_out_only_with_the_case(client):
    from tests.appeals.views.test_citizen_filing import filled, photo

    client.post("/appeals/new/", filled(attachments=[photo()]))
    appeal = Appeal.objects.get()
    url = f"/track/{appeal.number}/files/{appeal.attachments.get().pk}/"
    response = client.get(url)
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"
    assert Client().get(url).status_code == 302


def test_internal_file_is_not_handed_out(client):
    from tests.appeals.views.test_citizen_filing import filled, photo

    client.post("/appeals/new/", filled(attachments=[photo()]))
    appeal = Appeal.objects.get()
    row = appeal.attachments.get()
    appeal.attachments.update(purpose="internal")
    assert client.get(f"/track/{appeal.number}/files/{row.pk}/").status_code == 404


def test_cookie_opens_only_its_last_twenty_cases(client):
    appeals = [make_appeal() for _ in range(access.MOST_CASES + 1)]
    for appeal in appeals:
        assert opened(client, appeal).status_code in (303, 429)
        client.cookies.pop("messages", None)
    assert client.get(f"/track/{appeals[0].number}/").status_code == 302
    assert client.get(f"/track/{appeals[-1].number}/").status_code == 200


# Asked


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_says_until_when_the_term_stands_still_and_what_then(client, language):
    unit = make_unit()
    appeal = make_claimed_case(unit)
    until = timezone.now() + timedelta(days=4)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Үйіңіздің нөмірін жазыңызшы.", until=until)
    opened(client, appeal)
    client.cookies["django_language"] = language

    html = client.get(reverse("appeals:tracking", args=[appeal.number])).content.decode()

    with translation.override(language):
        assert dates.long_date(until) in html
        assert translation.gettext("Send the answer") in html
        assert dates.long_date(until) in html.partition("ui-timeline-next")[2]
    assert 'href="#answer"' in html
    assert 'id="answer"' in html


def test_my_appeals_leads_to_the_answer(client):
    unit, user = make_unit(), make_user()
    appeal = make_claimed_case(unit)
    Applicant.objects.filter(pk=appeal.applicant_id).update(user=user)
    client.force_login(user)
    url = reverse("appeals:tracking", args=[appeal.number]) + "#answer"
    assert url not in client.get(reverse("appeals:my_appeals")).content.decode()

    dialogue.ask(appeal.pk, actor=unit.executor, text="Үйіңіздің нөмірін жазыңызшы.")

    assert url in client.get(reverse("appeals:my_appeals")).content.decode()


def test_wait_that_is_over_is_told_with_its_end(client):
    unit = make_unit()
    appeal = make_claimed_case(unit)
    dialogue.ask(appeal.pk, actor=unit.executor, text="Үйіңіздің нөмірін жазыңызшы.")
    dialogue.end_wait(appeal.pk, at=timezone.now(), why=dialogue.WaitEnd.NO_ANSWER)
    opened(client, appeal)
    client.cookies["django_language"] = "en"

    html = client.get(reverse("appeals:tracking", args=[appeal.number])).content.decode()

    assert "Your answer did not come in time." in html
    assert "The answer is due by" in html.partition("ui-timeline-next")[2]
    assert "#answer" not in html
