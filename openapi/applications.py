"""Register, change and decide about applications: the only writer of their rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action as Right
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotAllowed, ValidationFailed
from openapi import decision_notices, keys, scopes
from openapi.models import ApiKey, Application
from openapi.models.applications import Environment, State

MOST_APPLICATIONS = 20  # of one owner, refused ones not counted
HIGHEST_RATE = 60_000
# From which states each decision leads on.
DECIDABLE: dict[str, tuple[str, ...]] = {
    State.APPROVED: (State.WAITING,),
    State.REFUSED: (State.WAITING,),
    State.SUSPENDED: (State.APPROVED,),
}
RESUMABLE = State.SUSPENDED


@dataclass(frozen=True)
class Description:
    """All that the owner says of his application."""

    name: str
    purpose: str
    scopes: Sequence[str]
    organization_name: str = ""
    contact: str = ""
    networks: Sequence[str] = ()
    acts_as: str = ""


@dataclass(frozen=True)
class Allowance:
    """What the hub decides when it approves."""

    channel: str
    files_for_others: bool
    rate: int


@transaction.atomic
def register(description: Description, environment: str, *, owner: User) -> Application:
    """A sandbox application may be used at once; a live one waits for somebody of the hub."""
    User.objects.select_for_update().get(pk=owner.pk)  # two forms sent at once are counted one after the other
    if Application.objects.filter(owner=owner).exclude(state=State.REFUSED).count() >= MOST_APPLICATIONS:
        raise Conflict(_("You have 20 applications. Change one of them instead."), code="too_many_applications")
    values = _checked(description, environment, owner)
    state = State.APPROVED if environment == Environment.SANDBOX else State.WAITING
    application = Application.objects.create(owner=owner, environment=environment, state=state, **values)
    _record(application, owner, "registered", sorted(values))
    return application


@transaction.atomic
def change(application_id: int, description: Description, *, by: User) -> list[str]:
    """The names of the changed fields. What was approved does not grow afterwards; a refused one waits anew."""
    application = _locked(application_id)
    if application.owner_id != by.pk:
        raise NotAllowed
    values = _checked(description, application.environment, by)
    changed = [name for name, value in values.items() if getattr(application, name) != value]
    if not changed:
        return []
    if is_settled(application):
        _refuse_growth(application, values, changed)
    elif not application.is_sandbox:
        application.state = State.WAITING
    for name in changed:
        setattr(application, name, values[name])
    application.save()
    _record(application, by, "changed", changed)
    return changed


def is_settled(application: Application) -> bool:
    """Whether somebody has approved what it is for and what it may do."""
    return not application.is_sandbox and application.state in (State.APPROVED, State.SUSPENDED)


def _refuse_growth(application: Application, values: dict[str, object], changed: Sequence[str]) -> None:
    wanted = values["scopes"]
    assert isinstance(wanted, list)
    if set(wanted) - set(application.scopes):
        message = _("More scopes need an approval of their own: register another application for them.")
        raise Conflict(message, code="approved_scopes", field="scopes")
    if {"name", "purpose", "organization_name"} & set(changed):
        message = _("Name, purpose and organization were approved and stay as they are.")
        raise Conflict(message, code="approved_purpose", field="purpose")


@transaction.atomic
def approve(application_id: int, allowance: Allowance, *, by: User, seen: str) -> Application:
    """Let a live application work, with what the hub allows it. `seen` is the mark of what was read and approved."""
    application = _decided(application_id, State.APPROVED, by=by)
    if seen != mark_of(application):
        raise Conflict(_("It has changed since you read it. Read it again and decide anew."), code="changed")
    if not 1 <= allowance.rate <= HIGHEST_RATE:
        raise ValidationFailed(_("Between 1 and 60 000 requests per minute."), code="rate", field="rate")
    for name, value in asdict(allowance).items():
        setattr(application, name, value)
    application.save()
    _conclude(application, by, "approved")
    return application


def mark_of(application: Application) -> str:
    """Another one as soon as the owner asks for anything else."""
    wanted = (application.name, application.purpose, application.organization_name, application.scopes)
    return hashlib.sha256(repr(wanted).encode()).hexdigest()


@transaction.atomic
def refuse(application_id: int, reason: str, *, by: User) -> Application:
    """Say no, and why; the owner can change what was wrong and ask again."""
    return _without(application_id, State.REFUSED, "refused", reason, by=by)


@transaction.atomic
def suspend(application_id: int, reason: str, *, by: User) -> Application:
    """Its keys stop at once, of the sandbox too, and work again when it is resumed."""
    return _without(application_id, State.SUSPENDED, "suspended", reason, by=by)


@transaction.atomic
def resume(application_id: int, *, by: User) -> Application:
    """Let a suspended application go on with its keys and with what it was allowed."""
    application = _decided(application_id, State.APPROVED, by=by, among=(RESUMABLE,))
    application.save()
    _conclude(application, by, "resumed")
    return application


@transaction.atomic
def issue_key(application_id: int, *, by: User, seen: str, expires_at: datetime | None = None) -> keys.NewKey:
    """A key for the owner. `seen` is the edition of the keys he decided over: a page loaded again makes no second."""
    application = _own(application_id, by, seen)
    return keys.issue(application, by=by, expires_at=expires_at)


@transaction.atomic
def rotate_key(key_id: int, *, by: User, seen: str, overlap: timedelta) -> keys.NewKey:
    """A new key beside one that is still valid."""
    key = ApiKey.objects.get(pk=key_id)
    _own(key.application_id, by, seen)
    if not key.is_valid_at(timezone.now()):
        raise Conflict(_("This key is not valid any more. Make a new one."), code="key_over")
    return keys.rotate(key, by=by, overlap=overlap)


def edition_of(application: Application) -> str:
    """Changes with every new key."""
    newest = application.keys.order_by("-pk").values_list("prefix", flat=True).first()
    return newest or "none"


def _own(application_id: int, by: User, seen: str) -> Application:
    application = _locked(application_id)
    if application.owner_id != by.pk:
        raise NotAllowed
    if seen != edition_of(application):
        raise Conflict(_("A key was made already and is shown only once. Begin anew to make another."), code="made")
    return application


def _checked(description: Description, environment: str, owner: User) -> dict[str, object]:
    wanted = scopes.known(description.scopes)
    offered = scopes.offered_in(environment, owner, description.acts_as)
    if not wanted:
        raise ValidationFailed(_("Choose what it may do."), code="no_scopes", field="scopes")
    if refused := sorted(wanted - offered):
        message = _("Not possible with these rights: %(scopes)s.") % {"scopes": ", ".join(refused)}
        raise ValidationFailed(message, code="scopes", field="scopes")
    return asdict(description) | {
        "scopes": [scope.value for scope in scopes.Scope if scope in wanted],
        "networks": keys.check_networks(list(description.networks)),
        "acts_as": description.acts_as if environment == Environment.SANDBOX else "",
    }


def _without(application_id: int, state: State, what: str, reason: str, *, by: User) -> Application:
    reason = reason.strip()
    if not reason:
        raise ValidationFailed(_("Give a reason: the owner reads it."), code="reason", field="reason")
    application = _decided(application_id, state, by=by)
    application.decision_reason = reason
    application.save()
    _conclude(application, by, what)
    return application


def _decided(application_id: int, state: State, *, by: User, among: tuple[str, ...] | None = None) -> Application:
    """The locked row with the new state, not saved yet."""
    if not has_right(by, Right.MANAGE_API):
        raise NotAllowed
    application = _locked(application_id)
    if application.state not in (among or DECIDABLE[state]):
        raise Conflict(_("Somebody has decided about this application already."), code="decided")
    application.state = state
    application.decided_by, application.decided_at, application.decision_reason = by, timezone.now(), ""
    return application


def _conclude(application: Application, by: User, what: str) -> None:
    _record(application, by, what, ["state"], reason=application.decision_reason)
    decision_notices.tell_owner(application, what)


def _locked(application_id: int) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("owner").get(pk=application_id)


def _record(application: Application, by: User, what: str, fields: Sequence[str], *, reason: str = "") -> None:
    trail.record(
        action=Action.APPLICATION_CHANGED,
        actor=by,
        subject_ref=f"application:{application.pk}",
        fields=list(fields),
        reason=reason,
        details={"what": what, "environment": application.environment},
    )
