"""Which status may follow which; the only code that sets a status."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from appeals.models import Appeal, Outcome, Status
from common.errors import Conflict

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.REGISTERED, Status.CLOSED}),
    Status.REGISTERED: frozenset(
        {Status.ASSIGNED, Status.IN_PROGRESS, Status.FORWARDED, Status.ANSWERED, Status.CLOSED}
    ),
    Status.ASSIGNED: frozenset(
        {
            Status.REGISTERED,
            Status.ASSIGNED,
            Status.IN_PROGRESS,
            Status.AWAITING_INFO,
            Status.FORWARDED,
            Status.ANSWERED,
            Status.CLOSED,
        }
    ),
    Status.IN_PROGRESS: frozenset(
        {Status.REGISTERED, Status.ASSIGNED, Status.AWAITING_INFO, Status.FORWARDED, Status.ANSWERED, Status.CLOSED}
    ),
    Status.AWAITING_INFO: frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED}),
    Status.FORWARDED: frozenset({Status.REOPENED, Status.REGISTERED, Status.CLOSED}),
    Status.ANSWERED: frozenset({Status.REOPENED, Status.CLOSED}),
    Status.REOPENED: frozenset(
        {
            Status.RECEIVED,
            Status.REGISTERED,
            Status.ASSIGNED,
            Status.IN_PROGRESS,
            Status.AWAITING_INFO,
            Status.FORWARDED,
            Status.ANSWERED,
            Status.CLOSED,
        }
    ),
    Status.CLOSED: frozenset({Status.REOPENED}),
}

# Statuses in which a unit owes the next step.
AT_WORK = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.AWAITING_INFO, Status.REOPENED})
# Statuses in which the hub owes an answer, whether a unit has the appeal already or not.
OWED = AT_WORK | {Status.RECEIVED, Status.REGISTERED}


def change_status(appeal: Appeal, status: Status, *, outcome: Outcome | None = None) -> None:
    """Set the status in memory, or refuse a step that the table does not know. The caller records the event.

    What is open again has no outcome: the answers keep theirs, the history tells of them, and the caller saves it.
    """
    if status not in TRANSITIONS[Status(appeal.status)]:
        raise Conflict(_("This step is not possible in the present state of the appeal."), code="wrong_status")
    appeal.status = status
    if status == Status.REOPENED:
        appeal.outcome = ""
    if outcome is not None:
        appeal.outcome = outcome


def require_owed(appeal: Appeal) -> None:
    """Refuse what is part of finding an answer when there is none to find any more, or already one."""
    if appeal.status not in OWED:
        raise Conflict(_("This step is not possible in the present state of the appeal."), code="wrong_status")


def allows(appeal: Appeal, status: Status) -> bool:
    """Whether the present state allows to go on to `status`; pages show only buttons that will work."""
    return status in TRANSITIONS[Status(appeal.status)]
