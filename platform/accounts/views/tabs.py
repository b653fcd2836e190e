"""The three pages of the team, side by side."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User


def tabs(current: str) -> list[dict[str, Any]]:
    pages = (
        ("accounts:shifts", _("Duty roster")),
        ("accounts:substitutions", _("Substitutions")),
        ("accounts:rights", _("Who may do what")),
    )
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in pages]


def me(request: HttpRequest) -> User:
    """The signed-in member of the staff; `config.access` lets in nobody else."""
    return cast(User, request.user)
