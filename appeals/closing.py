"""End a case without an answer on its substance, where the law allows it and a ground is stated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from appeals import casework, events, policies, timers, workflow
from appeals.models import Appeal, AppealLink, Applicant, EventKind, LinkKind, Outcome, Regime, Status
from common.errors import Conflict, NotAllowed, ValidationFailed


@dataclass(frozen=True)
class ClosingGround:
    """Why a case may end without an answer on its substance. `fits` keeps it from cases it cannot be true of."""

    key: str
    outcome: Outcome
    label: str | Promise
    fits: Callable[[Appeal], bool]


def _is_anonymous(appeal: Appeal) -> bool:
    return bool(appeal.applicant.type == Applicant.Type.ANONYMOUS or not appeal.applicant.full_name)


def _repeats_another(appeal: Appeal) -> bool:
    links = AppealLink.objects.filter(source=appeal, kind__in=(LinkKind.REPEAT, LinkKind.DUPLICATE))
    return appeal.parent_id is not None or links.exists()


def _always(appeal: Appeal) -> bool:
    return True


GROUNDS = {
    ground.key: ground
    for ground in (
        ClosingGround("anonymous", Outcome.LEFT_UNCONSIDERED, _("The author is not named"), _is_anonymous),
        ClosingGround("no_substance", Outcome.LEFT_UNCONSIDERED, _("It does not say what it is about"), _always),
        ClosingGround(
            "repeat",
            Outcome.TERMINATED,
            _("A repeat without new arguments; it has been answered before"),
            _repeats_another,
        ),
        ClosingGround("subject_gone", Outcome.TERMINATED, _("There is nothing left to decide"), _always),
    )
}


def grounds_for(appeal: Appeal) -> list[ClosingGround]:
    """The grounds that can be true of this appeal."""
    return [ground for ground in GROUNDS.values() if ground.fits(appeal)]


@transaction.atomic
def close(appeal_id: int, *, actor: User, ground: str, reason: str, seen: int | None = None) -> Appeal:
    """Leave without consideration or terminate, on a listed ground, with the facts; a statutory case is the head's."""
    appeal = casework.lock(appeal_id)
    casework.require_responsible(actor, Action.REPLY, appeal)
    if appeal.regime == Regime.APPEAL and not policies.may(actor, Action.EXTEND, appeal):
        raise NotAllowed(
            _("A statutory appeal is closed without an answer only by the head of the unit."), code="head_only"
        )
    casework.check_seen(appeal, seen)
    reason = casework.check_reason(reason)
    chosen = GROUNDS.get(ground)
    if chosen is None or not chosen.fits(appeal):
        raise ValidationFailed(_("Choose a ground that fits this appeal."), code="ground", field="ground")
    if appeal.status == Status.ANSWERED:
        raise Conflict(_("The appeal has been answered; the applicant judges the answer."), code="answered")
    now = timezone.now()
    workflow.change_status(appeal, Status.CLOSED, outcome=chosen.outcome)
    appeal.closed_at = now
    casework.end_assignments(appeal, now)
    timers.stop_all(appeal, at=now)
    data = {"outcome": str(chosen.outcome), "ground": chosen.key}
    changed = ["status", "outcome", "closed_at"]
    events.record(appeal, EventKind.CLOSED, actor=actor, reason=reason, data=data, changed=changed, is_public=True)
    return appeal
