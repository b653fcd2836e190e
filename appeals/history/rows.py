"""What one past appeal becomes: rows of every table, with keys taken beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from appeals import events
from appeals.history.clocks import Clocks
from appeals.history.past import PastAppeal
from appeals.models import (
    Appeal,
    AppealEvent,
    AppealLink,
    Assignment,
    Attachment,
    ExtensionProposal,
    Feedback,
    Message,
    Note,
    Question,
    Reply,
    Timer,
    TimerPause,
)
from common.reference_numbers import AppealNumber


@dataclass
class Rows:
    """What one past appeal becomes, ready to be stored."""

    appeal: Appeal
    past: PastAppeal
    events: list[AppealEvent] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    proposals: list[ExtensionProposal] = field(default_factory=list)
    links: list[AppealLink] = field(default_factory=list)
    clocks: Clocks | None = None

    @property
    def timers(self) -> list[Timer]:
        return self.clocks.timers if self.clocks else []

    def pauses(self) -> list[TimerPause]:
        return self.clocks.pause_rows() if self.clocks else []


@dataclass
class Ids:
    """Primary keys taken from the sequences beforehand, because events name the rows they tell of."""

    appeals: Mapping[tuple[str, str], int]  # by channel and id in it, so that appeals of one batch can be linked
    replies: Iterator[int]
    messages: Iterator[int]
    notes: Iterator[int]
    questions: Iterator[int]
    attachments: Iterator[int]
    proposals: Iterator[int]


def number_of(pk: int, received_at: dt.datetime) -> str:
    return str(AppealNumber(sequence=pk, year=timezone.localtime(received_at).year))


def proof(text: str) -> dict[str, Any]:
    """What an event says of the text it tells of, among its other details."""
    return dict(events.proof_of(text))
