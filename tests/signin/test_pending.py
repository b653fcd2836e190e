"""A sign-in that has begun is worth nothing any more once what it rests on has changed."""

import pytest
from django.utils import timezone

from signin import contacts
from tests.factories import make_reference, make_user
from tests.signin.by_form import CODE, PASSWORD, give_password, last_code
from tests.signin.people import add_app

pytestmark = pytest.mark.django_db
NEW = "көктем-дала-2027-самал"


@pytest.fixture
def user():
    make_reference()
    made = make_user(password=PASSWORD, language="en", phone="+77010000000", phone_confirmed_at=timezone.now())
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    return made


def is_in(client):
    return client.get("/my/").status_code == 200


def change_password(user):
    user.set_password(NEW)
    user.save()


def test_new_password_ends_the_sign_ins_that_the_old_one_began(client, user):
    give_password(client, user.username)
    change_password(user)
    assert client.post(CODE, {"code": last_code(template="sign_in_code")})["Location"] == "/accounts/login/"
    assert not is_in(client)
    assert client.get(CODE)["Location"] == "/accounts/login/"


def test_so_it_does_before_the_code_of_an_app(client, user):
    app = add_app(user)
    give_password(client, user.username)
    change_password(user)
    assert client.post("/accounts/2fa/authenticate/", {"code": app.now()})["Location"] == "/accounts/login/"
    assert not is_in(client)


def test_sign_in_after_a_reset_is_begun_by_the_new_password(client, user):
    """The control: what was changed before the sign-in began does not end it."""
    change_password(user)
    give_password(client, user.username, NEW)
    assert client.post(CODE, {"code": last_code(template="sign_in_code")})["Location"] == "/my/"
    assert is_in(client)


def test_code_in_a_lost_phone_opens_nothing_once_the_phone_was_taken_away(client, user):
    give_password(client, user.username)
    code = last_code(template="sign_in_code", transport="sms")
    contacts.remove(user, "sms")
    assert client.post(CODE, {"code": code}).status_code == 422
    assert not is_in(client)


def test_code_for_a_reset_opens_nothing_once_the_phone_was_taken_away(client):
    make_reference()
    user = make_user(password=PASSWORD, email="", phone="+77010000000", phone_confirmed_at=timezone.now())
    client.post("/accounts/password/reset/", {"contact": user.phone})
    code = last_code(template="password_reset_code")
    user.phone, user.phone_confirmed_at = "", None
    user.save()
    assert client.post("/accounts/password/reset/code/", {"code": code}).status_code == 422


def test_proof_for_a_reset_is_over_once_the_phone_was_taken_away(client):
    make_reference()
    user = make_user(password=PASSWORD, email="", phone="+77010000000", phone_confirmed_at=timezone.now())
    client.post("/accounts/password/reset/", {"contact": user.phone})
    client.post("/accounts/password/reset/code/", {"code": last_code(template="password_reset_code")})
    user.phone, user.phone_confirmed_at = "+77010000001", timezone.now()
    user.save()
    answer = client.post("/accounts/password/reset/new/", {"password1": NEW, "password2": NEW})
    assert answer["Location"] == "/accounts/password/reset/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
