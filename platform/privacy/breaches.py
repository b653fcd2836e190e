"""The register of breaches: opened by hand or by an alarm, told to the authorised body, closed with a conclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from audit.models import AuditRecord
from common.errors import Conflict, NotFound, ValidationFailed
from common.events import publish
from common.text import storable
from privacy import access, history, notices, terms
from privacy.models import AffectedQuery, Breach, CaseEvent, Term
from privacy.registries import person_sources

STATE, E = Breach.State, CaseEvent.Kind
COLLECT_TASK = "privacy.tasks.collect_affected"
EDITABLE = (
    "title", "what", "kind", "severity", "categories", "measures", "contact_name", "contact_phone", "contact_email",
)  # fmt: skip
# What the authorised body asks for; without it the notice cannot go.
NEEDED = ("what", "categories", "measures", "contact_name", "contact_phone")
CHANGED = gettext_lazy("The breach has changed in the meantime. Look at its present state and try again.")


@transaction.atomic
def open_breach(values: Mapping[str, Any], *, discovered_at: dt.datetime, actor: User) -> Breach:
    access.require(actor, Right.MANAGE_BREACHES)
    if discovered_at > timezone.now():
        raise ValidationFailed(_("The discovery lies in the future."), code="future", field="discovered_at")
    breach = Breach(opened_by=actor, **{name: values[name] for name in EDITABLE if name in values})
    terms.start_clock(breach, Term.Slug.BREACH, at=discovered_at)
    breach.save()
    _record(breach, E.OPENED, actor)
    _tell(breach)
    return breach


def open_draft(*, title: str, what: str, source: str, at: dt.datetime) -> Breach | None:
    """An alarm of the machine: a draft whose clock runs, once for each cause."""
    try:
        with transaction.atomic():
            breach = Breach(title=title, what=what, kind=Breach.Kind.CHANGE, severity=Breach.Severity.HIGH)
            breach.state, breach.source = STATE.DRAFT, source[:60]
            terms.start_clock(breach, Term.Slug.BREACH, at=at)
            breach.save()
            _record(breach, E.OPENED, None)
            _tell(breach)
            return breach
    except IntegrityError:
        return None


def _record(breach: Breach, kind: str, actor: User | None, **data: Any) -> None:
    history.record(breach.ref, kind, actor=actor, data=data)
    trail.record(action=Action.BREACH_RECORDED, actor=actor, subject_ref=breach.ref, fields=[kind])


def _tell(breach: Breach) -> None:
    def words() -> tuple[str, str]:
        return (
            _("Breach of personal data"),
            _("The authorised body must be told within one working day of the discovery."),
        )

    notices.tell_staff(Right.MANAGE_BREACHES, f"{breach.ref}:new", path_of(breach), words)


def path_of(breach: Breach) -> str:
    return reverse("privacy:staff-breach", args=[breach.pk])


def lock(breach_id: int) -> Breach:
    row = Breach.objects.select_for_update().filter(pk=breach_id).first()
    if row is None:
        raise NotFound
    return row


def _for_change(breach_id: int, actor: User, *states: str, seen: int | None = None) -> Breach:
    access.require(actor, Right.MANAGE_BREACHES)
    breach = lock(breach_id)
    if breach.state not in states or (seen is not None and seen != breach.version):
        raise Conflict(CHANGED)
    breach.version += 1
    return breach


@transaction.atomic
def change(breach_id: int, values: Mapping[str, Any], *, actor: User, seen: int | None = None) -> Breach:
    """Correct or extend; a draft becomes a breach by it. The history says what stood there before."""
    breach = _for_change(breach_id, actor, STATE.DRAFT, STATE.OPEN, STATE.NOTIFIED, seen=seen)
    before = {name: getattr(breach, name) for name in EDITABLE if name in values}
    for name in before:
        value = values[name]
        setattr(breach, name, storable(value) if isinstance(value, str) else value)
    if breach.state == STATE.DRAFT:
        breach.state = STATE.OPEN
    breach.save()
    moved = {name: str(old) for name, old in before.items() if old != getattr(breach, name)}
    _record(breach, E.CHANGED, actor, before=moved)
    return breach


@transaction.atomic
def notified(breach_id: int, *, how: str, at: dt.datetime, actor: User, seen: int | None = None) -> Breach:
    """The authorised body was told: the clock stops at the moment of the telling, not of the entry."""
    breach = _for_change(breach_id, actor, STATE.OPEN, seen=seen)
    if missing := missing_in(breach):
        raise ValidationFailed(_("Fill in first: %(field)s.") % {"field": ", ".join(missing)}, code="incomplete")
    if at > timezone.now() or at < breach.received_at:
        raise ValidationFailed(_("This time does not fit the discovery."), code="time", field="notified_at")
    breach.state, breach.notified_at, breach.notified_how = STATE.NOTIFIED, at, storable(how).strip()[:200]
    terms.stop_clock(breach, at=at)
    breach.save()
    _record(breach, E.NOTIFIED, actor)
    return breach


def missing_in(breach: Breach) -> list[str]:
    """What the authorised body asks for and nobody has written yet."""
    empty = [name for name in NEEDED if not str(getattr(breach, name)).strip()]
    return [str(Breach._meta.get_field(name).verbose_name) for name in empty]  # type: ignore[union-attr]  # plain fields


@transaction.atomic
def close(breach_id: int, *, conclusion: str, actor: User, seen: int | None = None) -> Breach:
    """The end, told or not: a false alarm is closed with the reason why nobody was told."""
    breach = _for_change(breach_id, actor, STATE.DRAFT, STATE.OPEN, STATE.NOTIFIED, seen=seen)
    if len(conclusion.strip()) < 10:
        raise ValidationFailed(_("Write the conclusion: cause, measures, or why it was no breach."), field="conclusion")
    breach.state, breach.closed_at, breach.conclusion = STATE.CLOSED, timezone.now(), storable(conclusion).strip()
    if breach.done_at is None:
        terms.stop_clock(breach, at=timezone.now())
    breach.save()
    _record(breach, E.CLOSED, actor)
    return breach


@transaction.atomic
def ask_for_persons(breach_id: int, source: str, params: Mapping[str, str], *, actor: User) -> AffectedQuery:
    """Put a search for persons on the list of the worker."""
    breach = _for_change(breach_id, actor, STATE.DRAFT, STATE.OPEN, STATE.NOTIFIED)
    if source not in person_sources:
        raise NotFound
    breach.save(update_fields=["version"])
    wanted = {name: params.get(name, "") for name in person_sources.get(source).fields}
    query = AffectedQuery.objects.create(breach=breach, source=source, params=wanted, asked_by=actor)
    _record(breach, E.PERSONS, actor, source=source, query=query.pk)
    publish(COLLECT_TASK)
    return query


@transaction.atomic
def on_broken_chain(sender: object, subject_ref: str, why: str, record: AuditRecord, **_: object) -> None:
    """A chain does not hold any more: perhaps somebody hid what he did. The alarm itself is told by the log."""
    open_draft(
        title=str(gettext_lazy("A chain of records does not hold")),
        what=f"{subject_ref}: {why}",
        source=f"chain:{record.pk}",
        at=record.at,
    )
