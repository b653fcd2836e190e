"""Keep the rollups in step with the events: what changed, a day that is over, everything, and the proof."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from reports import facts, rollups
from reports.facts import Chosen
from reports.models import AnswerFact, AppealFact, ChangedAppeal, MonthCell, Rollup, RollupState
from reports.rollups import Part, first_of_month, first_of_year

logger = logging.getLogger(__name__)

RECENT = dt.timedelta(days=62)
BUILDING = 0x524F4C4C  # advisory lock: one builder at a time
BATCH = 50_000  # notes of changed appeals that are worked off in one transaction
AT_ONCE = 2000  # appeals whose facts are computed by one statement
LARGE = 50_000  # more appeals than this are first counted by the command, which has no time limit
STRETCH = 20_000  # numbers of appeals read at once by a rebuild or a proof of everything


def state() -> RollupState:
    return RollupState.objects.get_or_create(pk=1)[0]


# What changed


def refresh(*, today: dt.date | None = None) -> int:
    """Facts of appeals that got an event, then every day they touched, with its month and year. Repeats change nothing.

    Returns how many appeals were computed anew. Each batch is one transaction: the note that an appeal changed goes
    when the days it changes are right. A day that has ended since the last time is built in any case, for the terms
    that ran out in it.
    """
    today = today or timezone.localdate()
    done = 0
    while True:
        count, is_last = _refresh_batch(today)
        done += count
        if is_last:
            return done


@transaction.atomic
def _refresh_batch(today: dt.date) -> tuple[int, bool]:
    _take_turn()
    notes = list(ChangedAppeal.objects.order_by("pk").values_list("pk", "appeal_id")[:BATCH])
    ids = sorted({appeal_id for _pk, appeal_id in notes})
    current = state()
    days = _days_ended(current, today)
    for chunk in batched(ids, AT_ONCE):
        days |= facts.recompute(Chosen(ids=chunk))
    _build({day for day in days if day <= today}, today)
    if notes:
        # Notes below the last one that commit later than this stay: only those that were read go.
        ChangedAppeal.objects.filter(pk__in=[pk for pk, _appeal in notes]).delete()
    current.built_through, current.refreshed_at = today, timezone.now()
    current.save(update_fields=["built_through", "refreshed_at"])
    return len(ids), len(notes) < BATCH


def batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def needs_rebuild() -> bool:
    """Whether a hub that has many appeals already has never counted them (an update, a restored backup)."""
    return not AppealFact.objects.exists() and facts.last_appeal() > LARGE


def _days_ended(current: RollupState, today: dt.date) -> set[dt.date]:
    """From the last day that was built while it ran, to today: what was not yet late then is now."""
    if current.built_through is None or current.built_through >= today:
        return set()
    return set(_every_day(current.built_through, today))


def _build(days: Iterable[dt.date], today: dt.date) -> None:
    for part in parts(days, today):
        rollups.write(part)


def parts(days: Iterable[dt.date], today: dt.date) -> Iterator[Part]:
    """What follows from these days, in the order in which it has to be built."""
    wanted = sorted(set(days))
    for first, last in _stretches(wanted):
        yield rollups.days(first, last, today=today)
    for month in sorted({first_of_month(day) for day in wanted}):
        yield rollups.month(month)
        yield rollups.cells(month, today=today)
    for year in sorted({first_of_year(day) for day in wanted}):
        yield rollups.year(year)


def _stretches(days: list[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """Neighbouring days of one month together: one statement instead of many."""
    start = last = None
    for day in days:
        if start is None or last is None or day != last + dt.timedelta(days=1) or day.month != start.month:
            if start is not None and last is not None:
                yield start, last
            start = day
        last = day
    if start is not None and last is not None:
        yield start, last


def _every_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


# Everything

Show = Callable[[float, int], None]


def rebuild(show: Show, *, today: dt.date | None = None) -> None:
    """All facts from all events, all rollups from all facts. Pages show the former figures until a month is written.

    What changes while it runs is noted as always and comes with the next refresh.
    """
    today = today or timezone.localdate()
    _rebuild_facts(show)
    _rebuild_rollups(show, today)
    RollupState.objects.update_or_create(
        pk=1, defaults={"built_through": today, "rebuilt_at": timezone.now(), "rebuild_done": 100}
    )


def _rebuild_facts(show: Show) -> None:
    is_empty = not AppealFact.objects.exists()
    last = facts.last_appeal()
    for first in range(1, last + 1, STRETCH):
        chosen = Chosen(first=first, last=min(first + STRETCH - 1, last))
        with transaction.atomic():
            _take_turn()
            facts.fill(chosen) if is_empty else facts.recompute(chosen)
        _tell(show, 0.6 * chosen.last / last, chosen.last)


def _rebuild_rollups(show: Show, today: dt.date) -> None:
    first, last = _span(today)
    months = sorted({first_of_month(day) for day in _every_day(first, last)})
    _forget_outside(first, last)
    for number, month in enumerate(months, start=1):
        with transaction.atomic():
            _take_turn()
            _build(_every_day(max(first, month), min(last, rollups.end_of_month(month))), today)
        _tell(show, 0.6 + 0.4 * number / len(months), number)


def _tell(show: Show, share: float, count: int) -> None:
    show(share, count)
    RollupState.objects.update_or_create(pk=1, defaults={"rebuild_done": min(int(share * 100), 99)})


def _span(today: dt.date) -> tuple[dt.date, dt.date]:
    """From the first day that anything counts on, to today."""
    found = AppealFact.objects.aggregate(a=Min("received_on"), b=Min("due_on"), c=Min("done_on"))
    days = [*found.values(), AnswerFact.objects.aggregate(a=Min("answered_on"))["a"]]
    return min([day for day in days if day] or [today]), today


def _forget_outside(first: dt.date, last: dt.date) -> None:
    for model in (Rollup, MonthCell):
        model.objects.exclude(start_on__gte=first_of_year(first), start_on__lte=last).delete()


# The proof


@dataclass(frozen=True)
class Difference:
    """A place where what is stored is not what the events say."""

    where: str
    rows: int


def verify(show: Show, *, today: dt.date | None = None) -> list[Difference]:
    """Compute everything again from the events and compare, writing nothing. Empty when all agrees.

    Appeals with news that were not counted yet are no difference: they are counted first.
    """
    today = today or timezone.localdate()
    refresh(today=today)
    found: list[Difference] = []
    last = facts.last_appeal()
    for first in range(1, last + 1, STRETCH):
        chosen = Chosen(first=first, last=min(first + STRETCH - 1, last))
        suspected = facts.differences(chosen)
        if suspected and (wrong := _look_again(suspected, today)):
            found.append(Difference(f"facts of appeals {wrong[0]} to {wrong[-1]}", len(wrong)))
        show(0.5 * chosen.last / last, chosen.last)
    found += _wrong_rollups(show, today)
    return found


def verify_recent(*, today: dt.date | None = None) -> int:
    """Compare the last weeks with the facts and build what differs anew. Returns how many rows differed."""
    today = today or timezone.localdate()
    refresh(today=today)
    wrong = 0
    for part in parts(_every_day(today - RECENT, today), today):
        with transaction.atomic():
            _take_turn()
            if rows := rollups.differences(part):
                logger.error("rollups_differ", extra={"where": f"{part.table}: {part.name}", "rows": rows})
                rollups.write(part)
                wrong += rows
    return wrong


def _look_again(ids: list[int], today: dt.date) -> list[int]:
    """An event that came between the two readings is no difference: it is counted now, and then compared."""
    refresh(today=today)
    with transaction.atomic():
        _take_turn()
        waiting = set(ChangedAppeal.objects.filter(appeal_id__in=ids).values_list("appeal_id", flat=True))
        return [pk for pk in facts.differences(Chosen(ids=ids)) if pk not in waiting]


def _wrong_rollups(show: Show, today: dt.date) -> Iterator[Difference]:
    first, last = _stored_span(today)
    months = sorted({first_of_month(day) for day in _every_day(first, last)})
    for number, month in enumerate(months, start=1):
        for part in parts(_every_day(month, min(last, rollups.end_of_month(month))), today):
            with transaction.atomic():
                _take_turn()
                rows = rollups.differences(part)
            if rows:
                yield Difference(f"{part.table}: {part.name}", rows)
        show(0.5 + 0.5 * number / len(months), number)


def _stored_span(today: dt.date) -> tuple[dt.date, dt.date]:
    """From the first day with a fact or with a row, to today."""
    stored = Rollup.objects.aggregate(first=Min("start_on"), last=Max("start_on"))
    first, last = _span(today)
    return min(first, stored["first"] or first), max(last, stored["last"] or last)


def _take_turn() -> None:
    """Wait until the builder before has committed; held until this one has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BUILDING])
