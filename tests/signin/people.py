"""People who have signed in, and what their browsers send."""

from __future__ import annotations

from typing import Any

import pyotp
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.test import Client

from accounts.models import User
from tests.factories import make_user

PASSWORD = "сауран-самал-2026"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.1 Mobile/15E148 Safari/604.1"
)


def make_person(role: str = "", **values: Any) -> User:
    """Somebody with a password and a confirmed address."""
    user = make_user(role, password=values.pop("password", PASSWORD), **values)
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(user: User, agent: str = CHROME, **headers: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent, **headers)
    client.force_login(user)
    return client


def prove_again(client: Client, password: str = PASSWORD) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": password})
    assert answer.status_code == 302, answer.content.decode()[:2000]


def add_app(user: User) -> pyotp.TOTP:
    secret = pyotp.random_base32()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)})
    return pyotp.TOTP(secret)
