"""The rules of an authorization request, stricter than the library's: read once, before anybody is asked anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sso.models import ConnectedSystem
from sso.scopes import OPENID

S256 = re.compile(r"[A-Za-z0-9_-]{43}")
SECONDS = re.compile(r"\d{0,9}", re.ASCII)
PROMPTS = {"none", "login", "consent"}
# What is handed on to the library; the hub itself reads the rest of KEPT, and nothing else has a meaning here.
HANDED_ON = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
KEPT = (*HANDED_ON, "prompt", "max_age", "id_token_hint", "ui_locales")
LONGEST = 1024

Given = QueryDict | Mapping[str, str]


class RefusedHere(Exception):
    """Nothing may be sent to the address in the request: the person reads the reason on a page of the hub."""

    def __init__(self, message: Promise | str) -> None:
        self.message = message
        super().__init__(str(message))


class SentBack(Exception):
    """The system is told at its redirect address why nobody is signed in."""

    def __init__(self, error: str, description: str, *, redirect_uri: str, state: str) -> None:
        self.error, self.description, self.redirect_uri, self.state = error, description, redirect_uri, state
        super().__init__(error)


@dataclass(frozen=True)
class Asked:
    """An authorization request that keeps to the rules."""

    system: ConnectedSystem
    parameters: Mapping[str, str]
    scopes: tuple[str, ...]
    prompts: frozenset[str]
    max_age: int | None

    @property
    def redirect_uri(self) -> str:
        return self.parameters["redirect_uri"]

    @property
    def state(self) -> str:
        return self.parameters.get("state", "")

    @property
    def is_silent(self) -> bool:
        return "none" in self.prompts

    def query(self) -> str:
        """The part of the request that the library gets."""
        return urlencode({name: self.parameters[name] for name in HANDED_ON if name in self.parameters})

    def back(self, error: str, description: str) -> SentBack:
        return SentBack(error, description, redirect_uri=self.redirect_uri, state=self.state)


def read(given: Given, system: ConnectedSystem | None) -> Asked:
    """The request, or why not: first what makes the address itself doubtful, then what its owner is told."""
    system, redirect_uri = _address(given, system)
    state = given.get("state", "")
    problem = _form_problem(given) or _code_problem(given) or _prompt_problem(given)
    if problem is None and not _scopes(given) <= set(system.scopes):
        problem = ("invalid_scope", "a scope that this system may not ask for")
    if problem is not None:
        raise SentBack(*problem, redirect_uri=redirect_uri, state=state)
    max_age = given.get("max_age", "")
    return Asked(
        system=system,
        parameters={name: value for name in KEPT if (value := given.get(name))},
        scopes=tuple(sorted(_scopes(given))),
        prompts=frozenset(given.get("prompt", "").split()),
        max_age=int(max_age) if max_age else None,
    )


def _address(given: Given, system: ConnectedSystem | None) -> tuple[ConnectedSystem, str]:
    is_doubled = isinstance(given, QueryDict) and any(
        len(given.getlist(name)) > 1 for name in ("client_id", "redirect_uri", "state")
    )
    if is_doubled or len(given.get("state", "")) > LONGEST:
        raise RefusedHere(_("The request of the system is malformed."))
    if system is None:
        raise RefusedHere(_("This system is not connected to the hub, or it has been switched off."))
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in system.redirect_uris:  # letter by letter: no prefixes, no other ports, nothing added
        raise RefusedHere(_("The system asks to lead you to an address that is not registered."))
    return system, redirect_uri


def _scopes(given: Given) -> set[str]:
    return set(given.get("scope", "").split())


def _form_problem(given: Given) -> tuple[str, str] | None:
    if isinstance(given, QueryDict) and any(len(given.getlist(name)) > 1 for name in KEPT):
        return "invalid_request", "a parameter is given twice"
    for name in ("request", "request_uri"):
        if given.get(name):
            return f"{name}_not_supported", f"{name} is not supported"
    if given.get("response_type") != "code":
        return "unsupported_response_type", "only response_type=code"
    if given.get("response_mode", "query") != "query":
        return "invalid_request", "only response_mode=query"
    if OPENID not in _scopes(given):
        return "invalid_scope", "the scope openid is missing"
    return None


def _code_problem(given: Given) -> tuple[str, str] | None:
    if given.get("code_challenge_method") != "S256" or not S256.fullmatch(given.get("code_challenge", "")):
        return "invalid_request", "PKCE with code_challenge_method=S256 is required"
    if len(given.get("nonce", "")) > LONGEST:
        return "invalid_request", "the nonce is too long"
    return None


def _prompt_problem(given: Given) -> tuple[str, str] | None:
    prompts = set(given.get("prompt", "").split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        return "invalid_request", "prompt must be none, or login and consent"
    if not SECONDS.fullmatch(given.get("max_age", "")):
        return "invalid_request", "max_age must be a number of seconds"
    return None
