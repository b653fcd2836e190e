"""Record what happened to an appeal: the only way into its history, and out to the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import on_behalf_of
from appeals.models import Appeal, AppealEvent, EventKind, Message, Note, Question, Reply
from common.errors import Conflict
from common.events import as_stored, chain_hash, event_recorded, publish, stamp
from common.text import sha256_of, storable

DRAIN_TASK = "appeals.reactions.drain_outbox"
# The digest of the text an event tells of, and of the subject of an appeal.
TEXT, SUBJECT = "text_sha256", "subject_sha256"
# What an event says that removed personal data: the texts as they stand since, and the events that lost words.
REDACTED_TEXTS, REDACTED_EVENTS = "texts", "events"


def build(
    appeal: Appeal,
    kind: EventKind,
    *,
    actor: User | None = None,
    actor_id: int | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    question: Question | None = None,
    occurred_at: datetime | None = None,
    recorded_at: datetime | None = None,
    is_public: bool = False,
) -> AppealEvent:
    """The next event of the chain, not yet stored; moves the head on the appeal in memory.

    The bulk step knows its actors by id alone.
    """
    now = recorded_at or timezone.now()
    if lender := on_behalf_of(actor, f"appeal:{appeal.pk}"):
        data = {**(data or {}), "on_behalf_of": lender}
    event = AppealEvent(
        appeal=appeal,
        question=question,
        seq=appeal.history_seq + 1,
        kind=kind,
        actor=actor,
        occurred_at=occurred_at or now,
        recorded_at=now,
        reason=storable(reason),
        data=as_stored(data or {}),
        is_public=is_public,
        prev_hash=appeal.history_head,
    )
    if actor is None:
        event.actor_id = actor_id
    event.hash = hash_of(event)
    appeal.history_seq, appeal.history_head = event.seq, event.hash
    return event


def record(
    appeal: Appeal,
    kind: EventKind,
    *,
    actor: User | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    question: Question | None = None,
    occurred_at: datetime | None = None,
    is_public: bool = False,
    changed: Iterable[str] = (),
) -> AppealEvent:
    """Append an event and save the appeal's `changed` fields in the same transaction.

    The caller holds the row lock of the appeal; without it the chain's own number refuses the write (Conflict).
    """
    before = appeal.history_seq
    event = build(
        appeal,
        kind,
        actor=actor,
        reason=reason,
        data=data,
        question=question,
        occurred_at=occurred_at,
        is_public=is_public,
    )
    values = {name: getattr(appeal, name) for name in changed}
    appeal.version += 1
    updated = Appeal.objects.filter(pk=appeal.pk, history_seq=before).update(
        history_seq=event.seq, history_head=event.hash, version=appeal.version, **values
    )
    if updated != 1:
        raise Conflict
    event.save(force_insert=True)
    announce(event)
    return event


def announce(event: AppealEvent) -> None:
    """Tell listeners in this transaction, and the pipeline after its commit."""
    event_recorded.send(sender=AppealEvent, event=event)
    publish(DRAIN_TASK)


def proof_of(text: str, subject: str | None = None) -> dict[str, str]:
    """What an event says of a text that lies in another row: enough to show later that it is still the same."""
    proof = {TEXT: sha256_of(text)}
    return proof if subject is None else proof | {SUBJECT: sha256_of(subject)}


def hash_of(event: AppealEvent) -> str:
    """The hash of everything an event says, over the hash of the one before."""
    fields = [
        event.appeal_id,
        event.question_id,
        event.seq,
        str(event.kind),
        event.actor_id,
        stamp(event.occurred_at),
        stamp(event.recorded_at),
        event.reason,
        event.data,
        event.is_public,
    ]
    return chain_hash(prev_hash=event.prev_hash, fields=fields)


@dataclass(frozen=True)
class BrokenLink:
    """The first row of a chain that does not fit: which appeal, which event, and why."""

    appeal_id: int
    event_id: int | None
    seq: int
    why: str


def broken_links(appeal_ids: Iterable[int] | None = None) -> Iterator[BrokenLink]:
    """The first broken link of each appeal whose history does not hold. Reads everything once, in order."""
    rows = AppealEvent.objects.order_by("appeal_id", "seq")
    appeals = Appeal.objects.order_by("pk")
    if appeal_ids is not None:
        wanted = list(appeal_ids)
        rows, appeals = rows.filter(appeal_id__in=wanted), appeals.filter(pk__in=wanted)
    heads = appeals.values_list("pk", "history_seq", "history_head").iterator(chunk_size=5000)
    stream = rows.iterator(chunk_size=5000)
    event = next(stream, None)
    for appeal_id, head_seq, head_hash in heads:
        chain: list[AppealEvent] = []
        while event is not None and event.appeal_id == appeal_id:
            chain.append(event)
            event = next(stream, None)
        if _check_chain(appeal_id, chain, head_seq, head_hash):
            broken = _look_again(appeal_id)
            if broken:
                yield broken


@transaction.atomic
def _look_again(appeal_id: int) -> BrokenLink | None:
    """Heads and events were read one after the other; an event recorded in between is no broken link."""
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    chain = list(AppealEvent.objects.filter(appeal_id=appeal_id).order_by("seq"))
    return _check_chain(appeal_id, chain, appeal.history_seq, appeal.history_head)


def _check_chain(appeal_id: int, chain: list[AppealEvent], head_seq: int, head_hash: str) -> BrokenLink | None:
    previous, redacted = "", _redacted(chain)
    for expected, event in enumerate(chain, start=1):
        if event.seq != expected:
            return BrokenLink(appeal_id, event.pk, expected, "an event is missing before this one")
        if event.prev_hash != previous:
            return BrokenLink(appeal_id, event.pk, event.seq, "does not continue the event before it")
        if event.hash != hash_of(event) and not is_redacted(event, redacted):
            return BrokenLink(appeal_id, event.pk, event.seq, "its contents were changed")
        previous = event.hash
    if (len(chain), previous) != (head_seq, head_hash):
        return BrokenLink(appeal_id, None, head_seq, "the end of the history is missing")
    return None


def without_words(event: AppealEvent) -> AppealEvent:
    """The event as it stands when its personal data are removed: no reason, no address, no point on the map.

    The database lets an event be changed into exactly this, and only when a later event of its chain says so.
    """
    left = copy(event)
    left.reason = ""
    left.data = {name: value for name, value in event.data.items() if name != "address"}
    if isinstance(left.data.get("changes"), dict):
        left.data["changes"] = {name: value for name, value in left.data["changes"].items() if name != "place"}
    return left


def seal_of(event: AppealEvent) -> list[str]:
    """What the redacting event keeps of one that loses its words: its hash, and the hash of what is left."""
    return [event.hash, hash_of(without_words(event))]


def _redacted(chain: Iterable[AppealEvent]) -> dict[int, list[str]]:
    """By their number the events that lost their words, as the redacting events of the same chain tell."""
    told: dict[int, list[str]] = {}
    for event in chain:
        if event.kind == EventKind.REDACTED:
            told |= {
                int(seq): seal for seq, seal in event.data.get(REDACTED_EVENTS, {}).items() if int(seq) < event.seq
            }
    return told


def is_redacted(event: AppealEvent, redacted: Mapping[int, list[str]]) -> bool:
    """Whether the event is what a redaction has left of it, to the letter."""
    return redacted.get(event.seq) == [event.hash, hash_of(event)]


def redactions_of(appeal_id: int) -> dict[int, list[str]]:
    return _redacted(AppealEvent.objects.filter(appeal_id=appeal_id, kind=EventKind.REDACTED).order_by("seq"))


@dataclass(frozen=True)
class ChangedText:
    """A text that is no longer the one its event tells of: which row, and by which event it is known."""

    appeal_id: int
    event_id: int
    seq: int
    row: str


# Whose text an event proves, by the key under which its details name the row.
PROVED: Mapping[str, type[Reply] | type[Message] | type[Note]] = {"reply": Reply, "message": Message, "note": Note}


def changed_texts(appeal_ids: Iterable[int]) -> list[ChangedText]:
    """Texts that were changed or removed outside the steps. Events older than the digests prove nothing of theirs."""
    wanted = list(appeal_ids)
    rows = AppealEvent.objects.filter(appeal_id__in=wanted, data__has_key=TEXT).order_by("appeal_id", "seq")
    found = [
        Statement(appeal_id, event_id, seq, *_row_of(appeal_id, question_id, data), data[TEXT], data.get(SUBJECT))
        for appeal_id, event_id, seq, question_id, data in rows.values_list(
            "appeal_id", "pk", "seq", "question_id", "data"
        )
    ]
    redacted = _redacted_texts(wanted, found)
    last = {statement.place: statement.event_id for statement in redacted}
    # Whatever stood in a row before its personal data were removed is proved no more; what stands since is.
    found = [statement for statement in found if statement.event_id > last.get(statement.place, 0)]
    found += [row for row in redacted if row.appeal_id in set(wanted) and row.event_id == last[row.place]]
    now = _texts_now(found)
    return [
        ChangedText(row.appeal_id, row.event_id, row.seq, f"{row.label} {row.key}")
        for row in sorted(found, key=lambda row: (row.appeal_id, row.seq))
        if not row.holds(now.get(row.place))
    ]


@dataclass(frozen=True)
class Statement:
    """What one event says of one text: its digest, and that of the subject where there is one."""

    appeal_id: int
    event_id: int
    seq: int
    label: str
    key: int
    text: str
    subject: str | None

    @property
    def place(self) -> tuple[str, int]:
        return self.label, self.key

    def holds(self, now: tuple[str, str] | None) -> bool:
        if now is None:
            return False
        return self.text == sha256_of(now[0]) and self.subject in (None, sha256_of(now[1]))


def _redacted_texts(appeal_ids: list[int], found: Iterable[Statement]) -> list[Statement]:
    """What redacting events say, also those of the appeals to which a message has moved since."""
    messages = [row.key for row in found if row.label == "message"]
    moved = (
        Message.objects.filter(pk__in=messages).exclude(appeal_id__in=appeal_ids).values_list("appeal_id", flat=True)
    )
    rows = AppealEvent.objects.filter(appeal_id__in=[*appeal_ids, *moved], kind=EventKind.REDACTED).order_by("pk")
    return [
        Statement(appeal_id, event_id, seq, label, key, text, subject)
        for appeal_id, event_id, seq, data in rows.values_list("appeal_id", "pk", "seq", "data")
        for label, key, text, subject in data.get(REDACTED_TEXTS, [])
    ]


def _row_of(appeal_id: int, question_id: int | None, data: Mapping[str, Any]) -> tuple[str, int]:
    for name in PROVED:
        if name in data:
            return name, data[name]
    return ("question", question_id) if question_id else ("appeal", appeal_id)


def _texts_now(found: Iterable[Statement]) -> dict[tuple[str, int], tuple[str, str]]:
    """Text and subject of every row that is told of, one query for each table."""
    keys: dict[str, set[int]] = {name: set() for name in ("appeal", "question", *PROVED)}
    for row in found:
        keys[row.label].add(row.key)
    texts: dict[tuple[str, int], tuple[str, str]] = {}
    for name, model in PROVED.items():
        for key, text in model.objects.filter(pk__in=keys[name]).values_list("pk", "text"):
            texts[name, key] = (text, "")
    for key, text, subject in Appeal.objects.filter(pk__in=keys["appeal"]).values_list("pk", "text", "subject"):
        texts["appeal", key] = (text, subject)
    for key, answer in Question.objects.filter(pk__in=keys["question"]).values_list("pk", "answer"):
        texts["question", key] = (answer, "")
    return texts


def claim_waiting(kinds: Iterable[str], limit: int = 100) -> list[AppealEvent]:
    """Lock events that nobody has handed on yet; call inside the transaction that marks them.

    Of the kinds the caller knows: one written by a newer release waits for a worker of that release.
    """
    return list(
        AppealEvent.objects.select_for_update(skip_locked=True)
        .filter(reacted_at__isnull=True, kind__in=list(kinds))
        .order_by("recorded_at")[:limit]
    )


def mark_reacted(events: Iterable[AppealEvent]) -> None:
    AppealEvent.objects.filter(pk__in=[event.pk for event in events]).update(reacted_at=timezone.now())


def appeal_of(event_id: int) -> int:
    """The appeal an event belongs to."""
    return int(AppealEvent.objects.values_list("appeal_id", flat=True).get(pk=event_id))
