"""The history of an appeal in plain words: from events to the lines of the applicant's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals import terms
from appeals.models import Appeal, AppealEvent, EventKind, Feedback, Kind, Outcome, Verdict
from appeals.selectors import history
from ui import dates

E = EventKind


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    title: str
    at: dt.datetime | None = None
    text: str = ""
    icon: str = "circle"
    tone: str = "calm"
    upcoming: bool = False


Words = Callable[[AppealEvent], Line | None]


def lines(
    events: Iterable[AppealEvent], upcoming: Iterable[Line] = (), *, nameable: frozenset[str] = frozenset()
) -> list[Line]:
    """The newest last, so that it reads like a story; what is still to come stands at the end.

    Other appeals are named only when they are among `nameable`.
    """
    found = list(events)
    before = history.units_before(found)
    told = ((event, _line(event, nameable)) for event in found)
    return [*(_with_unit_before(line, before.get(event.seq)) for event, line in told if line), *upcoming]


def _with_unit_before(line: Line, unit_id: int | None) -> Line:
    """From where it went there."""
    unit = unit_name(unit_id)
    if not unit:
        return line
    was = _("Before that it was with: %(unit)s") % {"unit": unit}
    return replace(line, text="\n".join(filter(None, [was, line.text])))


def _line(event: AppealEvent, nameable: frozenset[str]) -> Line | None:
    if event.kind == E.LINKED:
        return _linked(event, nameable)
    if event.kind == E.MESSAGE_MOVED:
        return _message_moved(event, nameable)
    words = WORDS.get(EventKind(event.kind))
    return words(event) if words else None


def unit_name(pk: object) -> str:
    """The name of a unit in the language of the page; never that of a person."""
    unit = terms.departments().get(int(str(pk))) if pk else None
    return unit.name if unit else ""


def moment(value: object) -> dt.datetime | None:
    """An instant out of the event's data, which are JSON."""
    if isinstance(value, dt.datetime):
        return value
    return parse_datetime(value) if isinstance(value, str) else None


def _due(event: AppealEvent) -> str:
    due = moment(event.data.get("due_at"))
    return _("The answer is due by %(date)s.") % {"date": dates.long_date(due)} if due else ""


def _simple(title: Callable[[], str], icon: str, tone: str = "info", *, reason: bool = False) -> Words:
    return lambda event: Line(title(), event.occurred_at, event.reason if reason else "", icon, tone)


def _received(event: AppealEvent) -> Line:
    return Line(_("We received your appeal"), event.occurred_at, "", "inbox", "info")


def _registered(event: AppealEvent) -> Line:
    return Line(_("The appeal is registered"), event.occurred_at, _due(event), "document", "info")


def _assigned(event: AppealEvent) -> Line:
    """Who has it now: the unit. The reason given among colleagues is theirs."""
    unit = unit_name(event.data.get("department"))
    title = _("It was given to: %(unit)s") % {"unit": unit} if unit else _("It was given to an executor")
    return Line(title, event.occurred_at, "", "building", "info")


def _forwarded(event: AppealEvent) -> Line:
    unit = unit_name(event.data.get("department"))
    question = event.data.get("question")
    if question:
        title = _("Question %(number)s was forwarded to: %(unit)s") % {"number": question, "unit": unit}
    else:
        title = _("Forwarded to the competent body: %(unit)s") % {"unit": unit}
    return Line(title, event.occurred_at, event.reason, "forward", "note")


def _split(event: AppealEvent) -> Line:
    count = len(event.data.get("questions", []))
    title = ngettext("It was split into %(count)s question", "It was split into %(count)s questions", count) % {
        "count": count
    }
    return Line(title, event.occurred_at, _("Each question is answered by its own unit."), "split", "note")


def _paused(event: AppealEvent) -> Line:
    return Line(_("The term stands still until you answer"), event.occurred_at, "", "pause", "warn")


def _asked(event: AppealEvent) -> Line:
    until = moment(event.data.get("until"))
    wish = _("Please answer by %(date)s.") % {"date": dates.long_date(until)} if until else ""
    text = "\n".join(filter(None, [event.reason, wish]))
    return Line(_("We need something from you"), event.occurred_at, text, "chat", "warn")


def _resumed(event: AppealEvent) -> Line:
    silent = _("Your answer did not come in time.") if event.data.get("why") == "no_answer" else ""
    text = " ".join(filter(None, [silent, _due(event)]))
    return Line(_("The term runs on"), event.occurred_at, text, "clock", "info")


def _extended(event: AppealEvent) -> Line:
    until = moment(event.data.get("until"))
    title = (
        _("The term was extended until %(date)s") % {"date": dates.long_date(until)}
        if until
        else _("The term was extended")
    )
    return Line(title, event.occurred_at, _("Ground: %(ground)s") % {"ground": event.reason}, "calendar", "warn")


def _recalculated(event: AppealEvent) -> Line:
    return Line(_("The working calendar changed"), event.occurred_at, _due(event), "calendar", "info")


def _rated(event: AppealEvent) -> Line:
    verdict = event.data.get("verdict")
    label = str(Verdict(verdict).label) if verdict in Verdict.values else ""
    return Line(
        _("You judged the answer: %(verdict)s") % {"verdict": label}, event.occurred_at, event.reason, "star", "info"
    )


def _disputed(event: AppealEvent) -> Line:
    labels = [
        str(Feedback.Reason(code).label) for code in event.data.get("reasons", []) if code in Feedback.Reason.values
    ]
    text = ". ".join(part for part in (", ".join(labels), event.reason) if part)
    return Line(_("You disputed the answer"), event.occurred_at, text, "scale", "bad")


def _reopened(event: AppealEvent) -> Line:
    unit = unit_name(event.data.get("department"))
    title = (
        _("Second look by another unit: %(unit)s") % {"unit": unit} if unit else _("The appeal is looked at once more")
    )
    return Line(title, event.occurred_at, _due(event), "undo", "warn")


def _closed(event: AppealEvent) -> Line:
    texts = {
        "solved": _("You said that the matter is solved."),
        "silent": _("There was no judgement of the answer within the term."),
    }
    text = texts.get(str(event.data.get("why", "")), event.reason)
    outcome = event.data.get("outcome")
    if outcome in Outcome.values:
        text = f"{Outcome(outcome).label}. {text}".strip(". ") if text else str(Outcome(outcome).label)
    return Line(_("The appeal is closed"), event.occurred_at, text, "lock", "calm")


def _promoted(event: AppealEvent) -> Line:
    return Line(_("It is now considered as an official appeal"), event.occurred_at, _due(event), "scale", "info")


def _linked(event: AppealEvent, nameable: frozenset[str]) -> Line | None:
    target = event.data.get("target")
    if not target:
        return None
    if target in nameable:
        title = _("It is about the same as appeal %(number)s") % {"number": target}
    else:
        title = _("It is about the same as another appeal")
    return Line(title, event.occurred_at, _("The answer will be given there."), "link", "note")


def _message_moved(event: AppealEvent, nameable: frozenset[str]) -> Line | None:
    """A message that was put with another appeal of his; both of them tell it."""
    to, source = event.data.get("to", ""), event.data.get("from", "")
    if to in nameable:
        title = _("Your message was moved to appeal %(number)s") % {"number": to}
    elif source in nameable:
        title = _("Your message was moved here from appeal %(number)s") % {"number": source}
    else:
        return None
    return Line(title, event.occurred_at, "", "forward", "calm")


def _classified(event: AppealEvent) -> Line | None:
    changes = history.changes_in_words(event.data.get("changes") or {}, for_applicant=True)
    title = _("We corrected what the appeal is about")
    return Line(title, event.occurred_at, "\n".join(changes), "tag", "calm") if changes else None


WORDS: dict[EventKind, Words] = {
    E.RECEIVED: _received,
    E.CONTACT_CONFIRMED: _simple(lambda: _("Your contact is confirmed"), "check-circle", "good"),
    E.REGISTERED: _registered,
    E.ASSIGNED: _assigned,
    E.CLAIMED: _simple(lambda: _("An employee took it into work"), "user"),
    E.SPLIT: _split,
    E.FORWARDED: _forwarded,
    E.INFO_REQUESTED: _asked,
    E.INFO_RECEIVED: _simple(lambda: _("Your answer arrived"), "chat", "good"),
    E.CLOCK_PAUSED: _paused,
    E.CLOCK_RESUMED: _resumed,
    E.TERM_EXTENDED: _extended,
    E.TERM_RECALCULATED: _recalculated,
    E.REPLY_SENT: _simple(lambda: _("The answer was sent"), "reply", "good"),
    E.RATED: _rated,
    E.DISPUTED: _disputed,
    E.REOPENED: _reopened,
    E.CLOSED: _closed,
    E.WITHDRAWN: _simple(lambda: _("You withdrew the appeal"), "undo", "calm", reason=True),
    E.PROMOTED: _promoted,
    E.CLASSIFIED: _classified,
}


def next_line(appeal: Appeal, now: dt.datetime, waits_until: dt.datetime | None = None) -> Line | None:
    """What is to come: the day of the answer, while one is owed; while the term stands still, when it runs on."""
    if appeal.closed_at or appeal.answered_at:
        return None
    if waits_until is not None:
        title = _("The term runs on when you answer, at the latest after %(date)s") % {
            "date": dates.long_date(waits_until)
        }
        return Line(title, None, "", "clock", "calm", upcoming=True)
    due = {"date": dates.long_date(appeal.due_at)}
    title = (
        _("The answer is due by %(date)s") % due if now <= appeal.due_at else _("The answer was due by %(date)s") % due
    )
    return Line(title, None, "", "flag", "calm", upcoming=True)


def can_be_complained_about(appeal: Appeal, now: dt.datetime) -> bool:
    """APPC art. 91: no act within the term is a refusal from the day the term ends, and can be complained about."""
    return appeal.is_statutory and appeal.answered_at is None and appeal.closed_at is None and now > appeal.due_at


def kind_label(appeal: Appeal) -> str:
    return str(Kind(appeal.kind).label)


def as_rows(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Rows of a summary list without the empty ones."""
    return [(key, value) for key, value in pairs if value not in ("", None)]
