"""What the security standard asks for and nothing else proves: each test names one thing that must hold everywhere."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path, reverse

from accounts.models import User
from common import crypto, served_files
from common.passwords import CONTEXT_WORDS
from tests.every_url import every_url
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [
    file for name in ("appeals", "petitions", "reports", "openapi", "platform") for file in (ROOT / name).rglob("*.py")
]
GOOD = "сауран-самал-2026"

# Requests


HOSTILE = ["' OR 1=1 --", '"; DROP TABLE appeals_appeal; --', "%' AND 1=(SELECT 1) --", "\\", "{{7*7}}", "%s%s%n",
           "$(id)", "../../etc/passwd", "(a+)+$", "[", "\u202e", "0x27", "1e999", "9" * 40, "null"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_in_every_filter_are_only_words(client: Client, text: str) -> None:
    names = [
        "q",
        "topic",
        "area",
        "unit",
        "status",
        "number",
        "code",
        "after",
        "before",
        "sort",
        "page",
        "tab",
        "next",
        "d",
    ]
    query = dict.fromkeys(names, text)
    for name in ("appeals:public_list", "appeals:public_csv", "appeals:track"):
        assert client.get(reverse(name), query).status_code in {200, 429}, name
    client.force_login(make_user(is_superuser=True))
    for url in ("/staff/", "/admin/appeals/topic/", reverse("appeals:queue"), reverse("appeals:oversight")):
        response = client.get(url, query)
        assert response.status_code < 500, url
        if not response.streaming:
            assert (
                b"49" not in response.content
                or text != "{{7*7}}"
                or b"{{7*7}}" in response.content
                or response.status_code != 200
            )


# Views that are called by programs and prove themselves otherwise, one that changes nothing but a cookie, and the
# sign-out that a connected system asks for: it only shows the question, which has its token.
WITHOUT_TOKEN = re.compile(
    r"^/(hooks|csp-reports|display)/|^/(oauth|oidc|sso|openid|\.well-known|identity/o/(api/|logout$))"
)


@pytest.mark.django_db
def test_every_form_wants_its_token() -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(make_user(is_superuser=True))
    for url in every_url():
        if WITHOUT_TOKEN.search(url):
            continue
        response = strict.post(url, {"x": "y"}, headers={"origin": "https://evil.example"})
        # 403 by the token; 404/405 where nothing is taken; 302/301 to another address before anything is looked at.
        keyed = {401} if url.startswith("/api/") else set()  # no cookie opens anything there
        assert response.status_code in {301, 302, 403, 404, 405} | keyed, (url, response.status_code)
        if response.status_code in {301, 302}:
            assert not response.cookies.get("sessionid"), url


@pytest.mark.django_db
def test_looking_at_every_page_changes_nothing(client: Client) -> None:
    """GET of all addresses: no row of the work is made, changed in number or deleted."""
    client.raise_request_exception = False
    client.force_login(make_user(is_superuser=True, is_staff=True))
    bookkeeping = {"audit", "sessions", "signin", "admin", "contenttypes", "common"}
    models = [model for model in apps.get_models() if model._meta.app_label not in bookkeeping and model._meta.managed]

    def counts() -> dict[str, int]:
        return {model._meta.label: model._base_manager.count() for model in models}

    before = counts()
    for url in every_url():
        client.get(url)
    assert counts() == before
    assert client.get("/accounts/logout/").status_code == 200  # asks first


@pytest.mark.django_db
def test_fields_that_a_form_does_not_have_change_nothing(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "",
        "username": "root",
        "password": "x",
        "roles": "akim",
        "id": "1",
    }
    for name in ("appeals:profile", "ui:preferences", "notifications:preferences"):
        client.post(reverse(name), {"first_name": "Айгүл", "last_name": "Серікова"} | more)
    after = User.objects.get(pk=user.pk)
    assert (after.is_superuser, after.is_staff, after.is_active) == (False, False, True)
    assert (after.username, after.password) == (user.username, user.password)
    assert not after.role_assignments.exists() if hasattr(after, "role_assignments") else True


def test_no_directory_is_listed(client: Client, db: None) -> None:
    for url in ("/static/", "/static/ui/", "/media/", "/var/", "/.git/", "/.git/config", "/.env", "/platform/"):
        response = client.get(url)
        assert response.status_code == 404, url
        assert b"Index of" not in response.content


# Files


class Row:
    def __init__(self, name: str, content_type: str) -> None:
        self.file, self.name, self.content_type = (
            ContentFile(b"<script>alert(1)</script>", name="x"),
            name,
            content_type,
        )
        self.is_scanned = True


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "text/html", "image/svg+xml", "image/jpeg", "application/zip"]
)
@pytest.mark.parametrize("name", ["хат.pdf", 'a"; filename="evil.html', "a\r\nX-Evil: 1.pdf", "a;b.pdf"])
def test_a_file_of_somebody_cannot_act_as_a_page(name: str, content_type: str) -> None:
    response = served_files.serve(Row(name.replace("\r\n", "_"), content_type))
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("inline" if content_type == "image/jpeg" else "attachment")
    assert "\n" not in disposition
    assert len(re.findall(r"(?<!\\)\"", disposition)) in {0, 2}
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "allow-" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


# Passwords


@pytest.mark.parametrize("password", ["short-1", "password123", "1234567890", "qwertyuiop", "87011234567"])
def test_which_passwords_are_taken(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)
    for good in (GOOD, "ұзын құпия сөз тіркесі", "correct horse battery", "🐎🐎🐎🐎🐎 ат шаптым", "ааааааааааб"):
        validate_password(good)


@pytest.mark.parametrize("word", CONTEXT_WORDS)
def test_passwords_of_our_own_words_are_refused(word: str) -> None:
    for password in (f"{word}2026!", f"{word.upper()}-12345", f"1310{word}109", word * 2 + "1"):
        with pytest.raises(ValidationError) as refused:
            validate_password(password + "0" * max(0, 10 - len(password)))
        assert refused.value.messages
    validate_password(f"{word} жолбарыс секірді")


@pytest.mark.django_db
def test_a_password_counts_to_its_last_sign(client: Client) -> None:
    long = "Ұ " + "аб" * 49 + " 🐎"
    assert len(long) > 100
    validate_password(long)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):
        kept = make_password(long)
        assert check_password(long, kept)
        for other in (long[:-1], long[:72], long.upper(), long.strip() + " ", long.replace("🐎", "?")):
            assert not check_password(other, kept)


def test_passwords_are_hashed_slowly_in_production() -> None:
    from django.conf import global_settings

    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        hasher = identify_hasher(make_password(GOOD))
    assert hasher.algorithm == "pbkdf2_sha256"
    assert hasher.iterations >= 600_000
    assert not re.search(r"^PASSWORD_HASHERS", (ROOT / "platform/config/settings/base.py").read_text(), re.MULTILINE)
    assert not re.search(r"^PASSWORD_HASHERS", (ROOT / "platform/config/settings/prod.py").read_text(), re.MULTILINE)


@pytest.mark.django_db
def test_a_new_password_wants_the_old_one(client: Client) -> None:
    user = make_user(password=GOOD)
    client.force_login(user)
    url = reverse("account_change_password")
    for old in ("", "мүлде басқа сөз 1"):
        client.post(url, {"oldpassword": old, "password1": "жаңа-самал-2027", "password2": "жаңа-самал-2027"})
        assert User.objects.get(pk=user.pk).check_password(GOOD)


@pytest.mark.django_db
def test_password_fields_help_managers(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    (field,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    scripts = "".join(file.read_text() for file in (ROOT / "platform/ui/static/ui").glob("*.js"))
    assert "paste" not in scripts
    assert "onpaste" not in page


@pytest.mark.django_db
def test_a_new_installation_has_no_accounts() -> None:
    assert not User.objects.exists()


@pytest.mark.django_db
def test_session_ids_cannot_be_guessed() -> None:
    """32 signs of 36: 165 bits, from the system's generator."""
    ids = {SessionStore()._get_new_session_key() for _ in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch(r"[a-z0-9]{32}", value) for value in ids)


# Cryptography


def test_a_changed_ciphertext_is_refused() -> None:
    token = bytearray(crypto.encrypt(b"000101300019"))
    assert crypto.decrypt(bytes(token)) == b"000101300019"
    for place in (10, len(token) // 2, len(token) - 6):
        changed = bytearray(token)
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        with pytest.raises((InvalidToken, Exception)) as refused:
            crypto.decrypt(bytes(changed))
        assert refused.type is not AssertionError


def test_no_broken_hash_function_is_used() -> None:
    for file in SOURCES:
        assert (
            not re.search(
                r"\bmd5\b|\bsha1\b|\bDES\b|\bARC4\b|\bMODE_ECB\b|random\.(random|randint|choice)\(", file.read_text()
            )
            or file.parts[-2] in {"demo", "settings"}
            or "demo" in file.parts
            or file.name == "breached_passwords.py"  # the service that is asked knows passwords by that hash
        ), file


# Logs


def forbidden(request: HttpRequest) -> None:
    raise PermissionDenied


def failing(request: HttpRequest) -> None:
    raise RuntimeError("something")


class Addresses:
    urlpatterns = [path("forbidden", forbidden), path("failing", failing), path("", include("config.urls"))]
    handler403, handler500 = "ui.views.errors.permission_denied", "ui.views.errors.server_error"


@pytest.mark.django_db
def test_a_refused_page_stands_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(make_user())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        assert client.get("/admin/").status_code == 403
    assert any("/admin/" in record.getMessage() for record in caplog.records if record.name == "django.request")


@pytest.mark.django_db
def test_an_unexpected_error_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ROOT_URLCONF=Addresses, UNLISTED_VIEWS_RAISE=False), caplog.at_level(logging.ERROR):
        client = Client(raise_request_exception=False)
        client.force_login(make_user(is_superuser=True))
        client.get("/failing")
    assert any(record.levelno >= logging.ERROR for record in caplog.records)


# What is shipped


def test_the_image_holds_only_what_is_listed() -> None:
    listed = (ROOT / ".dockerignore").read_text().splitlines()
    assert listed[0] == "*"
    allowed = {line.lstrip("!") for line in listed if line.startswith("!")}
    assert not allowed & {".git", "tests", ".env", "var", "bench", "."}


def test_the_proxy_hides_the_health_of_processes() -> None:
    caddy = (ROOT / "deploy/Caddyfile").read_text()
    assert "@health path /livez /readyz /metrics" in caddy
    assert "respond @health 404" in caddy
    assert "-Server" in caddy


def test_the_proxy_writes_no_secret_into_its_log() -> None:
    """Caddy itself leaves out Authorization and cookies; addresses of mails hold keys until they are used."""
    caddy = (ROOT / "deploy/Caddyfile").read_text()
    for header in ("X-Api-Key", "Tracking-Code"):
        assert f"request>headers>{header} delete" in caddy
    assert "replace api_key [hidden]" in caddy
    (matched,) = re.findall(r"@mailed path (.+)", caddy)
    assert "log_skip @mailed" in caddy
    links = [
        reverse("account_reset_password_from_key", args=["1", "k-1"]),
        reverse("account_confirm_email", args=["k"]),
    ]
    for link in links:
        assert any(link.startswith(path.removesuffix("*")) for path in matched.split()), link


def test_request_sizes_agree(settings: Any) -> None:
    """The proxy lets through what a form with its files may hold, and the hub reads no more than that."""
    from common.files import USUAL_LIMITS

    (megabytes,) = re.findall(r"max_size (\d+)MB", (ROOT / "deploy/Caddyfile").read_text())
    assert int(megabytes) * 1_000_000 >= USUAL_LIMITS.max_total_bytes * 0.95
    assert USUAL_LIMITS.max_files <= settings.DATA_UPLOAD_MAX_NUMBER_FILES
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 4 * 1024 * 1024
