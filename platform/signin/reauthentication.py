"""Proving once more who one is before a sensitive act: allauth's decorator with types."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponseBase

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def fresh_proof_required(view: Callable[P, R]) -> Callable[P, R]:
    """Within the last quarter of an hour by password, code or passkey; the page asks for it and then goes on."""
    return cast(Callable[P, R], reauthentication_required(view))
