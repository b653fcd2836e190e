"""The conversation on an open appeal: a message joins it, and may be moved to the right appeal and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import events, intake, timers, workflow
from appeals.models import (
    Appeal,
    Applicant,
    Attachment,
    Channel,
    EventKind,
    Message,
    Outcome,
    RemoteFile,
    Status,
    TimerCode,
)
from common.crypto import keyed_hash
from common.errors import Conflict, ValidationFailed
from common.events import publish
from common.files import CheckedFile
from common.masking import HIDDEN
from common.text import storable

MOST_FILES_PER_APPEAL = 50
FETCH_TASK = "appeals.tasks.fetch_remote_files"


@dataclass(frozen=True)
class Place:
    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True)
class FileToFetch:
    """A file that the channel keeps; `unique_id` is the same for the same file however often it is sent."""

    remote_id: str
    unique_id: str
    name: str
    size: int | None = None


@dataclass(frozen=True)
class MessageParts:
    """What a person added to his appeal. `external_id` is unique within the channel and makes a repeat harmless."""

    channel: Channel
    external_id: str
    received_at: datetime
    text: str = ""
    files: Sequence[CheckedFile] = ()
    remote_files: Sequence[FileToFetch] = ()
    place: Place | None = None
    phone: str = ""
    is_revision: bool = False


@dataclass(frozen=True)
class Joined:
    """The message, if the parts made one, and whether it is new."""

    appeal: Appeal
    message: Message | None
    created: bool


# Join


@transaction.atomic
def join_message(appeal_id: int, *, parts: MessageParts) -> Joined:
    """Add a message to an open appeal, once, however often it is delivered; an answer to a question restarts the clock.

    Further parts of a message that is known already (photos of one album) go to wherever that message is now.
    """
    parts = _storable(parts)
    known = owner_of(parts.channel, parts.external_id)
    appeal = _lock([known or appeal_id])[0]
    message = Message.objects.filter(channel=parts.channel, external_id=parts.external_id).first()
    if message is not None and message.appeal_id != appeal.pk:
        raise Conflict
    opened_by_it = message is None and (appeal.channel, appeal.external_id) == (parts.channel, parts.external_id)
    if not (message or opened_by_it) and not appeal.is_open:
        raise Conflict(_("The appeal is closed. A new message opens a new one."), code="closed")
    created = message is None and not opened_by_it
    if created:
        message = _add_message(appeal, parts)
    _add_parts(appeal, message, parts)
    if created:
        _resume(appeal, message)
    return Joined(appeal, message, created)


def _storable(parts: MessageParts) -> MessageParts:
    """Without signs that no database keeps; whatever the channel, a message is not lost by them."""
    files = tuple(replace(file, name=storable(file.name)) for file in parts.remote_files)
    return replace(parts, external_id=storable(parts.external_id), text=storable(parts.text), remote_files=files)


def owner_of(channel: str, external_id: str) -> int | None:
    """The appeal that holds the message with this id, as its first text or as a later one."""
    later = Message.objects.filter(channel=channel, external_id=external_id).values_list("appeal_id", flat=True)
    first = Appeal.objects.filter(channel=channel, external_id=external_id).values_list("pk", flat=True)
    return later.first() or first.first()


def _lock(appeal_ids: list[int]) -> list[Appeal]:
    """The appeals as asked for, locked in the order of their ids so that two moves never wait for each other."""
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("applicant").filter(pk__in=set(appeal_ids))
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[pk] for pk in appeal_ids]


def _add_message(appeal: Appeal, parts: MessageParts) -> Message:
    message = Message.objects.create(
        appeal=appeal,
        direction=Message.Direction.IN,
        channel=parts.channel,
        external_id=parts.external_id,
        text=parts.text,
        at=parts.received_at,
        is_revision=parts.is_revision,
    )
    appeal.has_unread_message = True
    data: dict[str, Any] = {"message": message.pk, "channel": parts.channel, **events.proof_of(message.text)}
    if parts.is_revision:
        data["is_revision"] = True
    events.record(
        appeal,
        EventKind.MESSAGE_RECEIVED,
        data=data,
        occurred_at=parts.received_at,
        is_public=True,
        changed=["has_unread_message"],
    )
    return message


def _add_parts(appeal: Appeal, message: Message | None, parts: MessageParts) -> None:
    if parts.place is not None and appeal.latitude is None:
        appeal.latitude, appeal.longitude = parts.place.latitude, parts.place.longitude
        changes = {"changes": {"place": [None, f"{parts.place.latitude}, {parts.place.longitude}"]}}
        events.record(appeal, EventKind.CLASSIFIED, data=changes, changed=["latitude", "longitude"])
    if parts.phone:
        _add_phone(appeal, parts.phone)
    for item in parts.files:
        attach(appeal, item, message=message)
    wanted = [
        RemoteFile(
            appeal=appeal, message=message, channel=parts.channel, remote_id=file.remote_id,
            unique_id=file.unique_id, name=file.name[:200], size=file.size,
        )
        for file in parts.remote_files
    ]  # fmt: skip
    if wanted:
        RemoteFile.objects.bulk_create(wanted, ignore_conflicts=True)
        publish(FETCH_TASK)


def _add_phone(appeal: Appeal, phone: str) -> None:
    """A number the messenger itself vouches for fills an empty one; a given one is not overwritten."""
    if appeal.applicant.phone:
        return
    hashed = keyed_hash(phone, purpose="phone")
    Applicant.objects.filter(pk=appeal.applicant_id).update(phone=phone, phone_hash=hashed)
    events.record(appeal, EventKind.CONTACT_CONFIRMED, data={"address": f"{HIDDEN * 3}{phone[-2:]}"})


def attach(appeal: Appeal, item: CheckedFile, *, message: Message | None) -> Attachment | None:
    """Keep a checked file; the same file twice on one appeal is kept once. The caller holds the appeal's lock."""
    existing = Attachment.objects.filter(appeal=appeal)
    if existing.filter(sha256=item.sha256).exists() or existing.count() >= MOST_FILES_PER_APPEAL:
        return None
    attachment = Attachment(
        appeal=appeal,
        message=message,
        name=item.name,
        content_type=item.content_type,
        size=item.size,
        sha256=item.sha256,
        scan=item.scan,
    )
    attachment.file.save(item.name, item.as_django_file(), save=False)
    attachment.save(force_insert=True)
    events.record(appeal, EventKind.ATTACHMENT_ADDED, data={"attachment": attachment.pk}, is_public=True)
    return attachment


def _resume(appeal: Appeal, message: Message | None) -> None:
    """The applicant has said something: whatever stood still for his answer runs on."""
    if appeal.status != Status.AWAITING_INFO or message is None:
        return
    now = timezone.now()
    timers.stop(appeal, TimerCode.APPLICANT_INFO, at=now)
    resumed = timers.resume(appeal, at=now)
    workflow.change_status(appeal, Status.IN_PROGRESS if appeal.executor_id else Status.ASSIGNED)
    data = {"message": message.pk, "due_at": appeal.due_at}
    events.record(appeal, EventKind.INFO_RECEIVED, data=data, is_public=True, changed=["status", "due_at"])
    if resumed:
        data = {"why": "answered", "timers": [timer.code for timer in resumed], "due_at": appeal.due_at}
        events.record(appeal, EventKind.CLOCK_RESUMED, data=data, is_public=True)


# Move and undo


@transaction.atomic
def move_message(message_id: int, *, to_appeal_id: int, actor: User) -> Message:
    """Move a message to another appeal of the same applicant; told in the history of both. A repeat changes nothing."""
    source_id = Message.objects.values_list("appeal_id", flat=True).get(pk=message_id)
    if source_id == to_appeal_id:
        return Message.objects.get(pk=message_id)
    source, target = _lock([source_id, to_appeal_id])
    message = _still_at(message_id, source)
    if not is_same_person(source.applicant, target.applicant):
        raise ValidationFailed(_("The other appeal belongs to a different applicant."), code="other_applicant")
    _move(message, source, target, actor=actor, moved_from=source)
    _resume(target, message)
    return message


@transaction.atomic
def move_to_new_appeal(message_id: int, *, actor: User) -> Message:
    """Open an appeal of its own from a message that joined the wrong one. A repeat changes nothing."""
    source_id = Message.objects.values_list("appeal_id", flat=True).get(pk=message_id)
    source = _lock([source_id])[0]
    message = _still_at(message_id, source)
    if source.external_id == _own_id(message):
        return message
    submitted = intake.submit_appeal(_as_appeal(message, source), actor=actor)
    target = _lock([submitted.appeal.pk])[0]
    _move(message, source, target, actor=actor, moved_from=source)
    return message


@transaction.atomic
def undo_move(message_id: int, *, actor: User) -> Message:
    """Put a moved message back; an appeal that was opened for it is ended, unless work on it has begun."""
    placed = Message.objects.get(pk=message_id)
    if placed.moved_from_id is None:
        return placed
    target, source = _lock([placed.appeal_id, placed.moved_from_id])
    message = _still_at(message_id, target)
    was_opened_for_it = target.external_id == _own_id(message)
    if was_opened_for_it and (target.replies.exists() or not workflow.allows(target, Status.CLOSED)):
        raise Conflict(_("Work on the new appeal has begun, so the message stays there."), code="work_begun")
    _move(message, target, source, actor=actor, moved_from=None)
    if was_opened_for_it and target.is_open:
        _end(target, actor)
    return message


def is_same_person(one: Applicant, other: Applicant) -> bool:
    """Whether anything the hub knows of two applicants says that they are one."""
    names = ("user_id", "identifier_hash", "phone_hash", "email_hash", "thread_key")
    return one.pk == other.pk or any(
        getattr(one, name) and getattr(one, name) == getattr(other, name) for name in names
    )


def _still_at(message_id: int, appeal: Appeal) -> Message:
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.appeal_id != appeal.pk:
        raise Conflict
    if message.direction != Message.Direction.IN:
        raise ValidationFailed(_("Only messages from the applicant can be moved."), code="not_incoming")
    return message


def _move(message: Message, source: Appeal, target: Appeal, *, actor: User, moved_from: Appeal | None) -> None:
    message.appeal, message.moved_from = target, moved_from
    message.save(update_fields=["appeal", "moved_from"])
    Attachment.objects.filter(message=message).update(appeal=target)
    RemoteFile.objects.filter(message=message).update(appeal=target)
    data = {"message": message.pk, "from": source.number, "to": target.number, "undo": moved_from is None}
    target.has_unread_message = True
    in_order = sorted([(source, []), (target, ["has_unread_message"])], key=lambda pair: pair[0].pk)
    for appeal, changed in in_order:
        events.record(appeal, EventKind.MESSAGE_MOVED, actor=actor, data=data, changed=changed)


def _own_id(message: Message) -> str:
    return f"message-{message.pk}"


def _as_appeal(message: Message, source: Appeal) -> intake.IncomingAppeal:
    person = source.applicant
    return intake.IncomingAppeal(
        channel=Channel(message.channel),
        external_id=_own_id(message),
        text=message.text,
        received_at=message.at,
        language=source.language,
        answer_language=source.answer_language,
        area_id=source.area_id,
        applicant=intake.IncomingApplicant(
            type=person.type,
            full_name=person.full_name,
            identifier=person.identifier,
            phone=person.phone,
            email=person.email,
            postal_address=person.postal_address,
            thread_key=person.thread_key,
            user_id=person.user_id,
            contact_confirmed=person.contact_confirmed_at is not None,
        ),
    )


def _end(appeal: Appeal, actor: User) -> None:
    now = timezone.now()
    timers.stop_all(appeal, at=now, cancel=True)
    workflow.change_status(appeal, Status.CLOSED, outcome=Outcome.TERMINATED)
    appeal.closed_at = now
    reason = str(_("The message was returned to its first appeal."))
    events.record(
        appeal, EventKind.CLOSED, actor=actor, reason=reason, is_public=True, changed=["status", "outcome", "closed_at"]
    )
