"""The contacts of an account: confirmed by a code, changed after the password, told to the old one."""

import pytest
from django.test import Client

from accounts import contact_codes
from audit.models import AuditRecord
from common.errors import Conflict
from notifications.models import Notification
from signin import contacts, limits, second_factor
from tests.factories import make_reference, make_user
from tests.sessions import mark_two_factors
from tests.signin.by_form import PASSWORD, last_code, last_message

pytestmark = pytest.mark.django_db
PAGE, CHANGE, CONFIRM = "/accounts/contacts/", "/accounts/contacts/change/", "/accounts/contacts/confirm/"


@pytest.fixture
def user():
    make_reference()
    made = make_user(password=PASSWORD, language="en")
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_change_asks_for_the_password_first(client, user):
    client.force_login(user)
    response = client.post(CHANGE, {"contact": "8 701 000 00 00"})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not Notification.objects.exists()
    client.post(response["Location"], {"password": PASSWORD})
    assert last_message().address == "+77010000000"


def test_contact_is_the_accounts_own_only_after_its_code(signed_in, user):
    signed_in.post(CHANGE, {"contact": "8 701 000 00 00"})
    user.refresh_from_db()
    assert user.phone == ""
    signed_in.post(CONFIRM, {"code": last_code()})
    user.refresh_from_db()
    assert user.phone == "+77010000000"
    assert contacts.confirmed_media(user) == {"sms", "email"}
    assert AuditRecord.objects.filter(action="phone_changed").exists()


def test_old_address_is_told_of_a_new_one_and_signs_in_no_more(signed_in, user):
    old = user.email
    signed_in.post(CHANGE, {"contact": "new@example.kz"})
    signed_in.post(CONFIRM, {"code": last_code(template="contact_code")})
    told = last_message(template="contact_changed")
    assert told.address == old
    user.refresh_from_db()
    assert user.email == "new@example.kz"
    assert [row.email for row in user.emailaddress_set.all()] == ["new@example.kz"]
    assert Client().post("/accounts/login/", {"login": old, "password": PASSWORD}).status_code == 200


def test_contact_of_another_account_is_not_taken_away(signed_in, user):
    other = make_user(phone="+77010000000", phone_confirmed_at="2026-01-01T00:00Z")
    signed_in.post(CHANGE, {"contact": other.phone})
    response = signed_in.post(CONFIRM, {"code": last_code()})
    assert response.status_code == 422
    other.refresh_from_db()
    user.refresh_from_db()
    assert (other.phone, user.phone) == ("+77010000000", "")


def test_only_confirmed_contact_stays(user):
    user.phone = "+77010000000"
    user.save()
    with pytest.raises(Conflict):
        contacts.remove(user, "email")
    contacts.mark_confirmed(user, "sms", "+77010000000")
    contacts.remove(user, "email")
    assert [way.medium for way in second_factor.ways_of(user)] == ["sms"]
    assert last_message(template="contact_changed").transport == "email"


def test_contact_is_taken_away_after_a_question(signed_in, user):
    contacts.mark_confirmed(user, "sms", "+77010000000")
    assert signed_in.get("/accounts/contacts/remove/email/").status_code == 200
    assert signed_in.post("/accounts/contacts/remove/email/")["Location"] == PAGE
    user.refresh_from_db()
    assert (user.email, user.phone) == ("", "+77010000000")
    signed_in.post("/accounts/contacts/remove/sms/")
    user.refresh_from_db()
    assert user.phone


def test_page_of_allauth_leads_to_ours(client, user):
    client.force_login(user)
    assert client.get("/accounts/email/")["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert user.email in page


def test_pages_are_for_who_is_signed_in(client):
    for path in (PAGE, "/accounts/contacts/remove/sms/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")
    for path in (CHANGE, CONFIRM):
        assert client.post(path)["Location"].startswith("/accounts/login/")


def test_session_of_one_factor_cannot_change_contacts(client, user):
    client.force_login(user)
    mark_two_factors(client, user, "password")
    assert client.post(CHANGE, {"contact": "8 701 000 00 00"})["Location"] == "/accounts/code/"


def test_one_account_does_not_write_to_all_the_numbers_of_the_city(signed_in, user):
    """Each code costs money and may be a nuisance to a stranger: there is a limit whatever the numbers are."""
    for number in range(30):
        response = signed_in.post(CHANGE, {"contact": f"+7701000{number:04}"})
    assert response.status_code == 422
    assert Notification.objects.filter(template="contact_code").count() == limits.CONTACT_SENDS.most


def test_codes_for_contacts_are_tried_within_the_limit_of_the_account(signed_in, user, monkeypatch):
    """Else somebody goes from number to number, with five tries at each."""
    tried = []
    monkeypatch.setattr(contact_codes, "_is_right", lambda challenge, code: tried.append(code))
    for number in range(5):
        signed_in.post(CHANGE, {"contact": f"+7701000{number:04}"})
        for _ in range(5):
            signed_in.post(CONFIRM, {"code": "000000"})
    assert len(tried) == limits.CODE.most
