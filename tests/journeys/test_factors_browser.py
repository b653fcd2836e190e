"""Factors in a browser, in three languages: a passkey, an app, printed codes, a lost phone, a stranger thrown out."""

from __future__ import annotations

import re

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from accounts.models import User
from signin import recovery_codes, totp_codes
from signin.models import OpenSession
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_reference
from tests.signin.people import PASSWORD, PHONE, add_app, make_person, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
languages = pytest.mark.parametrize("language", ["kk", "ru", "en"])


@pytest.fixture(autouse=True)
def terms() -> None:
    make_reference()


def with_authenticator(page: Page) -> None:
    """A phone with a fingerprint, inside the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def prove(page: Page) -> None:
    page.fill("#id_password", PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def give_password(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", user.username)
    page.fill("#id_password", PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit]").first.click()


@languages
def test_a_passkey_is_made_and_opens_the_account_without_a_password(visit: Visit, language: str) -> None:
    user = make_person()
    page = visit("/accounts/security/", language=language, width=360, user=user)
    assert_accessible(page)
    with_authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    assert_accessible(page)
    prove(page)
    expect(page.locator("[data-passkey-missing]")).to_be_hidden()
    page.fill("#id_name", "Телефон")
    assert_accessible(page)
    assert_fits(page)
    page.locator("[data-passkey-button]").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".sec-codes li")).to_have_count(10)
    assert_accessible(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator(".sec-title")).to_contain_text("Телефон")
    assert_accessible(page)

    sign_out(page)
    page.goto("/accounts/login/")
    assert_accessible(page)
    page.locator("[data-passkey-button]").click()
    page.wait_for_url("**/my/")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator(".sec-title")).to_contain_text("Телефон")
    assert Authenticator.objects.get(user=user, type="webauthn").last_used_at is not None

    page.goto("/accounts/not-me/")
    page.locator(".sec-or a[href*=webauthn]").click()
    assert_accessible(page)
    page.locator("[data-passkey-button]").click()
    page.wait_for_url("**/not-me/")


@languages
def test_a_passkey_nobody_has_is_refused_in_words(visit: Visit, language: str) -> None:
    page = visit("/accounts/login/", language=language)
    with_authenticator(page)
    page.locator("[data-passkey-button]").click()
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    expect(page.locator("#id_password")).to_be_visible()


def test_without_scripts_the_other_ways_are_named(visit: Visit) -> None:
    user = make_person()
    page = visit("/accounts/2fa/webauthn/add/", user=user, js=False)
    prove(page)
    expect(page.locator("[data-passkey-missing]")).to_be_visible()
    expect(page.locator("[data-passkey-button]")).to_be_hidden()


@languages
def test_an_app_is_added_without_scripts_and_asked_for(visit: Visit, language: str) -> None:
    user = make_person()
    page = visit("/accounts/2fa/totp/activate/", language=language, width=360, user=user, js=False)
    prove(page)
    secret = re.sub(r"\s", "", page.locator("#authenticator_secret").inner_text())
    expect(page.locator(".ui-qr svg")).to_be_visible()
    assert_fits(page)
    page.fill("#id_code", pyotp.TOTP(secret).now())
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".sec-codes li")).to_have_count(10)

    # Half a minute later, as far as the account knows.
    row = Authenticator.objects.get(user=user, type="totp")
    totp_codes.remember(row, row.data[totp_codes.LAST_STEP] - 2)
    other = visit("/accounts/login/", language=language, width=360)
    give_password(other, user)
    assert_accessible(other)
    assert_fits(other)
    other.fill("#id_code", "000000")
    other.locator("main form button[type=submit]").first.click()
    expect(other.locator(".govuk-error-summary")).to_be_visible()
    assert_accessible(other)
    other.fill("#id_code", pyotp.TOTP(secret).now())
    other.locator("main form button[type=submit]").first.click()
    other.wait_for_url("**/my/")


@languages
def test_who_lost_the_phone_comes_in_with_a_printed_code(visit: Visit, language: str) -> None:
    user = make_person()
    page = visit("/accounts/2fa/recovery-codes/generate/", language=language, user=user)
    prove(page)
    assert_accessible(page)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".sec-codes li")).to_have_count(10)
    code = page.locator(".sec-codes li").first.inner_text()
    page.locator("main .ui-actions a").first.click()
    expect(page.locator("section[lang]")).to_have_count(3)
    assert_accessible(page)
    add_app(user)

    other = visit("/accounts/login/", language=language)
    give_password(other, user)
    other.locator("summary").last.click()
    other.fill("#id_code", code)
    other.locator("main form button[type=submit]").first.click()
    other.wait_for_url("**/my/")
    assert recovery_codes.count_left(user) == 9


@languages
def test_a_stranger_is_thrown_out(visit: Visit, language: str) -> None:
    user = make_person()
    thief = signed_in(user, PHONE)
    page = visit("/accounts/sessions/", language=language, width=360, user=user)
    expect(page.locator(".sec-title")).to_have_count(2)
    assert_accessible(page)
    assert_fits(page)
    page.locator(".ui-message a").last.click()
    prove(page)
    assert_accessible(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/password/change/")
    assert thief.get("/accounts/sessions/").status_code == 302
    assert OpenSession.objects.filter(user=user).count() == 1
    page.goto("/my/")
    assert "/password/change/" in page.url


def test_dark_and_wide(visit: Visit) -> None:
    user = make_person()
    add_app(user)
    for path in ("/accounts/security/", "/accounts/sessions/"):
        page = visit(path, theme="dark", user=user)
        assert_accessible(page)
        assert_fits(page, 360, 768, 1280)
