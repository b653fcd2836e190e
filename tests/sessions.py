"""Sessions of tests: what allauth would have noted in them."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client

METHODS, OWNER = "account_authentication_methods", "account_authentication_methods_user"


def mark_two_factors(client: Client, user: Any, *methods: str) -> None:
    """The session has seen the password and a code, or whatever methods are named."""
    session = client.session
    session[METHODS] = [{"method": method, "at": time.time()} for method in methods or ("password", "code")]
    session[OWNER] = str(user.pk)
    session.save()
