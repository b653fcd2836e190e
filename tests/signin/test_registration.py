"""Opening an account: nothing exists before the code, and nobody learns who has an account."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from signin.models import PendingRegistration
from tests.factories import make_appeal, make_identified_applicant, make_reference, make_user
from tests.signin.by_form import PASSWORD, code_in, last_code, last_message, sign_in

pytestmark = pytest.mark.django_db
SIGNUP, ENTER = "/accounts/signup/", "/accounts/signup/code/"
GIVEN = {
    "contact": "aigul@example.kz", "password1": PASSWORD, "password2": PASSWORD,
    "last_name": "Серікова", "first_name": "Айгүл", "language": "ru",
}  # fmt: skip


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def register(client, **values):
    return client.post(SIGNUP, GIVEN | values)


@pytest.mark.parametrize(
    ("typed", "email", "phone"), [("Aigul@Example.kz", "aigul@example.kz", ""), ("8 701 000 00 00", "", "+77010000000")]
)
def test_resident_opens_an_account_with_one_contact_and_lands_at_his_appeals(client, typed, email, phone):
    assert register(client, contact=typed)["Location"] == ENTER
    assert not User.objects.exists()
    response = client.post(ENTER, {"code": last_code()})
    user = User.objects.get()
    assert response["Location"] == "/my/"
    assert (user.last_name, user.language, user.email, user.phone) == ("Серікова", "ru", email, phone)
    assert client.get("/my/").status_code == 200
    assert not PendingRegistration.objects.exists()
    assert sign_in(Client(), typed)["Location"] == "/my/"


@pytest.mark.parametrize(
    "values",
    [
        {"contact": "12"},
        {"password2": "x"},
        {"contact": "нет@"},
        {"last_name": ""},
        {"password1": "1", "password2": "1"},
    ],
)
def test_bad_registration_keeps_what_was_typed(client, values):
    response = register(client, **values)
    assert response.status_code == 422
    assert "Айгүл" in response.content.decode()
    assert "error-summary" in response.content.decode()
    assert not PendingRegistration.objects.exists()


def test_password_that_resembles_its_owner_is_refused(client):
    assert register(client, password1="aigul@example.kz", password2="aigul@example.kz").status_code == 422


def test_wrong_code_opens_nothing(client):
    register(client)
    wrong = f"{(int(last_code()) + 1) % 1_000_000:06d}"
    assert client.post(ENTER, {"code": wrong}).status_code == 422
    assert not User.objects.exists()


def test_old_registration_begins_anew(client):
    register(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(ENTER)["Location"] == SIGNUP


def test_code_of_one_registration_opens_no_other(client):
    other = Client()
    register(client)
    code = last_code()
    register(other, contact="other@example.kz")
    if code != last_code():
        assert other.post(ENTER, {"code": code}).status_code == 422
    assert not User.objects.exists()


def test_appeals_filed_with_the_contact_are_taken_in(client):
    appeal = make_appeal(applicant=make_identified_applicant(contact_confirmed=True))
    register(client, contact=appeal.applicant.phone)
    client.post(ENTER, {"code": last_code()})
    appeal.applicant.refresh_from_db()
    assert appeal.applicant.user == User.objects.get()


def test_somebody_else_may_have_opened_an_account_with_it_meanwhile(client):
    register(client)
    make_user(email="other@example.kz").emailaddress_set.create(email="aigul@example.kz", verified=True)
    assert client.post(ENTER, {"code": last_code()}).status_code == 422
    assert User.objects.count() == 1


def test_holder_of_a_known_contact_reads_that_he_has_an_account(client):
    user = make_user(password=PASSWORD)
    register(client, contact=user.email)
    assert last_message().template == "registration_known"
    assert user.email in last_message().address
    with pytest.raises(AssertionError):
        code_in(last_message())
    assert User.objects.count() == 1


def test_page_leads_to_where_one_wanted_to_go(client):
    register(client, next="/my/profile/")
    assert client.post(ENTER, {"code": last_code()})["Location"] == "/my/profile/"
    assert register(Client(), contact="b@example.kz", next="https://evil.example/").status_code == 302
    assert PendingRegistration.objects.get().next_url == ""


def test_new_account_is_led_to_a_second_way_until_it_has_one_or_wants_none(client):
    register(client)
    client.post(ENTER, {"code": last_code()})
    assert "/accounts/security/" in client.get("/my/").content.decode()
    assert client.post("/accounts/second-way/not-now/")["Location"] == "/my/"
    assert "second-way" not in client.get("/my/").content.decode()
    del client.cookies["halyq_not_now"]
    user = User.objects.get()
    user.phone, user.phone_confirmed_at = "+77010000000", timezone.now()
    user.save()
    assert "second-way" not in client.get("/my/").content.decode()
