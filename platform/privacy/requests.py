"""The steps of a request about personal data: received, decided by an officer, carried out by a job, answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotFound, ValidationFailed
from common.events import publish
from common.text import storable
from privacy import access, answers, history, notices, restrictions, terms
from privacy.models import CaseEvent, DataRequest, Decision, ExportFile, Ground
from privacy.registries import Held, Subject, Way, erasures

KIND, STATE, E = DataRequest.Kind, DataRequest.State, CaseEvent.Kind
EXPORT_TASK = "privacy.tasks.build_exports"
EXECUTE_TASK = "privacy.tasks.execute_requests"
ERASING = (KIND.DELETE, KIND.WITHDRAW)
LONGEST_WISH = 4000
SHORTEST_ANSWER = 10
CHANGED = gettext_lazy("The request has changed in the meantime. Look at its present state and try again.")


@dataclass(frozen=True)
class Line:
    """What the officer decides for one kind of record."""

    action: str
    ground: str = ""  # slug


def open_request(
    subject: Subject,
    kind: str,
    *,
    language: str,
    wish: str = "",
    closes_account: bool = False,
    actor: User | None = None,
    is_demo: bool = False,
) -> DataRequest:
    """Take a request in; a second one of the same kind while the first is open is the same one.

    Whoever asks again for a copy that could not be made has it begun again.
    """
    try:
        return _open(subject, kind, language, wish, closes_account, actor, is_demo)
    except IntegrityError:
        found = DataRequest.objects.filter(subject_ref=subject.ref, kind=kind, state__in=(STATE.NEW, STATE.DECIDED))
        existing = found.first()
        if existing is None:
            raise
        _begin_again(existing, actor or subject.user)
        return existing


@transaction.atomic
def _open(
    subject: Subject, kind: str, language: str, wish: str, closes_account: bool, actor: User | None, is_demo: bool
) -> DataRequest:
    request = DataRequest(
        kind=kind,
        user=subject.user,
        subject_ref=subject.ref,
        language=language,
        wish=storable(wish)[:LONGEST_WISH],
        closes_account=closes_account,
        is_demo=is_demo,
    )
    terms.start_clock(request, kind)
    if kind == KIND.KNOW:  # nothing to decide: everybody may know what is kept about him
        request.state = STATE.DECIDED
    request.save()
    history.record(request.ref, E.OPENED, actor=actor or subject.user, data={"kind": kind})
    trail.record(action=Action.DATA_REQUESTED, actor=actor or subject.user, subject_ref=request.ref, fields=[kind])
    if kind == KIND.KNOW:
        ExportFile.objects.create(request=request)
        publish(EXPORT_TASK)
    else:
        _tell_officers(request)
    return request


@transaction.atomic
def _begin_again(request: DataRequest, actor: User | None) -> bool:
    """From the first try on; false when there is no copy that has failed."""
    request = lock(request.pk)
    failed = ExportFile.objects.filter(request=request, state=ExportFile.State.FAILED)
    if not failed.update(state=ExportFile.State.WAITING, attempts=0, leased_until=None, step=0):
        return False
    history.record(request.ref, E.RETRIED, actor=actor)
    publish(EXPORT_TASK)
    return True


def retry_copy(request_id: int, *, actor: User) -> None:
    """An officer has a copy that failed begun again."""
    access.require(actor, Right.MANAGE_PRIVACY)
    if not _begin_again(_found(request_id), actor):
        raise Conflict(CHANGED)


def copy_failed(request: DataRequest) -> None:
    """In the transaction that gives a copy up: the person and the officers are told, each time it comes to that."""
    times = CaseEvent.objects.filter(case_ref=request.ref, kind=E.FAILED).count() + 1
    history.record(request.ref, E.FAILED)
    notices.tell_person(request, f"export_failed_{times}", notices.export_failed)
    notices.tell_staff(
        Right.MANAGE_PRIVACY, f"{request.ref}:failed:{times}", path_of(request), lambda: _failed_words(request)
    )


def _failed_words(request: DataRequest) -> tuple[str, str]:
    return (
        _("A copy of personal data could not be made"),
        _("Request No. %(number)s. The log of the worker says why; the copy can be begun again on its page.")
        % {"number": request.pk},
    )


def _tell_officers(request: DataRequest) -> None:
    def words() -> tuple[str, str]:
        label = str(KIND(request.kind).label)
        return _("New request about personal data"), _("%(kind)s, number %(number)s") % {
            "kind": label,
            "number": request.pk,
        }

    notices.tell_staff(Right.MANAGE_PRIVACY, f"{request.ref}:new", path_of(request), words)


def path_of(request: DataRequest) -> str:
    return reverse("privacy:staff-request", args=[request.pk])


def _found(request_id: int) -> DataRequest:
    row = DataRequest.objects.filter(pk=request_id).first()
    if row is None:
        raise NotFound
    return row


def lock(request_id: int) -> DataRequest:
    row = DataRequest.objects.select_for_update(of=("self",)).select_related("user").filter(pk=request_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def cancel(request_id: int, *, user: User) -> DataRequest:
    """The person takes the request back while nobody has decided it."""
    request = lock(request_id)
    if request.user_id != user.pk:
        raise NotFound
    if request.state != STATE.NEW:
        raise Conflict(CHANGED)
    request.state = STATE.CANCELLED
    terms.stop_clock(request, at=timezone.now())
    request.save()
    history.record(request.ref, E.CANCELLED, actor=user)
    return request


# What there is to decide


def look(request: DataRequest) -> dict[str, Held]:
    """How many records of each kind there are, and which of them the law keeps."""
    subject = notices.subject_of(request)
    kinds = sorted(erasures, key=lambda pair: pair[1].order)
    asked = [(slug, kind) for slug, kind in kinds if request.closes_account or not kind.is_closing]
    found = {slug: kind.look(subject) for slug, kind in asked}
    return {slug: held for slug, held in found.items() if held.count}


@transaction.atomic
def decide(request_id: int, lines: Mapping[str, Line], *, actor: User, answer: str = "") -> DataRequest:
    """Decide a deletion or a withdrawn consent, kind of record by kind; the job carries it out."""
    access.require(actor, Right.MANAGE_PRIVACY)
    request = lock(request_id)
    _check_new(request, ERASING)
    held = look(request)
    grounds = {row.slug: row for row in Ground.objects.filter(use=Ground.Use.KEEP, is_active=True)}
    missing = set(held) - set(lines)
    if missing:
        raise ValidationFailed(_("Decide every kind of record."), code="undecided", field=f"action-{min(missing)}")
    # What was not asked for, or is not there, is not decided either.
    rows = [_decision(request, slug, lines[slug], found, grounds) for slug, found in held.items()]
    Decision.objects.bulk_create(rows)
    _decided(request, actor, answer)
    history.record(request.ref, E.DECIDED, actor=actor, data={row.record_type: row.action for row in rows})
    publish(EXECUTE_TASK)
    return request


def _decision(request: DataRequest, slug: str, line: Line, held: Held, grounds: Mapping[str, Ground]) -> Decision:
    kind = erasures.get(slug)
    keeps = line.action == Decision.Action.KEEP
    if not keeps and line.action not in kind.actions:
        raise ValidationFailed(_("Choose one of the decisions."), code="action", field=f"action-{slug}")
    ground = grounds.get(line.ground or held.ground)
    if ground is None and (keeps or held.kept):
        raise ValidationFailed(_("Name the legal ground on which records stay."), code="ground", field=f"ground-{slug}")
    return Decision(request=request, record_type=slug, action=line.action, ground=ground)


def _check_new(request: DataRequest, kinds: tuple[str, ...]) -> None:
    if request.state != STATE.NEW or request.kind not in kinds:
        raise Conflict(CHANGED)


def _decided(request: DataRequest, actor: User, answer: str) -> None:
    request.state, request.decided_by, request.decided_at = STATE.DECIDED, actor, timezone.now()
    request.answer = storable(answer).strip()
    way = next(iter(notices.ways_of(notices.subject_of(request))), None)
    request.reply_to = f"{way.transport} {way.address}" if way else ""
    request.save()
    trail.record(
        action=Action.DATA_DECIDED, actor=actor, subject_ref=request.ref, fields=[request.kind],
    )  # fmt: skip


@transaction.atomic
def grant(request_id: int, *, actor: User, answer: str) -> DataRequest:
    """A correction was made, or the use of the data is restricted from now on."""
    access.require(actor, Right.MANAGE_PRIVACY)
    request = lock(request_id)
    _check_new(request, (KIND.CORRECT, KIND.RESTRICT))
    if request.kind == KIND.CORRECT and len(answer.strip()) < SHORTEST_ANSWER:
        raise ValidationFailed(_("Write what was corrected."), code="too_short", field="answer")
    _decided(request, actor, answer)
    history.record(request.ref, E.DECIDED, actor=actor)
    if request.kind == KIND.RESTRICT and request.user is not None:
        restrictions.restrict(request.user, request=request, actor=actor)
    finish(request, STATE.DONE, E.EXECUTED, actor=actor)
    return request


@transaction.atomic
def refuse(request_id: int, *, actor: User, answer: str) -> DataRequest:
    """Refuse as a whole, with reasons the person reads in the answer."""
    access.require(actor, Right.MANAGE_PRIVACY)
    request = lock(request_id)
    _check_new(request, (*ERASING, KIND.CORRECT, KIND.RESTRICT))
    if len(answer.strip()) < SHORTEST_ANSWER:
        raise ValidationFailed(
            _("Give the reasons of the refusal and the law they rest on."), code="too_short", field="answer"
        )
    _decided(request, actor, answer)
    finish(request, STATE.REFUSED, E.REFUSED, actor=actor)
    return request


def finish(request: DataRequest, state: str, event: str, *, actor: User | None = None) -> None:
    """The end of a request, in the transaction of its last step: the clock stops and the person is told."""
    request.state = state
    terms.stop_clock(request, at=timezone.now())
    transport, _space, address = request.reply_to.partition(" ")
    request.reply_to = ""
    request.save()
    history.record(request.ref, event, actor=actor)
    if address:
        notices.tell_person(request, "answer", lambda: answers.words_of(request), ways=[Way(transport, address)])
