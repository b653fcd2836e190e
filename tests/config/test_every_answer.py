"""Every answer of every address carries the headers that bind the browser, and no page brings code inside itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from structlog.testing import capture_logs

from appeals.views.citizen import access
from common.cookies import MessageStorage
from config.middleware import PROGRAMS
from tests.config.test_settings import start_in_production
from tests.every_url import every_url
from tests.factories import make_user
from tests.ui.test_templates import FORBIDDEN

URLS = every_url()
# What programs of connected systems read in browsers, too: addresses and public keys, nothing of a person.
FOR_EVERYBODY = {"/.well-known/openid-configuration", "/.well-known/jwks.json"}
INLINE = {name: pattern for name, pattern in FORBIDDEN.items() if name != "hx-on"}


def is_open(url: str) -> bool:
    """Open data and the public figures of the open API: for programs and pages of others, and nobody's own."""
    return url in FOR_EVERYBODY or url.startswith(("/data/", "/api/v1/data", "/api/v1/statistics"))


def policy_of(response: HttpResponse) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _space, value in parts}


def check_headers(response: HttpResponse, url: str) -> None:
    headers, policy = response.headers, policy_of(response)
    assert (
        policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == policy["default-src"] == "'none'"
    ), url
    assert "unsafe" not in headers["Content-Security-Policy"], url
    assert headers["X-Content-Type-Options"] == "nosniff", url
    assert headers["X-Frame-Options"] == "DENY", url
    assert headers["Referrer-Policy"] == "same-origin", url
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", url
    assert headers["Cross-Origin-Resource-Policy"] in {"same-origin", "cross-origin" if is_open(url) else ""}, url
    assert "camera=(self)" in headers["Permissions-Policy"], url
    assert "Access-Control-Allow-Origin" not in headers or is_open(url), url
    assert "Server" not in headers, url
    assert "X-Powered-By" not in headers, url
    if not response.streaming and response.content:
        kind = headers["Content-Type"]
        assert "charset=" in kind or kind == "application/json" or not kind.startswith(("text/", "application/xml")), (
            url
        )


def check_page(response: HttpResponse, url: str) -> None:
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    page = response.content.decode()
    found = [what for what, pattern in INLINE.items() if pattern.search(page)]
    assert not found, f"{url} has {', '.join(found)}"


@pytest.fixture
def superuser_client() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user(is_superuser=True, is_staff=True))
    return client


@pytest.mark.django_db
def test_every_answer_to_a_stranger_is_bound() -> None:
    client = Client(raise_request_exception=False)
    for url in URLS:
        for response in (client.get(url), client.post(url), client.options(url)):
            check_headers(response, url)
            check_page(response, url)


@pytest.mark.django_db
def test_every_answer_to_someone_signed_in_is_bound_and_kept_by_nobody(superuser_client: Client) -> None:
    pages = 0
    for url in URLS:
        if url.startswith(("/accounts/logout", "/admin/logout")):
            continue
        response = superuser_client.get(url)
        check_headers(response, url)
        check_page(response, url)
        if response.status_code == 200 and url not in KEPT and not is_open(url):
            pages += 1
            assert "no-store" in response.headers.get("Cache-Control", ""), url
        for other in (superuser_client.head(url), superuser_client.options(url)):
            assert other.status_code < 500, url
    assert pages > 50  # the walk has really been inside


# What a browser may keep though somebody is signed in: nothing of it is about him.
KEPT = {"/appeals/appeals.csv", "/admin/jsi18n/", "/i18n/setlang/", *FOR_EVERYBODY}


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", ""])
def test_another_host_name_is_refused(host: str) -> None:
    response = Client(raise_request_exception=False).get("/", headers={"host": host or "?"})
    assert response.status_code == 400
    check_headers(response, "/")
    assert b"ALLOWED_HOSTS" not in response.content
    assert b"Traceback" not in response.content


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "X" * 100])
def test_methods_that_nothing_answers_are_refused(method: str) -> None:
    response = Client().generic(method, "/livez")
    assert response.status_code == 405
    check_headers(response, "/livez")
    assert "TRACE" not in response.headers["Allow"]


def fail(request: object) -> HttpResponse:
    raise RuntimeError("the secret is 12345")


failing = [path("fail", fail), path("", include("config.urls"))]


class Failing:
    urlpatterns = failing
    handler500 = "ui.views.errors.server_error"
    handler404 = "ui.views.errors.page_not_found"


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "status"), [("/fail", 500), ("/no/such/page", 404)])
def test_pages_of_errors_are_bound_and_tell_nothing(url: str, status: int) -> None:
    with override_settings(ROOT_URLCONF=Failing):
        response = Client(raise_request_exception=False).get(url)
    assert response.status_code == status
    check_headers(response, url)
    check_page(response, url)
    for word in (b"Traceback", b"12345", b"RuntimeError", b"django", b"platform/"):
        assert word not in response.content


@pytest.mark.django_db
def test_signing_out_makes_the_browser_forget(superuser_client: Client) -> None:
    assert "Clear-Site-Data" not in superuser_client.get("/accounts/logout/").headers
    response = superuser_client.post("/accounts/logout/")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


# Over HTTPS, with the settings of production

WANTED = [
    "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME",
    "CONTENT_SECURITY_POLICY",
]  # fmt: skip


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """What the settings of production say, read in a process of their own."""
    code = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {WANTED!r}}}))
"""
    started = start_in_production(code)
    assert started.returncode == 0, started.stderr
    return dict(json.loads(started.stdout))


@pytest.fixture
def over_https(production: dict[str, Any]) -> Iterator[Client]:
    with override_settings(**production):
        yield Client(raise_request_exception=False)


def check_cookies(response: HttpResponse) -> set[str]:
    for name, cookie in response.cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"] is True, name
        assert cookie["httponly"] is True or cookie["max-age"] == 0, name  # one that is deleted holds nothing
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name
    return set(response.cookies)


@pytest.mark.django_db
def test_https_is_remembered_for_all_that_is_below_this_name(over_https: Client) -> None:
    for url in ("/", "/livez", "/hooks/telegram/", "/no/such/page", "/static/none.css"):
        assert over_https.get(url, secure=True).headers["Strict-Transport-Security"] == (
            "max-age=31536000; includeSubDomains"
        )
        assert "upgrade-insecure-requests" in policy_of(over_https.get(url, secure=True))
    response = over_https.get("/")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/")


@pytest.mark.django_db
def test_all_cookies_are_bound_to_this_host(over_https: Client) -> None:
    seen = check_cookies(over_https.get("/accounts/login/", secure=True))
    chosen = {"language": "ru", "theme": "dark", "next": "/"}
    seen |= check_cookies(over_https.post("/display/", chosen, secure=True))
    seen |= check_cookies(over_https.post("/i18n/setlang/", {"language": "ru"}, secure=True))
    over_https.force_login(make_user())
    assert over_https.cookies["__Host-sessionid"].value
    seen |= check_cookies(over_https.post("/accounts/logout/", secure=True))
    assert seen >= {"__Host-csrftoken", "__Host-language", "__Host-halyq_look", "__Host-sessionid"}


def test_the_cookie_of_opened_cases_and_of_messages_is_bound_too(over_https: Client) -> None:
    response = HttpResponse()
    request = RequestFactory().get("/", secure=True)
    access.open_case(request, response, 1)
    request.session = SessionStore()
    storage = MessageStorage(request)
    storage.add(20, "words")
    storage.update(response)
    assert check_cookies(response) == {"__Host-halyq_cases", "__Host-messages"}
    access.forget_cases(response)
    assert response.cookies["__Host-halyq_cases"]["max-age"] == 0
    check_cookies(response)


# Reports of browsers


def report(client: Client, body: Any, kind: str = "application/csp-report") -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/csp-reports/", raw, content_type=kind)


def violations(logs: list[Any]) -> list[Any]:
    return [log for log in logs if log["event"] == "csp_violation"]


def test_what_the_policy_stopped_is_reported_without_what_was_typed(client: Client) -> None:
    old = {"csp-report": {"effective-directive": "script-src", "document-uri": "https://hub.kz/track/?code=ABCD",
                          "blocked-uri": "https://u:pw@evil.example/x.js?secret"}}  # fmt: skip
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "documentURL": "https://hub.kz/"}}]
    with capture_logs() as logs:
        assert report(client, old).status_code == 204
        assert report(client, new, "application/reports+json").status_code == 204
    logs = violations(logs)
    assert [log["directive"] for log in logs] == ["script-src", "img-src"]
    assert logs[0]["page"] == "hub.kz/track/"
    assert logs[0]["blocked"] == "evil.example/x.js"
    assert not {word for word in ("ABCD", "pw", "secret") if word in str(logs)}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[1]", b"1", b"null", b'{"csp-report": 1}', b"x" * 20_000, b"[" * 9000, b"\xff\xfe"]
)
def test_rubbish_is_no_report(client: Client, body: bytes) -> None:
    with capture_logs() as logs:
        assert report(client, body).status_code == 204
    assert violations(logs) == []


def test_reports_are_few(client: Client) -> None:
    with capture_logs() as logs:
        for _ in range(30):
            report(client, [{"body": {"effectiveDirective": "img-src"}}] * 10)
    assert len(violations(logs)) == 20 * 5


@pytest.mark.django_db
def test_programs_are_not_led_from_http_to_https(over_https: Client) -> None:
    assert over_https.get("/accounts/login/").headers["Location"].startswith("https://")
    for address in ("/hooks/telegram/x/", "/identity/o/api/token"):
        response = over_https.post(address)
        assert (response.status_code, "Location" in response.headers) == (403, False), address
        assert over_https.post(address, secure=True).content != response.content, address


def test_the_proxy_refuses_the_same_programs() -> None:
    caddy = (Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile").read_text()
    (paths,) = re.findall(r"@programs path (.+)", caddy)
    assert tuple(path.removesuffix("*") for path in paths.split()) == PROGRAMS
