"""What a past appeal is, as plain values: the case as it came in, and what was done with it, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from appeals.models import Category, Channel, EventKind, Kind, Outcome, Priority, Regime, Verdict
from common.files import CheckedFile


class ClockRule(StrEnum):
    """What clocks a past case gets."""

    NONE = "none"  # our terms did not bind its source: nothing is called late
    JUDGED = "judged"  # judged by our terms; a case left open has its clock cancelled, so that nobody is reminded of it
    RUNNING = "running"  # judged by our terms; the clocks of a case left open run on here


@dataclass(frozen=True)
class Partner:
    """The other appeal of a link, stored in the same batch; `is_source` where that one is the later of the two."""

    channel: Channel
    external_id: str
    received_at: dt.datetime
    is_source: bool


@dataclass(frozen=True)
class PastStep:
    """One thing that happened. Which fields count depends on the kind; `actor_id` None is the system or a stranger."""

    kind: EventKind
    at: dt.datetime
    actor_id: int | None = None
    department_id: int | None = None
    user_id: int | None = None
    text: str = ""
    reason: str = ""
    outcome: Outcome | None = None
    is_interim: bool = False
    measures: str = ""
    done_on: dt.date | None = None
    done_by: str = ""
    until: dt.datetime | None = None
    verdict: Verdict | None = None
    rating: int | None = None
    reasons: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # into which the appeal is split
    question: int = 0  # the position of the question the step is about; 0 is the appeal as a whole
    files: tuple[CheckedFile, ...] = ()
    partner: Partner | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PastApplicant:
    """Who filed; all empty where the source does not say."""

    type: str = "individual"
    user_id: int | None = None
    full_name: str = ""
    identifier: str = ""
    phone: str = ""
    email: str = ""
    postal_address: str = ""
    representative_name: str = ""
    representative_ground: str = ""
    thread_key: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class PastAppeal:
    """A case as it came in, and its steps in order of time."""

    external_id: str
    received_at: dt.datetime
    text: str
    language: str
    channel: Channel = Channel.HISTORY
    subject: str = ""
    regime: Regime = Regime.REQUEST
    kind: Kind = Kind.MESSAGE
    category: Category = Category.PERSONAL
    sector_id: int | None = None
    topic_id: int | None = None
    priority: Priority = Priority.NORMAL
    area_id: int | None = None
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    is_confidential: bool = False
    is_demo: bool = False
    incident_id: int | None = None
    complaint_department_id: int | None = None
    applicant: PastApplicant = field(default_factory=PastApplicant)
    files: tuple[CheckedFile, ...] = ()
    steps: tuple[PastStep, ...] = ()
    clocks: ClockRule = ClockRule.JUDGED
    is_ladder_told: bool = False  # reminders and escalations of its time stand in its history
    origin: Mapping[str, Any] = field(default_factory=dict)  # kept in the event «imported»
