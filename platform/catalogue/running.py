"""Steps of the connectors: what is due, one check or run at a time, pausing and resuming.

A row is leased before the connector is called, so two workers never do the same; a lease that ran out says that its
worker was killed, and whoever takes the row next writes that down.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import httpx
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from catalogue import outages
from catalogue.models import ConnectorJob, ConnectorRun, Job
from common.connectors import LONGEST_DETAIL, ConnectionTrouble, Connector, Reason, connectors
from common.errors import Conflict, NotFound

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=30)  # beyond the time of the connector, until its lease runs out
LONGEST_WAIT = timedelta(minutes=30)
KEPT_SUCCESSES, KEPT_FAILURES = timedelta(days=2), timedelta(days=90)
Trigger, Outcome = ConnectorRun.Trigger, ConnectorRun.Outcome


class Step(Protocol):
    """Pausing or resuming."""

    def __call__(self, slug: str, *, by: User) -> None: ...


@dataclass(frozen=True)
class Result:
    """How one check or run ended."""

    reason: Reason | None = None
    detail: str = ""
    count: int | None = None


def every(connector: Connector, job: str) -> timedelta | None:
    """How often; None: the connector has no such job."""
    return connector.run_every if job == Job.RUN else connector.check_every


def due(now: datetime) -> list[tuple[str, str]]:
    """What may be begun now, the longest waiting first."""
    _open_book()
    rows = ConnectorJob.objects.filter(due_at__lte=now, paused_at=None).filter(_is_free(now)).order_by("due_at")
    return [(row.connector, row.job) for row in rows if _can_begin(row)]


def _can_begin(row: ConnectorJob) -> bool:
    if row.connector not in connectors:
        return False
    connector = connectors.get(row.connector)
    return every(connector, row.job) is not None and is_set_up(connector)


def is_set_up(connector: Connector) -> bool:
    """A plug-in that cannot even say so is taken for set up: its check tells what is wrong, and the others go on."""
    try:
        return connector.is_configured()
    except Exception:  # a plug-in may raise anything
        logger.exception("connector_failed", extra={"platform": connector.platform})
        return True


def _open_book() -> None:
    """A row for each job of each registered connector."""
    known = set(ConnectorJob.objects.values_list("connector", "job"))
    wanted = [(slug, job) for slug, connector in connectors for job in Job.values if every(connector, job)]
    missing = [ConnectorJob(connector=slug, job=job) for slug, job in wanted if (slug, job) not in known]
    ConnectorJob.objects.bulk_create(missing, ignore_conflicts=True)


def perform(slug: str, job: str, *, trigger: str = Trigger.SCHEDULE) -> ConnectorRun | None:
    """Check or run one connector and write down how it went; nothing when somebody else has it or it is not due."""
    if slug not in connectors:
        return None
    connector, started_at = connectors.get(slug), timezone.now()
    row = _take(slug, job, connector, started_at, is_forced=trigger == Trigger.HAND)
    if row is None:
        return None
    begun = time.monotonic()
    result = _outcome(connector, slug, job)
    milliseconds = int((time.monotonic() - begun) * 1000)
    return _write_down(row, result, connector, started_at, milliseconds, trigger)


def _is_free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


@transaction.atomic
def _take(slug: str, job: str, connector: Connector, now: datetime, *, is_forced: bool) -> ConnectorJob | None:
    rows = ConnectorJob.objects.filter(_is_free(now), connector=slug, job=job).select_for_update(skip_locked=True)
    row = (rows if is_forced else rows.filter(due_at__lte=now, paused_at=None)).first()
    if row is None or not is_set_up(connector):
        return None
    if row.leased_until is not None:
        _write_lost(row)
    row.leased_until = now + timedelta(seconds=connector.seconds) + GRACE
    row.last_started_at = now
    row.save()
    return row


def _write_lost(row: ConnectorJob) -> None:
    """The worker that had it never came back."""
    started_at = row.last_started_at or timezone.now()
    failures_before, row.failures, row.note = row.failures, row.failures + 1, ""
    run = ConnectorRun.objects.create(
        job=row, trigger=Trigger.SCHEDULE, outcome=Outcome.FAILED, started_at=started_at, milliseconds=0,
        reason=Reason.STOPPED,
    )  # fmt: skip
    outages.noticed(row, run, failures_before)


def _outcome(connector: Connector, slug: str, job: str) -> Result:
    """Whatever a connector does, it is one of the reasons; only what it says itself as trouble is kept as text."""
    try:
        if job == Job.RUN:
            return Result(count=connector.run())
        return Result(detail=connector.check()[:LONGEST_DETAIL])
    except ConnectionTrouble as trouble:
        return Result(trouble.reason, trouble.detail)
    except (SoftTimeLimitExceeded, TimeoutError, httpx.TimeoutException):
        return Result(Reason.SLOW)
    except (OSError, httpx.HTTPError) as error:
        return Result(Reason.UNREACHABLE, type(error).__name__)
    except Exception as error:  # a plug-in may raise anything, and its text may hold anything
        logger.exception("connector_failed", extra={"connector": slug, "job": job})
        return Result(Reason.ERROR, type(error).__name__)


@transaction.atomic
def _write_down(
    row: ConnectorJob, result: Result, connector: Connector, started_at: datetime, milliseconds: int, trigger: str
) -> ConnectorRun:
    run = ConnectorRun.objects.create(
        job=row, trigger=trigger, outcome=Outcome.FAILED if result.reason else Outcome.SUCCEEDED,
        started_at=started_at, milliseconds=milliseconds, count=result.count, reason=result.reason or "",
        detail=result.detail,
    )  # fmt: skip
    current = ConnectorJob.objects.select_for_update().get(pk=row.pk)
    if current.leased_until != row.leased_until:
        return run  # it took so long that somebody else has begun anew; he writes the state
    now = timezone.now()
    failures_before, current.failures = current.failures, current.failures + 1 if result.reason else 0
    current.leased_until, current.last_finished_at, current.last_milliseconds = None, now, milliseconds
    current.last_succeeded_at = current.last_succeeded_at if result.reason else now
    current.note = result.detail
    current.due_at = now + wait_after(every(connector, row.job) or LONGEST_WAIT, current.failures, row.job)
    current.save()
    outages.noticed(current, run, failures_before)
    return run


def wait_after(interval: timedelta, failures: int, job: str) -> timedelta:
    """A run that fails waits longer each time, or it locks the account it cannot open; a check keeps its rhythm."""
    if job == Job.CHECK or failures == 0:
        return interval
    longer: timedelta = interval * 2 ** min(failures, 10)
    return max(interval, min(longer, LONGEST_WAIT))


def _jobs_of(slug: str) -> list[ConnectorJob]:
    if slug not in connectors:
        raise NotFound
    _open_book()
    return list(ConnectorJob.objects.select_for_update().filter(connector=slug).order_by("job"))


@transaction.atomic
def pause(slug: str, *, by: User) -> None:
    """Neither check nor run by schedule until it is resumed."""
    rows = _jobs_of(slug)
    if all(row.paused_at for row in rows):
        raise Conflict(_("The connection is paused already."))
    ConnectorJob.objects.filter(pk__in=[row.pk for row in rows]).update(paused_at=timezone.now())
    _record(slug, by, "paused")


@transaction.atomic
def resume(slug: str, *, by: User) -> None:
    """Due at once: whoever resumes wants to see whether it works."""
    rows = _jobs_of(slug)
    if not any(row.paused_at for row in rows):
        raise Conflict(_("The connection is not paused."))
    ConnectorJob.objects.filter(pk__in=[row.pk for row in rows]).update(paused_at=None, due_at=timezone.now())
    _record(slug, by, "resumed")


@transaction.atomic
def start_by_hand(slug: str, job: str, *, by: User) -> None:
    """Whether it may be begun now; the task that begins it follows."""
    row = next((row for row in _jobs_of(slug) if row.job == job), None)
    if row is None:
        raise NotFound
    if not is_set_up(connectors.get(slug)):
        raise Conflict(_("The connection is not set up on this installation."))
    if row.leased_until is not None and row.leased_until > timezone.now():
        raise Conflict(_("It is running already."))
    _record(slug, by, f"{job} started")


def _record(slug: str, by: User, what: str) -> None:
    trail.record(action=Action.CONNECTION_STEERED, actor=by, subject_ref=f"connector:{slug}", details={"what": what})


def forget_old(now: datetime) -> int:
    """Successes are of interest for two days, errors for three months."""
    old = Q(outcome=Outcome.SUCCEEDED, started_at__lt=now - KEPT_SUCCESSES)
    old |= Q(outcome=Outcome.FAILED, started_at__lt=now - KEPT_FAILURES)
    return ConnectorRun.objects.filter(old).delete()[0]
