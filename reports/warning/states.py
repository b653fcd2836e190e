"""What people do with a warning: watch, explain, close, with a reason that stays; and take the last change back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Conflict, NotFound, ValidationFailed
from common.text import storable
from reports.models import EarlyWarning, WarningEvent
from reports.warning import access

State, E = EarlyWarning.State, WarningEvent.Kind
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    State.NEW: (State.WATCHED, State.EXPLAINED, State.CLOSED),
    State.WATCHED: (State.EXPLAINED, State.CLOSED),
    State.EXPLAINED: (State.WATCHED, State.CLOSED),
    State.CLOSED: (State.WATCHED,),
}
NEEDS_REASON = frozenset({State.EXPLAINED, State.CLOSED})
LONGEST_REASON = 500
CHANGED = _("The warning has changed in the meantime. Look at its present state and try again.")
RAISED_AGAIN = _("A newer warning about the same is open: work with that one.")


@transaction.atomic
def change_state(warning_id: int, *, to: str, reason: str, version: int, actor: User) -> EarlyWarning:
    """From one state to an allowed one; who explains or closes says why."""
    row = _lock(warning_id, version, actor)
    if to not in TRANSITIONS[row.state]:
        raise Conflict(CHANGED)
    reason = storable(reason).strip()[:LONGEST_REASON]
    if to in NEEDS_REASON and len(reason) < 3:
        raise ValidationFailed(_("Say in a few words why."), code="required", field="reason")
    return _set(row, to, WarningEvent(kind=E.STATE, reason=reason, actor=actor))


@transaction.atomic
def undo(warning_id: int, *, version: int, actor: User) -> EarlyWarning:
    """Back to the state before the last change, by whoever made it, while nothing else has happened."""
    row = _lock(warning_id, version, actor)
    change = undoable(row, actor)
    if change is None:
        raise Conflict(CHANGED)
    return _set(row, change.before, WarningEvent(kind=E.UNDONE, actor=actor))


def undoable(row: EarlyWarning, actor: User) -> WarningEvent | None:
    """The change that the actor may take back."""
    last = row.events.last()
    return last if last is not None and last.kind == E.STATE and last.actor_id == actor.pk else None


def _lock(warning_id: int, version: int, actor: User) -> EarlyWarning:
    row = access.visible(actor).select_for_update().filter(pk=warning_id).first()
    if row is None:
        raise NotFound
    if row.version != version:
        raise Conflict(CHANGED)
    return row


def _set(row: EarlyWarning, to: str, event: WarningEvent) -> EarlyWarning:
    event.warning, event.before, event.after = row, row.state, to
    event.save()
    now = timezone.now()
    row.state, row.changed_at, row.version = to, now, row.version + 1
    row.closed_at = now if to == State.CLOSED else None
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "changed_at", "closed_at", "version"])
    except IntegrityError:
        raise Conflict(RAISED_AGAIN) from None
    return row
