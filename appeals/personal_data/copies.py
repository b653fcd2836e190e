"""What the copy of a person's data holds of his appeals. Notes, drafts and files of the staff are not his data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from django.utils.translation import gettext_lazy as _

from appeals.models import AppealEvent, Attachment, Feedback, Message, Question, Reply
from appeals.personal_data.own import appeals_of, log_refs_of, refs_of
from appeals.selectors.tracking import visible_files_of
from audit.models import AuditRecord
from notifications.models import Notification as Sent
from privacy.registries import ExportedFile, ExportPart, Row, Subject, exports

CHUNK = 500


def _appeals(subject: Subject) -> Iterator[Row]:
    rows = appeals_of(subject).select_related("topic", "sector", "area", "department", "applicant").order_by("pk")
    for appeal in rows.iterator(chunk_size=CHUNK):
        who = appeal.applicant
        yield {
            "number": appeal.number,
            "regime": appeal.get_regime_display(),
            "channel": appeal.get_channel_display(),
            "received": appeal.received_at,
            "topic": appeal.topic.name if appeal.topic else "",
            "area": appeal.area.name if appeal.area else "",
            "address": appeal.address,
            "place": f"{appeal.latitude}, {appeal.longitude}" if appeal.latitude is not None else "",
            "subject": appeal.subject,
            "text": appeal.text,
            "status": appeal.get_status_display(),
            "outcome": appeal.get_outcome_display(),
            "unit": appeal.department.name if appeal.department else "",
            "name": who.full_name,
            "iin": who.identifier,
            "phone": who.phone,
            "email": who.email,
            "postal_address": who.postal_address,
            "representative": who.representative_name,
        }


def _messages(subject: Subject) -> Iterator[Row]:
    rows = Message.objects.filter(appeal__in=appeals_of(subject)).select_related("appeal").order_by("pk")
    for message in rows.iterator(chunk_size=CHUNK):
        yield {
            "number": message.appeal.number,
            "at": message.at,
            "direction": message.get_direction_display(),
            "channel": message.get_channel_display(),
            "text": message.text,
        }


def _replies(subject: Subject) -> Iterator[Row]:
    rows = Reply.objects.filter(appeal__in=appeals_of(subject), sent_at__isnull=False)
    for reply in rows.select_related("appeal", "department").order_by("pk").iterator(chunk_size=CHUNK):
        yield {
            "number": reply.appeal.number,
            "at": reply.sent_at,
            "unit": reply.department.name if reply.department else "",
            "outcome": reply.get_outcome_display(),
            "text": reply.text,
        }
    answered = Question.objects.filter(appeal__in=appeals_of(subject), answered_at__isnull=False)
    for question in answered.select_related("appeal", "department").order_by("pk").iterator(chunk_size=CHUNK):
        yield {
            "number": question.appeal.number,
            "at": question.answered_at,
            "unit": question.department.name if question.department else "",
            "outcome": question.text,
            "text": question.answer,
        }


def _judgements(subject: Subject) -> Iterator[Row]:
    rows = Feedback.objects.filter(appeal__in=appeals_of(subject)).select_related("appeal").order_by("pk")
    for row in rows.iterator(chunk_size=CHUNK):
        yield {
            "number": row.appeal.number,
            "at": row.given_at,
            "verdict": row.get_verdict_display(),
            "rating": row.rating,
            "text": row.comment,
        }


def _history(subject: Subject) -> Iterator[Row]:
    """What he sees on the page of the appeal; the reasons among colleagues are theirs."""
    rows = AppealEvent.objects.filter(appeal__in=appeals_of(subject), is_public=True).select_related("appeal")
    for event in rows.order_by("appeal_id", "seq").iterator(chunk_size=CHUNK):
        yield {"number": event.appeal.number, "at": event.occurred_at, "what": event.get_kind_display()}


def _files(subject: Subject) -> Iterator[Row]:
    for file in _attachments(subject):
        yield {"number": file.appeal.number, "at": file.uploaded_at, "name": _name_in_copy(file), "size": file.size}


def _attachments(subject: Subject) -> Iterator[Attachment]:
    rows = visible_files_of(appeals_of(subject)).select_related("appeal").order_by("pk")
    return rows.iterator(chunk_size=CHUNK)


def _name_in_copy(file: Attachment) -> str:
    return f"{file.appeal.number}-{file.pk}-{file.name}"


def _contents(subject: Subject) -> Iterator[ExportedFile]:
    for file in _attachments(subject):
        yield ExportedFile(_name_in_copy(file), _opener(file))


def _opener(file: Attachment) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, file.file.open("rb"))


def _notices(subject: Subject) -> Iterator[Row]:
    """What was sent to him; notices to the staff about the same appeal are told apart by their key."""
    refs = refs_of(subject)
    rows = Sent.objects.filter(subject_ref__in=refs, dedupe_key__regex=r"^notice:\d+:applicant:").order_by("pk")
    for sent in rows.iterator(chunk_size=CHUNK):
        yield {
            "number": refs[sent.subject_ref],
            "at": sent.sent_at or sent.created_at,
            "transport": sent.get_transport_display(),
            "address": sent.address,
            "text": sent.body,
        }


def _looks(subject: Subject) -> Iterator[Row]:
    """Who looked at his data: the office, not the name."""
    refs = log_refs_of(subject)
    rows = AuditRecord.objects.filter(subject_ref__in=refs).select_related("actor").order_by("pk")
    for record in rows.iterator(chunk_size=CHUNK):
        yield {
            "number": refs[record.subject_ref],
            "at": record.at,
            "what": record.get_action_display(),
            "who": record.actor.post if record.actor else "",
        }


NUMBER, AT, TEXT = {"number": _("Registration number")}, {"at": _("Time")}, {"text": _("Text")}
PARTS: dict[str, ExportPart] = {
    "appeals": ExportPart(
        title=_("Appeals"), rows=_appeals, order=20,
        columns=NUMBER | {
            "regime": _("Regime"), "channel": _("Channel"), "received": _("Received"), "topic": _("Topic"),
            "area": _("City sector"), "address": _("Address"), "place": _("Place"), "subject": _("Subject"),
            "text": _("Text"), "status": _("Status"), "outcome": _("Outcome"), "unit": _("Unit"),
            "name": _("Full name"), "iin": _("IIN or BIN"), "phone": _("Phone"), "email": _("E-mail"),
            "postal_address": _("Postal address"), "representative": _("Representative"),
        },
    ),
    "messages": ExportPart(
        title=_("Messages"), rows=_messages, order=30,
        columns=NUMBER | AT | {"direction": _("Direction"), "channel": _("Channel")} | TEXT,
    ),
    "answers": ExportPart(
        title=_("Answers"), rows=_replies, order=40,
        columns=NUMBER | AT | {"unit": _("Unit"), "outcome": _("Outcome")} | TEXT,
    ),
    "judgements": ExportPart(
        title=_("Your judgements of answers"), rows=_judgements, order=50,
        columns=NUMBER | AT | {"verdict": _("Judgement"), "rating": _("Rating")} | TEXT,
    ),
    "history": ExportPart(
        title=_("History of the appeals"), rows=_history, order=60, columns=NUMBER | AT | {"what": _("What was done")}
    ),
    "files": ExportPart(
        title=_("Files"), rows=_files, files=_contents, order=70,
        columns=NUMBER | AT | {"name": _("File"), "size": _("Size, bytes")},
    ),
    "notices": ExportPart(
        title=_("Notices to you"), rows=_notices, order=80,
        columns=NUMBER | AT | {"transport": _("Way"), "address": _("Address")} | TEXT,
    ),
    "looks": ExportPart(
        title=_("Who looked at my data"), rows=_looks, order=90,
        columns=NUMBER | AT | {"what": _("What was done"), "who": _("Who")},
    ),
}  # fmt: skip


def register_copies() -> None:
    for slug, part in PARTS.items():
        exports.register(slug)(part)
