"""Members of the staff come in through an outside provider; one that errs, lies or is not known opens nothing."""

import time
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from accounts.models import Role, RoleAssignment, User
from audit.models import AuditRecord
from common.errors import Conflict, ValidationFailed
from notifications.models import Notification
from sso.authentication import methods_of
from sso.models import OutsideProvider
from sso.outside import links, providers
from tests.factories import make_department, make_reference, make_user
from tests.signin.by_form import last_code
from tests.sso.outside_idp import CLIENT, SECRET, running_idp
from tests.sso.relying_party import leads_to, parameters_of

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/outside/state/"
# What the log says of each: that the answer was refused for its flaw and not by accident.
FLAWS = {
    "issuer": "InvalidIssuerError",
    "audience": "InvalidAudienceError",
    "azp": "made for another system",
    "expired": "ExpiredSignatureError",
    "no_expiry": "MissingRequiredClaimError",
    "nonce": "not of this sign-in",
    "no_nonce": "not of this sign-in",
    "no_subject": "MissingRequiredClaimError",
    "number_as_subject": "InvalidSubjectError",
    "alg_none": "InvalidAlgorithmError",
    "shared_key": "InvalidAlgorithmError",
    "other_key": "InvalidSignatureError",
    "unknown_key": "unknown key",
    "no_id_token": "no identity token",
    "discovery": "calls itself by another name",
    "nonsense": "Expecting value",
    "redirected_keys": "redirects",
}


@pytest.fixture
def idp():
    with running_idp() as found:
        yield found


@pytest.fixture
def provider(idp):
    make_reference()
    administrator = make_user(Role.ADMINISTRATOR)
    values = {"name_kk": "Мемлекет", "name_ru": "Государство", "slug": "state", "issuer": idp.issuer,
              "client_id": CLIENT, "secret": SECRET, "strong_methods": ["mfa"], "strong_levels": ["loa3"]}  # fmt: skip
    return providers.add_provider(values, actor=administrator)


@pytest.fixture
def official(provider):
    user = make_user(Role.EXECUTOR, department=make_department(), password="сауран-самал-2026")
    links.link_identifier(provider, user, "official-7", actor=make_user(Role.ADMINISTRATOR))
    return user


def way_there(client, **data):
    return leads_to(_as_requests(client.post(LOGIN, data)))


def way_back(client, url):
    """The provider signs its person in without asking and sends him back."""
    back = requests.get(url, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def come_in(client, **data):
    return way_back(client, way_there(client, **data))


def _as_requests(response):
    response.text = response.content.decode()
    return response


def signed_in(client):
    return "_auth_user_id" in client.session


def prove(client, user):
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}, {"method": "code", "at": time.time()}
    ]  # fmt: skip
    session.save()


def test_linked_official_with_two_factors_comes_in(client, idp, official):
    idp.claims = {"amr": ["pwd", "mfa"]}
    answer = come_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/staff/")
    assert client.session["_auth_user_id"] == str(official.pk)
    assert client.get("/staff/").status_code == 200
    assert "mfa" in methods_of(client.session["account_authentication_methods"])


def test_level_that_the_administrator_accepts_counts_as_two_factors(client, idp, official):
    idp.claims = {"acr": "loa3"}
    assert come_in(client)["Location"] == "/staff/"


@pytest.mark.parametrize("claims", [{}, {"amr": ["pwd"]}, {"acr": "loa1"}, {"amr": "mfa"}, {"amr": [["mfa"]]}])
def test_one_factor_outside_is_followed_by_ours(client, idp, official, claims):
    idp.claims = claims
    assert come_in(client)["Location"] == "/accounts/code/"
    assert not signed_in(client)
    kept = str(dict(client.session))
    assert official.last_name not in kept
    assert official.email not in kept
    assert client.get("/staff/").status_code == 302


def test_our_factor_completes_the_sign_in(client, idp, official):
    come_in(client)
    answer = client.post("/accounts/code/", {"code": last_code(template="sign_in_code")})
    assert answer["Location"] == "/staff/"
    assert "mfa" in methods_of(client.session["account_authentication_methods"])


def test_request_is_bound_to_this_browser_and_sign_in(client, idp, official):
    way_there(client, scope="openid admin", auth_params="prompt=none")
    first, second = parameters_of(way_there(client)), parameters_of(way_there(client))
    assert first["code_challenge_method"] == "S256"
    assert first["scope"] == "openid"
    assert "prompt" not in first
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


@pytest.mark.parametrize("flaw", FLAWS)
def test_flawed_answer_opens_nothing(client, idp, official, flaw):
    idp.flaw, idp.claims = flaw, {"amr": ["mfa"]}
    answer = client.post(LOGIN)
    if answer.status_code == 200:
        answer = way_back(client, leads_to(_as_requests(answer)))
    assert answer.status_code == 401
    assert not signed_in(client)
    assert FLAWS[flaw] in AuditRecord.objects.get(action="sign_in_failed").details["reason"]


def test_same_answer_twice_opens_nothing(client, idp, official):
    idp.claims = {"amr": ["mfa"], "jti": "only-once"}
    assert come_in(client)["Location"] == "/staff/"
    other = Client()
    assert come_in(other).status_code == 401
    assert not signed_in(other)


def test_answer_to_another_browser_opens_nothing(client, idp, official):
    url, thief = way_there(client), Client()
    assert way_back(thief, url).status_code == 401
    assert not signed_in(thief)


def test_answer_without_or_with_another_state_opens_nothing(client, idp, official):
    way_there(client)
    for query in ("code=x", "code=x&state=guessed"):
        assert client.get(f"{LOGIN}callback/?{query}").status_code == 401
    assert not signed_in(client)


def test_answer_of_another_provider_opens_nothing(client, idp, official):
    url = way_there(client)
    back = urlsplit(requests.get(url, allow_redirects=False, timeout=10).headers["Location"])
    answer = client.get(f"{back.path}?{back.query}&iss=https://evil.example")
    assert answer.status_code == 401


def test_changed_key_of_the_provider_is_followed(client, idp, official):
    idp.claims = {"amr": ["mfa"]}
    assert come_in(client)["Location"] == "/staff/"
    idp.key = idp.new_key()
    other = Client()
    assert come_in(other)["Location"] == "/staff/"


def test_refusal_at_the_provider_is_no_failure(client, idp, official):
    idp.answers_code = False
    answer = come_in(client)
    assert answer["Location"] == "/accounts/outside/cancelled/"
    assert client.get(answer["Location"]).status_code == 200


def test_provider_that_is_down_is_said(client, idp, official):
    idp.server.shutdown()
    idp.server.server_close()
    assert client.post(LOGIN).status_code == 401


def test_provider_in_a_private_network_needs_the_operators_word(client, idp, official, settings):
    settings.OUTGOING_ALLOWED = []
    assert client.post(LOGIN).status_code == 401
    assert not idp.asked


# --- whose account it opens ---


def test_unknown_person_opens_nothing_and_no_account_is_made(client, idp, official):
    """Whatever address he has there: an e-mail address is no proof of who somebody is here."""
    EmailAddress.objects.create(user=official, email="boss@example.kz", verified=True, primary=True)
    before = User.objects.count()
    idp.person, idp.claims = "stranger", {"amr": ["mfa"], "email": "boss@example.kz", "email_verified": True}
    assert come_in(client).status_code == 403
    assert not signed_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 1)
    assert AuditRecord.objects.filter(action="sign_in_failed", details__reason="not_linked").exists()


def test_only_the_staff_comes_in_this_way(client, idp, official):
    RoleAssignment.objects.all().delete()
    assert come_in(client).status_code == 403
    assert not signed_in(client)


def test_blocked_account_stays_blocked(client, idp, official):
    User.objects.filter(pk=official.pk).update(is_active=False)
    idp.claims = {"amr": ["mfa"]}
    come_in(client)
    assert not signed_in(client)


def test_another_claim_may_name_the_person(client, idp, provider):
    OutsideProvider.objects.update(identifier_claim="employee_number")
    user = make_user(Role.EXECUTOR, department=make_department())
    links.link_identifier(provider, user, "0042", actor=user)
    idp.claims = {"amr": ["mfa"], "employee_number": "0042"}
    assert come_in(client)["Location"] == "/staff/"
    idp.claims = {"amr": ["mfa"]}
    assert come_in(Client()).status_code == 401


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"email": "a@akimat.kz", "email_verified": True}, 302),
        ({"email": "a@AKIMAT.kz", "email_verified": True}, 302),
        ({"email": "a@akimat.kz", "email_verified": False}, 401),
        ({"email": "a@akimat.kz"}, 401),
        ({"email": "a@akimat.kz.evil.example", "email_verified": True}, 401),
        ({"email": "a@akimat.kz", "email_verified": True, "sub": "somebody-else"}, 401),
        ({}, 401),
    ],
)
def test_allowed_domains_are_a_condition_and_never_a_key(client, idp, official, said, status):
    OutsideProvider.objects.update(email_domains=["akimat.kz"])
    idp.claims, idp.userinfo = {"amr": ["mfa"]}, said
    assert come_in(client).status_code == status


def test_switched_off_provider_does_not_exist(client, provider, official):
    providers.switch_provider(provider.pk, on=False, actor=official)
    assert client.post(LOGIN).status_code == 404
    assert "outside/state" not in client.get("/accounts/login/").content.decode()


def test_button_stands_on_the_sign_in_page_only_when_there_is_a_provider(client, provider):
    assert LOGIN in client.get("/accounts/login/").content.decode()
    OutsideProvider.objects.all().delete()
    assert "/accounts/outside/" not in client.get("/accounts/login/").content.decode()


def test_no_other_site_can_start_it(official):
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(LOGIN).status_code == 405
    assert strict.post(LOGIN).status_code == 403


# --- linking ---


def test_official_links_his_account_after_proving_himself(client, idp, provider):
    user = make_user(Role.EXECUTOR, department=make_department(), password="сауран-самал-2026")
    prove(client, user)
    assert come_in(client, process="connect")["Location"] == "/accounts/connected/"
    row = SocialAccount.objects.get()
    assert (row.user, row.provider, row.uid, row.extra_data) == (user, "state", "official-7", {})
    assert AuditRecord.objects.filter(action="outside_linked", actor=user).exists()
    assert Notification.objects.filter(template="outside_link").exists()
    assert "Мемлекет" in client.get("/accounts/connected/").content.decode()


def test_linking_asks_for_proof_first(client, idp, provider):
    user = make_user(Role.EXECUTOR, department=make_department(), password="сауран-самал-2026")
    client.force_login(user)
    answer = client.post(LOGIN, {"process": "connect"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not idp.asked


def test_proof_must_be_fresh_when_he_comes_back_too(client, idp, provider):
    user = make_user(Role.EXECUTOR, department=make_department(), password="сауран-самал-2026")
    prove(client, user)
    url = way_there(client, process="connect")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0, "reauthenticated": True},
                                                 {"method": "code", "at": 1.0}]  # fmt: skip
    session.save()
    assert way_back(client, url).status_code == 403
    assert not SocialAccount.objects.exists()


def test_residents_link_nothing(client, provider):
    user = make_user(password="x")
    prove(client, user)
    assert client.post(LOGIN, {"process": "connect"}).status_code == 403


def test_account_of_a_colleague_is_not_taken_over(client, idp, official):
    user = make_user(Role.EXECUTOR, department=make_department(), password="сауран-самал-2026")
    prove(client, user)
    come_in(client, process="connect")
    assert SocialAccount.objects.get().user == official


def test_other_processes_do_not_exist(client, provider):
    assert client.post(LOGIN, {"process": "redirect", "next": "https://evil.example"}).status_code == 404


def test_unlinked_account_opens_nothing_any_more(client, idp, official):
    links.unlink(SocialAccount.objects.get(), actor=official)
    idp.claims = {"amr": ["mfa"]}
    assert come_in(client).status_code == 403
    assert AuditRecord.objects.filter(action="outside_unlinked").exists()


def test_official_unlinks_his_own_account_only(client, official):
    row = SocialAccount.objects.get()
    path = f"/accounts/connected/outside/{row.pk}/unlink/"
    prove(client, make_user(Role.EXECUTOR, department=make_department()))
    assert client.post(path).status_code == 404
    prove(client, official)
    assert client.post(path).status_code == 302
    assert not SocialAccount.objects.exists()


def test_identifier_is_linked_once_and_with_the_staff_only(provider, official):
    with pytest.raises(Conflict):
        links.link_identifier(provider, make_user(Role.HEAD), "official-7", actor=official)
    with pytest.raises(ValidationFailed):
        links.link_identifier(provider, make_user(), "official-8", actor=official)


def test_secret_of_the_hub_is_encrypted_at_rest(provider):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM sso_outsideprovider")
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])
    assert OutsideProvider.objects.get().secret == SECRET
