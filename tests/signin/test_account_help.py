"""Help at the desk: an exact login, masked contacts, a written ground, and notice to everybody whom it concerns."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from audit.models import AuditRecord
from notifications.models import Notification
from signin import limits, second_factor
from tests.factories import make_reference, make_user
from tests.signin.by_form import CODE, PASSWORD, give_password, last_code, last_message, sign_in

pytestmark = pytest.mark.django_db
FIND = "/staff/accounts/"
GROUND = "Телефонын жоғалтты, жеке куәлігі тексерілді"


@pytest.fixture
def user():
    make_reference()
    made = make_user(password=PASSWORD, language="en", phone="+77010000000", phone_confirmed_at=timezone.now())
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def officer(client, user):
    helper = make_user(Role.SECURITY_OFFICER, password=PASSWORD)
    client.force_login(helper)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return helper


def page_of(user):
    return f"{FIND}{user.pk}/"


def lost(client, user, **values):
    fields = {"factors": ["phone"], "ground": GROUND, "identity_checked": "on"}
    return client.post(page_of(user) + "lost/", fields | values)


def test_account_is_found_by_its_exact_login_alone_and_masked(client, officer, user):
    assert client.get(page_of(user))["Location"] == FIND
    assert client.post(FIND, {"login": user.email[:-1]}).status_code == 422
    assert client.post(FIND, {"login": "8 701 000 00 00"})["Location"] == page_of(user)
    page = client.get(page_of(user)).content.decode()
    assert "+7 701 ••• •• 00" in page
    assert user.email not in page
    row = AuditRecord.objects.get(action="viewed_identity")
    assert (row.actor, row.subject_ref) == (officer, f"user:{user.pk}")


def test_nobody_searches_through_all_accounts(client, officer, user, monkeypatch):
    monkeypatch.setattr("signin.account_help.FIND", limits.Limit("find-account", 2, limits.HOUR))
    for _ in range(3):
        client.post(FIND, {"login": "nobody"})
    assert client.post(FIND, {"login": user.email}).status_code == 422


def test_lost_phone_is_taken_away_with_a_ground_and_everybody_is_told(client, officer, user):
    theirs = Client()
    sign_in(theirs, user.username, trust="on")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    client.post(FIND, {"login": user.email})
    response = lost(client, user, factors=["phone", "app", "recovery"])
    assert response["Location"] == page_of(user)
    user.refresh_from_db()
    assert (user.phone, user.phone_confirmed_at) == ("", None)
    assert not second_factor.has_authenticator(user)
    assert theirs.get("/my/").status_code == 302
    told = Notification.objects.filter(template="factors_taken")
    assert {row.address for row in told} == {"+77010000000", user.email}
    row = AuditRecord.objects.filter(action="factor_removed").latest("id")
    assert (row.actor, row.fields, row.reason) == (officer, ["app", "phone", "recovery"], GROUND)
    assert give_password(theirs, user.username)["Location"] == CODE
    assert last_message(template="sign_in_code").address == user.email


@pytest.mark.parametrize("missing", ["ground", "identity_checked", "factors"])
def test_nothing_is_taken_away_without_ground_and_identity(client, officer, user, missing):
    client.post(FIND, {"login": user.email})
    assert lost(client, user, **{missing: ""}).status_code == 422
    user.refresh_from_db()
    assert user.phone


def test_only_contact_needs_another_one_which_its_code_confirms(client, officer, user):
    user.emailaddress_set.all().delete()
    user.email = ""
    user.save()
    client.post(FIND, {"login": user.phone})
    assert lost(client, user).status_code == 422
    assert lost(client, user, new_contact="8 701 000 00 05").status_code == 302
    user.refresh_from_db()
    assert (user.phone, user.phone_confirmed_at) == ("+77010000005", None)
    theirs = Client()
    give_password(theirs, user.username)
    theirs.post(CODE, {"code": last_code(template="sign_in_code")})
    user.refresh_from_db()
    assert user.phone_confirmed_at


def test_contact_of_another_account_is_not_given(client, officer, user):
    other = make_user(phone="+77010000006", phone_confirmed_at=timezone.now())
    client.post(FIND, {"login": user.email})
    assert lost(client, user, new_contact=other.phone).status_code == 422


def test_nobody_helps_himself(client, officer, user):
    client.post(FIND, {"login": officer.username})
    assert lost(client, officer, new_contact="8 701 000 00 05").status_code == 422
    client.post(page_of(officer) + "link/")
    assert not Notification.objects.filter(template="password_reset_key").exists()


def test_sessions_are_ended_and_a_link_is_sent(client, officer, user):
    theirs = Client()
    sign_in(theirs, user.username)
    client.post(FIND, {"login": user.email})
    assert client.get(page_of(user) + "sessions/").status_code == 200
    assert client.post(page_of(user) + "sessions/")["Location"] == page_of(user)
    assert theirs.get("/my/").status_code == 302
    client.post(page_of(user) + "link/")
    assert last_message(template="password_reset_key").address == user.email


def test_no_helper_makes_himself_somebody_of_the_staff(client, officer, user):
    """A mailbox of his own and the link to it would be all that he needs to sign in as the akim."""
    chief = make_user(Role.AKIM, password=PASSWORD)
    client.post(FIND, {"login": chief.username})
    assert lost(client, chief, factors=["email"], new_contact="helper@example.kz").status_code == 302
    assert lost(client, chief, factors=["recovery"], new_contact="8 701 000 00 07").status_code == 302
    client.post(page_of(chief) + "link/")
    assert not Notification.objects.filter(template="password_reset_key").exists()
    Client().post("/accounts/password/reset/", {"contact": "helper@example.kz"})
    assert not Notification.objects.filter(template="password_reset_key").exists()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HEAD, Role.METHODOLOGIST])
def test_others_may_not(client, user, role):
    client.force_login(make_user(role))
    assert client.get(FIND).status_code == 403
