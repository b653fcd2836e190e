"""What people are told about their accounts, and proving oneself again before sensitive acts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import ContactChallenge, Role, User
from audit.models import AuditRecord
from notifications.models import Notification
from signin import known_devices, notices, passwords
from signin.models import KnownDevice, TrustedDevice
from signin.notices import What
from tests.factories import make_department
from tests.signin.by_form import sign_in
from tests.signin.people import CHROME, PASSWORD, PHONE, make_person, prove_again, signed_in

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[Notification]:
    return list(Notification.objects.filter(template=f"signin_{kind}").order_by("pk"))


def enter(client: Client, user: User, agent: str = CHROME) -> None:
    client.defaults["HTTP_USER_AGENT"] = agent
    assert sign_in(client, user.username).status_code == 302
    client.post("/accounts/logout/")


# A new device


def test_the_first_sign_in_tells_nothing_and_the_first_from_elsewhere_does():
    user = make_person(language="ru")
    home, elsewhere = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")
    enter(home, user)
    enter(home, user)
    assert told("new_device") == []
    enter(elsewhere, user, PHONE)
    (notice,) = told("new_device")
    assert (notice.transport, notice.address, notice.language) == ("email", user.email, "ru")
    assert notice.subject == "Вход с нового устройства"
    for words in ("Safari, iOS", "эта сеть", "/accounts/not-me/", "/accounts/sessions/"):
        assert words in notice.text
    enter(elsewhere, user, PHONE)
    enter(home, user)
    assert len(told("new_device")) == 1, "known now"


def test_a_cookie_taken_to_another_system_is_a_new_device():
    user = make_person()
    client = Client()
    enter(client, user)
    enter(client, user, PHONE)
    assert len(told("new_device")) == 1


def test_two_people_on_one_browser_are_not_connected():
    one, two = make_person(), make_person()
    client = Client()
    enter(client, one)
    enter(client, two)
    assert told("new_device") == []
    rows = KnownDevice.objects.all()
    assert len({row.token_hash for row in rows}) == 2
    token = client.cookies["device"].value
    assert all(token not in row.token_hash for row in rows)


def test_the_cookie_of_a_device_is_for_the_server_alone(client):
    user = make_person()
    client.defaults["HTTP_USER_AGENT"] = CHROME
    sign_in(client, user.username)
    morsel = client.cookies["device"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    other = Client()
    other.get("/accounts/login/")
    assert "device" not in other.cookies, "nobody is marked before he signs in"


@pytest.mark.parametrize("token", ["x", "!" * 32, "'; DROP TABLE--", "A" * 5000])
def test_a_made_up_cookie_is_replaced(client, token):
    user = make_person()
    client.cookies["device"] = token
    enter(client, user)
    assert known_devices.TOKEN.fullmatch(client.cookies["device"].value)


def test_a_browser_that_forgets_makes_no_endless_list():
    user = make_person()
    for number in range(known_devices.MOST_PER_PERSON + 5):
        KnownDevice.objects.create(user=user, token_hash=str(number), kind="x")
    enter(Client(), user)
    assert KnownDevice.objects.filter(user=user).count() == known_devices.MOST_PER_PERSON


def test_devices_of_long_ago_are_forgotten():
    user = make_person()
    enter(Client(), user)
    assert known_devices.forget_old() == 0
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        assert known_devices.forget_old() == 1


def test_notices_of_one_kind_are_limited():
    user = make_person()
    for number in range(notices.MOST_PER_HOUR + 5):
        notices.tell(user, What("new_device", str(number)))
    assert len(told("new_device")) == notices.MOST_PER_HOUR


def test_one_cause_is_told_once():
    user = make_person()
    assert notices.tell(user, What("totp_added", "7")) == 1
    assert notices.tell(user, What("totp_added", "7")) == 0


def test_without_a_confirmed_address_the_phone_is_told_and_strangers_never():
    typed = make_person(email="", phone="+77010000000", phone_confirmed_at=timezone.now())
    EmailAddress.objects.create(user=typed, email="stranger@example.kz", verified=False, primary=True)
    notices.tell(typed, What("password_changed", "1"))
    (notice,) = told("password_changed")
    assert (notice.transport, notice.address) == ("sms", "+77010000000")
    assert len(notice.text) < 300


def test_staff_finds_it_in_the_inbox_too():
    user = make_person(Role.EXECUTOR, department=make_department())
    notices.tell(user, What("totp_removed", "1"))
    assert {row.transport for row in told("totp_removed")} == {"email", "inbox"}
    client = signed_in(user)
    assert client.get("/staff/").status_code == 200


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("kind", sorted(notices.KINDS))
def test_every_notice_is_written_in_three_languages(kind, language):
    user = make_person(language=language)
    details = {"device": "Chrome, Windows", "place": "x", "left": "4"}
    notices.tell(user, What(kind, language, details=details))
    (notice,) = told(kind)
    assert notice.subject
    assert str(notices.KINDS[kind].sentence)
    assert "{" not in notice.text
    assert "%(" not in notice.text


# It was not me


def test_it_was_not_me_closes_everything_and_asks_for_a_new_password():
    user = make_person()
    TrustedDevice.objects.create(user=user, token_hash="x", expires_at=timezone.now() + timedelta(days=1))
    thief, client = signed_in(user, PHONE), signed_in(user)
    enter(Client(), user)
    assert client.get("/accounts/not-me/")["Location"].startswith("/accounts/reauthenticate/")
    prove_again(client)
    assert client.get("/accounts/not-me/").status_code == 200
    assert thief.get("/accounts/sessions/").status_code == 200, "asking closes nothing"
    assert client.post("/accounts/not-me/")["Location"] == "/accounts/password/change/"
    assert thief.get("/accounts/sessions/").status_code == 302
    assert not TrustedDevice.objects.exists()
    assert KnownDevice.objects.count() == 1, "this browser alone"
    assert AuditRecord.objects.filter(action="sign_in_disowned").count() == 1
    for path in ("/my/", "/accounts/security/", "/accounts/contacts/"):
        assert client.get(path)["Location"] == "/accounts/password/change/", path
    assert client.get("/accounts/password/change/").status_code == 200
    data = {"oldpassword": PASSWORD, "password1": "жаңа-құпия-сөз-7", "password2": "жаңа-құпия-сөз-7"}
    assert client.post("/accounts/password/change/", data).status_code == 302
    assert client.get("/accounts/security/").status_code == 200
    assert not passwords.is_due(user)
    sign_in(Client(HTTP_USER_AGENT=PHONE), user.username, password="жаңа-құпия-сөз-7")
    assert told("new_device"), "the next stranger is told of"


def test_a_password_that_is_due_stays_due_over_a_new_sign_in():
    user = make_person()
    passwords.make_due(user)
    client = Client()
    sign_in(client, user.username)
    assert client.get("/accounts/security/")["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/logout/").status_code == 200


# Passwords and addresses


def test_a_changed_password_is_told(client):
    user = make_person()
    client = signed_in(user)
    data = {"oldpassword": PASSWORD, "password1": "жаңа-құпия-сөз-7", "password2": "жаңа-құпия-сөз-7"}
    client.post("/accounts/password/change/", data)
    (notice,) = told("password_changed")
    assert notice.address == user.email
    assert "жаңа-құпия-сөз-7" not in notice.text
    page = client.get("/accounts/security/")
    assert page.status_code == 200
    assert passwords.changed_at(user) is not None


# Proving oneself again

NEW_PASSWORD = "көктем-дала-2027-самал"
SENSITIVE = [
    "/accounts/contacts/change/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/not-me/",
]


@pytest.mark.parametrize("path", SENSITIVE)
def test_sensitive_pages_ask_once_more_and_then_go_on(path):
    user = make_person()
    client = signed_in(user)
    answer = client.post(path, {})
    assert answer["Location"].startswith("/accounts/reauthenticate/?next="), path
    client.post(answer["Location"], {"password": PASSWORD, "next": path})
    assert "reauthenticate" not in client.post(path, {}).get("Location", "")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        later = client.post(path, {})
        assert later["Location"].startswith(("/accounts/reauthenticate/", "/accounts/password/")), (
            "a quarter of an hour is over"
        )


def test_what_was_sent_before_the_question_is_done_after_it():
    client = signed_in(make_person())
    path = "/accounts/contacts/change/"
    asked = client.post(path, {"contact": "kept@example.kz"})
    assert not ContactChallenge.objects.exists()
    client.post(asked["Location"], {"password": PASSWORD, "next": path})
    assert ContactChallenge.objects.get().address == "kept@example.kz"


def test_a_wrong_password_proves_nothing():
    client = signed_in(make_person())
    assert client.post("/accounts/reauthenticate/", {"password": "x"}).status_code == 200
    assert client.get("/accounts/not-me/").status_code == 302


def test_who_has_nothing_to_prove_himself_with_signs_in_anew():
    """He came in through an outside provider; whoever took his session must not give the account a first password."""
    user = make_person()
    user.set_unusable_password()
    user.save()
    client = signed_in(user)
    path = "/accounts/password/set/"
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer["Location"] == "/accounts/login/?next=/accounts/password/set/"
    assert "_auth_user_id" not in client.session
    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.parametrize("path", SENSITIVE)
def test_who_has_no_password_is_no_exception_from_the_proof(path):
    user = make_person()
    user.set_unusable_password()
    user.save()
    client = signed_in(user)
    assert client.get(path).status_code in (200, 302), "he has just signed in"
    assert "_auth_user_id" in client.session
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = client.post(path, {})
    assert answer["Location"] == f"/accounts/login/?next={path}"
    assert "_auth_user_id" not in client.session


def test_accounts_are_not_opened_by_an_administrator_without_a_proof():
    user = make_person(Role.ADMINISTRATOR, is_staff=True)
    user.set_unusable_password()
    user.save()
    client = signed_in(user)
    assert client.get("/admin/accounts/user/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get("/admin/accounts/user/")["Location"] == "/accounts/login/?next=/admin/accounts/user/"
