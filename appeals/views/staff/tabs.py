"""Which ready views of the queue a role sees, in which order, and which one opens first."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import grants_of
from appeals.filters import Tab

LABELS: dict[Tab, str | Promise] = {
    Tab.MINE: _("My queue"),
    Tab.UNIT: _("My unit"),
    Tab.NEW: _("New, to be routed"),
    Tab.OVERDUE: _("Overdue"),
    Tab.SOON: _("Due soon"),
    Tab.AWAITING: _("Awaiting the applicant"),
    Tab.MESSAGES: _("New messages"),
    Tab.DISPUTED: _("Disputed"),
    Tab.ALL: _("All"),
}
WATCH = (Tab.OVERDUE, Tab.SOON, Tab.AWAITING, Tab.MESSAGES)
# The first tab of a role opens first; a person with several roles sees the tabs of all of them.
OF_ROLE: dict[str, tuple[Tab, ...]] = {
    Role.INSPECTOR: (Tab.NEW, *WATCH, Tab.DISPUTED, Tab.ALL),
    Role.EXECUTOR: (Tab.MINE, Tab.UNIT, *WATCH, Tab.ALL),
    Role.CO_EXECUTOR: (Tab.MINE, Tab.ALL),
    Role.HEAD: (Tab.UNIT, Tab.MINE, *WATCH, Tab.DISPUTED, Tab.ALL),
    Role.DEPUTY_AKIM: (Tab.OVERDUE, Tab.SOON, Tab.DISPUTED, Tab.ALL),
    Role.AKIM: (Tab.OVERDUE, Tab.SOON, Tab.DISPUTED, Tab.ALL),
    Role.OPERATOR: (Tab.ALL, Tab.NEW, Tab.MESSAGES, Tab.AWAITING),
    Role.ANALYST: (Tab.ALL, Tab.OVERDUE, Tab.DISPUTED),
    Role.METHODOLOGIST: (Tab.ALL, Tab.DISPUTED),
    Role.MODERATOR: (Tab.ALL, Tab.MESSAGES),
    Role.ADMINISTRATOR: (Tab.ALL, Tab.OVERDUE),
}
ORDER = tuple(OF_ROLE)
SHOWN = tuple(LABELS)


def tabs_of(user: User) -> list[Tab]:
    """The tabs of the user's roles in the common order."""
    found = {tab for grant in grants_of(user) for tab in OF_ROLE.get(grant.role, ())}
    return [tab for tab in SHOWN if tab in found]


def first_tab(user: User) -> Tab:
    """What opens first: the tab of the role that works on appeals most directly."""
    roles = {grant.role for grant in grants_of(user)}
    return next((OF_ROLE[role][0] for role in ORDER if role in roles), Tab.ALL)
