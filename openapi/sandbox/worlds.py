"""Enter a sandbox, reset it, move its clock."""

from __future__ import annotations

import time
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
from audit.current import nobody_asks
from common import realm, realm_storage
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
NAME = "sandbox-"
MOST_STEPS = 2000  # of the clock in one move
MOST_SECONDS = 40.0  # after which a move stops where it is: whoever asked, or a proxy, would not wait for longer
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
    if not _is_ready(sandbox):
        return reset(owner, unless_ready=True)
    return sandbox


def reset(owner: User, *, unless_ready: bool = False) -> Sandbox:
    """Everything as on the first day, the clock included. `unless_ready`: but for one that somebody has made meanwhile,
    who may have filed something in it.

    Databases know no transaction of the hub: who dies on the way leaves a sandbox that is made anew by the next one.
    """
    seed, name = databases.ensure_seed(), databases.name_of(owner.pk)
    if not unless_ready:
        Sandbox.objects.filter(owner=owner).update(state=Sandbox.State.PREPARING)
    with transaction.atomic():
        sandbox, _made = Sandbox.objects.select_for_update().get_or_create(owner=owner)
        if unless_ready and _is_ready(sandbox):
            return sandbox
        _remove(owner.pk, name)
        databases.copy_seed(seed, name)
        sandbox.state, sandbox.ahead, sandbox.made_from = Sandbox.State.READY, timedelta(), databases.seed_mark()
        sandbox.reset_at = timezone.now()
        sandbox.save()
    forget_rows()
    return sandbox


def _is_ready(sandbox: Sandbox) -> bool:
    return sandbox.state == Sandbox.State.READY and sandbox.made_from == databases.seed_mark()


def remove_unused(now: datetime) -> int:
    """Drop the databases of sandboxes that nobody has entered for long, and of accounts that are closed.

    The next request into one finds it as on the first day.
    """
    used = Sandbox.objects.filter(owner__is_active=True, state=Sandbox.State.READY).annotate(
        last=Greatest("created_at", "reset_at", "last_used_at")
    )
    kept = set(used.filter(last__gte=now - KEPT_UNUSED).values_list("owner_id", flat=True))
    unused = {owner: name for owner, name in databases.of_owners().items() if owner not in kept}
    return sum(_drop(owner, name) for owner, name in unused.items())


def _drop(owner_id: int, name: str) -> bool:
    """Unless its owner comes back at this moment and has it made anew."""
    Sandbox.objects.filter(owner=owner_id).update(state=Sandbox.State.PREPARING)
    with transaction.atomic():
        sandbox = Sandbox.objects.select_for_update().filter(owner=owner_id).first()
        if sandbox is not None and sandbox.state == Sandbox.State.READY:
            return False
        _remove(owner_id, name)
    return True


def _remove(owner_id: int, name: str) -> None:
    """The files after the database: as long as it is there, somebody may upload more of them."""
    databases.remove(name)
    realm_storage.remove(_name_of(owner_id))


def move_clock(owner: User, by: timedelta) -> Sandbox:
    """Let the time pass: every term on the way fires at its own moment, as it would have."""
    if by <= timedelta():
        raise ValidationFailed(_("The clock of a sandbox runs forward only; reset it to go back."), field="by")
    sandbox = ready(owner)
    if sandbox.ahead + by > FARTHEST:
        raise ValidationFailed(_("The clock can be 400 days ahead at most; reset the sandbox first."), field="by")
    target, begun = sandbox.ahead + by, time.monotonic()
    for _step in range(MOST_STEPS):
        ahead = _next_stop(sandbox, target)
        as_seen = Sandbox.objects.filter(pk=sandbox.pk, ahead=sandbox.ahead, reset_at=sandbox.reset_at)
        if not as_seen.update(ahead=ahead):
            raise Conflict(_("Somebody else moves this clock, or has begun the sandbox anew. Look at it again."))
        sandbox.ahead = ahead
        with nobody_asks(), realm.inside(_realm(sandbox)):
            for task in TICKS:
                task_named(task).apply(throw=True)
        if ahead >= target:
            return sandbox
        if time.monotonic() - begun > MOST_SECONDS:
            break
    raise Conflict(_("So much happens on the way that the clock has stopped before the end. Go on from there."))


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
    return Realm(name=_name_of(sandbox.owner_id), database=name, shift=sandbox.ahead)


def realm_of(owner_id: int) -> Realm | None:
    """The sandbox of an account that is open, if it stands: for what enters it without a request."""
    sandbox = Sandbox.objects.filter(owner=owner_id, owner__is_active=True).first()
    return _realm(sandbox) if sandbox and _is_ready(sandbox) else None


def owner_of(name: str) -> int:
    """Whose sandbox has the name."""
    return int(name.removeprefix(NAME))


def _name_of(owner_id: int) -> str:
    return f"{NAME}{owner_id}"


def _known_there(application: Application, person: User) -> Application:
    """The row that what is filed there points to; its owner there is the invented person. It follows the real one:
    what chooses the receivers of an event reads it from the table."""
    same = ("name", "environment", "scopes", "channel", "files_for_others", "state", "rate")
    values = {name: getattr(application, name) for name in same} | {"owner_id": person.pk}
    found, _made = Application.objects.get_or_create(pk=application.pk, defaults={"purpose": "", **values})
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, values[name])
    if changed:
        found.save(update_fields=changed)
    found.owner = person
    return found


def _note_use(sandbox: Sandbox) -> None:
    now = timezone.now()
    if sandbox.last_used_at is None or sandbox.last_used_at < now - USE_IS_NOTED_EVERY:
        Sandbox.objects.filter(pk=sandbox.pk).update(last_used_at=now)
