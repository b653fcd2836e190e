"""What the applicant is told: from an event to a message by the channel of origin, else e-mail, else SMS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from appeals import buttons, extension, notice_texts
from appeals.models import (
    Appeal,
    AppealEvent,
    Attachment,
    Channel,
    EventKind,
    LinkKind,
    Message,
    Outcome,
    Reply,
    Status,
)
from appeals.selectors import history
from notifications import delivery, mail_ids, preferences
from notifications.models import Notification
from organizations.models import Department
from ui.dates import long_date

TELEGRAM, EMAIL, SMS = Notification.Transport.TELEGRAM, Notification.Transport.EMAIL, Notification.Transport.SMS
PHONE_CHANNELS = {Channel.CALL109, Channel.CALL1310}
# Contacts that an official wrote down; whatever was typed on the site must be confirmed before anything is sent to it.
TAKEN_BY_STAFF = PHONE_CHANNELS | {Channel.FRONT_OFFICE, Channel.RECEPTION, Channel.POST}
LARGEST_ATTACHMENTS = 10 * 1024 * 1024
E = EventKind


@dataclass(frozen=True)
class Contact:
    """A way to the applicant. `is_own` says that the hub knows it to be his: only there the tracking code goes."""

    transport: str
    address: str
    is_own: bool


@dataclass(frozen=True)
class Notice:
    """What is told: the template with its values, buttons for messengers, files for e-mail."""

    kind: str
    context: dict[str, Any]
    markup: dict[str, Any] | None = None
    files: tuple[dict[str, str], ...] = ()


# Tell


@transaction.atomic
def tell_applicant(event_id: int) -> bool:
    """Queue the notice of an event by the first way that has not failed yet; a repeat queues nothing."""
    event = _event(event_id)
    contacts = contacts_of(event.appeal)
    with override(event.appeal.answer_language):
        notice = notice_of(event)
        chosen = _first_open_way(event, notice, contacts) if notice else None
        if notice is None or chosen is None:
            if not contacts and event.kind == E.TERM_EXTENDED:
                # Nobody to write to: the page of the appeal, public to its code, is the notice.
                extension.notice_sent(event.appeal_id, at=timezone.now())
            return False
        return delivery.queue(_draft(event, notice, chosen))


def contacts_of(appeal: Appeal) -> list[Contact]:
    """Ways to the applicant, the best first: the channel he came by, then e-mail, then SMS.

    An unconfirmed contact is none, so that nobody can make the hub write to strangers.
    """
    person = appeal.applicant
    confirmed = person.contact_confirmed_at is not None
    if not confirmed and appeal.channel not in TAKEN_BY_STAFF:
        return []
    channel, _colon, identity = person.thread_key.partition(":")
    found = []
    if channel == "telegram":
        found.append(Contact(TELEGRAM, identity, is_own=True))
    by_email = [Contact(EMAIL, person.email, is_own=confirmed)] if person.email else []
    by_sms = [Contact(SMS, person.phone, is_own=confirmed)] if person.phone else []
    if person.confirmed_medium == "sms":
        by_email = []
    elif person.confirmed_medium == "email":
        by_sms = []
    return found + (by_sms + by_email if appeal.channel in PHONE_CHANNELS else by_email + by_sms)


def _event(event_id: int) -> AppealEvent:
    rows = AppealEvent.objects.select_related("appeal__applicant", "appeal__department", "question")
    return rows.get(pk=event_id)


def _first_open_way(event: AppealEvent, notice: Notice, contacts: list[Contact]) -> Contact | None:
    failed = set(
        Notification.objects.filter(
            dedupe_key__in=[_key(event.pk, contact.transport) for contact in contacts],
            status=Notification.Status.FAILED,
        ).values_list("transport", flat=True)
    )
    usable = [contact for contact in contacts if contact.transport != SMS or notice_texts.has_sms(notice.kind)]
    return next(iter(_wanted(event, notice, [way for way in usable if way.transport not in failed])), None)


def _wanted(event: AppealEvent, notice: Notice, ways: list[Contact]) -> list[Contact]:
    """The ways its owner has chosen; what he is owed goes by another one rather than not at all."""
    user_id = event.appeal.applicant.user_id
    group = preferences.group_of(notice.kind, preferences.RESIDENT)
    if user_id is None or group is None:
        return ways
    media = preferences.media_of([user_id], group)[user_id]
    chosen = [way for way in ways if way.transport in media]
    return chosen or ways if group.is_owed else chosen


def _key(event_id: int, transport: str) -> str:
    return f"notice:{event_id}:applicant:{transport}"


def _draft(event: AppealEvent, notice: Notice, contact: Contact) -> delivery.Draft:
    appeal = event.appeal
    code = appeal.tracking_code if contact.is_own and notice.kind in {"received", "registered", "promoted"} else ""
    body = notice_texts.render(notice.kind, appeal, notice.context | {"code": code}, sms=contact.transport == SMS)
    return delivery.Draft(
        dedupe_key=_key(event.pk, contact.transport),
        transport=contact.transport,
        address=contact.address,
        template=notice.kind,
        subject=f"[№ {appeal.number}] {notice_texts.SUBJECTS[notice.kind]}",
        body=body,
        language=appeal.answer_language,
        subject_ref=f"appeal:{appeal.pk}",
        headers=_headers(event, notice, contact),
    )


def _headers(event: AppealEvent, notice: Notice, contact: Contact) -> dict[str, Any]:
    if contact.transport == TELEGRAM:
        return {"reply_markup": notice.markup} if notice.markup else {}
    if contact.transport != EMAIL:
        return {}
    return mail_headers(event.appeal, event.seq) | ({"files": list(notice.files)} if notice.files else {})


def mail_headers(appeal: Appeal, sequence: int) -> dict[str, str]:
    """Headers by which mail programs keep the conversation together and an answer finds its appeal."""
    thread = mail_ids.thread_id(appeal.number)
    first = appeal.external_id.partition("#")[0] if appeal.channel == Channel.EMAIL else ""
    headers = {
        "Message-ID": mail_ids.message_id(appeal.number, sequence),
        "In-Reply-To": first or thread,
        "References": f"{first} {thread}".strip(),
    }
    return headers | ({"Reply-To": settings.IMAP_USER} if "@" in settings.IMAP_USER else {})


# What is told of an event


def notice_of(event: AppealEvent) -> Notice | None:
    """The notice of an event in the active language; None when there is nothing to tell."""
    writer = WRITERS.get(EventKind(event.kind))
    return writer(event) if writer else None


def _received(event: AppealEvent) -> Notice | None:
    """Nothing for a matter settled while he was on the phone: he has heard the answer."""
    if event.appeal.outcome == Outcome.FIRST_CONTACT:
        return None
    return Notice("received", {"must_confirm": event.data.get("status") == Status.RECEIVED})


def _confirmed(event: AppealEvent) -> Notice | None:
    """The receipt of a request, once there is a contact to send it to; an official appeal is told it is registered."""
    appeal = event.appeal
    if appeal.is_statutory or appeal.channel not in {Channel.WEB, Channel.MOBILE} or not appeal.is_open:
        return None
    return Notice("received", {})


def _assigned(event: AppealEvent) -> Notice | None:
    """Told when the unit changes; who in the unit has it is the unit's matter."""
    unit_id = event.data.get("department")
    if event.question_id or not unit_id:
        return None
    earlier = (
        AppealEvent.objects.filter(appeal_id=event.appeal_id, kind=E.ASSIGNED, seq__lt=event.seq)
        .order_by("-seq")
        .first()
    )
    if earlier is not None and earlier.data.get("department") == unit_id:
        return None
    return Notice("assigned", {"unit": _unit_name(unit_id)})


def _unit_name(unit_id: Any) -> str:
    unit = Department.objects.filter(pk=unit_id).first()
    return unit.name if unit else ""


def _info_requested(event: AppealEvent) -> Notice:
    until = parse_datetime(str(event.data.get("until") or ""))
    context = {"text": event.reason, "until": long_date(until) if until else ""}
    return Notice("info_requested", context, files=_files(message_id=event.data.get("message")))


def _message(event: AppealEvent) -> Notice | None:
    message = Message.objects.filter(pk=event.data.get("message"), appeal_id=event.appeal_id).first()
    return Notice("message", {"text": message.text}, files=_files(message=message)) if message else None


def _forwarded(event: AppealEvent) -> Notice:
    question = event.question.text[:300] if event.question else ""
    context = {"unit": _unit_name(event.data.get("department")), "reason": event.reason, "question": question}
    return Notice("forwarded", context)


def _extended(event: AppealEvent) -> Notice:
    return Notice("extended", {"reason": event.reason})


def _recalculated(event: AppealEvent) -> Notice:
    return Notice("recalculated", {"reason": event.reason})


def _answered(event: AppealEvent) -> Notice | None:
    reply = _reply(event)
    if reply is None:
        return None
    if reply.is_interim:
        return Notice("interim", {"reply": reply}, files=_files(reply=reply))
    return Notice("answered", {"reply": reply}, markup=buttons.verdict_buttons(reply.pk), files=_files(reply=reply))


def _reply(event: AppealEvent) -> Reply | None:
    sent = Reply.objects.filter(appeal_id=event.appeal_id, sent_at__isnull=False)
    named = event.data.get("reply")
    return sent.filter(pk=named).first() if named else sent.order_by("-pk").first()


def _files(**of: Any) -> tuple[dict[str, str], ...]:
    """Files go along as long as a mailbox takes them; all of them are on the page of the appeal."""
    if None in of.values():
        return ()
    room, chosen = LARGEST_ATTACHMENTS, []
    for file in Attachment.objects.filter(**of, purpose=Attachment.Purpose.EVIDENCE).order_by("pk"):
        if file.size <= room:
            room -= file.size
            chosen.append({"path": file.file.name or "", "name": file.name, "content_type": file.content_type})
    return tuple(chosen)


def _closed(event: AppealEvent) -> Notice | None:
    """Who closed it himself by a tap, or was answered on the phone, knows."""
    if event.data.get("why") == "solved" or event.appeal.outcome in {Outcome.FIRST_CONTACT, Outcome.WITHDRAWN}:
        return None
    silent = event.data.get("why") == "silent"
    outcome = "" if silent else event.appeal.get_outcome_display()
    return Notice("closed", {"silent": silent, "outcome": outcome, "reason": event.reason})


def _plain(kind: str) -> Callable[[AppealEvent], Notice]:
    return lambda event: Notice(kind, {"reason": event.reason})


def _linked(event: AppealEvent) -> Notice | None:
    """The author of a duplicate is told where his matter goes on."""
    target = event.data.get("target")
    if event.data.get("kind") != LinkKind.DUPLICATE or not target:
        return None
    may_name = target in history.nameable_to_applicant(event.appeal, {target})
    reason = _("The matter goes on in appeal %(number)s.") % {"number": target} if may_name else ""
    return Notice("closed", {"outcome": Outcome.DUPLICATE.label, "reason": reason})


WRITERS: dict[EventKind, Callable[[AppealEvent], Notice | None]] = {
    E.RECEIVED: _received,
    E.CONTACT_CONFIRMED: _confirmed,
    E.REGISTERED: _plain("registered"),
    E.PROMOTED: _plain("promoted"),
    E.ASSIGNED: _assigned,
    E.INFO_REQUESTED: _info_requested,
    E.MESSAGE_SENT: _message,
    E.FORWARDED: _forwarded,
    E.TERM_EXTENDED: _extended,
    E.TERM_RECALCULATED: _recalculated,
    E.REPLY_SENT: _answered,
    E.DISPUTED: _plain("disputed"),
    E.REOPENED: _plain("reopened"),
    E.CLOSED: _closed,
    E.LINKED: _linked,
}


# What one may choose

PROGRESS = frozenset({"assigned", "disputed", "reopened"})
WAYS = (EMAIL, SMS, TELEGRAM)

preferences.announce(
    preferences.NoticeGroup(
        slug="resident_owed",
        audience=preferences.RESIDENT,
        order=10,
        title=gettext_lazy("Registration, questions to you, terms and the answer"),
        text=gettext_lazy("The law asks us to tell you of these: leave at least one way."),
        templates=frozenset(notice_texts.SUBJECTS) - PROGRESS,
        media=WAYS,
        default=frozenset(WAYS),
        is_owed=True,
    ),
    preferences.NoticeGroup(
        slug="resident_progress",
        audience=preferences.RESIDENT,
        order=20,
        title=gettext_lazy("The course of the work"),
        text=gettext_lazy("Who deals with the appeal, and that a disputed answer is looked at again."),
        templates=PROGRESS,
        media=WAYS,
        default=frozenset(WAYS),
    ),
)


# What follows from the way a notice went


def on_failed(sender: object, notification: Notification, **kwargs: object) -> None:
    """A way that failed for good gives way to the next one."""
    event_id = _event_of(notification)
    if event_id is not None:
        tell_applicant(event_id)


def on_succeeded(sender: object, notification: Notification, **kwargs: object) -> None:
    """The duty to tell of an extension ends when the notice has gone."""
    if notification.template == "extended" and (event_id := _event_of(notification)) is not None:
        appeal_id = AppealEvent.objects.values_list("appeal_id", flat=True).get(pk=event_id)
        extension.notice_sent(appeal_id, at=notification.sent_at or timezone.now())


def _event_of(notification: Notification) -> int | None:
    kind, _colon, rest = notification.dedupe_key.partition(":")
    event_id, _colon, recipient = rest.partition(":")
    return int(event_id) if kind == "notice" and recipient.startswith("applicant:") and event_id.isdigit() else None


delivery.delivery_failed.connect(on_failed, dispatch_uid="appeals.notices.failed")
delivery.delivery_succeeded.connect(on_succeeded, dispatch_uid="appeals.notices.succeeded")
