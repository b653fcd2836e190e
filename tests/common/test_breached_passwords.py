"""Published passwords are refused, without telling anybody which one was typed."""

import hashlib

import httpx
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from common.breached_passwords import is_breached
from tests.outgoing import answer_outgoing_calls

URL = "https://breached.example/range"
PUBLISHED = "сауран-самал-1999"
DIGEST = hashlib.sha1(PUBLISHED.encode()).hexdigest().upper()


@pytest.fixture
def asked(settings, monkeypatch):
    """The service knows one password of the range; the rest are others and padding."""
    settings.BREACHED_PASSWORDS_URL = URL
    requests = []

    def answer(request):
        requests.append(request)
        rest = DIGEST[5:]
        return httpx.Response(200, text=f"{'0' * 35}:12\r\n{rest}:7\r\n{'F' * 35}:0\r\n")

    answer_outgoing_calls(monkeypatch, answer)
    return requests


def test_published_password_is_refused(asked):
    with pytest.raises(ValidationError) as refused:
        validate_password(PUBLISHED)
    assert "breached" in {error.code for error in refused.value.error_list}
    validate_password("сауран-самал-2000")


def test_only_five_figures_of_the_hash_leave(asked):
    assert is_breached(PUBLISHED)
    (request,) = asked
    assert str(request.url) == f"{URL}/{DIGEST[:5]}"
    assert request.headers["Add-Padding"] == "true"
    assert not request.content


def test_padding_is_no_find(settings, monkeypatch):
    settings.BREACHED_PASSWORDS_URL = URL
    answer_outgoing_calls(monkeypatch, lambda request: httpx.Response(200, text=f"{DIGEST[5:]}:0"))
    assert not is_breached(PUBLISHED)


@pytest.mark.parametrize("status", [404, 429, 503])
def test_service_that_does_not_answer_stops_nobody(settings, monkeypatch, status):
    settings.BREACHED_PASSWORDS_URL = URL
    answer_outgoing_calls(monkeypatch, lambda request: httpx.Response(status))
    validate_password(PUBLISHED)


def test_nobody_is_asked_without_an_address(asked, settings):
    settings.BREACHED_PASSWORDS_URL = ""
    validate_password(PUBLISHED)
    assert asked == []


@pytest.mark.parametrize(
    "digits", ["87011234567", "+7 701 123 45 67", "900101300123", "19900101-77", "01.01.1990.5", "1234567890",
               "9876543210", "1111122222", "1212121212"],
)  # fmt: skip
def test_numbers_that_others_know_are_refused(digits):
    with pytest.raises(ValidationError) as refused:
        validate_password(digits)
    assert "known_number" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize(
    "password", ["6839571046", "483920571648392", "ұзынсөзтіркесі", "ҰЗЫНСӨЗТІРКЕСІ", "!?%&/()=!?%&;"]
)
def test_signs_of_one_kind_only_are_enough(password):
    validate_password(password)
