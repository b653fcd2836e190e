"""The second factor in every session: trusted devices, old sessions, roles given later, recovery codes."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from accounts.contact_codes import IssuedCode
from accounts.models import Role, RoleAssignment
from notifications.models import Notification
from notifications.transports.sms import parts_of
from signin import code_messages, second_factor, trusted_devices
from signin.models import PasswordReset, TrustedDevice
from signin.recovery_codes import HashedRecoveryCodes
from tests.factories import make_department, make_reference, make_user
from tests.sessions import mark_two_factors
from tests.signin.by_form import CODE, PASSWORD, give_password, last_code, last_message, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    make_reference()


@pytest.fixture
def user():
    return make_user(password=PASSWORD, language="en")


@pytest.fixture
def at_home(client, user):
    """The browser of a resident who trusts it, signed out again."""
    assert sign_in(client, user.username, trust="on")["Location"] == "/my/"
    client.post("/accounts/logout/")
    return client


METHODS = [
    (("password",), False, False),
    (("password", "code"), True, True),
    (("password", "mfa"), True, True),
    (("mfa",), True, True),
    (("password", "trusted_device"), True, False),
    (("password_reset",), False, False),
    (("provider",), True, True),
    (("socialaccount",), False, False),
]


@pytest.mark.parametrize(("methods", "resident", "staff"), METHODS)
def test_what_a_session_has_to_have_seen(client, user, methods, resident, staff):
    client.force_login(user)
    mark_two_factors(client, user, *methods)
    assert (client.get("/my/").status_code == 200) is resident
    worker = make_user(Role.EXECUTOR, department=make_department(), password=PASSWORD)
    client.force_login(worker)
    mark_two_factors(client, worker, *methods)
    assert (client.get("/staff/").status_code == 200) is staff


def test_session_of_one_factor_is_led_through_the_second_one_and_back(client):
    worker = make_user(Role.ADMINISTRATOR, password=PASSWORD, is_staff=True)
    client.force_login(worker)
    mark_two_factors(client, worker, "password")
    assert client.get("/admin/accounts/user/?q=a")["Location"] == CODE
    assert client.get("/staff/")["Location"].startswith("/accounts/login/")
    assert client.post(CODE, {"code": last_code()})["Location"] == "/admin/accounts/user/?q=a"
    assert client.get("/admin/accounts/user/")["Location"].startswith("/accounts/reauthenticate/")


def test_act_of_a_session_of_one_factor_is_not_done(client):
    worker = make_user(Role.ADMINISTRATOR, password=PASSWORD, is_staff=True)
    client.force_login(worker)
    mark_two_factors(client, worker, "password")
    assert client.post("/admin/accounts/user/add/", {"username": "x"})["Location"] == CODE


def test_trusted_device_is_not_asked_for_a_code(at_home, user):
    assert give_password(at_home, user.username)["Location"] == "/my/"
    device = TrustedDevice.objects.get()
    assert device.user == user
    assert at_home.cookies["halyq_trusted"]["httponly"]
    assert at_home.cookies["halyq_trusted"].value not in device.token_hash


def test_device_of_somebody_else_is_not_trusted(at_home):
    other = make_user(password=PASSWORD)
    assert give_password(at_home, other.username)["Location"] == CODE


def test_trust_ends_after_thirty_days(at_home, user):
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        assert give_password(at_home, user.username)["Location"] == CODE


def _change(user):
    user.set_password("сәлем-жаңа-құпия-2027")
    user.save()


def _forget(user):
    trusted_devices.forget_all(user)


def _hire(user):
    RoleAssignment.objects.create(user=user, role=Role.OPERATOR)


@pytest.mark.parametrize("act", [_change, _forget, _hire])
def test_trust_ends_with_the_password_the_wish_and_the_role(at_home, user, act):
    act(user)
    password = PASSWORD if user.check_password(PASSWORD) else "сәлем-жаңа-құпия-2027"
    assert give_password(at_home, user.username, password)["Location"] == CODE


def test_session_of_a_trusted_device_ends_when_its_owner_is_hired(at_home, user):
    give_password(at_home, user.username)
    assert at_home.get("/my/").status_code == 200
    _hire(user)
    assert at_home.get("/my/")["Location"] == "/accounts/login/?next=/my/"
    assert give_password(at_home, user.username)["Location"] == CODE


def test_staff_cannot_trust_a_device(client):
    worker = make_user(Role.EXECUTOR, department=make_department(), password=PASSWORD)
    give_password(client, worker.username)
    assert 'name="trust"' not in client.get(CODE).content.decode()
    client.post(CODE, {"code": last_code(), "trust": "on"})
    assert "halyq_trusted" not in client.cookies
    assert not TrustedDevice.objects.exists()


def test_holder_of_a_key_is_asked_always(at_home, user, monkeypatch):
    monkeypatch.setattr(second_factor, "always", [lambda holder: holder.pk == user.pk])
    assert give_password(at_home, user.username)["Location"] == CODE


def test_printed_recovery_code_opens_the_account_once(client, user):
    codes = HashedRecoveryCodes(RecoveryCodes.activate(user).instance).reveal()
    give_password(client, user.username)
    assert "/accounts/code/recovery/" in client.get(CODE).content.decode()
    assert client.post("/accounts/code/recovery/", {"code": "00000000"}).status_code == 422
    assert client.post("/accounts/code/recovery/", {"code": f" {codes[0]} "})["Location"] == "/my/"
    other = Client()
    give_password(other, user.username)
    assert other.post("/accounts/code/recovery/", {"code": codes[0]}).status_code == 422


def test_who_has_an_app_is_asked_for_its_code_and_not_for_ours(client, user):
    TOTP.activate(user, generate_totp_secret())
    assert give_password(client, user.username)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get(CODE)["Location"] == "/accounts/login/"


def test_lost_phone_shows_the_ways_that_are_left(client, user):
    client.cookies["django_language"] = "en"
    user.phone = "+77010000000"
    user.save()
    give_password(client, user.username)
    page = client.get("/accounts/code/lost/").content.decode()
    assert "u•••@example.kz" in page
    assert "reception desk" in page


def test_password_reset_by_link_asks_for_the_second_factor_by_another_way(client, user):
    user.phone, user.phone_confirmed_at = "+77010000000", timezone.now()
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client.post("/accounts/password/reset/", {"contact": user.email})
    link = re.search(r"https?://[^/]+(/\S+)", last_message(template="password_reset_key").text)[1]
    page = client.get(link)["Location"]
    fields = {"password1": "көктем-дала-2027-самал", "password2": "көктем-дала-2027-самал"}
    assert client.post(page, fields)["Location"] == CODE
    assert last_message(template="sign_in_code").transport == "sms"
    client.post("/accounts/code/send/", {"medium": "email"})
    assert last_message(template="sign_in_code").transport == "sms"
    assert client.post(CODE, {"code": last_code(template="sign_in_code")})["Location"] == "/my/"
    assert not PasswordReset.objects.exists()
    assert client.get("/my/").status_code == 200


def test_password_reset_by_sms_is_for_who_has_no_address(client):
    user = make_user(password=PASSWORD, email="", phone="+77010000000", phone_confirmed_at=timezone.now())
    client.post("/accounts/password/reset/", {"contact": "8 701 000 00 00"})
    code = last_code(template="password_reset_code")
    assert client.post("/accounts/password/reset/code/", {"code": code})["Location"].endswith("/new/")
    fields = {"password1": "көктем-дала-2027-самал", "password2": "көктем-дала-2027-самал"}
    assert client.post("/accounts/password/reset/new/", fields)["Location"] == CODE
    assert "_auth_user_id" not in client.session
    user.refresh_from_db()
    assert user.check_password(fields["password1"])
    assert client.get("/accounts/password/reset/new/")["Location"] == "/accounts/password/reset/"


def test_new_password_cannot_be_set_without_the_code(client):
    make_user(password=PASSWORD, email="", phone="+77010000000", phone_confirmed_at=timezone.now())
    client.post("/accounts/password/reset/", {"contact": "8 701 000 00 00"})
    fields = {"password1": "көктем-дала-2027-самал", "password2": "көктем-дала-2027-самал"}
    assert client.post("/accounts/password/reset/new/", fields)["Location"] == "/accounts/password/reset/"
    assert get_user_model().objects.get().check_password(PASSWORD)


def test_mailbox_alone_is_not_enough_for_the_staff(client):
    worker = make_user(Role.EXECUTOR, department=make_department(), password=PASSWORD)
    client.post("/accounts/password/reset/", {"contact": worker.email})
    assert last_message().template == "ask_administrator"
    worker.phone, worker.phone_confirmed_at = "+77010000000", timezone.now()
    worker.save()
    worker.emailaddress_set.create(email=worker.email, verified=True, primary=True)
    client.post("/accounts/password/reset/", {"contact": worker.email})
    assert last_message().template == "password_reset_key"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("purpose", sorted(code_messages.SHORT))
def test_code_fits_into_one_sms(purpose, language, settings):
    settings.PUBLIC_URL = "https://uni.turkistan.gov.kz"
    issued = IssuedCode(1, "123456", "sms", "+77010000000", language, 1)
    code_messages.queue_code(issued, purpose=purpose, subject_ref="user:1")
    text = last_message().text
    assert parts_of(text) == 1, f"{len(text)}: {text}"
    assert "123456" in text


@pytest.mark.parametrize("typed", ["a@straße.kz", "ſa@strasse.kz"])
def test_new_password_goes_to_no_address_that_is_only_written_alike(client, typed):
    """«ß» is a letter of another domain, and «ſ» of another mailbox, though both fold into the owner's."""
    owner = make_user(password=PASSWORD, email="a@strasse.kz" if "ß" in typed else "sa@strasse.kz")
    client.post("/accounts/password/reset/", {"contact": typed})
    assert not Notification.objects.filter(template="password_reset_key").exists()
    client.post("/accounts/password/reset/", {"contact": owner.email.upper()})
    assert last_message(template="password_reset_key").address == owner.email


def test_trust_does_not_prolong_itself_without_a_code(at_home, user):
    before = TrustedDevice.objects.get(user=user)
    assert give_password(at_home, user.username).status_code == 302
    at_home.post("/accounts/logout/")
    at_home.post("/accounts/login/", {"login": user.username, "password": PASSWORD, "trust": "on"})
    assert "_auth_user_id" in at_home.session
    assert TrustedDevice.objects.get(user=user).pk == before.pk
