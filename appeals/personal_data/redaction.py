"""Take the personal data out of an appeal and leave the history provable: what, where and when stay, who does not.

The event of the redaction names every text that was replaced with its new digest, and every event that lost its words
with its own hash and the hash of what is left. The database lets an event lose its words only when such an event stands
behind it in the same chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from appeals import events
from appeals.casework import lock
from appeals.models import (
    Appeal,
    AppealEvent,
    Applicant,
    Attachment,
    ChannelThread,
    EventKind,
    ExtensionProposal,
    Feedback,
    Message,
    Question,
    RawDelivery,
    RemoteFile,
    Reply,
    TimerPause,
)
from appeals.personal_data import leftovers
from common.errors import Conflict
from common.text import sha256_of
from privacy import holds

APPLICANT_TEXTS = (
    "full_name", "identifier", "identifier_hash", "representative_name", "representative_ground", "phone",
    "phone_hash", "email", "email_hash", "postal_address", "thread_key",
)  # fmt: skip
Proof = list[Any]


@transaction.atomic
def anonymise(
    appeal_id: int, *, ground: str, cause: str, actor: User | None = None, is_due: Callable[[int], bool] | None = None
) -> bool:
    """Everything of one closed appeal, or nothing; false when it was done before.

    `is_due` is asked once more behind the locks: whoever chose the appeal did so before, and it may have been held,
    or opened and closed again, in the meantime.
    """
    appeal = lock(appeal_id)
    author = appeal.applicant.user_id
    holds.settle(f"appeal:{appeal.pk}", *([f"user:{author}"] if author else []))
    if appeal.anonymised_at is not None or (is_due is not None and not is_due(appeal.pk)):
        return False
    if appeal.closed_at is None:
        raise Conflict
    with override(appeal.answer_language):
        marker = _("[Personal data removed]")
    chain = list(AppealEvent.objects.filter(appeal=appeal).order_by("seq"))
    losing = [event for event in chain if _has_words(event)]
    proofs = list(_replace_texts(appeal, marker))
    _empty_appeal(appeal, marker)
    _record(appeal, proofs, losing, actor, ground, cause)
    for event in losing:
        left = events.without_words(event)
        AppealEvent.objects.filter(pk=event.pk).update(reason=left.reason, data=left.data)
    _empty_beside(appeal)
    _empty_applicant(appeal.applicant)
    _forget_files(appeal)
    leftovers.remove_soon(appeal)
    return True


def _has_words(event: AppealEvent) -> bool:
    left = events.without_words(event)
    return (left.reason, left.data) != (event.reason, event.data)


def _record(
    appeal: Appeal, proofs: list[Proof], losing: list[AppealEvent], actor: User | None, ground: str, cause: str
) -> None:
    proofs.append(["appeal", appeal.pk, sha256_of(appeal.text), sha256_of(appeal.subject)])
    events.record(
        appeal,
        EventKind.REDACTED,
        actor=actor,
        data={
            "ground": ground,
            "cause": cause,
            events.REDACTED_TEXTS: proofs,
            events.REDACTED_EVENTS: {str(event.seq): events.seal_of(event) for event in losing},
        },
        changed=["text", "subject", "address", "latitude", "longitude", "external_id", "anonymised_at"],
        is_public=True,
    )
    Appeal.objects.filter(pk=appeal.pk).update(search=None)


def _empty_appeal(appeal: Appeal, marker: str) -> None:
    appeal.text, appeal.subject, appeal.address = marker, "", ""
    appeal.latitude = appeal.longitude = None
    appeal.external_id = f"removed-{appeal.pk}"
    appeal.anonymised_at = timezone.now()


def _replace_texts(appeal: Appeal, marker: str) -> Iterator[Proof]:
    """Messages, notes, answers and questions; each yields what the history says of it from now on."""
    digest = sha256_of(marker)
    for name, model in events.PROVED.items():
        rows = model._default_manager.filter(appeal=appeal)
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(text=marker)
        yield from ([name, key, digest, None] for key in keys)
    Message.objects.filter(appeal=appeal).update(external_id="")
    Reply.objects.filter(appeal=appeal).update(measures="", done_by="", override_ground="", findings=[])
    questions = Question.objects.filter(appeal=appeal)
    answered = list(questions.exclude(answer="").values_list("pk", flat=True))
    questions.update(text=marker)
    questions.filter(pk__in=answered).update(answer=marker)
    yield from (["question", key, digest, None] for key in answered)


def _empty_beside(appeal: Appeal) -> None:
    """What nobody proves: judgements, reasons kept twice, payloads of the channel, messages that went out."""
    Feedback.objects.filter(appeal=appeal).update(comment="")
    ExtensionProposal.objects.filter(appeal=appeal).update(ground="", answer="")
    TimerPause.objects.filter(timer__appeal=appeal).update(reason="")
    RemoteFile.objects.filter(appeal=appeal).delete()
    unique = Concat(Value("removed-"), Cast("pk", CharField()))
    RawDelivery.objects.filter(appeal=appeal).update(payload="", error="", external_id=unique)
    leftovers.empty_notices(appeal.pk)


def _empty_applicant(applicant: Applicant) -> None:
    """A promoted request shares its author: he is forgotten with the last of his appeals."""
    if Appeal.objects.filter(applicant=applicant, anonymised_at=None).exists():
        return
    key = applicant.thread_key
    Applicant.objects.filter(pk=applicant.pk).update(user=None, **dict.fromkeys(APPLICANT_TEXTS, ""))
    if key and not Applicant.objects.filter(thread_key=key).exists():
        ChannelThread.objects.filter(thread_key=key).delete()


def _forget_files(appeal: Appeal) -> None:
    """No transaction brings a file back, so the files themselves go after the commit."""
    files = Attachment.objects.filter(appeal=appeal).exclude(file="")
    leftovers.note_files(appeal, list(files.values_list("file", flat=True)))
    files.update(file="", name="—", sha256="", scan="")
