"""How one comes in: the key as a field of the form, what is open without one, how often a visitor may ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common import limits
from openapi.authentication import Caller, KeyAuthentication, given_key
from openapi.open311.forms import word
from openapi.permissions import ScopePermission

FIELD = "api_key"
VISITORS = 120  # requests a minute without a valid key, from one network


class KeyInForm(KeyAuthentication):
    """`api_key` in the form or in the address, as Open311 has it; better in the headers of the API, where no log is."""

    def given(self, request: Request) -> str | None:
        """An empty one is none: clients leave the field of the form empty."""
        found = given_key(request) or request.query_params.get(FIELD)
        return found or (word(request, FIELD) if request.method == "POST" else "") or None

    def count_wrong(self, request: Request) -> None:
        count_visit(request)

    def authenticate_header(self, request: Request) -> str:
        """None: Open311 answers 403 to a wrong key."""
        return ""


class OpenReading(ScopePermission):
    """What a view names as open is the public list, which everybody reads; for the rest a key needs the scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        action: str | None = getattr(view, "action", None)
        if action in (None, "metadata"):
            raise MethodNotAllowed(request.method or "")
        if action in getattr(view, "open_to_all", ()):
            return True
        if not isinstance(request.auth, Caller):
            raise NotAuthenticated(_("Send your key as api_key. Keys are made on the page for developers."))
        return super().has_permission(request, view)


class VisitorThrottle(BaseThrottle):
    """Who comes without a key is counted by network."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Caller):
            count_visit(request)
        return True


def count_visit(request: Request) -> None:
    limits.count("open311", limits.network_of(request._request), limit=VISITORS, seconds=60)
