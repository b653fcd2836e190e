"""Ten thousand tries against one account and as many against many: how many are really compared, and who gets in.

Half of them are passwords, half of them codes of somebody who knows the password.

For the volume the attackers call the steps behind the views (the adapter's `authenticate`, `second_factor.try_code`),
which do all the counting; the first tries and everything the owners do go through the views.
"""

import itertools
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from django.core.cache import cache
from django.forms import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone
from redis.exceptions import RedisError

from accounts import contact_codes
from accounts.models import ContactChallenge, User
from common.errors import DomainError
from notifications.models import Notification
from signin import limits, second_factor
from signin.models import Throttle
from tests.factories import make_reference, make_user
from tests.races.together import together
from tests.signin.by_form import CODE, PASSWORD, give_password, last_code, last_message, sign_in

TRIES = 5_000  # of each kind
CHANCE = 1e-6  # of one guess at six digits
DAY = timedelta(days=1)
ADDRESSES = [f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}" for number in range(TRIES)]


@pytest.fixture
def compared(monkeypatch):
    """How often a password and a code were really compared."""
    counts = {"password": 0, "code": 0}
    guard = threading.Lock()

    def counting(kind, compare):
        def wrapper(*args, **kwargs):
            with guard:
                counts[kind] += 1
            return compare(*args, **kwargs)

        return wrapper

    monkeypatch.setattr(User, "check_password", counting("password", User.check_password))
    monkeypatch.setattr(contact_codes, "_is_right", counting("code", contact_codes._is_right))
    return counts


@pytest.fixture
def owner(db):
    make_reference()
    user = make_user(password=PASSWORD, language="en", phone="+77010000000", phone_confirmed_at=timezone.now())
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def request_from(address):
    request = RequestFactory().post("/accounts/login/", REMOTE_ADDR=address)
    request.session, request.LANGUAGE_CODE = {}, "en"
    return request


def try_password(login, password, address):
    """Whether the password was right; a try that is refused uncompared is none."""
    request = request_from(address)
    with allauth_context.request_context(request), suppress(ValidationError):
        return get_adapter(request).authenticate(request, username=login, password=password) is not None
    return False


class Thief:
    """Knows the password of an account and guesses codes, with a new sign-in whenever one is used up."""

    def __init__(self, user):
        self.user, self.nonce, self.is_in = user, second_factor.new_nonce(), False
        self.guesses = itertools.count(100_000, 7)

    def guess(self, address):
        request = request_from(address)
        guess = f"{next(self.guesses) % 1_000_000:06d}"
        try:
            second_factor.try_code(request, self.user, self.nonce, guess)
            self.is_in = True
        except DomainError as refused:
            if refused.code in ("code_expired", "code_exhausted"):
                self.nonce = second_factor.new_nonce()
                with suppress(DomainError):
                    second_factor.send_code(request, self.user, self.nonce)


def spread(count, moving, over=DAY):
    """The tries of an attack, at equal distances over a day."""
    for number in range(count):
        moving.shift(over / count)
        yield number


# One account


def test_passwords_tried_from_thousands_of_addresses_all_day(owner, compared):
    at_home = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(at_home, owner.username)
    at_home.post("/accounts/logout/")
    compared["password"] = 0
    with time_machine.travel(timezone.now(), tick=False) as moving:
        for number in spread(TRIES, moving):
            assert not try_password(owner.username, f"guess-{number}", ADDRESSES[number])
        assert compared["password"] <= limits.LOGIN_DAILY.most + limits.LOGIN.most  # a window may begin with the day
        assert (
            give_password(Client(REMOTE_ADDR="198.51.100.1"), owner.username).status_code == 200
        )  # refused, though right
        assert sign_in(at_home, owner.username)["Location"] == "/my/"  # the owner at home is not locked out


def test_codes_tried_all_day_by_who_knows_the_password(owner, compared):
    thief = Thief(owner)
    with time_machine.travel(timezone.now(), tick=False) as moving:
        for number in spread(TRIES, moving):
            thief.guess(ADDRESSES[number])
    assert not thief.is_in
    assert 0 < compared["code"] <= 2 * limits.CODE_DAILY.most
    assert compared["code"] * CHANCE <= 4e-5
    assert last_message(template="password_known").subject == "Somebody knows your password"
    sent = Notification.objects.filter(template="sign_in_code").count()
    assert sent <= 24 * contact_codes.MOST_CHALLENGES_PER_ADDRESS


def test_owner_whose_password_is_known_gets_in_by_a_new_one(owner, compared):
    """While the thief goes on: the new password makes his worthless, and the count of wrong codes begins anew."""
    thief = Thief(owner)
    for number in range(200):
        thief.guess(ADDRESSES[number])
    assert compared["code"] <= limits.CODE.most
    client = Client(REMOTE_ADDR="192.0.2.9")
    client.post("/accounts/password/reset/", {"contact": owner.email})
    link = next(word for word in last_message(template="password_reset_key").text.split() if word.startswith("http"))
    page = client.get(link.split("testserver")[1])["Location"]
    fields = {"password1": "көктем-дала-2027-самал", "password2": "көктем-дала-2027-самал"}
    ContactChallenge.objects.update(created_at=timezone.now() - timedelta(hours=1))  # an hour later
    assert client.post(page, fields)["Location"] == CODE
    assert client.post(CODE, {"code": last_code(template="sign_in_code")})["Location"] == "/my/"
    assert give_password(Client(REMOTE_ADDR="192.0.2.10"), owner.username).status_code == 200


def test_trusted_device_gets_in_whatever_strangers_try(owner, compared):
    client = Client()
    sign_in(client, owner.username, trust="on")
    client.post("/accounts/logout/")
    thief = Thief(owner)
    for number in range(200):
        thief.guess(ADDRESSES[number])
        try_password(owner.username, "guess", ADDRESSES[number])
    assert give_password(client, owner.username)["Location"] == "/my/"


def test_own_browser_has_tries_of_its_own_for_codes_too(owner, compared):
    client = Client()
    sign_in(client, owner.username)
    client.post("/accounts/logout/")
    thief = Thief(owner)
    for number in range(300):
        thief.guess(ADDRESSES[number])
    assert sign_in(client, owner.username)["Location"] == "/my/"


def test_views_refuse_what_the_steps_refuse(owner, compared):
    """The same attack through the pages, with as many tries as show that the limits hold there."""
    compared["password"] = compared["code"] = 0
    for number in range(40):
        page = give_password(Client(REMOTE_ADDR=ADDRESSES[number]), owner.username, f"guess-{number}")
        assert page.status_code == 200
    assert compared["password"] == limits.LOGIN.most
    Throttle.objects.all().delete()
    client = Client(REMOTE_ADDR="192.0.2.1")
    give_password(client, owner.username)
    right = int(last_code(template="sign_in_code"))
    for number in range(1, 21):
        assert client.post(CODE, {"code": f"{(right + number) % 1_000_000:06d}"}).status_code == 422
    assert compared["code"] == contact_codes.MOST_ATTEMPTS
    assert client.post(CODE, {"code": f"{right:06d}"}).status_code == 422


# Many accounts


def test_spraying_passwords_over_many_accounts(owner, compared):
    """Two hundred accounts, a tenth of which have the password that everybody tries first."""
    common = "turkistan-2026"
    users = [make_user(password=common if number % 10 == 0 else PASSWORD) for number in range(200)]
    opened = []
    tries = itertools.product([common, *(f"guess-{number}" for number in range(24))], users)
    for number, (password, user) in enumerate(tries):
        if try_password(user.username, password, ADDRESSES[number % 500]):
            opened.append(user)
    assert number + 1 == TRIES
    assert compared["password"] <= 200 * limits.LOGIN.most
    assert len(opened) <= 20
    compared["code"] = 0
    thieves = [Thief(user) for user in opened]
    for number, thief in itertools.product(range(50), thieves):
        thief.guess(ADDRESSES[number])
    assert not any(thief.is_in for thief in thieves)
    assert compared["code"] <= len(thieves) * limits.CODE.most
    assert compared["code"] * CHANCE <= 2e-4


def test_guessing_codes_of_many_accounts_whose_passwords_are_known(owner, compared):
    """A list of leaked passwords: twenty accounts, two hundred and fifty codes each, within an hour."""
    thieves = [Thief(make_user(password=PASSWORD)) for _ in range(20)]
    for number, thief in itertools.product(range(TRIES // 20), thieves):
        thief.guess(ADDRESSES[number % 300])
    assert not any(thief.is_in for thief in thieves)
    assert compared["code"] <= len(thieves) * limits.CODE.most
    assert compared["code"] * CHANCE <= 2e-4


def test_one_address_cannot_try_many_accounts(owner, compared):
    users = [make_user(password=PASSWORD) for _ in range(100)]
    for user in users:
        try_password(user.username, "guess", "203.0.113.5")
    assert compared["password"] == limits.NETWORK.most
    Throttle.objects.all().delete()
    compared["password"] = 0
    for number, user in enumerate(users):
        try_password(user.username, "guess", f"2001:db8:0:1::{number:x}")
    assert compared["password"] == limits.NETWORK.most


def test_hub_under_attack_becomes_stricter(owner, compared, monkeypatch):
    monkeypatch.setattr(limits, "PRESSURE", limits.Limit("pressure", 5, timedelta(minutes=10)))
    for number in range(5):
        try_password(f"nobody-{number}", "guess", ADDRESSES[number])
    compared["password"] = 0
    for number in range(20):
        try_password(owner.username, "guess", ADDRESSES[100 + number])
    assert compared["password"] == limits.LOGIN.under_attack


def test_limits_hold_without_the_cache(owner, compared, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    with pytest.raises((OSError, RedisError)):
        cache.get("anything")
    for number in range(40):
        try_password(owner.username, "guess", ADDRESSES[number])
    assert compared["password"] == limits.LOGIN.most
    thief = Thief(owner)
    for number in range(100):
        thief.guess(ADDRESSES[number])
    assert 0 < compared["code"] <= limits.CODE.most


# At the same moment

GUESSERS = 20


def begun(owner):
    nonce = second_factor.new_nonce()
    second_factor.send_code(request_from("192.0.2.1"), owner, nonce)
    return nonce


def guess_together(owner, nonce):
    def one(number):
        with suppress(DomainError):
            second_factor.try_code(request_from(ADDRESSES[number]), owner, nonce, f"{number:06d}")

    together([lambda number=number: one(number) for number in range(GUESSERS)])


@pytest.mark.django_db(transaction=True)
def test_parallel_codes_do_not_pass_the_limit(owner, compared):
    guess_together(owner, begun(owner))
    assert compared["code"] == contact_codes.MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_race_for_codes_is_real_without_the_atomic_count(owner, compared, monkeypatch):
    """The control: all look at the count before one of them has written it."""
    meeting = threading.Barrier(GUESSERS)

    def careless(challenge, now):
        meeting.wait(timeout=20)
        challenge.attempts += 1
        challenge.save(update_fields=["attempts"])
        return challenge.attempts <= contact_codes.MOST_ATTEMPTS

    monkeypatch.setattr(contact_codes, "_count_try", careless)
    monkeypatch.setattr(limits, "take", lambda counted: None)
    guess_together(owner, begun(owner))
    assert compared["code"] == GUESSERS


@pytest.mark.django_db(transaction=True)
def test_parallel_passwords_do_not_pass_the_limit(owner, compared):
    works = [
        lambda number=number: try_password(owner.username, "guess", ADDRESSES[number]) for number in range(GUESSERS)
    ]
    together(works)
    assert compared["password"] == limits.LOGIN.most


@pytest.mark.django_db(transaction=True)
def test_race_for_passwords_is_real_without_the_atomic_count(owner, compared, monkeypatch):
    meeting = threading.Barrier(GUESSERS)

    def careless(rows, now):
        seen = dict(Throttle.objects.filter(key__in=rows).values_list("key", "count"))
        meeting.wait(timeout=20)
        return [limits._Row(key, seen.get(key, 0) + 1, now, 0) for key in rows]

    monkeypatch.setattr(limits, "_count", lambda rows, now: careless(rows, now) if len(rows) > 1 else [])
    works = [
        lambda number=number: try_password(owner.username, "guess", ADDRESSES[number]) for number in range(GUESSERS)
    ]
    together(works)
    assert compared["password"] == GUESSERS


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/reauthenticate/"])
def test_whoever_took_a_session_does_not_find_the_password_by_it(owner, compared, path):
    """He has the cookie of the session and none of the owner's browser."""
    thief = Client()
    thief.force_login(owner)
    guesses = {"oldpassword": "x" * 12, "password": "x" * 12, "password1": "y" * 12, "password2": "z" * 12}
    for _ in range(limits.LOGIN.most + 10):
        cache.clear()
        thief.post(path, guesses)
    assert compared["password"] <= limits.LOGIN.most


def test_owners_own_browser_is_limited_by_the_day_too(owner, compared):
    """Else a shared computer tries nearly a thousand passwords a day."""
    at_home = Client()
    sign_in(at_home, owner.username)
    at_home.post("/accounts/logout/")
    compared["password"] = 0
    for quarter in range(12):
        with time_machine.travel(timezone.now() + quarter * timedelta(minutes=16)):
            for _ in range(limits.DEVICE.most):
                give_password(at_home, owner.username, "x" * 12)
    assert compared["password"] == limits.DEVICE_DAILY.most


def test_password_form_of_the_administration_leads_to_the_hubs_own(db):
    make_reference()
    administrator = make_user("administrator", password=PASSWORD, is_staff=True)
    client = Client()
    client.force_login(administrator)
    for send in (client.get, client.post):
        assert send("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_owner_asks_for_a_new_password_in_his_browser_whatever_strangers_ask(owner):
    at_home = Client()
    sign_in(at_home, owner.username)
    at_home.post("/accounts/logout/")
    for _ in range(limits.RESET_CONTACT.most + 1):
        refused = Client().post("/accounts/password/reset/", {"contact": owner.email})
    assert refused.status_code == 422
    assert at_home.post("/accounts/password/reset/", {"contact": owner.email}).status_code == 302
