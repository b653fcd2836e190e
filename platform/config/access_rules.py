"""The words in which the table of `config.access` says what a page needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from accounts.rights import EVERYBODY_ACTIONS, Action


class Who(Enum):
    PUBLIC = "public"  # everybody, also without signing in
    SIGNED_IN = "signed_in"
    STAFF = "staff"  # whoever has a role, whatever it is
    RIGHT = "right"  # whoever has one of the actions
    OWN_CHECK = "own_check"  # the view checks something the table cannot know; the reason says what


@dataclass(frozen=True, slots=True)
class Access:
    """What one page needs before its view is called; single appeals and rows are the business of policies and steps."""

    who: Who
    actions: tuple[Action, ...] = ()
    reason: str = ""
    second_factor: bool = False  # the session must have been begun with two factors
    reauthentication: bool = False  # the person must have proved lately that it is he
    tells_visitors: bool = False  # a part of a page that says itself that the session is over


PUBLIC = Access(Who.PUBLIC)
SIGNED_IN = Access(Who.SIGNED_IN, (Action.MY_DATA,))
STAFF = Access(Who.STAFF, second_factor=True)


def right(*actions: Action, reauthentication: bool = False, tells_visitors: bool = False) -> Access:
    """Those who have one of the actions; what only members of the staff may needs a second factor."""
    return Access(
        Who.RIGHT,
        actions,
        second_factor=EVERYBODY_ACTIONS.isdisjoint(actions),
        reauthentication=reauthentication,
        tells_visitors=tells_visitors,
    )


def own_check(reason: str) -> Access:
    return Access(Who.OWN_CHECK, reason=reason)
