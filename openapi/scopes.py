"""What a key may do: scopes, and the right of its owner that each of them needs as well.

A scope never gives more than its owner has. It cuts: the table `accounts.rights` says what the person may, the key
says which part of that a program may do in his name.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Person, has_right
from accounts.rights import RESIDENT, RIGHTS, Action
from openapi.models.applications import Environment


class Scope(StrEnum):
    REFERENCE_READ = "reference:read"
    APPEALS_FILE = "appeals:file"
    APPEALS_READ = "appeals:read"
    APPEALS_RESPOND = "appeals:respond"
    EVENTS_READ = "events:read"
    WEBHOOKS_MANAGE = "webhooks:manage"
    SANDBOX = "sandbox"
    PUBLIC_READ = "public:read"
    STATISTICS_READ = "statistics:read"
    OWN = "own"
    USAGE_READ = "usage:read"
    CASES_READ = "cases:read"
    CASES_IDENTITY = "cases:identity"
    CASES_REGISTER = "cases:register"
    CASES_ROUTE = "cases:route"
    CASES_WORK = "cases:work"
    CASES_REPLY = "cases:reply"
    CASES_EXTEND = "cases:extend"
    CASES_EXPORT = "cases:export"
    OVERSIGHT_READ = "oversight:read"
    TEAM = "team"
    POINTS_MANAGE = "points:manage"
    RATINGS_REVIEW = "ratings:review"
    WARNINGS = "warnings"
    REPORTS_READ = "reports:read"


LABELS: dict[Scope, str | Promise] = {
    Scope.REFERENCE_READ: _("Read reference data: topics, city sectors, bodies, the calendar and the terms"),
    Scope.APPEALS_FILE: _("File appeals and upload files for them"),
    Scope.APPEALS_READ: _("Read appeals that the owner or this system filed"),
    Scope.APPEALS_RESPOND: _("Add to those appeals, rate and dispute answers, withdraw"),
    Scope.EVENTS_READ: _("Read the feed of changes"),
    Scope.WEBHOOKS_MANAGE: _("Subscribe to events"),
    Scope.SANDBOX: _("Move the clock of the sandbox and begin it anew"),
    Scope.PUBLIC_READ: _("Read the public list of requests"),
    Scope.STATISTICS_READ: _("Read the statistics at the rate of the application; without a key they are open, too"),
    Scope.OWN: _("Read and change what is the owner's own: notices, their ways, saved filters"),
    Scope.USAGE_READ: _("Read how the application itself is used"),
    Scope.CASES_READ: _("Read the appeals that the owner's roles reach"),
    Scope.CASES_IDENTITY: _("See applicants in full; each look is recorded"),
    Scope.CASES_REGISTER: _("Register appeals for somebody who called, wrote or came"),
    Scope.CASES_ROUTE: _("Classify, give to a unit, forward, split and link appeals"),
    Scope.CASES_WORK: _("Take into work, assign, ask, note and draft"),
    Scope.CASES_REPLY: _("Send answers"),
    Scope.CASES_EXTEND: _("Decide about extensions"),
    Scope.CASES_EXPORT: _("Take lists of appeals along as table files; each time is recorded"),
    Scope.OVERSIGHT_READ: _("Read load, lateness and disputes by unit and person"),
    Scope.TEAM: _("See and set substitutions and duty rosters"),
    Scope.POINTS_MANAGE: _("Look after the service points that visitors rate"),
    Scope.REPORTS_READ: _("Read periodic reports and answers to the saved questions of the report builder"),
    Scope.WARNINGS: _("Read early warnings, change their states, be told of them"),
    Scope.RATINGS_REVIEW: _("Decide about ratings that were set aside and about comments"),
}
# Ticked in the form of a new application: what everybody may read anyway.
USUAL = (Scope.STATISTICS_READ,)
# One of these rights the owner must have; everything else everybody may have.
NEEDS: dict[Scope, tuple[Action, ...]] = {
    Scope.CASES_READ: (Action.SEE,),
    Scope.CASES_IDENTITY: (Action.SEE_IDENTITY,),
    Scope.CASES_REGISTER: (Action.REGISTER,),
    Scope.CASES_ROUTE: (Action.CLASSIFY, Action.ROUTE),
    Scope.CASES_WORK: (Action.CLAIM, Action.ASSIGN, Action.WORK),
    Scope.CASES_REPLY: (Action.REPLY,),
    Scope.CASES_EXTEND: (Action.EXTEND,),
    Scope.CASES_EXPORT: (Action.EXPORT,),
    Scope.OVERSIGHT_READ: (Action.OVERSEE,),
    Scope.TEAM: (Action.SUBSTITUTE, Action.SEE_SHIFTS),
    Scope.POINTS_MANAGE: (Action.MANAGE_POINTS,),
    Scope.WARNINGS: (Action.OVERSEE,),
    Scope.RATINGS_REVIEW: (Action.REVIEW_RATINGS,),
    Scope.REPORTS_READ: (Action.OVERSEE, Action.EXPORT),
}


def is_open_to(user: Person, scope: Scope) -> bool:
    """Whether the rights of the person give the scope anything to do."""
    needed = NEEDS.get(scope)
    return needed is None or has_right(user, *needed)


def offered_to(user: Person) -> list[Scope]:
    """The scopes a person can give to a key of his."""
    return [scope for scope in Scope if is_open_to(user, scope)]


def offered_in(environment: str, owner: Person, acts_as: str = "") -> frozenset[Scope]:
    """What an application may have: of the owner's rights, or in the sandbox of those of the invented person."""
    if environment != Environment.SANDBOX:
        return frozenset(offered_to(owner)) - {Scope.SANDBOX}
    rights = RIGHTS.get(acts_as or RESIDENT, {})
    return frozenset(scope for scope in Scope if not NEEDS.get(scope) or any(right in rights for right in NEEDS[scope]))


def known(values: Iterable[str]) -> frozenset[Scope]:
    """The scopes among stored words; one that no longer exists gives nothing."""
    return frozenset(scope for scope in Scope if scope.value in set(values))
