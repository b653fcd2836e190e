"""A system built with Authlib signs people in through the running hub, and every way of cheating is refused."""

import time

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from django.utils import timezone

from accounts.models import Role
from sso import connections
from sso.models import Connection, SystemSignIn
from tests.factories import make_department, make_user
from tests.sso.relying_party import (
    PASSWORD,
    RelyingParty,
    Visitor,
    error_of,
    leads_to,
    make_system,
    parameters_of,
    signed_in,
    tokens,
)

pytestmark = pytest.mark.django_db(transaction=True)


# --- the way as it should be ---


def test_discovery_says_what_is_true(party, hub):
    data = party.metadata
    assert data["issuer"] == hub
    assert data["response_types_supported"] == ["code"]
    assert data["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert data["code_challenge_methods_supported"] == ["S256"]
    assert data["subject_types_supported"] == ["pairwise"]
    assert "device_authorization_endpoint" not in data
    assert "registration_endpoint" not in data
    for name, url in data.items():
        if name.endswith("_endpoint") or name == "jwks_uri":
            assert url.startswith(hub)
            assert requests.get(url, timeout=20).status_code != 404, name


def test_person_signs_in_to_a_system(party, visitor, person):
    EmailAddress.objects.create(user=person, email="aigul@example.kz", verified=True, primary=True)
    before = int(time.time())
    token = tokens(party, visitor)
    claims = party.check_id_token(token, max_age=60)
    assert claims["nonce"] == party.nonce
    assert before - 60 <= claims["auth_time"] <= before + 60
    assert claims["sub"] == Connection.objects.get().subject
    assert "name" not in claims, "personal data are fetched, not scattered in tokens"

    found = party.userinfo(token["access_token"]).json()
    assert found == {
        "sub": claims["sub"], "name": person.full_name, "given_name": "Айгүл", "family_name": person.last_name,
        "middle_name": "Маратқызы", "locale": "ru", "email": "aigul@example.kz", "email_verified": True,
    }  # fmt: skip


def test_answer_names_its_issuer_and_keeps_the_state(party, visitor, hub):
    found = parameters_of(signed_in(party, visitor))
    assert (found["iss"], found["state"]) == (hub, party.state)


def test_tokens_are_never_stored_as_they_are(party, visitor):
    token = tokens(party, visitor)
    assert Token.objects.get().hash == connections.hash_of(token["access_token"])
    assert token["expires_in"] <= 600


def test_answers_with_tokens_are_not_kept_by_caches(party, visitor):
    code = parameters_of(signed_in(party, visitor))["code"]
    answer = party.exchange(code=code, code_verifier=party.verifier)
    assert answer.headers["Cache-Control"] == "no-store"


def test_public_system_signs_in_with_pkce_alone(hub, visitor):
    system, _ = make_system(kind="public")
    party = RelyingParty(hub, system.client_id)
    assert party.check_id_token(tokens(party, visitor))["aud"] == system.client_id


def test_secret_may_stand_in_the_body(hub, visitor):
    system, secret = make_system()
    party = RelyingParty(hub, system.client_id, secret, auth_method="client_secret_post")
    assert tokens(party, visitor)["access_token"]


def test_each_system_knows_a_person_by_another_number(hub, visitor):
    subjects = set()
    for _turn in range(2):
        system, secret = make_system()
        party = RelyingParty(hub, system.client_id, secret)
        subjects.add(party.check_id_token(tokens(party, visitor))["sub"])
        subjects.add(party.check_id_token(tokens(party, visitor))["sub"])
    assert len(subjects) == 2


def test_two_factors_are_told(party, hub, person):
    now = time.time()
    records = [{"method": "password", "at": now - 40}, {"method": "code", "at": now - 30}]
    claims = party.check_id_token(tokens(party, Visitor(hub, person, records)))
    assert claims["amr"] == ["mfa", "otp", "pwd"]
    assert claims["acr"] == "urn:halyq-uni:acr:two-factors"
    assert claims["auth_time"] == int(now - 30)


def test_one_factor_is_not_called_two(party, hub, person):
    records = [{"method": "password", "at": time.time()}, {"method": "trusted_device", "at": time.time()}]
    claims = party.check_id_token(tokens(party, Visitor(hub, person, records)))
    assert (claims["amr"], claims["acr"]) == (["pwd"], "urn:halyq-uni:acr:one-factor")


def test_only_confirmed_contacts_are_handed_over(hub, visitor, person):
    system, secret = make_system()
    party = RelyingParty(hub, system.client_id, secret, scope="openid email phone")
    EmailAddress.objects.create(user=person, email="x@example.kz", verified=False, primary=True)
    person.phone = "+77010000000"
    person.save()
    assert set(party.userinfo(tokens(party, visitor)["access_token"]).json()) == {"sub"}

    person.phone_confirmed_at = timezone.now()
    person.save()
    found = party.userinfo(tokens(party, visitor)["access_token"]).json()
    assert (found["phone_number"], found["phone_number_verified"]) == ("+77010000000", True)


def test_scopes_that_were_not_asked_for_open_nothing(hub, visitor):
    system, secret = make_system()
    party = RelyingParty(hub, system.client_id, secret, scope="openid")
    assert set(party.userinfo(tokens(party, visitor)["access_token"]).json()) == {"sub"}


def test_roles_go_to_systems_that_may_have_them(hub):
    system, secret = make_system(scopes=["roles"])
    party = RelyingParty(hub, system.client_id, secret, scope="openid roles")
    official = make_user(Role.EXECUTOR, department=make_department("water"))
    found = party.userinfo(tokens(party, Visitor(hub, official))["access_token"]).json()
    assert (found["roles"], found["units"]) == (["executor"], ["water"])
    resident = party.userinfo(tokens(party, Visitor(hub, make_user()))["access_token"]).json()
    assert set(resident) == {"sub"}


# --- agreeing ---


def test_refusal_is_told_to_the_system(party, visitor):
    page = visitor.get(party.address())
    found = parameters_of(leads_to(visitor.agree(page, action="refuse")))
    assert (found["error"], found["state"]) == ("access_denied", party.state)
    assert not SystemSignIn.objects.exists()


def test_page_says_who_asks_for_what(party, visitor):
    visitor.http.cookies.set("django_language", "en")
    page = visitor.get(party.address()).text
    for word in ("Housing queue", "City akimat", "Your name and language", "Your e-mail address", "127.0.0.1:9"):
        assert word in page
    assert "Your phone number" not in page


def test_remembered_consent_is_not_asked_again_but_more_is(hub, visitor):
    system, secret = make_system()
    party = RelyingParty(hub, system.client_id, secret, scope="openid profile")
    visitor.agree(visitor.get(party.address()), remember=True)
    assert "code" in parameters_of(leads_to(visitor.get(party.address())))
    assert "asked" in visitor.get(party.address(prompt="consent")).text
    wider = RelyingParty(hub, system.client_id, secret, scope="openid profile email")
    assert "asked" in visitor.get(wider.address()).text


def test_what_was_agreed_once_does_not_widen_what_is_remembered(hub, visitor):
    system, secret = make_system()
    party = RelyingParty(hub, system.client_id, secret, scope="openid profile")
    visitor.agree(visitor.get(party.address()), remember=True)
    wider = RelyingParty(hub, system.client_id, secret, scope="openid profile email")
    visitor.agree(visitor.get(wider.address()))
    assert "asked" in visitor.get(wider.address()).text
    assert error_of(visitor.get(wider.address(prompt="none"))) == "consent_required"


def test_consent_of_once_is_asked_again(party, visitor):
    visitor.agree(visitor.get(party.address()))
    assert "asked" in visitor.get(party.address()).text


def test_withdrawn_consent_ends_tokens_and_is_asked_again(party, visitor, person):
    token = party.fetch(leads_to(visitor.agree(visitor.get(party.address()), remember=True)))
    connections.withdraw(Connection.objects.get().pk, user=person)
    assert party.userinfo(token["access_token"]).status_code == 401
    assert "asked" in visitor.get(party.address()).text


def test_page_of_consent_cannot_be_sent_by_another_person_or_site(party, visitor, hub):
    page = visitor.get(party.address())
    other = Visitor(hub, make_user())
    other.http.cookies.set("csrftoken", visitor.http.cookies["csrftoken"])
    assert other.agree(page).status_code == 400
    del visitor.http.cookies["csrftoken"]
    assert visitor.agree(page).status_code == 403
    assert not SystemSignIn.objects.exists()


def test_request_on_the_page_cannot_be_altered(party, visitor, hub):
    fields = {"asked": "forged", "action": "allow"}
    page = visitor.get(party.address())
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = visitor.post(f"{hub}/identity/o/consent", fields | {"csrfmiddlewaretoken": token})
    assert answer.status_code == 400


# --- signing in first ---


def proved(seconds_ago):
    at = time.time() - seconds_ago
    return [{"method": "password", "at": at - 10}, {"method": "code", "at": at}]


def test_nobody_is_led_to_the_sign_in_page_first(party, hub):
    answer = Visitor(hub).get(party.address())
    assert answer.headers["Location"].startswith("/accounts/login/?next=/identity/o/authorize")


def test_silent_request_never_shows_a_page(party, hub, visitor):
    assert error_of(Visitor(hub).get(party.address(prompt="none"))) == "login_required"
    assert error_of(visitor.get(party.address(prompt="none"))) == "consent_required"
    visitor.agree(visitor.get(party.address()), remember=True)
    assert "code" in parameters_of(leads_to(visitor.get(party.address(prompt="none"))))


def test_one_factor_is_nobody_yet(party, hub, person):
    """An old session, or one whose second step has not been taken: a page for people, an answer for programs."""
    visitor = Visitor(hub, person, [{"method": "password", "at": time.time()}])
    assert visitor.get(party.address()).headers["Location"].startswith("/accounts/login/?next=")
    assert error_of(visitor.get(party.address(prompt="none"))) == "login_required"
    assert not SystemSignIn.objects.exists()


def test_consent_to_one_system_is_none_to_another(hub, visitor):
    """The library alone would add up the scopes of all systems."""
    first, secret = make_system()
    tokens(RelyingParty(hub, first.client_id, secret), visitor)
    second, secret = make_system()
    assert error_of(visitor.get(RelyingParty(hub, second.client_id, secret).address(prompt="none"))) == (
        "consent_required"
    )


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "60"}, {"max_age": "0"}])
def test_old_proof_is_asked_for_anew(party, hub, person, asked):
    records = proved(seconds_ago=600)
    visitor = Visitor(hub, person, records)
    url = party.address(**asked)
    for _turn in range(2):
        assert visitor.get(url).headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert error_of(visitor.get(party.address(max_age="60", prompt="none"))) == "login_required"


def test_fresh_proof_is_enough(party, hub, person):
    visitor = Visitor(hub, person, proved(seconds_ago=600))
    url = party.address(prompt="login")
    again = hub + visitor.get(url).headers["Location"]
    page = visitor.get(again)
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    data = {"csrfmiddlewaretoken": token, "password": PASSWORD, "next": url.removeprefix(hub)}
    answer = visitor.post(again, data)
    assert answer.headers["Location"].startswith("/identity/o/authorize"), answer.text
    assert "asked" in visitor.get(hub + answer.headers["Location"]).text


def test_leaving_prompt_out_on_the_way_does_not_make_the_proof_fresh(party, hub, person):
    """The system sees it in `auth_time`, so nothing is gained by editing the address."""
    visitor = Visitor(hub, person, proved(seconds_ago=600))
    claims = party.check_id_token(tokens(party, visitor))
    assert claims["auth_time"] < time.time() - 500


def test_expected_person_is_checked(party, visitor, hub):
    hint = tokens(party, visitor)["id_token"]
    assert "asked" in visitor.get(party.address(id_token_hint=hint)).text
    other = Visitor(hub, make_user())
    assert error_of(other.get(party.address(id_token_hint=hint))) == "login_required"
    assert error_of(other.get(party.address(id_token_hint="a.b.c"))) == "invalid_request"


def test_system_for_the_staff_lets_no_residents_in(hub, visitor):
    system, secret = make_system(for_staff_only=True)
    party = RelyingParty(hub, system.client_id, secret)
    assert error_of(visitor.get(party.address())) == "access_denied"
    official = Visitor(hub, make_user(Role.EXECUTOR, department=make_department()))
    assert tokens(party, official)["access_token"]


# --- requests that break a rule ---


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "openid roles"}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "select_account"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"request": "eyJ.x.y"}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
    ],
)
def test_request_that_breaks_a_rule_is_told_to_the_system(party, visitor, asked, error):
    found = parameters_of(leads_to(visitor.get(party.address(**asked))))
    assert (found["error"], found["state"]) == (error, party.state)
    assert not SystemSignIn.objects.exists()


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/callback",
        "http://127.0.0.1:9/callback/",
        "http://127.0.0.1:9/callback?x=1",
        "http://127.0.0.1:9/callback#x",
        "http://127.0.0.1:10/callback",
        "http://127.0.0.1:9/callback/../other",
        "HTTP://127.0.0.1:9/callback",
        "http://127.0.0.1:9@evil.example/callback",
        "javascript:alert(1)",
        "",
    ],
)
def test_unregistered_address_is_never_gone_to(party, visitor, redirect_uri):
    answer = visitor.get(party.address(redirect_uri=redirect_uri))
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "Refresh" not in answer.headers


def test_doubled_parameters_are_refused(party, visitor):
    assert visitor.get(party.address() + "&redirect_uri=https://evil.example/").status_code == 400
    assert visitor.get(party.address() + "&client_id=x").status_code == 400
    assert error_of(visitor.get(party.address() + "&scope=openid")) == "invalid_request"


def test_unknown_system_is_refused_on_the_hub(party, visitor):
    assert visitor.get(party.address().replace(party.client_id, "nobody")).status_code == 400


def test_request_may_come_as_a_form(party, visitor):
    url = party.address()
    answer = visitor.post(url.split("?")[0], parameters_of(url))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/identity/o/authorize?")
