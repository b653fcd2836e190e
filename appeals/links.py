"""Appeals that belong together: links between two, and incidents that many tell about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import events, timers, workflow
from appeals.models import Appeal, AppealLink, EventKind, Incident, LinkKind, Outcome, Status, TimerCode
from common.errors import Conflict, ValidationFailed


def lock_all(ids: Sequence[int]) -> dict[int, Appeal]:
    """Lock several appeals in the order of their ids, so that two of us never wait for each other."""
    rows = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("applicant")
        .filter(pk__in=set(ids))
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


@transaction.atomic
def link_appeals(source_id: int, target_id: int, *, kind: LinkKind, actor: User) -> AppealLink:
    """Link a later appeal to an earlier one; a duplicate is closed and lives on in the other."""
    if source_id == target_id:
        raise ValidationFailed(_("An appeal cannot be linked with itself."), code="itself", field="target")
    both = lock_all([source_id, target_id])
    source, target = both[source_id], both[target_id]
    link, created = AppealLink.objects.get_or_create(
        source=source, target=target, kind=kind, defaults={"made_by": actor}
    )
    if not created:
        return link
    changed = []
    if kind == LinkKind.DUPLICATE:
        if target.outcome == Outcome.DUPLICATE and target.closed_at:
            raise Conflict(
                _("The other appeal is itself closed as a duplicate; choose the one it lives on in."),
                code="duplicate_of_duplicate",
            )
        _check_same_author(source, target)
        changed = _close_duplicate(source)
    data = {"kind": kind, "target": target.number}
    events.record(
        source, EventKind.LINKED, actor=actor, data=data, changed=changed, is_public=kind == LinkKind.DUPLICATE
    )
    events.record(target, EventKind.LINKED, actor=actor, data={"kind": kind, "source": source.number})
    return link


def _check_same_author(source: Appeal, target: Appeal) -> None:
    """A statutory appeal lives on only in another one of its own author: everybody else is owed an answer of his own.

    Nor can it live on in a request, which promises less.
    """
    if not source.is_statutory:
        return
    who, other = source.applicant, target.applicant
    if not who.identifier_hash or who.identifier_hash != other.identifier_hash or not target.is_statutory:
        raise Conflict(
            _("This person is owed an answer of his own. Join both appeals to an incident instead."), code="own_answer"
        )


def _close_duplicate(appeal: Appeal) -> list[str]:
    workflow.require_owed(appeal)
    now = timezone.now()
    workflow.change_status(appeal, Status.CLOSED, outcome=Outcome.DUPLICATE)
    appeal.closed_at = now
    timers.stop_all(appeal, at=now, cancel=True)
    return ["status", "outcome", "closed_at"]


@transaction.atomic
def unlink_appeals(link_id: int, *, actor: User) -> None:
    """Undo a link; a duplicate closed by it is open again with its clock running from where it began.

    A statutory appeal whose author has not confirmed his contact waits for that again.
    """
    link = AppealLink.objects.get(pk=link_id)
    both = lock_all([link.source_id, link.target_id])
    source, target = both[link.source_id], both[link.target_id]
    if not AppealLink.objects.filter(pk=link_id).exists():
        return  # somebody else has undone it while we waited
    changed: list[str] = []
    if link.kind == LinkKind.DUPLICATE and source.outcome == Outcome.DUPLICATE and source.closed_at:
        changed = _open_again(source, source.closed_at)
    data = {"kind": link.kind, "target": target.number}
    link.delete()
    events.record(source, EventKind.UNLINKED, actor=actor, data=data, changed=changed)
    if source.status == Status.RECEIVED and source.applicant.contact_confirmed_at:
        _register(source)
    events.record(target, EventKind.UNLINKED, actor=actor, data={"kind": link.kind, "source": source.number})


def _open_again(source: Appeal, closed_at: datetime) -> list[str]:
    """As if it had never been closed: in the status that its unit, or its unconfirmed author, gives it."""
    timers.run_again(source, stopped_at=closed_at, at=timezone.now())
    workflow.change_status(source, Status.REOPENED)
    if timers.running(source, TimerCode.REGISTER):
        workflow.change_status(source, Status.RECEIVED)
    else:
        workflow.change_status(source, Status.REGISTERED if source.department_id is None else Status.ASSIGNED)
    source.closed_at = None
    return ["status", "outcome", "closed_at", "due_at"]


def _register(source: Appeal) -> None:
    """Its author has confirmed his contact while it was closed."""
    workflow.change_status(source, Status.REGISTERED)
    timers.stop(source, TimerCode.REGISTER, at=timezone.now())
    timers.start(source, TimerCode.FIRST_REACTION, at=timezone.now())
    data = {"due_at": source.due_at}
    events.record(source, EventKind.REGISTERED, changed=["status"], is_public=True, data=data)


@transaction.atomic
def open_incident(appeal_ids: Sequence[int], *, title: str, actor: User) -> Incident:
    """Open an incident from appeals that tell about the same event."""
    title = title.strip()
    if not title:
        raise ValidationFailed(_("Give the incident a name."), code="required", field="title")
    found = lock_all(appeal_ids)
    if not found:
        raise ValidationFailed(_("Choose at least one appeal."), code="required", field="appeals")
    first = found[min(found)]
    incident = Incident.objects.create(
        title=title[:250], topic_id=first.topic_id, area_id=first.area_id, opened_by=actor
    )
    for appeal in found.values():
        _join(appeal, incident, actor)
    return incident


@transaction.atomic
def join_incident(appeal_id: int, incident_id: int, *, actor: User) -> Appeal:
    """Add an appeal to an open incident; it keeps its own clock and gets its own answer."""
    appeal = lock_all([appeal_id])[appeal_id]
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        raise ValidationFailed(_("There is no such incident."), code="unknown", field="incident")
    if incident.closed_at:
        raise Conflict(_("This incident is closed."), code="incident_closed")
    if appeal.incident_id != incident.pk:
        _join(appeal, incident, actor)
    return appeal


def _join(appeal: Appeal, incident: Incident, actor: User) -> None:
    data = {"incident": incident.pk, "title": incident.title, "previous": appeal.incident_id}
    appeal.incident = incident
    events.record(appeal, EventKind.INCIDENT_JOINED, actor=actor, data=data, changed=["incident"])


@transaction.atomic
def leave_incident(appeal_id: int, *, actor: User) -> Appeal:
    """Take an appeal out of its incident: the undo of joining."""
    appeal = lock_all([appeal_id])[appeal_id]
    if appeal.incident_id is not None:
        data = {"incident": appeal.incident_id}
        appeal.incident = None
        events.record(appeal, EventKind.INCIDENT_LEFT, actor=actor, data=data, changed=["incident"])
    return appeal
