"""The case in words: masked applicant, files, conversation, clocks; built from rows already read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from appeals import terms
from appeals.models import (
    Appeal,
    Applicant,
    Attachment,
    Channel,
    Message,
    Timer,
    TimerCode,
)
from appeals.selectors.case import Case
from appeals.views import term_views
from common.masking import mask_email, mask_full_name, mask_identifier
from common.phones import format_phone, mask_phone
from ui import dates
from ui.badges import TermView


def unit_name(unit_id: int | None) -> str:
    unit = terms.departments().get(unit_id) if unit_id else None
    return unit.name if unit else ""


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
    note: str = ""


def file_line(appeal: Appeal, row: Attachment) -> FileLine:
    """What a virus scanner has not answered for yet is marked; what it found is gone, and the name says so."""
    is_gone = row.scan == Attachment.Scan.INFECTED
    url = "" if is_gone else reverse("appeals:case-file", args=[appeal.number, row.pk])
    note = "" if row.scan == Attachment.Scan.CLEAN else row.get_scan_display()
    return FileLine(row.name, url, row.size, row.content_type, row.pk, note)


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
