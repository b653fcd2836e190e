"""The history of a case in words, with the proof that nobody has changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from appeals import events
from appeals.models import AppealEvent, EventKind, LinkKind, Outcome, TimerCode
from appeals.selectors import history
from appeals.selectors.case import Case
from appeals.views.staff.case import show
from ui import dates

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
    EventKind.NOTICE_FAILED: ("alert", "bad"),
    EventKind.PROMOTED: ("up", "note"),
    EventKind.REMINDED: ("bell", "calm"),
    EventKind.ESCALATED: ("bell", "bad"),
    EventKind.IMPORTED: ("download", "calm"),
    EventKind.REDACTED: ("shield", "warn"),
    EventKind.TAKEN_DOWN: ("shield", "warn"),
    EventKind.SHOWN_AGAIN: ("eye", "calm"),
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


def history_of(case: Case, user: User) -> History:
    whole, beside = _whole(case), _beside(case, user)
    items = []
    for event in case.events:
        icon, tone = LOOKS.get(EventKind(event.kind), ("circle", "calm"))
        items.append(
            HistoryItem(
                title=str(EventKind(event.kind).label),
                at=event.occurred_at,
                actor=_actor(case, event),
                text=_story(event, case.names, beside),
                icon=icon,
                tone=tone,
                seq=event.seq,
                proof=event.hash[:8],
                is_whole=whole[event.seq],
            )
        )
    broken = min((seq for seq, fits in whole.items() if not fits), default=0)
    return History(items, case.is_cut, broken)


def _actor(case: Case, event: AppealEvent) -> str:
    """Who did it, and for whom when he stood in for somebody."""
    name, lender = case.name(event.actor_id), case.name(event.data.get("on_behalf_of"))
    return _("%(name)s for %(other)s") % {"name": name, "other": lender} if lender else name


def _whole(case: Case) -> dict[int, bool]:
    """Which events say what they said when they were recorded and continue the one before."""
    found: dict[int, bool] = {}
    newer: AppealEvent | None = None
    redacted = events.redactions_of(case.appeal.pk) if case.appeal.anonymised_at else {}
    for event in case.events:
        expected = case.appeal.history_head if newer is None else newer.prev_hash
        says = event.hash == events.hash_of(event) or events.is_redacted(event, redacted)
        found[event.seq] = event.hash == expected and says
        newer = event
    if newer is not None and not case.is_cut:
        found[newer.seq] = found[newer.seq] and (newer.seq, newer.prev_hash) == (1, "")
    return found


@dataclass(frozen=True)
class Beside:
    """What the details name beside the case: other appeals as far as this reader may know them, units before."""

    own_number: str
    nameable: frozenset[str]
    before: Mapping[int, int]
    incidents: Mapping[int, str]

    def appeal(self, number: str) -> str:
        if number == self.own_number:
            return _("this appeal")
        return f"№ {number}" if number in self.nameable else _("a confidential appeal")


def _beside(case: Case, user: User) -> Beside:
    return Beside(
        own_number=case.appeal.number,
        nameable=history.nameable_to_staff(user, history.numbers_in(case.events) - {case.appeal.number}),
        before=history.units_before(reversed(case.events)),
        incidents=history.incident_titles(case.events),
    )


def _story(event: AppealEvent, names: Mapping[int, str], beside: Beside) -> str:
    data = {**event.data, "unit_before": beside.before.get(event.seq)}
    details = DETAILS.get(EventKind(event.kind))
    parts = [*_named_beside(event, beside), *(details(data, names) if details else ()), event.reason]
    return "\n".join(str(part) for part in parts if part)


def _named_beside(event: AppealEvent, beside: Beside) -> list[str]:
    """To what it was linked, from where to where a message went, to which incident it belongs."""
    data, kind = event.data, event.kind
    if kind in (EventKind.LINKED, EventKind.UNLINKED) and (data.get("target") or data.get("source")):
        ends = [beside.appeal(data.get(end) or beside.own_number) for end in ("source", "target")]
        label = dict(LinkKind.choices).get(data.get("kind", ""), "")
        return [" → ".join(ends) + (f" ({label})" if label else "")]
    if kind == EventKind.MESSAGE_MOVED and data.get("from") and data.get("to"):
        moved = f"{beside.appeal(data['from'])} → {beside.appeal(data['to'])}"
        return [moved, _("An earlier move was undone.") if data.get("undo") else ""]
    if kind in (EventKind.INCIDENT_JOINED, EventKind.INCIDENT_LEFT):
        return [str(data.get("title") or beside.incidents.get(data.get("incident") or 0, ""))]
    return []


Details = Callable[[dict[str, Any], Mapping[int, str]], list[str]]


def _moment(value: object) -> str:
    moment = parse_datetime(value) if isinstance(value, str) else None
    return dates.long_datetime(moment) if moment else ""


def _day(value: object) -> str:
    moment = parse_datetime(value) if isinstance(value, str) else None
    return dates.long_date(timezone.localtime(moment).date()) if moment else ""


def _given(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    way = [show.unit_name(data.get("unit_before")), show.unit_name(data.get("department"))]
    told = " → ".join(filter(None, [*way, names.get(data.get("user") or 0, "")]))
    if data.get("question"):
        told = ": ".join(filter(None, [_("Question %(number)s") % {"number": data["question"]}, told]))
    return [told]


def _classified(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    if isinstance(data.get("labels"), list):  # as another system named it
        return [", ".join(str(label) for label in data["labels"])]
    return history.changes_in_words(data.get("changes") or {})


def _handed_back(data: dict[str, Any], names: Mapping[int, str]) -> list[str]:
    lines = [_("To the inspector") if data.get("to") == "inspector" else _("To the queue of the unit")]
    if data.get("why") == "complained_about":
        lines.append(_("Taken from those whom the appeal complains about."))
    return lines


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
    EventKind.CLASSIFIED: _classified,
    EventKind.CONFIDENTIALITY_CHANGED: _classified,
    EventKind.PRIORITY_CHANGED: _classified,
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
