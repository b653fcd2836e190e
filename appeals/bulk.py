"""The same step on many appeals, one appeal and one transaction at a time, with an account of what was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from appeals import policies, routing, workqueue
from appeals.models import Appeal, Priority, Topic
from appeals.policies import visible_to
from common.errors import Conflict, DomainError, NotFound, ValidationFailed
from organizations.models import Department

MOST_ROWS = 100
logger = logging.getLogger(__name__)

Step = Callable[[Appeal], object]


@dataclass(frozen=True)
class Refusal:
    """One appeal on which the step was not done, and why."""

    number: str
    error: DomainError

    @property
    def why(self) -> str:
        return str(self.error)


def step_for(action: str, value: str, *, user: User) -> Step:
    """The step with its value, checked before the first appeal is touched."""
    match action:
        case "claim":
            return lambda appeal: workqueue.claim(appeal.pk, actor=user)
        case "unit":
            unit = Department.objects.filter(pk=_number(value), is_active=True, is_external=False).first()
            return _guarded(
                user, Action.ROUTE, unit, lambda pk, row: routing.assign_unit(pk, department=row, actor=user)
            )
        case "person":
            person = User.objects.filter(pk=_number(value), is_active=True).first()
            return _guarded(
                user, Action.ASSIGN, person, lambda pk, row: workqueue.assign(pk, user_id=row.pk, actor=user)
            )
        case "topic":
            topic = Topic.objects.filter(pk=_number(value), is_active=True).first()
            return _guarded(
                user, Action.CLASSIFY, topic, lambda pk, row: routing.classify_appeal(pk, actor=user, topic=row)
            )
        case "priority":
            chosen = value if value in Priority.values else None
            return _guarded(
                user, Action.CLASSIFY, chosen, lambda pk, row: routing.classify_appeal(pk, actor=user, priority=row)
            )
        case _:
            raise ValidationFailed(_("Choose what to do with the ticked appeals."), code="no_action")


def _guarded(user: User, action: Action, value: object, step: Callable[..., object]) -> Step:
    if not value:
        raise ValidationFailed(_("Choose what to do with the ticked appeals."), code="no_value")

    def run(appeal: Appeal) -> object:
        policies.require(user, action, appeal)
        return step(appeal.pk, value)

    return run


def _number(value: str) -> int:
    """The id as sent; 0, which nothing has, for whatever is no number."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def run(step: Step, numbers: Sequence[str], *, user: User) -> tuple[int, list[Refusal]]:
    """Each appeal by itself: one that refuses keeps none of the others from being done."""
    found = {
        appeal.number: appeal for appeal in visible_to(user).filter(number__in=numbers).select_related("department")
    }
    done, refused = 0, []
    for number in numbers:
        appeal = found.get(number)
        if appeal is None:
            refused.append(Refusal(number, NotFound()))
            continue
        try:
            step(appeal)
            done += 1
        except DomainError as error:
            refused.append(Refusal(number, error))
        except OperationalError:
            logger.warning("bulk step waited too long", extra={"appeal": number})
            busy = _("Somebody is working on this appeal right now. Try again.")
            refused.append(Refusal(number, Conflict(busy, code="busy")))
    return done, refused
