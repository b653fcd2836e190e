"""The words of notices: template, language and what is filled in, for long texts and for SMS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals import terms
from appeals.models import Appeal, AppealEvent, EventKind, TimerCode
from notifications.languages import words_of
from notifications.models import Notification
from ui.dates import long_date, long_datetime, short_date

SUBJECTS = {
    "received": _("Your appeal has been received"),
    "registered": _("Your appeal has been registered"),
    "promoted": _("Your request is now an official appeal"),
    "assigned": _("Who deals with your appeal"),
    "info_requested": _("We need information from you"),
    "message": _("A message about your appeal"),
    "forwarded": _("Your appeal has been forwarded"),
    "extended": _("The term has been extended"),
    "recalculated": _("The due date has changed"),
    "interim": _("An interim answer to your appeal"),
    "answered": _("The answer to your appeal"),
    "disputed": _("Your objection has been received"),
    "reopened": _("Your appeal is looked at again"),
    "closed": _("Your appeal has been closed"),
}
# Terms shorter than this are told with the hour.
HOURS_MATTER = timedelta(days=2)
# A Russian date ends with an abbreviation, whose full stop is that of the sentence as well.
YEAR_AT_THE_END = re.compile(r"\bг\.\.(?!\.)")
BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


def tracking_url(number: str = "") -> str:
    """Where the applicant follows his appeal. The code is never part of an address: addresses are logged."""
    path = reverse("appeals:tracking", args=[number]) if number else reverse("appeals:track")
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def due_text(appeal: Appeal) -> str:
    return _due_words(appeal.due_at, with_hour=_hour_matters(appeal))


def _hour_matters(appeal: Appeal) -> bool:
    return appeal.due_at - (appeal.registered_at or appeal.received_at) < HOURS_MATTER


def _due_words(due: datetime, *, with_hour: bool) -> str:
    return long_datetime(due) if with_hour else long_date(due)


def has_sms(kind: str) -> bool:
    """Not everything is worth an SMS."""
    try:
        get_template(f"notices/{kind}.sms.txt")
    except TemplateDoesNotExist:
        return False
    return True


def render(kind: str, appeal: Appeal, context: dict[str, Any], *, sms: bool = False) -> str:
    """The text in the active language, without white space around it."""
    known = {
        "appeal": appeal,
        "number": appeal.number,
        "due": short_date(appeal.due_at) if sms else due_text(appeal),
        "link": tracking_url() if sms else tracking_url(appeal.number),
        "unit": appeal.department.name if appeal.department else "",
    }
    text = render_to_string(f"notices/{kind}{'.sms' if sms else ''}.txt", known | context)
    return YEAR_AT_THE_END.sub("г.", BLANK_LINES.sub("\n\n", text)).strip()


# What the staff reads

STAFF_PREFIX = "staff_"
TO_PERSON, TO_UNIT = "person", "unit"
E = EventKind
SENTENCES: dict[str, str | Promise] = {
    E.ASSIGNED: _("The appeal was given to your unit."),
    f"{E.ASSIGNED}.{TO_PERSON}": _("The appeal was given to you."),
    E.SPLIT: _("The appeal was split into questions."),
    E.HANDED_BACK: _("The appeal was handed back and waits for somebody to take it."),
    E.CO_EXECUTOR_ADDED: _("You were called in as a co-executor."),
    E.MESSAGE_RECEIVED: _("The applicant wrote a message."),
    E.INFO_RECEIVED: _("The applicant answered the question, the clock runs on."),
    E.QUESTION_ANSWERED: _("A question of the appeal was answered."),
    E.EXTENSION_PROPOSED: _("An executor asks to extend the term: decide on it."),
    E.EXTENSION_REFUSED: _("The term was not extended."),
    E.REMINDED: _("The term is running out."),
    E.ESCALATED: _("The term needs your attention."),
    E.RATED: _("The applicant judged the answer."),
    E.REOPENED: _("The answer was disputed: a second look is needed."),
    E.WITHDRAWN: _("The applicant withdrew the appeal."),
    "notice_failed": _("A message to the applicant could not be delivered."),
}
ADDRESS = re.compile(r"^\s*https?://\S+\s*$")
OVER = 100
# A reminder is about the answer unless it says otherwise.
OTHER_TIMERS = {code.value: code.label for code in TimerCode if code != TimerCode.ANSWER}


@dataclass(frozen=True)
class StaffLine:
    """A notice as its reader sees it: the case, what happened, and what else is known."""

    number: str
    sentence: str
    details: tuple[str, ...]


def staff_data(event: AppealEvent, user_id: int) -> dict[str, Any]:
    """What a notice to the staff says, as values: the words are found when it is read, in the reader's language."""
    appeal = event.appeal
    return {
        "kind": event.kind,
        "number": appeal.number,
        "topic": appeal.topic_id,
        "due_at": appeal.due_at.isoformat(),
        "with_hour": _hour_matters(appeal),
        "reason": event.reason,
        "share": event.data.get("share"),
        "timer": event.data.get("timer"),
        "to": TO_PERSON if event.data.get("user") == user_id else TO_UNIT,
    }


def staff_line(data: Mapping[str, Any]) -> StaffLine:
    """The words of a notice in the active language."""
    topic = terms.topics().get(data.get("topic") or 0)
    due = parse_datetime(str(data.get("due_at") or ""))
    until = _due_words(due, with_hour=bool(data.get("with_hour"))) if due else ""
    details = (
        OTHER_TIMERS.get(str(data.get("timer")), ""),
        topic.name if topic else "",
        _("Answer due by %(due)s") % {"due": until} if until else "",
        _("Why: %(reason)s") % {"reason": data["reason"]} if data.get("reason") else "",
    )
    told = tuple(str(detail) for detail in details if detail)
    return StaffLine(str(data.get("number", "")), _sentence(data), told)


def _sentence(data: Mapping[str, Any]) -> str:
    kind, share = str(data.get("kind", "")), data.get("share")
    if kind in (E.REMINDED, E.ESCALATED) and isinstance(share, int):
        if share >= OVER:
            return str(_("The term of the appeal is over."))
        return str(_("%(share)s %% of the term has passed.")) % {"share": share}
    named = SENTENCES.get(f"{kind}.{data.get('to')}") or SENTENCES.get(kind)
    return str(named or (E(kind).label if kind in E.values else ""))


def inbox_line(row: Notification) -> StaffLine:
    """A stored notice in the reader's language; one from before the values were kept shows its words as they are."""
    if row.headers.get("kind"):
        return staff_line(row.headers)
    kind = row.template.removeprefix(STAFF_PREFIX)
    subject, body = words_of(row)
    lines = [line.strip() for line in body.splitlines() if line.strip() and not ADDRESS.match(line)]
    if row.template.startswith(STAFF_PREFIX) and kind in E.values:
        # Its first two lines are the event and the number with the topic; the topic alone is not said elsewhere.
        topic = lines[1].partition(" — ")[2] if len(lines) > 1 else ""
        return StaffLine("", _sentence({"kind": kind}), tuple(filter(None, [topic, *lines[2:]])))
    return StaffLine("", subject, tuple(lines))
