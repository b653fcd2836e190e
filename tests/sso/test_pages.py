"""The administrator's pages: input is checked, a secret is shown once, every act asks for proof and is recorded."""

import re
import time

import pytest

from accounts.models import Role
from audit.models import AuditRecord
from sso import clients
from sso.models import ConnectedSystem, OutsideProvider
from tests.factories import make_department, make_organization, make_reference, make_user
from tests.sso.relying_party import make_system

pytestmark = pytest.mark.django_db
GIVEN = {"name_kk": "Кезек", "name_ru": "Очередь", "name_en": "Queue", "contact": "IT", "kind": "confidential",
         "redirect_uris": "https://kezek.example.kz/callback\r\nhttps://kezek.example.kz/callback",
         "logout_uris": "https://kezek.example.kz/bye", "scopes": ["profile", "roles"]}  # fmt: skip
PROVIDER = {"name_kk": "Мемлекет", "name_ru": "Государство", "name_en": "State", "slug": "state",
            "issuer": "https://id.gov.kz", "client_id": "halyq", "secret": "s3cret", "identifier_claim": "sub",
            "email_domains": "Akimat.kz", "strong_methods": "mfa\nhwk", "strong_levels": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def terms():
    make_reference()


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR, password="x")
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"][-1] |= {"at": time.time(), "reauthenticated": True}
    session.save()
    return user


def test_system_is_registered_and_gets_its_secret_once(client, administrator):
    answer = client.post("/staff/sso/new/", GIVEN | {"owner": make_organization().pk})
    system = ConnectedSystem.objects.get()
    assert answer["Location"] == f"/staff/sso/{system.pk}/"
    assert system.redirect_uris == ["https://kezek.example.kz/callback"]
    assert system.scopes == ["openid", "profile", "roles"]
    assert system.client_id in client.get(answer["Location"]).content.decode()

    page = client.post(f"/staff/sso/{system.pk}/secret/")
    codes = re.findall(r"<code>([^<]+)</code>", page.content.decode())
    secret = next(code for code in codes if code != system.client_id)
    system.refresh_from_db()
    assert clients.is_secret_of(system, secret)
    assert "no-store" in page["Cache-Control"]
    assert "24" not in re.sub(r"<code>.*?</code>", "", re.search(r"<main.*</main>", page.content.decode(), re.S)[0])
    again = client.post(f"/staff/sso/{system.pk}/secret/")  # the page is loaded again
    assert again["Location"] == f"/staff/sso/{system.pk}/"
    system.refresh_from_db()
    assert clients.is_secret_of(system, secret) and not system.old_secret_hash
    for path in ("", "secret/", "change/"):
        assert secret not in client.get(f"/staff/sso/{system.pk}/{path}").content.decode()
    rows = AuditRecord.objects.filter(subject_ref=f"sso:system:{system.pk}").order_by("pk")
    assert [row.details["what"] for row in rows] == ["registered", "secret_made"]
    assert secret not in str(list(AuditRecord.objects.values()))


@pytest.mark.parametrize(
    "bad",
    [{"redirect_uris": "http://kezek.example.kz/"}, {"redirect_uris": ""}, {"logout_uris": "javascript:alert(1)"},
     {"scopes": ["admin"]}, {"kind": "other"}, {"owner": ""}, {"name_kk": ""}],
)  # fmt: skip
def test_bad_description_is_refused_and_kept(client, administrator, bad):
    answer = client.post("/staff/sso/new/", GIVEN | {"owner": make_organization().pk} | bad)
    assert answer.status_code == 422
    assert "Очередь" in answer.content.decode()
    assert not ConnectedSystem.objects.exists()


def test_change_is_recorded_by_its_fields(client, administrator):
    system, _secret = make_system()
    given = GIVEN | {"owner": system.owner_id, "kind": "public"}
    assert client.post(f"/staff/sso/{system.pk}/change/", given).status_code == 302
    system.refresh_from_db()
    assert (system.name_en, system.kind) == ("Queue", "confidential")  # the kind is fixed
    last = AuditRecord.objects.filter(subject_ref=f"sso:system:{system.pk}").latest("id")
    assert last.details["what"] == "changed"
    assert "redirect_uris" in last.fields


def test_system_is_switched_off_and_on(client, administrator):
    system, _secret = make_system()
    assert client.get(f"/staff/sso/{system.pk}/switch/").status_code == 200
    for to, is_on in (("off", False), ("on", True)):
        client.post(f"/staff/sso/{system.pk}/switch/", {"to": to})
        system.refresh_from_db()
        assert system.is_on is is_on


@pytest.mark.parametrize("path", ["new/", "{}/change/", "{}/secret/", "{}/switch/", "outside/new/"])
def test_acts_ask_for_proof_again(client, path):
    system, _secret = make_system()
    client.force_login(make_user(Role.ADMINISTRATOR, password="x"))
    answer = client.post(f"/staff/sso/{path.format(system.pk)}")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_system_without_secret_has_none_to_make(client, administrator):
    system, _secret = make_system(kind="public")
    assert client.get(f"/staff/sso/{system.pk}/secret/").status_code == 404


def test_provider_is_added_and_keeps_its_secret_when_changed(client, administrator):
    assert client.post("/staff/sso/outside/new/", PROVIDER).status_code == 302
    changed = PROVIDER | {"secret": "", "issuer": "https://evil.example", "slug": "other", "client_id": "new"}
    assert client.post("/staff/sso/outside/state/change/", changed).status_code == 302
    row = OutsideProvider.objects.get()
    assert (row.secret, row.issuer, row.slug, row.client_id) == ("s3cret", "https://id.gov.kz", "state", "new")
    assert (row.email_domains, row.strong_methods) == (["akimat.kz"], ["mfa", "hwk"])
    assert "s3cret" not in client.get("/staff/sso/outside/state/change/").content.decode()
    assert "s3cret" not in str(list(AuditRecord.objects.values()))


@pytest.mark.parametrize(
    "bad",
    [{"issuer": "http://id.gov.kz"}, {"identifier_claim": "email"}, {"identifier_claim": "preferred_username"},
     {"identifier_claim": "a b"}, {"email_domains": "@akimat.kz"}, {"slug": "a/b"}],
)  # fmt: skip
def test_doubtful_provider_is_refused(client, administrator, bad):
    assert client.post("/staff/sso/outside/new/", PROVIDER | bad).status_code == 422
    assert not OutsideProvider.objects.exists()


def test_administrator_links_and_unlinks_a_colleague(client, administrator):
    client.post("/staff/sso/outside/new/", PROVIDER)
    colleague = make_user(Role.EXECUTOR, department=make_department())
    path = "/staff/sso/outside/state/"
    assert client.post(path, {"username": "nobody", "identifier": "7"}).status_code == 422
    assert client.post(path, {"username": colleague.username, "identifier": "7"}).status_code == 302
    assert client.post(path, {"username": administrator.username, "identifier": "7"}).status_code == 422
    assert colleague.username in client.get(path).content.decode()
    link = colleague.socialaccount_set.get()
    assert client.post(f"{path}{link.pk}/unlink/").status_code == 302
    assert not colleague.socialaccount_set.exists()
