"""The nightly job: what is older than its period goes, in batches, with a log of every night."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from privacy.models import RetentionRule, RetentionRun
from privacy.registries import RecordType, retention

logger = logging.getLogger(__name__)

UNIT = RetentionRule.Unit
QUIET_FROM, QUIET_UNTIL = 1, 6  # hours of the night, local
BATCH = 500
MOST_PER_NIGHT = 200_000  # of one kind: the rest goes the next night, the backup window stays free
MOST_ERRORS = 3


def cutoff(amount: int, unit: str, now: dt.datetime) -> dt.datetime:
    """Records from before this instant have been kept for the whole period."""
    if unit in (UNIT.HOURS, UNIT.DAYS):
        return now - dt.timedelta(**{unit: amount})
    local = timezone.localtime(now)
    months = local.year * 12 + local.month - 1 - amount * (12 if unit == UNIT.YEARS else 1)
    year, month = divmod(months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def cutoff_of(rule: RetentionRule, now: dt.datetime) -> dt.datetime:
    return cutoff(rule.amount, rule.unit, now)


def active_rules() -> list[RetentionRule]:
    """Rules that are switched on, in force and known to some app."""
    rows = RetentionRule.objects.filter(is_enabled=True, since__lte=timezone.localdate()).order_by("record_type")
    return [rule for rule in rows if rule.record_type in retention]


@dataclass(frozen=True)
class NamedRule:
    rule: RetentionRule
    kind: RecordType


def named_rules() -> list[NamedRule]:
    """The periods in force with their names, for everybody to read."""
    rows = [NamedRule(rule, retention.get(rule.record_type)) for rule in active_rules()]
    return sorted(rows, key=lambda row: row.kind.order)


@dataclass(frozen=True)
class Preview:
    """What would go tonight."""

    rule: RetentionRule
    kind: RecordType
    due: int
    older_than: dt.datetime


def preview(now: dt.datetime | None = None) -> list[Preview]:
    now = now or timezone.now()
    found = []
    for rule in active_rules():
        kind, older = retention.get(rule.record_type), cutoff_of(rule, now)
        found.append(Preview(rule, kind, kind.due(older), older))
    return found


# The job


def is_night(now: dt.datetime) -> bool:
    return QUIET_FROM <= timezone.localtime(now).hour < QUIET_UNTIL


def run_due(now: dt.datetime | None = None) -> int:
    """A tick of the clock: at night every rule that has not had its run today, by day only what is urgent."""
    now = now or timezone.now()
    rules = active_rules()
    if not is_night(now):
        rules = [rule for rule in rules if retention.get(rule.record_type).is_urgent]
    return sum(run_rule(rule, now) for rule in rules)


def run_rule(rule: RetentionRule, now: dt.datetime) -> int:
    """One night of one rule; the number of records done by this call. What was cut off goes on."""
    run = _begin(rule, now)
    if run.finished_at is not None and not retention.get(rule.record_type).is_urgent:
        return 0
    kind, older, done = retention.get(rule.record_type), cutoff_of(rule, now), 0
    while run.removed + done < MOST_PER_NIGHT:
        count = _batch(run, kind, older, rule.action)
        if count == 0:
            break
        done += max(count, 0)
    RetentionRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    return done


def _begin(rule: RetentionRule, now: dt.datetime) -> RetentionRun:
    day = timezone.localdate(now)
    begun = RetentionRun.objects.filter(rule=rule, day=day).first()
    if begun is not None:  # what is due is counted once a night and not at every tick
        return begun
    try:
        with transaction.atomic():
            counted = retention.get(rule.record_type).due(cutoff_of(rule, now))
            return RetentionRun.objects.create(rule=rule, day=day, counted=counted)
    except IntegrityError:  # another worker was faster
        return RetentionRun.objects.get(rule=rule, day=day)


def _batch(run: RetentionRun, kind: RecordType, older: dt.datetime, action: str) -> int:
    """One batch and its count in one transaction; -1 after a failure, 0 when there is nothing left or too much fails.

    Two workers at the same rule take turns: the row of the run is locked while a batch is done.
    """
    try:
        with transaction.atomic():
            RetentionRun.objects.select_for_update().get(pk=run.pk)
            count = kind.batch(older, action, BATCH)
            RetentionRun.objects.filter(pk=run.pk).update(removed=F("removed") + count)
            return count
    except Exception as error:  # a kind that fails must not stop the others; the log says so
        logger.exception("retention_failed", extra={"record_type": run.rule.record_type})
        RetentionRun.objects.filter(pk=run.pk).update(errors=F("errors") + 1, last_error=type(error).__name__)
        run.errors += 1
        return 0 if run.errors >= MOST_ERRORS else -1
