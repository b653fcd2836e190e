"""Enter a sandbox, reset it, move its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals.models import Timer
from common import realm
from common.errors import Conflict, ValidationFailed
from common.events import task_named
from common.realm import Realm
from common.rows import forget_rows
from openapi.models import Application, Sandbox
from openapi.sandbox import databases, people

logger = structlog.get_logger(__name__)
USE_IS_NOTED_EVERY = timedelta(minutes=5)
KEPT_UNUSED = timedelta(days=60)
FARTHEST = timedelta(days=400)
MOST_STEPS = 2000  # of the clock in one move
# What the beat does in the real world; here it is done whenever the clock is moved.
TICKS = (
    "appeals.tasks.fire_due_timers",
    "appeals.tasks.end_overdue_waits",
    "appeals.tasks.close_silent_appeals",
    "appeals.reactions.drain_outbox",
    "notifications.tasks.send_due_notifications",
)


@dataclass(frozen=True)
class Inside:
    """What a request finds inside: the person it acts as, and the application as that world knows it."""

    person: User
    application: Application


@contextmanager
def entered(application: Application) -> Iterator[Inside]:
    """The sandbox of the application's owner, for one request."""
    sandbox = ready(application.owner)
    _note_use(sandbox)
    with realm.inside(_realm(sandbox)):
        person = User.objects.get(username=people.login_of(application.acts_as or people.RESIDENT))
        yield Inside(person, _known_there(application, person))


def ready(owner: User) -> Sandbox:
    """The sandbox of a person, made when he has none, and made anew when the hub has changed since."""
    sandbox, _made = Sandbox.objects.get_or_create(owner=owner)
    mark = databases.seed_mark()
    if sandbox.state != Sandbox.State.READY or sandbox.made_from != mark:
        return reset(owner)
    return sandbox


def reset(owner: User) -> Sandbox:
    """Everything as on the first day, the clock included."""
    seed = databases.ensure_seed()
    with transaction.atomic():
        sandbox, _made = Sandbox.objects.select_for_update().get_or_create(owner=owner)
        databases.copy_seed(seed, databases.name_of(owner.pk))
        sandbox.state, sandbox.ahead, sandbox.made_from = Sandbox.State.READY, timedelta(), databases.seed_mark()
        sandbox.reset_at = timezone.now()
        sandbox.save()
    forget_rows()
    return sandbox


def remove_unused(now: datetime) -> int:
    """Drop the databases of sandboxes that nobody has entered for long, and of accounts that are closed.

    The next request into one finds it as on the first day.
    """
    used = Sandbox.objects.filter(owner__is_active=True, state=Sandbox.State.READY).annotate(
        last=Greatest("created_at", "reset_at", "last_used_at")
    )
    kept = set(used.filter(last__gte=now - KEPT_UNUSED).values_list("owner_id", flat=True))
    unused = {owner: name for owner, name in databases.of_owners().items() if owner not in kept}
    for owner, name in unused.items():
        Sandbox.objects.filter(owner=owner).update(state=Sandbox.State.PREPARING)
        databases.remove(name)
    return len(unused)


def move_clock(owner: User, by: timedelta) -> Sandbox:
    """Let the time pass: every term on the way fires at its own moment, as it would have."""
    if by <= timedelta():
        raise ValidationFailed(_("The clock of a sandbox runs forward only; reset it to go back."), field="by")
    sandbox = ready(owner)
    if sandbox.ahead + by > FARTHEST:
        raise ValidationFailed(_("The clock can be 400 days ahead at most; reset the sandbox first."), field="by")
    target = sandbox.ahead + by
    for _step in range(MOST_STEPS):
        ahead = _next_stop(sandbox, target)
        Sandbox.objects.filter(pk=sandbox.pk).update(ahead=ahead)
        sandbox.ahead = ahead
        with realm.inside(_realm(sandbox)):
            for task in TICKS:
                task_named(task).apply(throw=True)
        if ahead >= target:
            return sandbox
    raise Conflict(_("Too much happens on the way. Move the clock in smaller steps."))


def _next_stop(sandbox: Sandbox, target: timedelta) -> timedelta:
    """The next moment at which something is due, or the end of the way."""
    with realm.inside(_realm(sandbox)):
        now = timezone.now()
        running = Timer.objects.filter(stopped_at__isnull=True)
        found = running.aggregate(rung=Min("next_step_at"), due=Min("due_at"))
        later = running.filter(due_at__gt=now).aggregate(due=Min("due_at"))["due"]
    moments: list[datetime] = [moment for moment in (found["rung"], later) if moment and moment > now]
    soonest = min(moments) - now + timedelta(seconds=1) if moments else target
    return min(sandbox.ahead + soonest, target)


def _realm(sandbox: Sandbox) -> Realm:
    name = databases.name_of(sandbox.owner_id)
    return Realm(name=f"sandbox-{sandbox.owner_id}", database=name, shift=sandbox.ahead)


def _known_there(application: Application, person: User) -> Application:
    """The row that what is filed there points to; its owner there is the invented person."""
    found, _made = Application.objects.get_or_create(
        pk=application.pk,
        defaults={
            "owner": person,
            "name": application.name,
            "purpose": "",
            "environment": application.environment,
            "scopes": application.scopes,
            "channel": application.channel,
            "files_for_others": application.files_for_others,
            "state": application.state,
        },
    )
    found.owner = person
    found.channel, found.files_for_others = application.channel, application.files_for_others
    found.scopes, found.rate = application.scopes, application.rate
    return found


def _note_use(sandbox: Sandbox) -> None:
    now = timezone.now()
    if sandbox.last_used_at is None or sandbox.last_used_at < now - USE_IS_NOTED_EVERY:
        Sandbox.objects.filter(pk=sandbox.pk).update(last_used_at=now)
