"""Opening an account and signing in: what is kept, and where people land."""

import pytest
from django.core import mail

from accounts.models import Role, User
from tests.factories import make_department, make_reference, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "сауран-самал-2026"


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def signed_up(client, **values):
    data = {
        "email": "aigul@example.kz", "password1": PASSWORD, "password2": PASSWORD,
        "last_name": "Серікова", "first_name": "Айгүл", "phone": "8 701 000 00 00", "language": "ru",
    }  # fmt: skip
    return client.post("/accounts/signup/", data | values)


def test_resident_opens_an_account_and_lands_at_his_appeals(client):
    response = signed_up(client)
    user = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/my/")
    assert (user.last_name, user.phone, user.language) == ("Серікова", "+77010000000", "ru")
    assert client.get("/my/").status_code == 200
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "values",
    [{"phone": "12"}, {"password2": "x"}, {"email": "нет"}, {"last_name": ""}, {"password1": "1", "password2": "1"}],
)
def test_bad_sign_up_keeps_what_was_typed(client, values):
    response = signed_up(client, **values)
    assert response.status_code == 200
    assert not User.objects.exists()
    assert "error-summary" in response.content.decode()


@pytest.mark.parametrize(("role", "home"), [("", "/my/"), (Role.EXECUTOR, "/staff/")])
def test_everybody_lands_where_his_work_is(client, role, home):
    user = make_user(role, department=make_department() if role else None, password=PASSWORD, language="ru")
    response = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert response["Location"] == home
    assert response.cookies["django_language"].value == "ru"


def test_language_chosen_in_this_browser_stays(client):
    user = make_user(password=PASSWORD, language="ru")
    client.cookies["django_language"] = "en"
    response = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert "django_language" not in response.cookies


def test_wrong_password_and_unknown_name_are_answered_alike(client):
    user = make_user(password=PASSWORD)
    pages = [
        client.post("/accounts/login/", {"login": login, "password": "x" * 12})
        .content.decode()
        .split("error-summary__list")[1]
        .split("</ul>")[0]
        for login in (user.username, "nobody")
    ]
    assert pages[0] == pages[1]
