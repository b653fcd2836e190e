"""Connectors: a plug-in for each connection to another system, with a schedule, a check and, where it polls, a run.

A connector lives with the code that speaks to the other system and registers here; the catalogue keeps the book of
its runs and shows its health. A program from outside registers the same way (see docs/catalogue.md).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.registry import Registry

LONGEST_DETAIL = 300


class Reason(StrEnum):
    """Why a connection does not work, in the few words that a member of the staff can act on."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    REFUSED = "refused"
    ANSWER = "answer"
    BEHIND = "behind"
    SET_UP = "set_up"
    STOPPED = "stopped"
    ERROR = "error"

    @property
    def label(self) -> str | Promise:
        return REASONS[self]


REASONS: dict[Reason, str | Promise] = {
    Reason.UNREACHABLE: _("The other side cannot be reached."),
    Reason.SLOW: _("The other side does not answer in time."),
    Reason.REFUSED: _("The other side refuses us: the account, the key or the certificate."),
    Reason.ANSWER: _("The other side answers something else than agreed."),
    Reason.BEHIND: _("Work has piled up or gets lost on this connection."),
    Reason.SET_UP: _("The settings of this connection do not fit together."),
    Reason.STOPPED: _("The process that worked on it was stopped."),
    Reason.ERROR: _("The connector itself failed; the log of the server says more."),
}


class ConnectionTrouble(Exception):
    """A connection that does not work. The detail is for the staff and must hold neither secrets nor personal data."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail[:LONGEST_DETAIL]


class Connector:
    """What a plug-in overrides. `check` asks the other side whether it is there; `run` fetches what is new."""

    name: str | Promise = ""
    platform: str = ""  # the key of the system in the catalogue
    check_every: ClassVar[timedelta] = timedelta(minutes=5)
    run_every: ClassVar[timedelta | None] = None  # None: nothing is polled
    seconds: ClassVar[int] = 60  # the most that one check or one run may take

    def is_configured(self) -> bool:
        """Whether this installation has an account, an address or a key for the other side."""
        return True

    def check(self) -> str:
        """Ask the other side and say in a few words what it answered; raise ConnectionTrouble when it does not work."""
        raise NotImplementedError

    def run(self) -> int:
        """Fetch what is new and say how many; only called where `run_every` is set."""
        raise NotImplementedError


connectors: Registry[Connector] = Registry("connector")
