"""The call that is shown beside a new key: one that its scopes allow, so that it works when it is typed as printed."""

from __future__ import annotations

from collections.abc import Iterable

from openapi import scopes
from openapi.scopes import Scope

# For each scope that lets one read without knowing a number; the most helpful first.
READING: dict[Scope, str] = {
    Scope.REFERENCE_READ: "reference/topics",
    Scope.APPEALS_READ: "appeals",
    Scope.CASES_READ: "cases",
    Scope.EVENTS_READ: "changes",
    Scope.PUBLIC_READ: "public/requests",
    Scope.STATISTICS_READ: "statistics/figures?metrics=received,kept_share",
    Scope.WEBHOOKS_MANAGE: "webhooks",
    Scope.USAGE_READ: "usage",
    Scope.OVERSIGHT_READ: "oversight",
    Scope.TEAM: "team/substitutions",
    Scope.POINTS_MANAGE: "points",
    Scope.RATINGS_REVIEW: "points/review",
    Scope.WARNINGS: "warnings",
    Scope.OWN: "me",
    Scope.SANDBOX: "sandbox",
}


def reading(given: Iterable[str]) -> str:
    """The path below the base of version 1; empty when the scopes only let one write."""
    known = scopes.known(given)
    return next((path for scope, path in READING.items() if scope in known), "")


def may_file(given: Iterable[str]) -> bool:
    return Scope.APPEALS_FILE in scopes.known(given)
