"""Signing in: the second factor always comes, and where people land."""

import pytest
from django.test import Client

from accounts.models import Role
from notifications.models import Notification
from tests.factories import make_department, make_reference, make_user
from tests.signin.by_form import CODE, PASSWORD, give_password, last_code, last_message, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    make_reference()


@pytest.mark.parametrize(("role", "home"), [("", "/my/"), (Role.EXECUTOR, "/staff/")])
def test_everybody_lands_where_his_work_is(client, role, home):
    user = make_user(role, department=make_department() if role else None, password=PASSWORD, language="ru")
    response = sign_in(client, user.username)
    assert response["Location"] == home
    assert response.cookies["django_language"].value == "ru"
    assert client.get(home).status_code == 200


def test_password_alone_opens_nothing(client):
    user = make_user(password=PASSWORD)
    assert give_password(client, user.username)["Location"] == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/my/")["Location"].startswith("/accounts/login/")


def test_language_chosen_in_this_browser_stays(client):
    user = make_user(password=PASSWORD, language="ru")
    client.cookies["django_language"] = "en"
    assert "django_language" not in sign_in(client, user.username).cookies


@pytest.mark.parametrize("typed", ["{username}", "{email}", "{EMAIL}", " {phone} ", "8 (701) 000-00-00"])
def test_login_may_be_name_email_or_confirmed_phone(client, typed):
    user = make_user(password=PASSWORD, phone="+77010000000", phone_confirmed_at="2026-01-01T00:00Z")
    login = typed.format(username=user.username, email=user.email, EMAIL=user.email.upper(), phone=user.phone)
    assert sign_in(client, login)["Location"] == "/my/"


def test_phone_nobody_confirmed_is_no_login(client):
    make_user(password=PASSWORD, phone="+77010000000")
    assert give_password(client, "+77010000000").status_code == 200


def test_page_leads_back_to_where_one_wanted_to_go(client):
    user = make_user(password=PASSWORD)
    client.post(
        "/accounts/login/?next=/my/profile/", {"login": user.username, "password": PASSWORD, "next": "/my/profile/"}
    )
    assert client.post(CODE, {"code": last_code()})["Location"] == "/my/profile/"


def test_code_goes_to_the_chosen_contact_and_confirms_it(client):
    user = make_user(password=PASSWORD, phone="+77010000000")
    give_password(client, user.username)
    assert last_message(template="sign_in_code").transport == "sms"
    client.post("/accounts/code/send/", {"medium": "email"})
    message = last_message(template="sign_in_code")
    assert (message.transport, message.address) == ("email", user.email)
    assert client.post(CODE, {"code": last_code()})["Location"] == "/my/"
    user.refresh_from_db()
    assert user.phone_confirmed_at is None
    assert user.emailaddress_set.get().verified


def test_code_does_not_go_to_a_contact_nobody_confirmed_when_there_is_another(client):
    user = make_user(password=PASSWORD, phone="+77010000000")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    give_password(client, user.username)
    client.post("/accounts/code/send/", {"medium": "sms"})
    assert set(Notification.objects.values_list("transport", flat=True)) == {"email"}


def test_code_of_one_pending_sign_in_is_worth_nothing_in_another(client):
    user = make_user(password=PASSWORD)
    other = Client()
    give_password(client, user.username)
    first = last_code()
    give_password(other, user.username)
    if first != last_code():
        assert other.post(CODE, {"code": first}).status_code == 422
    assert client.post(CODE, {"code": first})["Location"] == "/my/"


def test_wrong_code_tells_how_many_tries_are_left(client):
    user = make_user(password=PASSWORD)
    give_password(client, user.username)
    wrong = f"{(int(last_code()) + 1) % 1_000_000:06d}"
    client.cookies["django_language"] = "en"
    page = client.post(CODE, {"code": wrong})
    assert page.status_code == 422
    assert "4 tries left" in page.content.decode()


def test_wait_for_the_next_code_is_on_the_page(client):
    user = make_user(password=PASSWORD)
    client.cookies["django_language"] = "en"
    give_password(client, user.username)
    page = client.get(CODE).content.decode()
    assert "Another code can be sent in" in page
    assert "u•••@example.kz" in page
    assert user.email not in page


def test_account_without_contact_is_told_where_to_ask(client):
    user = make_user(password=PASSWORD, email="")
    client.cookies["django_language"] = "en"
    give_password(client, user.username)
    assert "neither a phone nor an e-mail" in client.get(CODE).content.decode()


def test_sign_in_can_be_given_up(client):
    user = make_user(password=PASSWORD)
    give_password(client, user.username)
    assert client.post("/accounts/code/cancel/")["Location"] == "/accounts/login/"
    assert client.get(CODE)["Location"] == "/accounts/login/"
