"""One way in for every channel: an IncomingAppeal becomes an appeal, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import events, terms, timers, workflow
from appeals.models import (
    Appeal,
    Applicant,
    Attachment,
    Category,
    Channel,
    EventKind,
    Kind,
    Priority,
    Regime,
    Status,
    TimerCode,
    Topic,
)
from common.crypto import keyed_hash
from common.errors import ValidationFailed
from common.files import CheckedFile
from common.one_statement import insert_together, preparing_cursor
from common.reference_numbers import AppealNumber, new_tracking_code
from common.text import NOT_TEXT, guess_language, search_terms, storable

SHORTEST_TEXT = 10
LONGEST_TEXT = 20_000
MAX_FILES = 10
TEXTS = ("text", "subject", "address", "external_id")
APPLICANT_TEXTS = (
    "full_name", "identifier", "representative_name", "representative_ground", "phone", "email", "postal_address",
)  # fmt: skip


@dataclass(frozen=True)
class IncomingApplicant:
    """Who files, as far as the channel knows. Contacts and identifiers are normalised by the adapter."""

    type: str = Applicant.Type.INDIVIDUAL
    full_name: str = ""
    identifier: str = ""
    representative_name: str = ""
    representative_ground: str = ""
    phone: str = ""
    email: str = ""
    postal_address: str = ""
    thread_key: str = ""
    user_id: int | None = None
    contact_confirmed: bool = False


@dataclass(frozen=True)
class IncomingAppeal:
    """What a channel adapter yields. `external_id` is unique within the channel and makes a repeat harmless."""

    channel: Channel
    external_id: str
    text: str
    received_at: datetime
    applicant: IncomingApplicant = field(default_factory=IncomingApplicant)
    language: str = ""
    answer_language: str = ""
    subject: str = ""
    regime: Regime = Regime.REQUEST
    kind: Kind | None = None
    category: Category | None = None
    topic_id: int | None = None
    priority: Priority | None = None
    area_id: int | None = None
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    is_confidential: bool = False
    complaint_department_id: int | None = None
    complaint_user_id: int | None = None
    parent_id: int | None = None
    consent: str = ""  # version and language of the text the applicant agreed to
    files: Sequence[CheckedFile] = ()


@dataclass(frozen=True)
class Submitted:
    """The appeal, and whether this call made it or an earlier delivery did."""

    appeal: Appeal
    created: bool


def submit_appeal(incoming: IncomingAppeal, *, actor: User | None = None) -> Submitted:
    """Store an appeal once, however often the channel delivers it: case, clocks and event in one transaction."""
    incoming = _storable(incoming)
    check(incoming)
    try:
        return Submitted(_store(incoming, actor), created=True)
    except IntegrityError:
        existing = Appeal.objects.filter(channel=incoming.channel, external_id=incoming.external_id).first()
        if existing is None:
            raise
        return Submitted(existing, created=False)


def _storable(incoming: IncomingAppeal) -> IncomingAppeal:
    """Without signs that no database keeps and without a point that is nowhere; other systems send anything."""
    who = incoming.applicant
    if any(map(NOT_TEXT.search, [*_texts(incoming, TEXTS).values(), *_texts(who, APPLICANT_TEXTS).values()])):
        who = replace(who, **_texts(who, APPLICANT_TEXTS, storable))
        incoming = replace(incoming, applicant=who, **_texts(incoming, TEXTS, storable))
    if not _is_on_earth(incoming.latitude, incoming.longitude):
        incoming = replace(incoming, latitude=None, longitude=None)
    return incoming


def _texts(row: object, names: Sequence[str], change: Callable[[str], str] = str) -> dict[str, Any]:
    return {name: change(getattr(row, name)) for name in names}


def _is_on_earth(latitude: Decimal | None, longitude: Decimal | None) -> bool:
    if latitude is None or longitude is None:
        return latitude is longitude
    if not (latitude.is_finite() and longitude.is_finite()):
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180


def check(incoming: IncomingAppeal) -> None:
    """What every appeal must have; a statutory one names its author (APPC art. 63)."""
    text = incoming.text.strip()
    if len(text) < SHORTEST_TEXT:
        raise ValidationFailed(
            _("Describe the matter in a few words: at least 10 characters."), code="too_short", field="text"
        )
    if len(text) > LONGEST_TEXT:
        raise ValidationFailed(_("The text is longer than 20,000 characters."), code="too_long", field="text")
    if len(incoming.files) > MAX_FILES:
        raise ValidationFailed(_("Attach at most 10 files."), code="too_many_files", field="files")
    if incoming.regime == Regime.APPEAL:
        _check_identity(incoming.applicant)


def _check_identity(applicant: IncomingApplicant) -> None:
    if applicant.type == Applicant.Type.ANONYMOUS:
        raise ValidationFailed(
            _("A statutory appeal cannot be anonymous. Send it as a service request instead."),
            code="anonymous",
            field="type",
        )
    required = (
        ("full_name", applicant.full_name, _("Give your full name.")),
        ("identifier", applicant.identifier, _("Give the IIN, or the BIN of the organization.")),
        ("postal_address", applicant.postal_address, _("Give your postal address.")),
    )
    for name, value, message in required:
        if not value.strip():
            raise ValidationFailed(message, code="identity", field=name)


@transaction.atomic
def _store(incoming: IncomingAppeal, actor: User | None) -> Appeal:
    now = timezone.now()
    applicant = _applicant(incoming.applicant, now)
    appeal = _appeal(incoming, applicant, now)
    running = timers.plan(appeal, _codes(appeal), at=appeal.received_at)
    event = events.build(
        appeal,
        EventKind.RECEIVED,
        actor=actor,
        occurred_at=appeal.received_at,
        recorded_at=now,
        is_public=True,
        data={
            "status": appeal.status,
            "channel": appeal.channel,
            "registered_at": appeal.registered_at,
            "clock_start_on": appeal.clock_start_on,
            "due_at": appeal.due_at,
            **events.proof_of(appeal.text, appeal.subject),
            **({"consent": incoming.consent} if incoming.consent else {}),
        },
    )
    insert_together([applicant, appeal, event, *running], wrapped={"search": "array_to_tsvector(%s::text[])"})
    _attach(appeal, incoming.files, actor)
    events.announce(event)
    return appeal


def _codes(appeal: Appeal) -> list[TimerCode]:
    if appeal.status == Status.RECEIVED:
        return [TimerCode.REGISTER, TimerCode.FORWARD, TimerCode.ANSWER]
    return [TimerCode.FIRST_REACTION, TimerCode.FORWARD, TimerCode.ANSWER]


def _applicant(incoming: IncomingApplicant, now: datetime) -> Applicant:
    def hashed(value: str, purpose: str) -> str:
        return keyed_hash(value, purpose=purpose) if value else ""

    return Applicant(
        type=incoming.type,
        user_id=incoming.user_id,
        full_name=incoming.full_name,
        identifier=incoming.identifier,
        identifier_hash=hashed(incoming.identifier, "identifier"),
        representative_name=incoming.representative_name,
        representative_ground=incoming.representative_ground,
        phone=incoming.phone,
        phone_hash=hashed(incoming.phone, "phone"),
        email=incoming.email,
        email_hash=hashed(incoming.email.lower(), "email"),
        postal_address=incoming.postal_address,
        thread_key=incoming.thread_key,
        contact_confirmed_at=now if incoming.contact_confirmed else None,
    )


def _appeal(incoming: IncomingAppeal, applicant: Applicant, now: datetime) -> Appeal:
    topic = terms.topics().get(incoming.topic_id) if incoming.topic_id else None
    language = incoming.language or guess_language(incoming.text)
    pk, applicant.pk = _next_ids()
    return Appeal(
        id=pk,
        number=str(AppealNumber(sequence=pk, year=timezone.localtime(now).year)),
        tracking_code=new_tracking_code(),
        channel=incoming.channel,
        external_id=incoming.external_id,
        regime=incoming.regime,
        kind=incoming.kind or _default_kind(incoming),
        category=incoming.category or _default_category(incoming, topic),
        sector_id=topic.sector_id if topic else None,
        topic_id=incoming.topic_id,
        language=language,
        answer_language=incoming.answer_language or language,
        subject=incoming.subject[:250],
        text=incoming.text.strip(),
        search=search_stems(incoming.subject, incoming.text, incoming.address),
        priority=incoming.priority or (topic.default_priority if topic else Priority.NORMAL),
        is_confidential=incoming.is_confidential,
        applicant=applicant,
        area_id=incoming.area_id,
        address=incoming.address[:300],
        latitude=incoming.latitude,
        longitude=incoming.longitude,
        status=_first_status(incoming),
        complaint_department_id=incoming.complaint_department_id,
        complaint_user_id=incoming.complaint_user_id,
        parent_id=incoming.parent_id,
        received_at=incoming.received_at,
    )


def search_stems(*texts: str) -> list[str]:
    """The words of the texts as the search index keeps them: stems of both languages (common.text)."""
    return sorted({stem for text in texts if text for stem in search_terms(text)})


def _first_status(incoming: IncomingAppeal) -> Status:
    """A request is worked on at once; a statutory appeal is registered when its author is confirmed."""
    if incoming.regime == Regime.APPEAL and not incoming.applicant.contact_confirmed:
        return Status.RECEIVED
    return Status.REGISTERED


def _default_kind(incoming: IncomingAppeal) -> Kind:
    by_category = {
        Category.PROPOSAL: Kind.PROPOSAL,
        Category.STAFF_COMPLAINT: Kind.COMPLAINT,
        Category.GRATITUDE: Kind.GRATITUDE,
    }
    fallback = Kind.APPLICATION if incoming.regime == Regime.APPEAL else Kind.MESSAGE
    return by_category.get(incoming.category, fallback) if incoming.category else fallback


def _default_category(incoming: IncomingAppeal, topic: Topic | None) -> Category:
    by_kind = {
        Kind.PROPOSAL: Category.PROPOSAL,
        Kind.GRATITUDE: Category.GRATITUDE,
    }
    if incoming.kind in by_kind:
        return by_kind[incoming.kind]
    return Category(topic.default_category) if topic else Category.PERSONAL


def _next_ids() -> tuple[int, int]:
    """Keys of the appeal and its applicant, known before anything is stored: number and hash are made of them."""
    with preparing_cursor() as cursor:
        cursor.execute("SELECT nextval('appeals_appeal_id_seq'), nextval('appeals_applicant_id_seq')")
        appeal, applicant = cursor.fetchone()
    return int(appeal), int(applicant)


def _attach(appeal: Appeal, files: Sequence[CheckedFile], actor: User | None) -> None:
    for item in files:
        attachment = Attachment(
            appeal=appeal,
            name=item.name,
            content_type=item.content_type,
            size=len(item.content),
            sha256=item.sha256,
            scan=item.scan,
            uploaded_by=actor,
        )
        attachment.file.save(item.name, item.as_django_file(), save=False)
        attachment.save(force_insert=True)


@transaction.atomic
def confirm_contact(appeal_id: int, *, address: str, medium: str = "") -> Appeal:
    """The applicant entered the code sent to him: register a statutory appeal that waited for it. Repeatable."""
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=appeal_id)
    if appeal.applicant.contact_confirmed_at:
        return appeal
    now = timezone.now()
    appeal.applicant.contact_confirmed_at = now
    appeal.applicant.confirmed_medium = medium
    appeal.applicant.save(update_fields=["contact_confirmed_at", "confirmed_medium"])
    events.record(appeal, EventKind.CONTACT_CONFIRMED, data={"address": address}, is_public=True)
    if appeal.status == Status.RECEIVED:
        _register(appeal, now)
    return appeal


@transaction.atomic
def register_appeal(appeal_id: int, *, actor: User, reason: str) -> Appeal:
    """An official registers a statutory appeal whose author has not confirmed his contact: acceptance may not be
    refused (APPC art. 64). Repeatable."""
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=appeal_id)
    if appeal.status != Status.RECEIVED:
        return appeal
    if len(reason.strip()) < SHORTEST_TEXT:
        raise ValidationFailed(_("Say how the applicant was identified."), code="reason", field="reason")
    _register(appeal, timezone.now(), actor=actor, reason=reason.strip())
    return appeal


def _register(appeal: Appeal, now: datetime, *, actor: User | None = None, reason: str = "") -> None:
    workflow.change_status(appeal, Status.REGISTERED)
    timers.stop(appeal, TimerCode.REGISTER, at=now)
    timers.start(appeal, TimerCode.FIRST_REACTION, at=now)
    data = {"due_at": appeal.due_at, "ground": reason}
    events.record(appeal, EventKind.REGISTERED, actor=actor, changed=["status"], is_public=True, data=data)
