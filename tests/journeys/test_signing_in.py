"""Registering and signing in as people do it, in three languages, with and without scripts."""

import os

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from signin.models import TrustedDevice
from signin.recovery_codes import HashedRecoveryCodes
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_reference, make_user
from tests.signin.by_form import PASSWORD, enter_code_on, last_code, last_message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = pytest.mark.parametrize("language", ["kk", "ru", "en"])
SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["with-scripts", "without"])
HOME = "**/my/"
PICTURES = os.environ.get("SIGN_IN_PICTURES")


@pytest.fixture(autouse=True)
def terms() -> None:
    make_reference()


@pytest.fixture
def user() -> User:
    made = make_user(password=PASSWORD, phone="+77010000000", phone_confirmed_at=timezone.now())
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    return made


def looked_at(page: Page, name: str) -> None:
    """axe and the narrowest phone are content; with SIGN_IN_PICTURES=folder one can look too."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    if page.evaluate("() => document.documentElement.lang") and "without" not in name:
        assert_accessible(page)
        assert_fits(page)


def submit(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


def password_on(page: Page, login: str) -> None:
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    submit(page)
    page.locator("input[name=code]").wait_for()


def signed_in(page: Page) -> None:
    page.wait_for_url(HOME)
    expect(page.locator("form[action='/accounts/logout/'], a[href='/accounts/logout/']").first).to_be_attached()


@LANGUAGES
@pytest.mark.parametrize(("typed", "transport"), [("aigul@example.kz", "email"), ("8 701 000 00 07", "sms")])
def test_register_by_email_or_by_phone_alone(visit: Visit, language: str, typed: str, transport: str) -> None:
    page = visit("/accounts/signup/", language=language, width=360)
    looked_at(page, f"register-{language}")
    for name, value in {"last_name": "Серікова", "first_name": "Айгүл", "contact": typed}.items():
        page.locator(f"input[name={name}]").fill(value)
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    submit(page)
    page.locator("input[name=code]").wait_for()
    looked_at(page, f"register-code-{language}")
    assert last_message().transport == transport
    enter_code_on(page, template="registration_code")
    signed_in(page)
    assert User.objects.get().language == language


@LANGUAGES
@pytest.mark.parametrize("medium", ["sms", "email"])
def test_sign_in_by_code(visit: Visit, user: User, language: str, medium: str) -> None:
    page = visit("/accounts/login/", language=language, width=360)
    password_on(page, user.email)
    if medium == "email":
        page.locator("button[name=medium][value=email]").click()
        page.locator("input[name=code]").wait_for()
    looked_at(page, f"code-{medium}-{language}")
    assert last_message().transport == medium
    page.locator("input[name=code]").fill("12345x")
    submit(page)
    expect(page.locator("[data-error-summary], .govuk-error-summary").first).to_be_visible()
    looked_at(page, f"code-wrong-{language}")
    enter_code_on(page, template="sign_in_code")
    signed_in(page)


@SCRIPTS
def test_sign_in_works_without_scripts(visit: Visit, user: User, js: bool) -> None:
    page = visit("/accounts/login/", language="kk", width=360, js=js)
    password_on(page, "8 701 000 00 00")
    enter_code_on(page, template="sign_in_code")
    signed_in(page)


@LANGUAGES
def test_trusted_device_is_asked_for_no_code_next_time(visit: Visit, user: User, language: str) -> None:
    page = visit("/accounts/login/", language=language)
    password_on(page, user.username)
    page.locator("input[name=trust]").check()
    enter_code_on(page, template="sign_in_code")
    signed_in(page)
    assert TrustedDevice.objects.get().user == user
    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit]").first.click()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(user.username)
    page.locator("input[name=password]").fill(PASSWORD)
    submit(page)
    signed_in(page)


@LANGUAGES
def test_lost_phone_with_a_printed_recovery_code(visit: Visit, user: User, language: str) -> None:
    code = HashedRecoveryCodes(RecoveryCodes.activate(user).instance).reveal()[0]
    page = visit("/accounts/login/", language=language, width=360)
    password_on(page, user.username)
    page.locator("a[href='/accounts/code/lost/']").click()
    page.locator("a[href='/accounts/code/recovery/']").wait_for()
    looked_at(page, f"lost-{language}")
    page.locator("a[href='/accounts/code/recovery/']").click()
    page.locator("input[name=code]").fill(code)
    looked_at(page, f"recovery-{language}")
    submit(page)
    signed_in(page)


@LANGUAGES
def test_lost_phone_with_another_contact(visit: Visit, user: User, language: str) -> None:
    page = visit("/accounts/login/", language=language, width=360)
    password_on(page, user.username)
    page.locator("a[href='/accounts/code/lost/']").click()
    page.locator("button[name=medium][value=email]").click()
    page.locator("input[name=code]").wait_for()
    assert last_message().transport == "email"
    enter_code_on(page, template="sign_in_code")
    signed_in(page)


@LANGUAGES
def test_forgotten_password_and_changed_contact(visit: Visit, user: User, language: str) -> None:
    page = visit("/accounts/password/reset/", language=language, width=360)
    looked_at(page, f"reset-{language}")
    page.locator("input[name=contact]").fill(user.email)
    submit(page)
    link = next(word for word in last_message(template="password_reset_key").text.split() if word.startswith("http"))
    page.goto(link)
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill("көктем-дала-2027-самал")
    submit(page)
    enter_code_on(page, template="sign_in_code")
    signed_in(page)
    page.goto("/accounts/contacts/")
    looked_at(page, f"contacts-{language}")
    page.locator("input[name=contact]").fill("8 701 000 00 08")
    submit(page)
    page.locator("input[name=password]").fill("көктем-дала-2027-самал")
    submit(page)
    page.locator("input[name=code]").wait_for()
    looked_at(page, f"contacts-code-{language}")
    page.locator("input[name=code]").fill(last_code(template="contact_code"))
    submit(page)
    expect(page.get_by_text("+7 701 000 00 08").first).to_be_visible()
    assert User.objects.get().phone == "+77010000008"


def test_newcomer_to_the_demo_city_finds_his_code(visit: Visit, user: User) -> None:
    page = visit("/accounts/login/", language="en")
    password_on(page, user.username)
    page.locator("a[href='/demo/messages/']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Messages of the invented city")
    looked_at(page, "demo-messages")
