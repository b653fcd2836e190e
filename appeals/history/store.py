"""Store past appeals in bulk: once each, with their whole history, a batch in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, connections, models, transaction
from django.utils import timezone

from appeals.history.past import PastAppeal, PastApplicant
from appeals.history.replay import replay
from appeals.history.rows import Ids, Rows
from appeals.models import (
    Appeal,
    AppealEvent,
    AppealLink,
    Applicant,
    Assignment,
    Attachment,
    ExtensionProposal,
    Feedback,
    Message,
    Note,
    Question,
    Reply,
    Timer,
    TimerPause,
    Topic,
)
from common.crypto import keyed_hash
from common.errors import DomainError
from common.text import search_terms

BATCH = 500


@dataclass(frozen=True)
class Refused:
    """A past appeal that makes no possible story, and why."""

    external_id: str
    reason: str


@dataclass(frozen=True)
class Stored:
    """What became of a batch."""

    made: int
    known: int
    refused: tuple[Refused, ...]


@transaction.atomic
def store_batch(batch: Sequence[PastAppeal], *, now: dt.datetime | None = None) -> Stored:
    """Store what is not there yet. Events carry the mark of the outbox: nothing is sent for what is past."""
    known = _known(batch)
    new = {(past.channel, past.external_id): past for past in batch if (past.channel, past.external_id) not in known}
    played, refused = _replay_all(list(new.values()), now or timezone.now())
    _save(played)
    return Stored(made=len(played), known=len(batch) - len(new), refused=tuple(refused))


def _known(batch: Iterable[PastAppeal]) -> set[tuple[str, str]]:
    wanted = Appeal.objects.filter(external_id__in=[past.external_id for past in batch])
    return set(wanted.values_list("channel", "external_id"))


def _replay_all(batch: list[PastAppeal], now: dt.datetime) -> tuple[list[Rows], list[Refused]]:
    keys = [(str(past.channel), past.external_id) for past in batch]
    steps = sum(len(past.steps) for past in batch)
    ids = Ids(
        appeals=dict(zip(keys, _take_ids(Appeal, len(batch)), strict=True)),
        replies=_take_ids(Reply, steps),
        messages=_take_ids(Message, steps),
        notes=_take_ids(Note, steps),
        questions=_take_ids(Question, sum(len(step.questions) for past in batch for step in past.steps)),
        attachments=_take_ids(Attachment, sum(_count_files(past) for past in batch)),
        proposals=_take_ids(ExtensionProposal, steps),
    )
    topics = {topic.pk: topic for topic in Topic.objects.all()}
    played, refused = [], []
    for past in batch:
        try:
            played.append(replay(past, ids, topics, now))
        except DomainError as error:
            refused.append(Refused(past.external_id, str(error)))
    return played, refused


def _count_files(past: PastAppeal) -> int:
    return len(past.files) + sum(len(step.files) for step in past.steps)


def _take_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """So many keys from the table's sequence, by one call."""
    with connection.cursor() as cursor:
        sequence = f"{model._meta.db_table}_id_seq"
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return iter([row[0] for row in cursor.fetchall()])


def _save(played: list[Rows]) -> None:
    """Parents before children."""
    applicants = [_applicant(rows.past.applicant) for rows in played]
    _number(applicants)
    for rows, applicant in zip(played, applicants, strict=True):
        rows.appeal.applicant_id = applicant.pk
        rows.appeal.search = _search_text(rows.past)
    _copy(Applicant, applicants)
    _copy(Appeal, [rows.appeal for rows in played])
    _copy(Question, [row for rows in played for row in rows.questions])
    _copy_new(AppealEvent, [event for rows in played for event in rows.events])
    _copy(Reply, [reply for rows in played for reply in rows.replies])
    _copy(Message, [message for rows in played for message in rows.messages])
    _copy(Note, [note for rows in played for note in rows.notes])
    _copy(Attachment, [row for rows in played for row in rows.attachments])
    _copy(ExtensionProposal, [row for rows in played for row in rows.proposals])
    _copy_new(AppealLink, [row for rows in played for row in rows.links])
    _copy_new(Assignment, [row for rows in played for row in rows.assignments])
    _copy_new(Feedback, [row for rows in played for row in rows.feedback])
    _copy_new(Timer, [timer for rows in played for timer in rows.timers])
    _copy_new(TimerPause, [pause for rows in played for pause in rows.pauses()])


def _copy_new(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    _number(rows)
    _copy(model, rows)


def _number(rows: Sequence[models.Model]) -> None:
    if rows:
        for row, pk in zip(rows, _take_ids(type(rows[0]), len(rows)), strict=True):
            row.pk = pk


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Rows with keys, by PostgreSQL's COPY: a hundred thousand events are too many for INSERT statements."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    prepare = [(field.attname, field.get_db_prep_save) for field in fields]
    backend = connections[connection.alias]  # itself: the proxy would be asked for every value
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([prep(getattr(row, name), backend) for name, prep in prepare])


def _search_text(past: PastAppeal) -> str:
    """The same words as the intake's vector, in PostgreSQL's own notation, so that the rows go in by one statement."""
    texts = (past.subject, past.text, past.address)
    stems = sorted({stem for text in texts if text for stem in search_terms(text)})
    return " ".join("'" + stem.replace("\\", "\\\\").replace("'", "''") + "'" for stem in stems)


def _applicant(past: PastApplicant) -> Applicant:
    def hashed(value: str, purpose: str) -> str:
        return keyed_hash(value, purpose=purpose) if value else ""

    return Applicant(
        type=past.type,
        user_id=past.user_id,
        full_name=past.full_name,
        identifier=past.identifier,
        identifier_hash=hashed(past.identifier, "identifier"),
        phone=past.phone,
        phone_hash=hashed(past.phone, "phone"),
        email=past.email,
        email_hash=hashed(past.email.lower(), "email"),
        postal_address=past.postal_address,
        representative_name=past.representative_name,
        representative_ground=past.representative_ground,
        thread_key=past.thread_key,
        contact_confirmed_at=timezone.now() if past.confirmed else None,
    )
