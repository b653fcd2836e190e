"""Who may do what in the whole hub: one table role x action x scope, and the pure rules that read it.

The table says how far a role may reach at most. The assignment of the role says how far it was given: to a unit, an
organization, a city sector, or to everything. Both combine so that nobody gets more than either of them says:

- an assignment as wide as the table allows, or narrower, reaches what the assignment names;
- one that is wider than the table allows reaches nothing by itself: an executor without a unit has no unit to reach,
  and a forgotten field must not open a city. What was given to the person himself stays his (`Scope.OWN`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role


class Scope(IntEnum):
    """How far a right reaches, from the narrowest to the widest."""

    OWN = 1  # one's own data, and the cases one was given
    UNIT = 2
    ORGANIZATION = 3
    AREA = 4  # a city sector, whatever the organization
    ALL = 5


class Action(StrEnum):
    # Appeals; policies of the appeals decide about the single one.
    SEE = "see"  # the case page and the queue
    SEE_CONFIDENTIAL = "see_confidential"  # confidential ones too; others see them only when they were given them
    SEE_IDENTITY = "see_identity"  # unmasked name, IIN, contacts; each view is recorded
    REGISTER = "register"  # calls, paper, reception
    CLASSIFY = "classify"  # topic, kind, priority, confidentiality
    ROUTE = "route"  # give to a unit, forward, split, link, incidents, move messages
    CLAIM = "claim"  # take from the unit's queue, hand back
    ASSIGN = "assign"  # give to a person of the unit, co-executors
    WORK = "work"  # ask, note, evidence, draft
    REPLY = "reply"  # send the answer
    EXTEND = "extend"  # decide an extension
    EXPORT = "export"
    OVERSEE = "oversee"  # load, lateness, disputes
    # The hub.
    CONFIGURE = "configure"  # terms, routing, templates, knowledge base, calendar
    SEE_LOGS = "see_logs"  # deliveries, notices, events, as rows
    SEE_RIGHTS = "see_rights"  # this table and one's own place in it
    SUBSTITUTE = "substitute"  # say who stands in for whom
    SEE_SHIFTS = "see_shifts"  # who is on duty
    MANAGE_SHIFTS = "manage_shifts"
    MANAGE_ACCOUNTS = "manage_accounts"  # accounts, roles
    SECURE_ACCOUNTS = "secure_accounts"  # end sessions, lock an account, take away a lost second factor
    AUDIT = "audit"  # the record of who looked at, exported and changed what
    MANAGE_PRIVACY = "manage_privacy"  # requests about personal data, retention
    TAKE_DOWN = "take_down"  # take personal data off the public pages
    MANAGE_BREACHES = "manage_breaches"
    MANAGE_SSO = "manage_sso"  # systems that sign people in through the hub, and the other way round
    MANAGE_POINTS = "manage_points"  # the service points that visitors rate by a QR code
    REVIEW_RATINGS = "review_ratings"  # ratings that were set aside, comments before they are shown
    MANAGE_API = "manage_api"  # approve and suspend the programs that call the open API
    MANAGE_REPORTS = "manage_reports"  # make periodic reports, set up when and to whom they go
    # Everybody.
    READ_PUBLIC = "read_public"
    FILE = "file"
    TRACK = "track"  # follow an appeal by number and code
    MY_APPEALS = "my_appeals"
    MY_DATA = "my_data"  # profile, sign-in, sessions, export of one's data


# Rights on an appeal; whoever asks about one of the others for an appeal gets no.
CASE_ACTIONS = frozenset(list(Action)[: list(Action).index(Action.CONFIGURE)])
EVERYBODY_ACTIONS = frozenset(list(Action)[list(Action).index(Action.READ_PUBLIC) :])

# What cannot be cut to a part of the city: there is one log, one list of accounts, one calendar for everybody.
# Whoever was given a role for a part only does not have these, or a unit's administrator would rule the hub.
WHOLE_HUB = frozenset({
    Action.CONFIGURE, Action.SEE_LOGS, Action.MANAGE_ACCOUNTS, Action.SECURE_ACCOUNTS, Action.AUDIT,
    Action.MANAGE_PRIVACY, Action.TAKE_DOWN, Action.MANAGE_BREACHES, Action.MANAGE_SSO,
    Action.MANAGE_API, Action.REVIEW_RATINGS,
})  # fmt: skip

# Who rules accounts and who watches over them is chosen by name, and never for a vacation.
NEVER_LENT = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER})

ANYBODY, RESIDENT = "anybody", "resident"  # pseudo-roles: every visitor; everybody who has signed in

Row = Mapping[Action, Scope]
A, S = Action, Scope


def _row(scope: Scope, *actions: Action) -> dict[Action, Scope]:
    return dict.fromkeys(actions, scope)


_ANYBODY = _row(S.ALL, A.READ_PUBLIC, A.FILE) | _row(S.OWN, A.TRACK)
_COLLEAGUE = _row(S.ALL, A.SEE_RIGHTS, A.SEE_SHIFTS) | _row(S.OWN, A.SUBSTITUTE)
_LEADER = _row(
    S.ALL, A.SEE, A.SEE_CONFIDENTIAL, A.SEE_IDENTITY, A.ASSIGN, A.EXTEND, A.EXPORT, A.OVERSEE
)  # the akim and his deputies; a deputy's field or city sector is the scope of his assignment

RIGHTS: dict[str, Row] = {
    ANYBODY: _ANYBODY,
    RESIDENT: _ANYBODY | _row(S.OWN, A.MY_APPEALS, A.MY_DATA),
    Role.OPERATOR: _COLLEAGUE | _row(S.ALL, A.SEE, A.SEE_IDENTITY, A.REGISTER, A.CLASSIFY),
    Role.INSPECTOR: _COLLEAGUE
    | _row(S.ALL, A.SEE, A.SEE_CONFIDENTIAL, A.SEE_IDENTITY, A.REGISTER, A.CLASSIFY, A.ROUTE, A.ASSIGN, A.WORK)
    | _row(S.ALL, A.EXPORT),
    Role.EXECUTOR: _COLLEAGUE | _row(S.UNIT, A.SEE, A.SEE_IDENTITY, A.CLAIM, A.WORK, A.REPLY),
    Role.CO_EXECUTOR: _COLLEAGUE | _row(S.UNIT, A.SEE, A.WORK),
    Role.ANALYST: _COLLEAGUE | _row(S.ALL, A.SEE, A.OVERSEE, A.EXPORT, A.MANAGE_REPORTS),
    Role.METHODOLOGIST: _COLLEAGUE | _row(S.ALL, A.SEE, A.CONFIGURE, A.SEE_LOGS, A.MANAGE_SHIFTS, A.MANAGE_POINTS),
    Role.HEAD: _COLLEAGUE
    | _row(S.ORGANIZATION, A.SEE, A.SEE_CONFIDENTIAL, A.SEE_IDENTITY, A.CLAIM, A.ASSIGN, A.WORK, A.REPLY, A.EXTEND)
    | _row(S.ORGANIZATION, A.EXPORT, A.OVERSEE, A.SUBSTITUTE, A.MANAGE_SHIFTS, A.MANAGE_POINTS)
    | _row(S.ORGANIZATION, A.MANAGE_REPORTS),
    Role.DEPUTY_AKIM: _COLLEAGUE | _LEADER,
    Role.AKIM: _COLLEAGUE | _LEADER,
    Role.MODERATOR: _COLLEAGUE | _row(S.ALL, A.SEE, A.CLASSIFY, A.TAKE_DOWN, A.REVIEW_RATINGS),
    Role.ADMINISTRATOR: _COLLEAGUE
    | _row(S.ALL, A.SEE, A.EXPORT, A.OVERSEE, A.CONFIGURE, A.SEE_LOGS, A.SUBSTITUTE, A.MANAGE_SHIFTS)
    | _row(S.ALL, A.MANAGE_ACCOUNTS, A.SECURE_ACCOUNTS, A.AUDIT, A.MANAGE_PRIVACY, A.TAKE_DOWN, A.MANAGE_SSO)
    | _row(S.ALL, A.MANAGE_API, A.MANAGE_REPORTS, A.MANAGE_POINTS, A.REVIEW_RATINGS),
    # Looks after accounts, logs and leaks, not after appeals; gives no roles, so that nobody watches himself.
    Role.SECURITY_OFFICER: _COLLEAGUE
    | _row(S.ALL, A.AUDIT, A.SECURE_ACCOUNTS, A.MANAGE_BREACHES, A.MANAGE_PRIVACY, A.TAKE_DOWN),
}


@dataclass(frozen=True)
class Grant:
    """A role as it was given: with the scope of the assignment, where None means no bound.

    `on_behalf_of` names the colleague whose role it is, for whom the holder stands in.
    """

    role: str
    organization_id: int | None = None
    department_id: int | None = None
    area_id: int | None = None
    on_behalf_of: int | None = None


@dataclass(frozen=True)
class Place:
    """Where something belongs: what a grant is compared with."""

    department_id: int | None = None
    organization_id: int | None = None
    area_id: int | None = None


def widest(role: str, action: Action) -> Scope | None:
    """What the table says; None where the role may not at all."""
    return RIGHTS.get(role, {}).get(action)


def width(grant: Grant) -> Scope:
    """How wide the assignment is: as wide as its narrowest bound."""
    if grant.department_id:
        return Scope.UNIT
    if grant.organization_id:
        return Scope.ORGANIZATION
    return Scope.AREA if grant.area_id else Scope.ALL


def reach(grant: Grant, action: Action) -> Scope | None:
    """How far the grant reaches for the action: the table and the assignment combined as the module says."""
    most = widest(grant.role, action)
    if most is None:
        return None
    given = width(grant)
    if action in WHOLE_HUB and given < Scope.ALL:
        return None
    return given if given <= most else Scope.OWN


def reaches_beyond(grant: Grant, action: Action) -> bool:
    """Whether the grant reaches anything beside what was given to the person himself."""
    return (reach(grant, action) or Scope.OWN) > Scope.OWN


def covers(grant: Grant, action: Action, place: Place) -> bool:
    """Whether the grant reaches what belongs to this place."""
    if not reaches_beyond(grant, action):
        return False
    bounds = (
        (grant.department_id, place.department_id),
        (grant.organization_id, place.organization_id),
        (grant.area_id, place.area_id),
    )
    return all(not bound or bound == actual for bound, actual in bounds)


def holds(grants: Iterable[Grant], *actions: Action) -> bool:
    """Whether one of the grants allows one of the actions, however far."""
    return any(reach(grant, action) is not None for grant in grants for action in actions)


def too_narrow(role: str, scope: Scope) -> bool:
    """Whether the role is for nothing but the hub as a whole, and the assignment for a part of it."""
    return scope < Scope.ALL and RIGHTS[role].keys() - _COLLEAGUE.keys() <= WHOLE_HUB


def loses_the_hub(role: str, scope: Scope) -> bool:
    """Whether the role has rights over the hub as a whole that an assignment for a part of it does not give."""
    return scope < Scope.ALL and bool(RIGHTS[role].keys() & WHOLE_HUB)


def too_wide(role: str, scope: Scope) -> bool:
    """Whether an assignment of this width would lend the role nothing of what it is for."""
    own = RIGHTS[role].keys() - _COLLEAGUE.keys()
    return bool(own) and all(scope > RIGHTS[role][action] for action in own)


LABELS: dict[Action, str | Promise] = {
    A.SEE: _("See appeals"),
    A.SEE_CONFIDENTIAL: _("See confidential appeals"),
    A.SEE_IDENTITY: _("See the applicant in full"),
    A.REGISTER: _("Register appeals"),
    A.CLASSIFY: _("Set topic, kind and priority"),
    A.ROUTE: _("Give to a unit, forward, split, link"),
    A.CLAIM: _("Take into work"),
    A.ASSIGN: _("Give to a person"),
    A.WORK: _("Work on the appeal: ask, note, draft"),
    A.REPLY: _("Send the answer"),
    A.EXTEND: _("Decide about an extension"),
    A.EXPORT: _("Export lists"),
    A.OVERSEE: _("Oversee load and lateness"),
    A.CONFIGURE: _("Edit terms, routes, texts and the calendar"),
    A.SEE_LOGS: _("See deliveries, notices and events"),
    A.SEE_RIGHTS: _("See who may do what"),
    A.SUBSTITUTE: _("Say who stands in for whom"),
    A.SEE_SHIFTS: _("See who is on duty"),
    A.MANAGE_SHIFTS: _("Make the duty roster"),
    A.MANAGE_ACCOUNTS: _("Manage accounts and roles"),
    A.SECURE_ACCOUNTS: _("Lock accounts, end sessions"),
    A.AUDIT: _("See the audit log"),
    A.MANAGE_PRIVACY: _("Decide requests about personal data"),
    A.TAKE_DOWN: _("Take personal data off public pages"),
    A.MANAGE_BREACHES: _("Keep the register of data breaches"),
    A.MANAGE_SSO: _("Connect systems for single sign-on"),
    A.MANAGE_POINTS: _("Manage service points that visitors rate"),
    A.REVIEW_RATINGS: _("Review ratings set aside and comments"),
    A.MANAGE_API: _("Approve and suspend applications of the open API"),
    A.MANAGE_REPORTS: _("Make and send periodic reports"),
    A.READ_PUBLIC: _("Read public pages"),
    A.FILE: _("File an appeal"),
    A.TRACK: _("Follow an appeal by number and code"),
    A.MY_APPEALS: _("See one's own appeals"),
    A.MY_DATA: _("See and change one's own data"),
}
SCOPE_LABELS: dict[Scope, str | Promise] = {
    S.OWN: _("own"),
    S.UNIT: _("own unit"),
    S.ORGANIZATION: _("own organization"),
    S.AREA: _("own city sector"),
    S.ALL: _("everything"),
}
PSEUDO_ROLES: dict[str, str | Promise] = {ANYBODY: _("Everybody"), RESIDENT: _("Whoever has signed in")}
