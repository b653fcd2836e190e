"""Nobody learns who has an account: neither by text, status, headers and addresses nor by the work that is done.

Not the clock is compared but what takes the time: hashes computed, questions to the database, messages written.
"""

import re
from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification
from signin import even_time, limits
from signin.models import Throttle
from tests.factories import make_reference, make_user
from tests.signin.by_form import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, SIGNUP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
NAMES = {"last_name": "Серікова", "first_name": "Айгүл", "language": "ru", "password1": PASSWORD, "password2": PASSWORD}


@dataclass
class Seen:
    """What a stranger can see, and what the server did for it."""

    status: int
    location: str
    cookies: list[str]
    headers: dict[str, str]
    body: str
    hashes: int
    queries: int
    messages: int


@pytest.fixture
def hashes(monkeypatch):
    """How many passwords were hashed; with PBKDF2 each takes as long as all the rest together."""
    counted, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: counted.append(1) or encode(*args))
    return counted


@pytest.fixture(autouse=True)
def accounts():
    make_reference()
    by_mail = make_user(username="by-mail", email="known@example.kz", password=PASSWORD)
    by_mail.emailaddress_set.create(email=by_mail.email, verified=True, primary=True)
    now = timezone.now()
    make_user(username="by-phone", email="", phone="+77010000001", phone_confirmed_at=now, password=PASSWORD)
    make_user(username="closed-one", email="closed@example.kz", password=PASSWORD, is_active=False)


def look(hashes, path, fields, typed):
    """One question of a stranger in a browser of his own; what he typed himself is no news to him."""
    client = Client()
    client.get(path)
    hashes.clear()
    before = Notification.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.post(path, fields)
    body = re.sub(r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", response.content.decode()).replace(
        typed, "…"
    )
    of_each = ("Content-Length", "Expires", "X-Request-ID")
    headers = {name: value for name, value in response.headers.items() if name not in of_each}
    return Seen(
        response.status_code, response.headers.get("Location", ""), sorted(response.cookies), headers, body,
        len(hashes), len(queries), Notification.objects.count() - before,
    )  # fmt: skip


LOGINS = [
    ("by-mail", "no-such-name"),
    ("known@example.kz", "stranger@example.kz"),
    ("+77010000001", "+77010000009"),
    ("closed-one", "no-such-name"),
]


@pytest.mark.parametrize(("known", "unknown"), LOGINS)
def test_wrong_password_and_unknown_login_look_and_cost_the_same(hashes, known, unknown):
    seen = [look(hashes, LOGIN, {"login": login, "password": "x" * 12}, login) for login in (known, unknown)]
    assert seen[0] == seen[1]
    assert (seen[0].status, seen[0].hashes) == (200, 1)


@pytest.mark.parametrize(("known", "unknown"), LOGINS)
def test_limit_comes_after_as_many_tries_for_an_unknown_login(hashes, known, unknown):
    found = []
    for login in (known, unknown):
        Throttle.objects.all().delete()
        pages = [
            look(hashes, LOGIN, {"login": login, "password": "x" * 12}, login) for _ in range(limits.LOGIN.most + 2)
        ]
        found.append([(page.status, page.hashes, page.queries, "15" in page.body) for page in pages])
    assert found[0] == found[1]
    assert [page[1] for page in found[0]] == [1] * limits.LOGIN.most + [0, 0]


@pytest.mark.parametrize(
    ("known", "unknown"), [("known@example.kz", "stranger@example.kz"), ("+77010000001", "+77010000009")]
)
def test_registration_with_a_known_contact_looks_and_costs_the_same(hashes, known, unknown):
    seen = [look(hashes, SIGNUP, NAMES | {"contact": contact}, contact) for contact in (known, unknown)]
    assert seen[0] == seen[1]
    assert (seen[0].status, seen[0].location, seen[0].hashes, seen[0].messages) == (302, "/accounts/signup/code/", 1, 1)


@pytest.mark.parametrize(
    ("known", "unknown"), [("known@example.kz", "stranger@example.kz"), ("+77010000001", "+77010000009")]
)
def test_code_page_of_a_registration_with_a_known_contact_behaves_the_same(known, unknown):
    stories = []
    for contact in (known, unknown):
        client = Client()
        client.post(SIGNUP, NAMES | {"contact": contact})
        story = [client.get("/accounts/signup/code/")]
        story += [client.post("/accounts/signup/code/", {"code": "12345x"}) for _ in range(6)]
        story += [client.post("/accounts/signup/code/send/", follow=True)]
        stories.append([(page.status_code, _neutral(page.content.decode())) for page in story])
    assert stories[0] == stories[1]


def _neutral(page):
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r"(•+ )*•+ ?\d*|[a-z]•+@example\.kz|\d+ (секунд|минут)", "…", page)


@pytest.mark.parametrize(
    ("known", "unknown"), [("known@example.kz", "stranger@example.kz"), ("+77010000001", "+77010000009")]
)
def test_question_for_a_new_password_is_answered_alike(hashes, known, unknown):
    seen = [look(hashes, RESET, {"contact": contact}, contact) for contact in (known, unknown)]
    for part in ("status", "location", "cookies", "headers", "body", "hashes"):
        assert getattr(seen[0], part) == getattr(seen[1], part), part
    assert abs(seen[0].queries - seen[1].queries) <= 4  # the link's token and the row of the message


def test_only_the_mailbox_tells_and_it_is_written_to_in_both_cases(hashes):
    seen = [look(hashes, RESET, {"contact": f"{name}@example.kz"}, name) for name in ("known", "stranger")]
    assert [page.messages for page in seen] == [1, 1]


@pytest.mark.parametrize("work", [0.0, 0.02])
def test_question_for_a_new_password_takes_as_long_whatever_is_found(settings, monkeypatch, work):
    """The wait fills up what the work leaves of the time; no clock of this machine is asked."""
    slept, now = [], [100.0]
    monkeypatch.setattr(even_time.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(even_time.time, "sleep", slept.append)
    settings.EVEN_ANSWER_SECONDS = 0.3
    with pytest.raises(ValueError, match="no account"), even_time.even_time():
        now[0] += work
        raise ValueError("no account")
    assert slept == [pytest.approx(0.3 - work)]


def test_question_for_a_new_password_waits(client, settings, monkeypatch):
    slept = []
    monkeypatch.setattr(even_time.time, "sleep", slept.append)
    settings.EVEN_ANSWER_SECONDS = 60
    client.post("/accounts/password/reset/", {"contact": "nobody@example.kz"})
    client.post("/accounts/password/reset/", {"contact": "+77010000055"})
    client.post(reverse("signin:reset_send"))
    assert [seconds > 50 for seconds in slept] == [True, True, True]


def test_codes_of_a_reset_may_be_tried_as_often_for_an_unknown_number():
    """Over several questions: else the moment of «too many tries» says which number has an account."""
    stories = []
    for phone in ("+77010000001", "+77010000009"):
        story = []
        for _question in range(3):
            client = Client()
            client.post(RESET, {"contact": phone})
            for _try in range(5):
                page = client.post("/accounts/password/reset/code/", {"code": "12345x"})
                story.append((page.status_code, _neutral(page.content.decode())))
        stories.append(story)
    assert stories[0] == stories[1]
