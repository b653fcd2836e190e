"""The case in words: masked applicant, conversation, history with its proof, clocks; built from rows already read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from appeals import events, terms
from appeals.models import (
    Appeal,
    AppealEvent,
    Applicant,
    Attachment,
    Channel,
    EventKind,
    Message,
    Outcome,
    Timer,
    TimerCode,
)
from appeals.selectors.case import Case
from appeals.views import term_views
from common.masking import mask_email, mask_full_name, mask_identifier
from common.phones import format_phone, mask_phone
from ui import dates
from ui.badges import TermView

# Identity


@dataclass(frozen=True)
class Identity:
    """The applicant as far as the page shows him: masked, or in full for one answer."""

    is_masked: bool
    rows: Sequence[tuple[str, str]]


def identity_of(applicant: Applicant, *, masked: bool) -> Identity:
    hide_name = mask_full_name if masked else str
    values = [
        (_("Name"), hide_name(applicant.full_name) if applicant.full_name else _("not given")),
        (_("Representative"), hide_name(applicant.representative_name)),
        (_("Ground of representation"), applicant.representative_ground),
        (_("IIN or BIN"), mask_identifier(applicant.identifier) if masked else applicant.identifier),
        (_("Phone"), mask_phone(applicant.phone) if masked and applicant.phone else format_phone(applicant.phone)),
        (_("E-mail"), mask_email(applicant.email) if masked and applicant.email else applicant.email),
        (_("Postal address"), "" if masked else applicant.postal_address),
    ]
    return Identity(masked, [(label, value) for label, value in values if value])


FIELDS_SHOWN = ("full_name", "representative_name", "identifier", "phone", "email", "postal_address")


def fields_shown(applicant: Applicant) -> list[str]:
    """The names of the protected fields that a full view shows; for the record of access."""
    return [name for name in FIELDS_SHOWN if getattr(applicant, name)]


# Files


@dataclass(frozen=True)
class FileLine:
    name: str
    url: str
    size: int
    content_type: str
    pk: int = 0


def file_line(appeal: Appeal, row: Attachment) -> FileLine:
    url = reverse("appeals:case-file", args=[appeal.number, row.pk])
    return FileLine(row.name, url, row.size, row.content_type, row.pk)


# Conversation


@dataclass(frozen=True)
class ThreadItem:
    direction: str
    author: str
    channel: str
    at: dt.datetime
    text: str
    files: Sequence[FileLine] = ()


def thread_of(case: Case, *, notes: bool = True) -> list[ThreadItem]:
    """Messages and notes in the order of time."""
    files: dict[int, list[FileLine]] = {}
    for row in case.files:
        if row.message_id:
            files.setdefault(row.message_id, []).append(file_line(case.appeal, row))
    items = [
        ThreadItem(
            direction=message.direction,
            author=case.name(message.author_id) or _message_author(message),
            channel=str(Channel(message.channel).label),
            at=message.at,
            text=message.text,
            files=files.get(message.pk, ()),
        )
        for message in case.messages
    ]
    if notes:
        items += [ThreadItem("note", case.name(note.author_id), "", note.at, note.text) for note in case.notes]
    return sorted(items, key=lambda item: item.at)


def _message_author(message: Message) -> str:
    return _("Applicant") if message.direction == Message.Direction.IN else _("Halyq Uni")


# History

LOOKS = {
    EventKind.RECEIVED: ("inbox", "info"),
    EventKind.REGISTERED: ("document", "info"),
    EventKind.CLASSIFIED: ("tag", "calm"),
    EventKind.ROUTE_SUGGESTED: ("forward", "calm"),
    EventKind.ASSIGNED: ("user", "info"),
    EventKind.CLAIMED: ("hand", "info"),
    EventKind.HANDED_BACK: ("undo", "warn"),
    EventKind.CO_EXECUTOR_ADDED: ("users", "calm"),
    EventKind.CO_EXECUTOR_REMOVED: ("users", "calm"),
    EventKind.MESSAGE_RECEIVED: ("chat", "info"),
    EventKind.MESSAGE_SENT: ("send", "calm"),
    EventKind.MESSAGE_MOVED: ("forward", "calm"),
    EventKind.INFO_REQUESTED: ("chat", "warn"),
    EventKind.INFO_RECEIVED: ("chat", "good"),
    EventKind.CLOCK_PAUSED: ("pause", "warn"),
    EventKind.CLOCK_RESUMED: ("clock", "info"),
    EventKind.EXTENSION_PROPOSED: ("calendar", "note"),
    EventKind.EXTENSION_REFUSED: ("calendar", "bad"),
    EventKind.TERM_EXTENDED: ("calendar", "warn"),
    EventKind.TERM_RECALCULATED: ("calendar", "calm"),
    EventKind.SPLIT: ("split", "note"),
    EventKind.QUESTION_ANSWERED: ("check", "good"),
    EventKind.FORWARDED: ("forward", "note"),
    EventKind.LINKED: ("link", "calm"),
    EventKind.UNLINKED: ("link", "calm"),
    EventKind.INCIDENT_JOINED: ("merge", "note"),
    EventKind.INCIDENT_LEFT: ("split", "calm"),
    EventKind.NOTE_ADDED: ("note", "calm"),
    EventKind.PRIORITY_CHANGED: ("flag", "warn"),
    EventKind.CONFIDENTIALITY_CHANGED: ("shield", "warn"),
    EventKind.ATTACHMENT_ADDED: ("attach", "calm"),
    EventKind.REPLY_DRAFTED: ("edit", "calm"),
    EventKind.REPLY_SENT: ("reply", "good"),
    EventKind.RATED: ("star", "info"),
    EventKind.DISPUTED: ("scale", "bad"),
    EventKind.REOPENED: ("refresh", "warn"),
    EventKind.CLOSED: ("lock", "calm"),
    EventKind.WITHDRAWN: ("undo", "calm"),
    EventKind.PROMOTED: ("up", "note"),
    EventKind.REMINDED: ("bell", "calm"),
    EventKind.ESCALATED: ("bell", "bad"),
    EventKind.IMPORTED: ("download", "calm"),
}


@dataclass(frozen=True)
class HistoryItem:
    title: str
    at: dt.datetime
    actor: str
    text: str
    icon: str
    tone: str
    seq: int
    proof: str
    is_whole: bool


@dataclass(frozen=True)
class History:
    """The events from the newest back. `broken` is the number of the first one that does not fit the chain."""

    items: Sequence[HistoryItem]
    is_cut: bool
    broken: int = 0


def history_of(case: Case) -> History:
    whole = _whole(case)
    items = []
    for event in case.events:
        icon, tone = LOOKS.get(EventKind(event.kind), ("circle", "calm"))
        items.append(
            HistoryItem(
                title=str(EventKind(event.kind).label),
                at=event.occurred_at,
                actor=case.name(event.actor_id),
                text=_story(event, case.names),
                icon=icon,
                tone=tone,
                seq=event.seq,
                proof=event.hash[:8],
                is_whole=whole[event.seq],
            )
        )
    broken = min((seq for seq, fits in whole.items() if not fits), default=0)
    return History(items, case.is_cut, broken)


def _whole(case: Case) -> dict[int, bool]:
    """Which events say what they said when they were recorded and continue the one before."""
    found: dict[int, bool] = {}
    newer: AppealEvent | None = None
    for event in case.events:
        expected = case.appeal.history_head if newer is None else newer.prev_hash
        found[event.seq] = event.hash == expected and event.hash == events.hash_of(event)
        newer = event
    if newer is not None and not case.is_cut:
        found[newer.seq] = found[newer.seq] and (newer.seq, newer.prev_hash) == (1, "")
    return found


def _story(event: AppealEvent, names: Mapping[int, str]) -> str:
    details = DETAILS.get(EventKind(event.kind))
    parts = [*(details(event.data, names) if details else ()), event.reason]
    return "\n".join(str(part) for part in parts if part)


Details = Callable[[dict[str, Any], Mapping[int, str]], list[str]]


def unit_name(unit_id: int | None) -> str:
    unit = terms.departments().get(unit_id) if unit_id else None
    return unit.name if unit else ""


def _moment(value: object) -> str:
    moment = parse_datetime(value) if isinstance(value, str) else None
    return dates.long_datetime(moment) if moment else ""


def _day(value: object) -> str:
    moment = parse_datetime(value) if isinstance(value, str) else None
    return dates.long_date(timezone.localtime(moment).date()) if moment else ""


def _given(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    return [" → ".join(filter(None, (unit_name(data.get("department")), names.get(data.get("user") or 0, ""))))]


def _handed_back(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    return [_("To the inspector") if data.get("to") == "inspector" else _("To the queue of the unit")]


def _person(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    return [names.get(data.get("user") or 0, "")]


def _until(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    return [_("Until %(date)s") % {"date": _day(data["until"])}] if data.get("until") else []


def _due(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    return [_("Due %(date)s") % {"date": _moment(data["due_at"])}] if data.get("due_at") else []


def _moved_term(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    after = data.get("until") or data.get("after")
    lines = [f"{_day(data.get('before'))} → {_day(after)}"]
    if proposer := names.get(data.get("proposed_by") or 0):
        lines.append(_("Proposed by %(name)s") % {"name": proposer})
    return lines


def _rung(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    if "timer" not in data:
        return []
    label = dict(TimerCode.choices).get(data["timer"], data["timer"])
    return [_("%(timer)s: %(share)s %% of the term") % {"timer": label, "share": data.get("share", "")}]


def _outcome(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    lines = [str(Outcome(data["outcome"]).label)] if data.get("outcome") in Outcome.values else []
    if data.get("interim"):
        lines = [_("Interim answer: the clock runs on")]
    if data.get("findings"):
        lines.append(_("Sent over findings of the check:"))
        lines += [f"– {_(finding['message'])}" for finding in data["findings"] if finding.get("message")]
        lines.append(_("Why it was sent all the same: %(ground)s") % {"ground": data.get("override_ground", "")})
    return lines


def _names_of_files(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    return [", ".join(data.get("names", ()))]


DETAILS: dict[EventKind, Details] = {
    EventKind.RECEIVED: _due,
    EventKind.ASSIGNED: _given,
    EventKind.CLAIMED: _given,
    EventKind.FORWARDED: _given,
    EventKind.REOPENED: _given,
    EventKind.ROUTE_SUGGESTED: _given,
    EventKind.HANDED_BACK: _handed_back,
    EventKind.CO_EXECUTOR_ADDED: _person,
    EventKind.CO_EXECUTOR_REMOVED: _person,
    EventKind.INFO_REQUESTED: _until,
    EventKind.EXTENSION_PROPOSED: _until,
    EventKind.TERM_EXTENDED: _moved_term,
    EventKind.TERM_RECALCULATED: _moved_term,
    EventKind.CLOCK_RESUMED: _due,
    EventKind.INFO_RECEIVED: _due,
    EventKind.REMINDED: _rung,
    EventKind.ESCALATED: _rung,
    EventKind.REPLY_SENT: _outcome,
    EventKind.CLOSED: _outcome,
    EventKind.ATTACHMENT_ADDED: _names_of_files,
}


# Clocks


@dataclass(frozen=True)
class ClockLine:
    """One timer with its pauses."""

    label: str
    view: TermView
    started_at: dt.datetime
    due_at: dt.datetime
    target_at: dt.datetime | None
    stopped_at: dt.datetime | None
    outcome: str
    is_extended: bool
    pauses: Sequence[tuple[dt.datetime, dt.datetime | None, str]] = field(default_factory=tuple)


def clocks_of(case: Case, now: dt.datetime) -> list[ClockLine]:
    return [_clock_line(timer, now) for timer in case.timers]


def _clock_line(timer: Timer, now: dt.datetime) -> ClockLine:
    pauses = [(row.started_at, row.ended_at, row.reason) for row in timer.pauses.all()]
    return ClockLine(
        label=str(TimerCode(timer.code).label),
        view=term_views.view_of(timer, now),
        started_at=timer.started_at,
        due_at=timer.due_at,
        target_at=timer.target_at,
        stopped_at=timer.stopped_at,
        outcome=timer.get_outcome_display(),
        is_extended=timer.extended_until is not None,
        pauses=pauses,
    )


def instants_of(appeal: Appeal) -> list[tuple[str | Promise, str]]:
    """The four instants of the legal clock, and what came after."""
    rows = [
        (_("Received"), appeal.received_at),
        (_("Registered"), appeal.registered_at),
        (_("First day of the term"), appeal.clock_start_on),
        (_("Due date"), appeal.due_at),
        (_("Answered"), appeal.answered_at),
        (_("Closed"), appeal.closed_at),
    ]
    return [(label, dates.long_datetime(value)) for label, value in rows if value is not None]
