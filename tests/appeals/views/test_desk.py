"""The desk: a call in under a minute, nothing typed is lost, one appeal for a double click."""

import pytest
from django.test import Client
from django.urls import reverse

from appeals.models import Appeal, Channel, KnowledgeArticle, Outcome, Regime, Reply, Status
from common.rows import forget_rows
from tests.factories import (
    make_appeal,
    make_department,
    make_identified_applicant,
    make_reference,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db
PHONE = "+77010000000"


@pytest.fixture
def operator(client: Client) -> Client:
    make_reference()
    client.force_login(make_user("operator"))
    return client


def call(**values: str) -> dict[str, str]:
    usual = {
        "token": "a" * 32,
        "channel": "call109",
        "phone": "8 701 000 00 00",
        "text": "Көшеде үш күннен бері су жоқ",
        "answer_language": "kk",
        "regime": "request",
        "kind": "application",
        "applicant_type": "individual",
        "action": "register",
    }
    return usual | values


def test_call_is_registered_and_the_code_is_read_out(operator: Client) -> None:
    response = operator.post(reverse("appeals:desk"), call(), follow=True)
    appeal = Appeal.objects.get()
    assert (appeal.channel, appeal.status) == (Channel.CALL109, Status.REGISTERED)
    assert appeal.applicant.phone == PHONE
    assert appeal.applicant.contact_confirmed_at
    page = response.content.decode()
    assert appeal.number in page
    assert appeal.tracking_code in page
    assert 'name="ui-sent"' in page


def test_code_is_shown_to_the_operator_who_registered_only(operator: Client) -> None:
    operator.post(reverse("appeals:desk"), call())
    appeal = Appeal.objects.get()
    operator.force_login(make_user("operator"))
    page = operator.get(reverse("appeals:desk-done", args=[appeal.number])).content.decode()
    assert appeal.number in page
    assert appeal.tracking_code not in page


def test_double_click_registers_once(operator: Client) -> None:
    for _click in range(2):
        operator.post(reverse("appeals:desk"), call())
    assert Appeal.objects.count() == 1


def test_solved_at_first_contact_keeps_what_was_said(operator: Client) -> None:
    operator.post(reverse("appeals:desk"), call(action="solved", answer="Су бүгін сағат 18-де қосылады."))
    appeal = Appeal.objects.get()
    assert (appeal.status, appeal.outcome) == (Status.CLOSED, Outcome.FIRST_CONTACT)
    assert Reply.objects.get().text == "Су бүгін сағат 18-де қосылады."
    assert not appeal.timers.filter(stopped_at__isnull=True).exists()


def test_ready_consultation_is_the_answer(operator: Client) -> None:
    article = KnowledgeArticle.objects.create(
        slug="water", title_kk="Су жоқ", title_ru="Нет воды", body_kk="Кестені тексеріңіз.", body_ru="Проверьте график."
    )
    forget_rows()
    beside = operator.post(reverse("appeals:desk-beside"), call()).content.decode()
    assert "Кестені тексеріңіз." in beside
    operator.post(reverse("appeals:desk"), call(action="solved", article=str(article.pk)))
    assert Reply.objects.get().text == "Кестені тексеріңіз."


def test_nothing_is_stored_when_the_answer_is_missing(operator: Client) -> None:
    response = operator.post(reverse("appeals:desk"), call(action="solved"))
    assert response.status_code == 422
    assert "Көшеде үш күннен бері су жоқ" in response.content.decode()
    assert not Appeal.objects.exists()


def test_earlier_appeals_of_the_caller_are_shown_without_asking(operator: Client) -> None:
    earlier = make_appeal(applicant=make_identified_applicant(phone=PHONE))
    stranger = make_appeal(
        applicant=make_identified_applicant(phone="+77020000000"), text="Басқа мәселе туралы айтамын"
    )
    page = operator.post(reverse("appeals:desk-beside"), {"phone": "8 (701) 000-00-00"}).content.decode()
    assert earlier.number in page
    assert stranger.number not in page


def test_similar_open_appeals_are_shown_while_typing(operator: Client) -> None:
    open_one = make_appeal(text="Тәуке хан көшесінде су құбыры жарылды, су ағып жатыр")
    page = operator.post(
        reverse("appeals:desk-beside"), {"text": "құбыр жарылған, судың бәрі көшеге ағуда"}
    ).content.decode()
    assert open_one.number in page


def test_danger_to_life_says_hand_over(operator: Client) -> None:
    topic = make_topic("gas", name_kk="Газ иісі", hand_over_to="104", keywords="газ иіс, запах газа")
    page = operator.post(reverse("appeals:desk-beside"), {"topic": str(topic.pk)}).content.decode()
    assert "104" in page


def test_look_up_without_javascript_keeps_the_form(operator: Client) -> None:
    earlier = make_appeal(applicant=make_identified_applicant(phone=PHONE))
    response = operator.post(reverse("appeals:desk"), call(action="look", text=""))
    page = response.content.decode()
    assert response.status_code == 200
    assert earlier.number in page
    assert "8 701 000 00 00" in page
    assert "govuk-error-summary" not in page


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"text": "а"}, "text"),
        ({"regime": "appeal", "full_name": "Серікова Айгүл", "postal_address": "Түркістан, 1",
          "identifier": "000101300010"}, "identifier"),
        ({"regime": "appeal", "identifier": "000101300019"}, "full_name"),
        ({"channel": "front_office", "received_at": "2099-01-01T10:00"}, "received_at"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_nothing_is_lost(operator: Client, values: dict[str, str], field: str) -> None:
    response = operator.post(reverse("appeals:desk"), call(**values))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Appeal.objects.exists()


def test_paper_of_a_person_with_identity_is_a_registered_statutory_appeal(operator: Client) -> None:
    values = {
        "channel": "front_office", "regime": "appeal", "full_name": "Серікова Айгүл", "postal_address": "Түркістан, 1",
        "identifier": "000101300019", "received_at": "2026-11-02T10:00",
    }  # fmt: skip
    operator.post(reverse("appeals:desk"), call(**values))
    appeal = Appeal.objects.get()
    assert (appeal.regime, appeal.status) == (Regime.APPEAL, Status.REGISTERED)
    assert appeal.received_at.isoformat().startswith("2026-11-02T05:00")


@pytest.mark.parametrize(
    ("role", "status"), [("operator", 200), ("inspector", 200), ("executor", 403), ("analyst", 403)]
)
def test_only_those_who_register_see_the_desk(client: Client, role: str, status: int) -> None:
    make_reference()
    client.force_login(make_user(role, department=make_department()))
    assert client.get(reverse("appeals:desk")).status_code == status


def test_form_gone_back_to_and_filled_in_for_the_next_caller_registers_him_too(operator: Client) -> None:
    operator.post(reverse("appeals:desk"), call())
    operator.post(reverse("appeals:desk"), call())
    operator.post(reverse("appeals:desk"), call(phone="8 701 000 00 01", text="Шам жанбайды, көше қараңғы"))
    assert Appeal.objects.count() == 2


def test_number_of_a_confidential_registration_is_read_out_by_who_registered_it(operator: Client) -> None:
    response = operator.post(reverse("appeals:desk"), call(is_confidential="on"), follow=True)
    appeal = Appeal.objects.get()
    assert response.status_code == 200
    assert appeal.tracking_code in response.content.decode()
    assert reverse("appeals:case", args=[appeal.number]) not in response.content.decode()
    operator.force_login(make_user("operator"))
    assert operator.get(reverse("appeals:desk-done", args=[appeal.number])).status_code == 404


def test_operator_sees_beside_the_form_only_what_he_may_see(client: Client) -> None:
    make_reference()
    user = make_user("operator")
    client.force_login(user)
    person = make_identified_applicant()
    shown = make_appeal(applicant=person)
    secret = make_appeal(applicant=person, is_confidential=True)
    about_him = make_appeal(applicant=person, complaint_user_id=user.pk)
    page = client.post(
        reverse("appeals:desk-beside"), {"phone": person.phone, "text": "Көшеде су жоқ, құбыр жарылған"}
    ).content.decode()
    assert shown.number in page
    assert secret.number not in page
    assert about_him.number not in page


@pytest.mark.parametrize("received", ["0001-01-01T00:00", "2000-01-01T10:00"])
def test_paper_of_another_age_is_a_mistyped_year(operator: Client, received: str) -> None:
    response = operator.post(reverse("appeals:desk"), call(channel="front_office", received_at=received))
    assert response.status_code == 422
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("number", ["%00", "nothing", "TRK-26-0000001-%00"])
def test_a_number_that_is_none_is_not_found(operator: Client, number: str) -> None:
    assert operator.get(f"{reverse('appeals:desk')}{number}/").status_code == 404


def test_suggested_topic_is_chosen_without_javascript(operator: Client) -> None:
    topic = make_topic("lamp", keywords="шам жанбайды")
    forget_rows()
    page = operator.post(reverse("appeals:desk"), call(text="Көшеде шам жанбайды, қараңғы", action="look"))
    assert f'name="pick" value="{topic.pk}"' in page.content.decode()
    page = operator.post(reverse("appeals:desk"), call(text="Көшеде шам жанбайды, қараңғы", pick=str(topic.pk)))
    assert page.context["form"]["topic"].value() == str(topic.pk)
    assert not Appeal.objects.exists()
