"""A system built with Authlib signs people in through the running hub, and every way of cheating is refused."""

import base64
import json
import time

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from authlib.integrations.base_client.errors import OAuthError
from django.core.cache import cache
from django.utils import timezone
from joserfc.errors import JoseError

from accounts.models import Role
from audit.models import AuditRecord
from sso import clients, connections
from sso.models import Connection, SystemSignIn
from tests.factories import make_department, make_user
from tests.sso.relying_party import (
    PASSWORD,
    SIGNED_OUT,
    RelyingParty,
    Visitor,
    describe,
    leads_to,
    make_system,
    parameters_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(party, visitor, **more):
    """The whole way with agreeing; gives the address with the code."""
    return leads_to(visitor.agree(visitor.get(party.address(**more))))


def tokens(party, visitor, **more):
    return party.fetch(signed_in(party, visitor, **more))


def error_of(response):
    return parameters_of(leads_to(response))["error"]


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
    records = [{"method": "password", "at": time.time()}]
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


def test_nobody_is_led_to_the_sign_in_page_first(party, hub):
    answer = Visitor(hub).get(party.address())
    assert answer.headers["Location"].startswith("/accounts/login/?next=/identity/o/authorize")


def test_silent_request_never_shows_a_page(party, hub, visitor):
    assert error_of(Visitor(hub).get(party.address(prompt="none"))) == "login_required"
    assert error_of(visitor.get(party.address(prompt="none"))) == "consent_required"
    visitor.agree(visitor.get(party.address()), remember=True)
    assert "code" in parameters_of(leads_to(visitor.get(party.address(prompt="none"))))


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
    records = [{"method": "password", "at": time.time() - 600}]
    visitor = Visitor(hub, person, records)
    url = party.address(**asked)
    for _turn in range(2):
        assert visitor.get(url).headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert error_of(visitor.get(party.address(max_age="60", prompt="none"))) == "login_required"


def test_fresh_proof_is_enough(party, hub, person):
    visitor = Visitor(hub, person, [{"method": "password", "at": time.time() - 600}])
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
    visitor = Visitor(hub, person, [{"method": "password", "at": time.time() - 600}])
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


# --- the exchange ---


def test_code_is_good_once_and_its_second_use_ends_the_tokens(party, visitor):
    back = signed_in(party, visitor)
    token = party.fetch(back)
    code = parameters_of(back)["code"]
    again = party.exchange(code=code, code_verifier=party.verifier)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert party.userinfo(token["access_token"]).status_code == 401
    assert AuditRecord.objects.filter(action="sso_misused").exists()


def test_wrong_verifier_spends_the_code(party, visitor):
    code = parameters_of(signed_in(party, visitor))["code"]
    wrong = party.exchange(code=code, code_verifier="x" * 43)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    assert party.exchange(code=code, code_verifier=party.verifier).json()["error"] == "invalid_grant"
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:9/other"}, "invalid_request"),
        ({"code": "guessed"}, "invalid_grant"),
    ],
)
def test_exchange_without_what_belongs_to_it_is_refused(party, visitor, data, error):
    code = parameters_of(signed_in(party, visitor))["code"]
    given = {"code": code} | ({"code_verifier": party.verifier} if data else {}) | data
    answer = party.exchange(**given)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in (error, "mismatching_redirect_uri")
    assert not Token.objects.exists()


def test_wrong_secret_gets_nothing_and_does_not_spend_the_code(party, visitor):
    code = parameters_of(signed_in(party, visitor))["code"]
    right, party.secret = party.secret, "wrong"
    answer = party.exchange(code=code, code_verifier=party.verifier)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    party.secret = ""
    assert party.exchange(code=code, code_verifier=party.verifier).status_code == 401
    party.secret = right
    assert party.exchange(code=code, code_verifier=party.verifier).status_code == 200


def test_trying_secrets_is_stopped(party, visitor):
    code = parameters_of(signed_in(party, visitor))["code"]
    right, party.secret = party.secret, "wrong"
    answers = [party.exchange(code=code, code_verifier=party.verifier).status_code for _turn in range(31)]
    assert (answers[0], answers[29], answers[30]) == (401, 401, 429)
    party.secret = right
    assert party.exchange(code=code, code_verifier=party.verifier).status_code == 429


def test_code_of_another_system_is_worth_nothing(party, visitor, hub):
    code = parameters_of(signed_in(party, visitor))["code"]
    system, secret = make_system()
    thief = RelyingParty(hub, system.client_id, secret)
    answer = thief.exchange(code=code, code_verifier=party.verifier)
    assert answer.json()["error"] == "invalid_grant"
    assert not Token.objects.exists()


def test_expired_code_is_refused(party, visitor, settings):
    settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 1
    code = parameters_of(signed_in(party, visitor))["code"]
    key = f"allauth.idp.oidc.authorization_code[{party.client_id}:{code}]"
    assert cache.get(key)
    assert cache.ttl(key) <= 1 if hasattr(cache, "ttl") else True
    cache.delete(key)  # what the cache does by itself a second later
    assert party.exchange(code=code, code_verifier=party.verifier).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "data",
    [
        {"grant_type": "password", "username": "operator", "password": "demo"},
        {"grant_type": "client_credentials"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"},
        {"grant_type": "implicit"},
        {},
    ],
)
def test_other_grants_do_not_exist(party, data):
    auth = (party.client_id, party.secret)
    answer = requests.post(party.metadata["token_endpoint"], data=data, auth=auth, timeout=20)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


# --- tokens ---


def test_tampered_identity_token_is_not_believed(party, visitor):
    token = tokens(party, visitor)
    head, body, signature = token["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "somebody"}).encode()).decode().rstrip("=")
    with pytest.raises(JoseError):
        party.check_id_token(token | {"id_token": f"{head}.{forged}.{signature}"})
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    with pytest.raises(JoseError):
        party.check_id_token(token | {"id_token": f"{none}.{forged}."})


def test_systems_that_may_not_stay_get_no_refresh_token(party, visitor):
    assert "refresh_token" not in tokens(party, visitor)
    assert not Token.objects.filter(type=Token.Type.REFRESH_TOKEN).exists()


@pytest.fixture
def staying(hub):
    system, secret = make_system()
    return RelyingParty(hub, system.client_id, secret, scope="openid profile offline_access")


def test_refresh_gives_new_tokens_and_keeps_who_and_when(staying, visitor):
    first = tokens(staying, visitor)
    claims = staying.check_id_token(first)
    second = staying.session.refresh_token(staying.metadata["token_endpoint"], refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert staying.userinfo(second["access_token"]).json()["sub"] == claims["sub"]
    later = staying.check_id_token(second, with_nonce=False)
    assert (later["sub"], later["auth_time"]) == (claims["sub"], claims["auth_time"])


def test_stolen_refresh_token_ends_the_whole_family(staying, visitor):
    first = tokens(staying, visitor)
    url = staying.metadata["token_endpoint"]
    second = staying.session.refresh_token(url, refresh_token=first["refresh_token"])
    again = staying.exchange(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert staying.userinfo(second["access_token"]).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        staying.session.refresh_token(url, refresh_token=second["refresh_token"])


def test_family_of_another_sign_in_lives_on(staying, visitor):
    lost, kept = tokens(staying, visitor), tokens(staying, visitor)
    url = staying.metadata["token_endpoint"]
    staying.session.refresh_token(url, refresh_token=lost["refresh_token"])
    staying.exchange(grant_type="refresh_token", refresh_token=lost["refresh_token"])
    assert staying.userinfo(kept["access_token"]).status_code == 200


def test_refresh_cannot_widen_the_scopes(staying, visitor):
    first = tokens(staying, visitor)
    answer = staying.exchange(grant_type="refresh_token", refresh_token=first["refresh_token"], scope="openid email")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_revoked_token_is_dead(staying, visitor):
    token = tokens(staying, visitor)
    url = staying.metadata["revocation_endpoint"]
    staying.session.revoke_token(url, token["access_token"], token_type_hint="access_token")
    assert staying.userinfo(token["access_token"]).status_code == 401
    staying.session.revoke_token(url, token["refresh_token"], token_type_hint="refresh_token")
    with pytest.raises(OAuthError, match="invalid_grant"):
        staying.session.refresh_token(staying.metadata["token_endpoint"], refresh_token=token["refresh_token"])


def test_a_system_cannot_revoke_without_its_secret(staying, visitor):
    token = tokens(staying, visitor)
    data = {"token": token["access_token"], "client_id": staying.client_id}
    assert requests.post(staying.metadata["revocation_endpoint"], data=data, timeout=20).status_code == 401
    assert staying.userinfo(token["access_token"]).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", "Basic eDp5"])
def test_userinfo_wants_a_token(party, hub, header):
    answer = requests.get(party.metadata["userinfo_endpoint"], headers={"Authorization": header}, timeout=20)
    assert answer.status_code == 401


def test_token_in_the_address_is_refused(party, visitor):
    token = tokens(party, visitor)["access_token"]
    url = f"{party.metadata['userinfo_endpoint']}?access_token={token}"
    assert requests.get(url, timeout=20).status_code == 401


def test_blocked_person_has_no_tokens(party, visitor, person):
    token = tokens(party, visitor)
    person.is_active = False
    person.save()
    assert party.userinfo(token["access_token"]).status_code == 401


# --- the administrator's switch ---


def test_switched_off_system_is_unknown_at_once(staying, visitor, hub):
    token = tokens(staying, visitor)
    waiting = parameters_of(signed_in(staying, visitor))["code"]
    system = Connection.objects.get().system
    clients.switch_off(system.pk, actor=make_user(Role.ADMINISTRATOR))
    assert staying.userinfo(token["access_token"]).status_code == 401
    assert staying.exchange(code=waiting, code_verifier=staying.verifier).status_code == 401
    refresh = staying.exchange(grant_type="refresh_token", refresh_token=token["refresh_token"])
    assert refresh.status_code in (400, 401)
    assert visitor.get(staying.address()).status_code == 400

    clients.switch_on(system.pk, actor=make_user(Role.ADMINISTRATOR))
    assert staying.userinfo(token["access_token"]).status_code == 401
    assert tokens(staying, visitor)["access_token"]


def test_secret_of_before_is_good_for_a_day(party, visitor):
    system = clients.ConnectedSystem.objects.get(client_id=party.client_id)
    old, actor = party.secret, make_user(Role.ADMINISTRATOR)
    new = clients.make_secret(system.pk, actor=actor)
    for secret, status in ((new, 200), (old, 200), ("wrong", 401)):
        code = parameters_of(signed_in(party, visitor))["code"]
        party.secret = secret
        assert party.exchange(code=code, code_verifier=party.verifier).status_code == status
    clients.ConnectedSystem.objects.update(old_secret_until=timezone.now())
    code, party.secret = parameters_of(signed_in(party, visitor))["code"], old
    assert party.exchange(code=code, code_verifier=party.verifier).status_code == 401


def test_leaked_secret_is_dead_at_once(party, visitor):
    system = clients.ConnectedSystem.objects.get(client_id=party.client_id)
    clients.make_secret(system.pk, actor=make_user(Role.ADMINISTRATOR), at_once=True)
    code = parameters_of(signed_in(party, visitor))["code"]
    assert party.exchange(code=code, code_verifier=party.verifier).status_code == 401


def test_narrowed_system_loses_its_tokens(staying, visitor):
    token = tokens(staying, visitor)
    system = Connection.objects.get().system
    clients.change_system(system.pk, describe(scopes=[]), actor=make_user(Role.ADMINISTRATOR))
    assert staying.userinfo(token["access_token"]).status_code == 401
    assert error_of(visitor.get(staying.address())) == "invalid_scope"


def test_hub_that_is_no_provider_has_no_such_addresses(settings, client):
    settings.SSO_PROVIDER = False
    for path in ("/.well-known/openid-configuration", "/.well-known/jwks.json", "/identity/o/authorize",
                 "/identity/o/api/userinfo", "/identity/o/logout"):  # fmt: skip
        assert client.get(path).status_code == 404
    assert client.post("/identity/o/api/token").status_code == 404


# --- signing out ---


def test_system_signs_the_person_out(party, visitor, person):
    token = tokens(party, visitor)
    url = party.metadata["end_session_endpoint"]
    params = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": SIGNED_OUT, "state": "s"}
    answer = visitor.get(url, params=params)
    assert leads_to(answer) == f"{SIGNED_OUT}?state=s"
    assert party.userinfo(token["access_token"]).status_code == 401
    assert visitor.get(party.address()).headers["Location"].startswith("/accounts/login/")


def test_signing_out_without_proof_is_asked(party, visitor, hub):
    tokens(party, visitor)
    url = party.metadata["end_session_endpoint"]
    page = visitor.get(url, params={"client_id": party.client_id, "post_logout_redirect_uri": SIGNED_OUT})
    assert page.status_code == 200
    assert "Refresh" not in page.headers
    fields = parameters_of("?" + "&".join(f"{k}={v}" for k, v in _fields(page.text).items()))
    answer = visitor.post(url, fields | {"action": "stay"})
    assert leads_to(answer) == SIGNED_OUT
    assert visitor.get(party.address()).status_code == 200, "still signed in"


def test_signing_out_without_the_token_of_the_page_does_nothing(party, visitor):
    url = party.metadata["end_session_endpoint"]
    answer = visitor.post(url, {"client_id": party.client_id, "action": "logout", "csrfmiddlewaretoken": "x" * 32})
    assert answer.status_code == 403
    assert visitor.get(party.address()).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", f"{SIGNED_OUT}?next=https://evil.example", "http://127.0.0.1:9/callback", "//x"],
)
def test_signing_out_leads_to_registered_addresses_only(party, visitor, address):
    token = tokens(party, visitor)
    url = party.metadata["end_session_endpoint"]
    params = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": address}
    answer = visitor.get(url, params=params)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert party.userinfo(token["access_token"]).status_code == 200


def test_address_without_any_system_is_not_gone_to(party, visitor):
    url = party.metadata["end_session_endpoint"]
    answer = Visitor(party.base).get(url, params={"post_logout_redirect_uri": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


# --- keys ---


def test_old_tokens_are_checked_after_the_key_was_changed(party, visitor, settings):
    token = tokens(party, visitor)
    settings.SSO_KEYS = [new_key(), *settings.SSO_KEYS]
    assert party.check_id_token(token)
    later = tokens(party, visitor)
    assert party.check_id_token(later)
    assert header_of(token)["kid"] != header_of(later)["kid"]
    settings.SSO_KEYS = settings.SSO_KEYS[:1]
    with pytest.raises((JoseError, ValueError)):
        party.check_id_token(token)


def header_of(token):
    return json.loads(base64.urlsafe_b64decode(token["id_token"].split(".")[0] + "=="))


def new_key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode()


def _fields(page):
    from tests.sso.relying_party import hidden_fields

    return hidden_fields(page)
