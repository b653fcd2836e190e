"""The outside provider may come from the environment: by the same rules, and what is wrong stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from accounts.models import Role
from audit.models import AuditRecord
from config.settings import outside
from sso.models import OutsideProvider
from sso.outside import configured, providers
from tests.factories import make_reference, make_user
from tests.signin.people import PASSWORD, prove_again

pytestmark = pytest.mark.django_db
GIVEN = {
    "HALYQ_OUTSIDE_ISSUER": "https://id.example.kz",
    "HALYQ_OUTSIDE_NAME_KK": "Мемлекет",
    "HALYQ_OUTSIDE_NAME_RU": "Государство",
    "HALYQ_OUTSIDE_CLIENT_ID": "halyq",
    "HALYQ_OUTSIDE_SECRET": "s3cret-of-the-hub",
    "HALYQ_OUTSIDE_AMR": "mfa, hwk",
    "HALYQ_OUTSIDE_DOMAINS": "akimat.kz",
}


@pytest.fixture
def given(monkeypatch, settings):
    def give(**changes):
        for name, value in (GIVEN | changes).items():
            monkeypatch.setenv(name, value)
        settings.SSO_OUTSIDE = outside.read()

    give()
    return give


def test_provider_is_there_after_a_deployment(given):
    call_command("migrate", verbosity=0)
    row = OutsideProvider.objects.get()
    assert (row.slug, row.issuer, row.secret, row.identifier_claim) == (
        "outside", "https://id.example.kz", "s3cret-of-the-hub", "sub"
    )  # fmt: skip
    assert (row.strong_methods, row.email_domains) == (["mfa", "hwk"], ["akimat.kz"])
    assert "/accounts/outside/outside/" in Client().get("/accounts/login/").content.decode()
    record = AuditRecord.objects.filter(action="configured").latest("pk")
    assert record.actor is None and "s3cret" not in str(record.details)


def test_it_follows_the_settings_and_stays_switched_off(given):
    configured.follow_settings()
    row = OutsideProvider.objects.get()
    providers.switch_provider(row.pk, on=False, actor=make_user())
    given(HALYQ_OUTSIDE_SECRET="another-one", HALYQ_OUTSIDE_AMR="")
    configured.follow_settings()
    row.refresh_from_db()
    assert (row.secret, row.strong_methods, row.is_on) == ("another-one", [], False)


def test_linked_accounts_never_open_for_another_issuer(given):
    configured.follow_settings()
    given(HALYQ_OUTSIDE_ISSUER="https://other.example.kz")
    with pytest.raises(ImproperlyConfigured, match="are fixed"):
        configured.follow_settings()
    assert OutsideProvider.objects.get().issuer == "https://id.example.kz"


@pytest.mark.parametrize(
    "changes",
    [
        {"HALYQ_OUTSIDE_ISSUER": "http://id.example.kz"},
        {"HALYQ_OUTSIDE_CLAIM": "email"},
        {"HALYQ_OUTSIDE_DOMAINS": "@"},
    ],
)
def test_rules_of_the_form_hold(given, changes):
    given(**changes)
    with pytest.raises(ImproperlyConfigured, match="HALYQ_OUTSIDE"):
        configured.follow_settings()
    assert not OutsideProvider.objects.exists()


@pytest.mark.parametrize("name", ["NAME_KK", "NAME_RU", "CLIENT_ID", "SECRET"])
def test_what_is_missing_stops_the_start(given, name):
    with pytest.raises(ImproperlyConfigured, match=f"HALYQ_OUTSIDE_{name}"):
        given(**{f"HALYQ_OUTSIDE_{name}": ""})


def test_secret_may_stand_in_a_file(given, tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    given(HALYQ_OUTSIDE_SECRET="", HALYQ_OUTSIDE_SECRET_FILE=str(tmp_path / "secret"))
    assert outside.read()["secret"] == "from-a-file"


def test_without_an_issuer_there_is_none(monkeypatch):
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)
    assert outside.read() == {}


def test_pages_show_it_and_change_nothing(client, given):
    make_reference()
    configured.follow_settings()
    client.force_login(make_user(Role.ADMINISTRATOR, password=PASSWORD))
    prove_again(client)
    page = client.get("/staff/sso/outside/outside/").content.decode()
    assert "/staff/sso/outside/outside/change/" not in page
    assert client.post("/staff/sso/outside/outside/change/", {"client_id": "x"})["Location"].endswith(
        "/outside/outside/"
    )
    assert OutsideProvider.objects.get().client_id == "halyq"
