"""The conversation on a case: questions to the applicant that stop the clock, messages, internal notes, evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from appeals import casework, events, policies, terms, timers, workflow
from appeals.models import Appeal, Attachment, EventKind, Message, Note, Reply, Status, Timer, TimerCode
from appeals.models.choices import TermUnit
from common.errors import Conflict, NotAllowed, ValidationFailed
from common.files import CheckedFile

LONGEST_WAIT = dt.timedelta(days=30)


class WaitEnd(StrEnum):
    """Why the wait for the applicant is over."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    ENDED = "ended"


# Questions to the applicant


@transaction.atomic
def ask(
    appeal_id: int,
    *,
    actor: User,
    text: str,
    until: dt.datetime | None = None,
    files: Sequence[CheckedFile] = (),
    seen: int | None = None,
) -> Message:
    """Ask the applicant for what is missing. The clock stands still, with the question as its reason, until he answers,
    the time given to him runs out or the executor ends the wait."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.WORK, appeal)
    casework.check_seen(appeal, seen)
    text = casework.check_text(text, shortest=casework.SHORTEST_REASON)
    now = timezone.now()
    _check_until(until, now)
    workflow.change_status(appeal, Status.AWAITING_INFO)
    appeal.has_unread_message = False
    message = _message_out(appeal, actor, text, files, now)
    waits = _start_wait(appeal, until, now)
    data = {"message": message.pk, "until": waits.due_at if waits else None, **events.proof_of(message.text)}
    changed = ["status", "has_unread_message"]
    events.record(
        appeal, EventKind.INFO_REQUESTED, actor=actor, reason=text, data=data, changed=changed, is_public=True
    )
    paused = timers.pause(appeal, at=now, reason=text)
    if paused:
        about = {"timers": [timer.code for timer in paused], "why": "asked", "message": message.pk}
        events.record(appeal, EventKind.CLOCK_PAUSED, actor=actor, reason=text, data=about, is_public=True)
    return message


def _check_until(until: dt.datetime | None, now: dt.datetime) -> None:
    if until is not None and not now < until <= now + LONGEST_WAIT:
        raise ValidationFailed(_("Give a day within the next 30 days."), code="wrong_until", field="until")


def _start_wait(appeal: Appeal, until: dt.datetime | None, now: dt.datetime) -> Timer | None:
    """The time given to the applicant: by the table of terms, or as the executor decided."""
    timer = timers.start(appeal, TimerCode.APPLICANT_INFO, at=now)
    if until is None:
        return timer
    if timer is None:
        timer = Timer(
            appeal=appeal,
            code=TimerCode.APPLICANT_INFO,
            unit=TermUnit.CALENDAR_DAYS,
            amount=(until - now).days,
            started_at=now,
        )
    timer.due_at = until
    timer.save()
    return timer


@transaction.atomic
def end_wait(appeal_id: int, *, at: dt.datetime, why: WaitEnd, actor: User | None = None, reason: str = "") -> Appeal:
    """Let the clock run on. Repeats change nothing, so that the answer and the end of the time may come together."""
    appeal = casework.lock(appeal_id)
    if actor is not None:
        policies.require(actor, Action.WORK, appeal)
    if appeal.status != Status.AWAITING_INFO:
        return appeal
    outcome = Timer.Outcome.CANCELLED if why == WaitEnd.ENDED else None
    timers.stop(appeal, TimerCode.APPLICANT_INFO, at=at, outcome=outcome)
    resumed = timers.resume(appeal, at=at)
    workflow.change_status(appeal, Status.IN_PROGRESS if appeal.executor_id else Status.ASSIGNED)
    data = {"why": str(why), "timers": [timer.code for timer in resumed], "due_at": appeal.due_at}
    changed = ["status", "due_at"]
    events.record(
        appeal,
        EventKind.CLOCK_RESUMED,
        actor=actor,
        reason=reason,
        data=data,
        changed=changed,
        occurred_at=at,
        is_public=True,
    )
    return appeal


def overdue_waits(now: dt.datetime, limit: int = 500) -> list[tuple[int, dt.datetime]]:
    """Appeals whose applicant was asked and has not answered in time, with the instant at which his time ran out."""
    rows = Timer.objects.filter(code=TimerCode.APPLICANT_INFO, stopped_at__isnull=True, due_at__lte=now)
    return list(rows.order_by("due_at").values_list("appeal_id", "due_at")[:limit])


# Messages, notes, files


@transaction.atomic
def send_message(
    appeal_id: int, *, actor: User, text: str, files: Sequence[CheckedFile] = (), seen: int | None = None
) -> Message:
    """Write to the applicant without stopping the clock; it goes by the channel he came by."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.WORK, appeal)
    casework.check_seen(appeal, seen)
    casework.require_open(appeal)
    text = casework.check_text(text)
    appeal.has_unread_message = False
    message = _message_out(appeal, actor, text, files, timezone.now())
    data = {"message": message.pk, **events.proof_of(message.text)}
    events.record(
        appeal, EventKind.MESSAGE_SENT, actor=actor, data=data, changed=["has_unread_message"], is_public=True
    )
    return message


def _message_out(appeal: Appeal, actor: User, text: str, files: Sequence[CheckedFile], now: dt.datetime) -> Message:
    message = Message.objects.create(
        appeal=appeal, direction=Message.Direction.OUT, channel=appeal.channel, text=text, author=actor, at=now
    )
    _store(appeal, files, actor=actor, purpose=Attachment.Purpose.EVIDENCE, message=message)
    return message


@transaction.atomic
def mark_read(appeal_id: int, *, actor: User) -> Appeal:
    """The executor has seen the applicant's new message. Kept on the row, not in the history: nothing was decided."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.WORK, appeal)
    if appeal.has_unread_message:
        appeal.has_unread_message = False
        appeal.save(update_fields=["has_unread_message"])
    return appeal


@transaction.atomic
def add_note(appeal_id: int, *, actor: User, text: str) -> Note:
    """A note among colleagues; the applicant never sees it."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.WORK, appeal)
    note = Note.objects.create(appeal=appeal, author=actor, text=casework.check_text(text))
    events.record(appeal, EventKind.NOTE_ADDED, actor=actor, data={"note": note.pk, **events.proof_of(note.text)})
    return note


@transaction.atomic
def add_files(
    appeal_id: int,
    *,
    actor: User,
    files: Sequence[CheckedFile],
    purpose: Attachment.Purpose = Attachment.Purpose.EVIDENCE,
) -> list[Attachment]:
    """Keep checked files with the case: evidence goes to the applicant with the answer, internal ones stay here."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.WORK, appeal)
    if purpose == Attachment.Purpose.APPEAL:
        raise NotAllowed
    if not files:
        raise ValidationFailed(_("Choose a file."), code="no_files", field="uploads")
    draft = Reply.objects.filter(appeal=appeal, sent_at__isnull=True).first()
    with_reply = draft if purpose == Attachment.Purpose.EVIDENCE else None
    stored = _store(appeal, files, actor=actor, purpose=purpose, reply=with_reply)
    data = {"files": [row.pk for row in stored], "names": [row.name for row in stored], "purpose": str(purpose)}
    events.record(appeal, EventKind.ATTACHMENT_ADDED, actor=actor, data=data)
    return stored


@transaction.atomic
def remove_evidence(attachment_id: int, *, actor: User) -> None:
    """Take a file out of an answer that has not been sent; it stays with the case as an internal one."""
    row = Attachment.objects.select_related("reply").get(pk=attachment_id)
    appeal = casework.lock(row.appeal_id)
    policies.require(actor, Action.WORK, appeal)
    if row.purpose != Attachment.Purpose.EVIDENCE or row.message_id or (row.reply and row.reply.sent_at):
        raise Conflict(_("This file has been sent already."), code="sent")
    row.reply, row.purpose = None, Attachment.Purpose.INTERNAL
    row.save(update_fields=["reply", "purpose"])


def _store(
    appeal: Appeal,
    files: Sequence[CheckedFile],
    *,
    actor: User,
    purpose: Attachment.Purpose,
    message: Message | None = None,
    reply: Reply | None = None,
) -> list[Attachment]:
    stored = []
    for item in files:
        row = Attachment(
            appeal=appeal,
            message=message,
            reply=reply,
            purpose=purpose,
            name=item.name,
            content_type=item.content_type,
            size=item.size,
            sha256=item.sha256,
            scan=item.scan,
            uploaded_by=actor,
        )
        row.file.save(item.name, item.as_django_file(), save=False)
        row.save(force_insert=True)
        stored.append(row)
    return stored


def end_of_day(day: dt.date) -> dt.datetime:
    """A day given in a form ends with its last second, here."""
    return terms.calendar().end_of_day(day)
