"""A partner's application signs a resident in through the hub, in a real browser: second factor, consent, back, out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from sso.models import Connection
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_reference, make_user
from tests.signin.by_form import PASSWORD, last_code
from tests.sso.relying_party import RelyingParty, make_system

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "kk": ("Келісемін, кіру", "Келіспеймін", "Аты-жөніңізді"),
    "ru": ("Согласиться и войти", "Не соглашаться", "Ваше имя"),
    "en": ("Agree and sign in", "Do not agree", "Your name"),
}


class Partner:
    """A small application that knows the hub through Authlib alone. One visitor, over several connections."""

    def __init__(self) -> None:
        self.server: WSGIServer = make_server(
            "127.0.0.1", 0, self.answer, server_class=_Threading, handler_class=_Quiet
        )
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.party: RelyingParty | None = None
        self.token: dict[str, Any] = {}
        self.more: dict[str, str] = {}

    def answer(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        assert self.party is not None
        path, query = environ["PATH_INFO"], dict(parse_qsl(environ["QUERY_STRING"]))
        if path == "/login":
            return _redirect(start, self.party.address(**self.more))
        if path == "/callback" and "code" in query:
            self.token = self.party.fetch(f"{self.base}/callback?{environ['QUERY_STRING']}")
            self.party.check_id_token(self.token)
            return _redirect(start, "/welcome")  # one more hop, which `form-action` would have to know as well
        if path == "/welcome":
            name = self.party.userinfo(self.token["access_token"]).json().get("name", "?")
            return _page(start, f"<h1>Welcome, {name}</h1><a href='/logout'>out</a>")
        if path == "/logout":
            end = self.party.metadata["end_session_endpoint"]
            back = f"{self.base}/bye"
            return _redirect(start, f"{end}?id_token_hint={self.token['id_token']}&post_logout_redirect_uri={back}")
        return _page(start, f"<h1>{path} {query.get('error', '')}</h1>")


class _Threading(ThreadingMixIn, WSGIServer):
    """A browser opens connections ahead of need; one at a time would have waited for those."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Quiet."""


def _redirect(start: Any, url: str) -> list[bytes]:
    start("302 Found", [("Location", url)])
    return [b""]


def _page(start: Any, body: str) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [f"<!doctype html><html lang=en><title>Partner</title><link rel=icon href=data:,>{body}</html>".encode()]


@pytest.fixture
def partner(live_server: Any, settings: Any) -> Iterator[Partner]:
    settings.PUBLIC_URL = live_server.url
    make_reference()
    found = Partner()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    system, secret = make_system(
        redirect_uris=[f"{found.base}/callback"], logout_uris=[f"{found.base}/bye"], scopes=["profile"]
    )
    found.party = RelyingParty(
        live_server.url, system.client_id, secret, scope="openid profile", redirect_uri=f"{found.base}/callback"
    )
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join(timeout=5)


@pytest.fixture
def resident() -> User:
    return make_user(username="aigul", password=PASSWORD, language="ru")


def sign_in_at_the_hub(page: Page) -> None:
    """Two forms of the hub, one after the other; what follows them leads to the partner in the end."""
    page.fill("#id_login", "aigul")
    page.fill("#id_password", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/accounts/code/"))
    page.fill("#id_code", last_code(template="sign_in_code"))
    page.locator("main form button[type=submit]").first.click()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_resident_signs_in_to_a_partner_and_out_again(
    visit: Visit, partner: Partner, resident: User, language: str
) -> None:
    allow, refuse, name = WORDS[language]
    page = visit("/", language=language, width=360)
    page.goto(f"{partner.base}/login")
    sign_in_at_the_hub(page)

    expect(page.locator("main")).to_contain_text(name)
    expect(page.get_by_role("button", name=refuse)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.check("#id_remember")
    page.get_by_role("button", name=allow).click()
    expect(page.locator("h1")).to_have_text(f"Welcome, {resident.full_name}")

    page.click("a")
    expect(page.locator("h1")).to_contain_text("/bye")
    page.goto(f"{partner.base}/login")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    # He asked not to be asked again: the form of the second factor leads straight to the partner's address.
    sign_in_at_the_hub(page)
    expect(page.locator("h1")).to_have_text(f"Welcome, {resident.full_name}")


def test_whoever_is_signed_in_goes_straight_through_without_scripts(
    visit: Visit, partner: Partner, resident: User
) -> None:
    page = visit("/", language="en", user=resident, js=False)
    page.goto(f"{partner.base}/login")
    page.get_by_role("button", name="Agree and sign in").click()
    expect(page.locator("h1")).to_have_text(f"Welcome, {resident.full_name}")


def test_refusal_leads_back_without_data(visit: Visit, partner: Partner, resident: User) -> None:
    page = visit("/", language="ru", user=resident)
    page.goto(f"{partner.base}/login")
    page.get_by_role("button", name="Не соглашаться").click()
    expect(page.locator("h1")).to_contain_text("access_denied")
    assert not Connection.objects.filter(last_used_at__isnull=False).exists()


def test_resident_sees_what_systems_get_and_takes_it_back(visit: Visit, partner: Partner, resident: User) -> None:
    page = visit("/", language="en", user=resident)
    page.goto(f"{partner.base}/login")
    page.get_by_role("button", name="Agree and sign in").click()
    expect(page.locator("h1")).to_contain_text("Welcome")
    assert partner.party is not None

    page.goto(f"{partner.party.base}/accounts/connected/")
    expect(page.locator("main")).to_contain_text("Housing queue")
    assert_accessible(page)
    page.get_by_role("link", name="Take it back").click()
    assert_accessible(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main")).to_contain_text("No system is connected")
    assert partner.party.userinfo(partner.token["access_token"]).status_code == 401
