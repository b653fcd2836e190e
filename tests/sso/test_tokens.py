"""What a system gets and what becomes of it: codes, tokens, the administrator's switch, signing out, keys."""

import base64
import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from allauth.idp.oidc.models import Token
from authlib.integrations.base_client.errors import OAuthError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.utils import timezone
from joserfc.errors import JoseError

from accounts.models import Role, RoleAssignment
from audit.models import AuditRecord
from signin import trusted_devices
from sso import clients, connections
from sso.models import Connection, SystemSignIn
from sso.tasks import forget_old_sign_ins
from tests.factories import make_user
from tests.sso.relying_party import (
    SIGNED_OUT,
    RelyingParty,
    Visitor,
    describe,
    error_of,
    hidden_fields,
    leads_to,
    make_system,
    parameters_of,
    signed_in,
    tokens,
)

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_expired_code_is_refused(party, visitor):
    code = parameters_of(signed_in(party, visitor))["code"]
    key = f"allauth.idp.oidc.authorization_code[{party.client_id}:{code}]"
    assert cache.get(key)
    cache.delete(key)  # what the cache does by itself when the time is over
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


def test_nobody_stays_connected_for_longer_than_thirty_days(staying, visitor):
    token = tokens(staying, visitor)
    sign_in = SystemSignIn.objects.get()
    SystemSignIn.objects.update(at=sign_in.at - dt.timedelta(days=29))
    second = staying.session.refresh_token(staying.metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert 0 < second["refresh_expires_in"] <= 24 * 3600
    row = Token.objects.get(type=Token.Type.REFRESH_TOKEN)
    assert row.expires_at == SystemSignIn.objects.get().at + dt.timedelta(days=30)
    Token.objects.update(expires_at=timezone.now())
    with pytest.raises(OAuthError, match="invalid_grant"):
        staying.session.refresh_token(staying.metadata["token_endpoint"], refresh_token=second["refresh_token"])


def new_password(person):
    person.set_password("көктем-дала-2027-самал")
    person.save()


def other_role(person):
    RoleAssignment.objects.create(user=person, role=Role.ANALYST)


def closed(person):
    person.is_active = False
    person.save()


@pytest.mark.parametrize("act", [new_password, other_role, closed, trusted_devices.forget_all])
def test_whatever_ends_trust_ends_every_token(staying, visitor, person, act):
    """By whichever page: the administrator's password form and «that was not me» send no signal of allauth's."""
    token = tokens(staying, visitor)
    act(person)
    assert staying.userinfo(token["access_token"]).status_code == 401
    assert not Token.objects.exists()


def withdrawn(person):
    connections.withdraw(Connection.objects.get().pk, user=person)


@pytest.mark.parametrize("act", [new_password, other_role, trusted_devices.forget_all, withdrawn])
def test_whatever_ends_tokens_ends_codes_that_are_on_their_way(staying, visitor, person, act):
    """A code is good for a minute, and its refresh token for a month."""
    code = parameters_of(signed_in(staying, visitor))["code"]
    act(person)
    answer = staying.exchange(code=code, code_verifier=staying.verifier)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert not Token.objects.exists()


def test_old_sign_ins_are_forgotten_and_fresh_ones_kept(staying, visitor):
    tokens(staying, visitor)
    tokens(staying, visitor)
    old = SystemSignIn.objects.order_by("pk").first()
    SystemSignIn.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=181))
    Token.objects.filter(data__family=old.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    forget_old_sign_ins()
    assert list(SystemSignIn.objects.exclude(pk=old.pk)) == list(SystemSignIn.objects.all())
    assert Token.objects.count() == 2


def test_two_exchanges_of_one_code_at_once_give_tokens_to_one_at_most(party, visitor):
    code = parameters_of(signed_in(party, visitor))["code"]
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(party.exchange, code=code, code_verifier=party.verifier) for _turn in range(4)]
        statuses = sorted(answer.result().status_code for answer in sent)
    assert statuses == [200, 400, 400, 400]
    assert not Token.objects.exists(), "the second use ended the family"


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
    answer = visitor.post(url, hidden_fields(page.text) | {"action": "stay"})
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
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode()
