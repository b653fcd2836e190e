"""Kazakh first, strict headers."""

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.translation import get_language

from config.access import ACCESS
from config.access_rules import PUBLIC

urlpatterns = [path("language", lambda request: HttpResponse(get_language()), name="language")]


@pytest.fixture(autouse=True)
def addresses_of_this_file(monkeypatch):
    monkeypatch.setitem(ACCESS, "language", PUBLIC)
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_kazakh_is_the_default_whatever_the_browser_asks_for(client):
    answer = client.get("/language", headers={"accept-language": "ru,en;q=0.5"})
    assert (answer.content, answer["Content-Language"]) == (b"kk", "kk")


SWITCH = {"ru": "ru", "en": "en", "kk": "kk", "de": "kk", "": "kk"}


@pytest.mark.parametrize("cookie", SWITCH)
def test_only_the_visitors_own_switch_changes_the_language(client, settings, cookie):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    assert client.get("/language").content.decode() == SWITCH[cookie]


def test_every_answer_carries_the_strict_headers(client):
    headers = client.get("/language").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=(self)")
