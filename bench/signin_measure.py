"""Asks the server of bench.signin in pairs and says whether a difference is more than the noise of the same run."""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import erfc, sqrt
from urllib.parse import urlencode

import django

django.setup()

# The models can be imported only after the set-up; hence E402 below.
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from bench.client import Connection  # noqa: E402
from notifications.models import Notification  # noqa: E402
from signin.models import Throttle  # noqa: E402

PASSWORD = "сауран-самал-2026"
LOGIN, SIGNUP, RESET, CODE = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/code/"
NAMES = {"last_name": "Серікова", "first_name": "Айгүл", "language": "ru", "password1": PASSWORD, "password2": PASSWORD}
BOOTSTRAPS = 2000
CHANCE = random.Random(7)
SERIES = count(1)
Ask = Callable[[int], float]  # the number of the question -> seconds


@dataclass(frozen=True)
class Pair:
    """Two questions that a stranger must not be able to tell apart."""

    name: str
    one: Ask
    other: Ask
    is_secret: bool = True  # else the answer itself tells, and the clock may


class Browser:
    """A new visitor from a new address."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.cookies = connection, dict[str, str]()
        number = next(SERIES)
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, dict[str, str], bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        raw = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {self.address}\r\n"
            f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        code, headers, text = self.connection.ask((raw + body).encode())
        for line in headers.get("set-cookie", "").split("\n"):
            name, _, value = line.partition(";")[0].partition("=")
            if name:
                self.cookies[name.strip()] = value
        return code, headers, text

    def look(self, path: str) -> None:
        _code, _headers, text = self._ask("GET", path)
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert found, text[:300]
        self.token = found[1].decode()

    def post(self, path: str, fields: dict[str, str], expected: int) -> float:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        began = time.perf_counter()
        code, _headers, text = self._ask("POST", path, body)
        took = time.perf_counter() - began
        assert code == expected, (path, code, text[-600:])
        return took


def one_form(connection: Connection, path: str, fields: Callable[[int], dict[str, str]], expected: int) -> Ask:
    def ask(number: int) -> float:
        browser = Browser(connection)
        browser.look(path)
        return browser.post(path, fields(number), expected)

    return ask


def wrong_code(connection: Connection, place: int) -> Ask:
    """A code that differs from the right one in one figure: the first or the last."""

    def ask(number: int) -> float:
        browser = Browser(connection)
        browser.look(LOGIN)
        browser.post(LOGIN, {"login": f"code-{place}-{number}", "password": PASSWORD}, 302)
        found = re.search(r"\b\d{6}\b", Notification.objects.filter(template="sign_in_code").latest("id").text)
        assert found
        figures = list(found[0])
        figures[place] = str((int(figures[place]) + 1) % 10)
        browser.look(CODE)
        return browser.post(CODE, {"code": "".join(figures)}, 422)

    return ask


def make_accounts(questions: int) -> None:
    now, secret = timezone.now(), make_password(PASSWORD)
    for kind in ("known", "right", "control", "code-0", "code--1"):
        for number in range(questions):
            digits = f"{next(SERIES):07d}"
            user = User.objects.create(
                username=f"{kind}-{number}", email=f"{kind}-{number}@example.kz", password=secret,
                phone=f"+7701{digits}", phone_confirmed_at=now,
            )  # fmt: skip
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)


def pairs(connection: Connection) -> list[Pair]:
    def login(name: str, password: str = "wrong-wrong-1", expected: int = 200) -> Ask:
        return one_form(connection, LOGIN, lambda n: {"login": name.format(n=n), "password": password}, expected)

    def signup(contact: str) -> Ask:
        return one_form(connection, SIGNUP, lambda n: NAMES | {"contact": contact.format(n=n)}, 302)

    def reset(contact: str) -> Ask:
        return one_form(connection, RESET, lambda n: {"contact": contact.format(n=n)}, 302)

    phones = list(User.objects.filter(username__startswith="known-").order_by("pk").values_list("phone", flat=True))

    def phone(path: str, field: str, expected: int, more: dict[str, str], known: bool) -> Ask:
        def fields(n: int) -> dict[str, str]:
            return more | {field: phones[n] if known else f"+7702{n:07d}"}

        return one_form(connection, path, fields, expected)

    wrong = {"password": "wrong-wrong-1"}
    return [
        Pair("calibration: unknown and unknown name", login("nobody-{n}"), login("noone-{n}")),
        Pair("calibration: known and known name", login("control-{n}"), login("right-{n}")),
        Pair("sign-in, known and unknown name", login("known-{n}"), login("absent-{n}")),
        Pair("sign-in, known and unknown e-mail", login("known-{n}@example.kz"), login("absent-{n}@example.kz")),
        Pair(
            "sign-in, known and unknown number",
            phone(LOGIN, "login", 200, wrong, True), phone(LOGIN, "login", 200, wrong, False),
        ),
        Pair("registration, known and unknown e-mail", signup("known-{n}@example.kz"), signup("free-{n}@example.kz")),
        Pair(
            "registration, known and unknown number",
            phone(SIGNUP, "contact", 302, NAMES, True), phone(SIGNUP, "contact", 302, NAMES, False),
        ),
        Pair("new password, known and unknown e-mail", reset("control-{n}@example.kz"), reset("gone-{n}@example.kz")),
        Pair(
            "new password, known and unknown number",
            phone(RESET, "contact", 302, {}, True), phone(RESET, "contact", 302, {}, False),
        ),
        Pair("code wrong in its first and in its last figure", wrong_code(connection, 0), wrong_code(connection, -1)),
        Pair(
            "right and wrong password (the answer tells)", login("right-{n}", PASSWORD, 302), login("control-{n}"),
            is_secret=False,
        ),
    ]  # fmt: skip


def ask_both(pair: Pair, questions: int) -> tuple[list[float], list[float]]:
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(questions):
        for side in CHANCE.sample((0, 1), 2):
            found[side].append((pair.one, pair.other)[side](number) * 1000)
        if number % 20 == 19:
            Throttle.objects.all().delete()  # a hub under attack is stricter, to known and unknown alike
    return found


def interval(one: list[float], other: list[float]) -> tuple[float, float]:
    """95 % of the differences of medians when both sides are drawn anew."""
    found = sorted(
        statistics.median(CHANCE.choices(one, k=len(one))) - statistics.median(CHANCE.choices(other, k=len(other)))
        for _ in range(BOOTSTRAPS)
    )
    return found[int(BOOTSTRAPS * 0.025)], found[int(BOOTSTRAPS * 0.975)]


def mann_whitney(one: list[float], other: list[float]) -> float:
    """How likely a shift like this is without one (normal approximation; times of a clock have no ties)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_value, side) in enumerate(ranked, 1) if side == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    return erfc(abs(u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12) / sqrt(2))


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main(host: str, port: int, questions: int) -> int:
    connection = Connection((host, port))
    make_accounts(questions)
    bare = []
    for _ in range(questions):
        began = time.perf_counter()
        connection.ask(b"GET /bench/bare HTTP/1.1\r\nHost: localhost\r\n\r\n")
        bare.append((time.perf_counter() - began) * 1000)
    middle = statistics.median(bare)
    print(f"bare view of the same run: median {middle:.2f} ms, p95 {p95(bare):.2f} ms; {questions} questions a side\n")
    print("| pair | medians, ms | p95, ms | x bare | difference of medians, ms (95 %) | p | verdict |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    told = 0
    every = pairs(connection)
    for pair in every:
        one, other = ask_both(pair, questions)
        low, high = interval(one, other)
        chance = mann_whitney(one, other)
        medians = statistics.median(one), statistics.median(other)
        differs = chance < 0.01 / len(every) and not low <= 0 <= high
        told += differs and pair.is_secret
        verdict = ("differs" if pair.is_secret else "may differ") if differs else "noise"
        print(
            f"| {pair.name} | {medians[0]:.1f}, {medians[1]:.1f} | {p95(one):.1f}, {p95(other):.1f} | "
            f"{medians[0] / middle:.0f} | {medians[0] - medians[1]:+.2f} ({low:+.2f} to {high:+.2f}) | "
            f"{chance:.3f} | {verdict} |",
            flush=True,
        )
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
