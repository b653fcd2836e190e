"""Keep the rollups in step with the events: what changed, a day that is over, everything, and the proof."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.db import DataError, IntegrityError, connection, connections, transaction
from django.db.models import Max, Min, Model, QuerySet
from django.utils import timezone

from reports import facts, rollups
from reports.facts import Chosen
from reports.models import AnswerFact, AppealFact, ChangedAppeal, ChangedDay, MonthCell, Rollup, RollupState
from reports.rollups import Part, first_of_month, first_of_year

logger = logging.getLogger(__name__)

RECENT = dt.timedelta(days=62)
BUILDING = 0x524F4C4C  # advisory lock: one builder at a time
BATCH = 50_000  # notes of changed appeals that are worked off in one transaction
AT_ONCE = 2000  # appeals whose facts are computed by one statement
LARGE = 50_000  # more appeals than this are first counted by the command, which has no time limit
SOON = 62  # changed days that are built in the transaction that counts their appeals: pages see both or neither
STRETCH = 20_000  # numbers of appeals read at once by a rebuild or a proof of everything


def state() -> RollupState:
    return RollupState.objects.get_or_create(pk=1)[0]


# What changed


def refresh(*, today: dt.date | None = None) -> int:
    """Facts of appeals that got an event, then every day they touched, with its month and year. Repeats change nothing.

    Returns how many appeals were computed anew. The note that an appeal changed goes in the transaction that notes the
    days it changes, and the note of a day goes when the day is right: whoever is cut off leaves the old figures of a
    year and the work. What a minute usually brings is one transaction. A day that has ended since the last time is
    built in any case, for the terms that ran out in it.
    """
    today = today or timezone.localdate()
    done = 0
    while True:
        count, is_last = _count_batch(today)
        done += count
        if is_last:
            break
    while _build_changed(today):
        pass
    return done


@transaction.atomic
def _count_batch(today: dt.date) -> tuple[int, bool]:
    if not _take_turn(wait=False):
        return 0, True  # who builds now takes the news of the next minute, too
    current = state()
    if current.built_through is None:
        facts.note_all()  # appeals that were here before the trigger was
    notes = list(ChangedAppeal.objects.order_by("pk").values_list("pk", "appeal_id")[:BATCH])
    days, counted = _days_ended(current, today), set[int]()
    for chunk in batched(sorted({appeal_id for _pk, appeal_id in notes}), AT_ONCE):
        done, changed = _recomputed(chunk)
        counted |= done
        days |= changed
    ChangedDay.objects.bulk_create([ChangedDay(day=day) for day in days if day <= today], ignore_conflicts=True)
    # Notes below the last one that commit later than this stay: only those that were read go.
    ChangedAppeal.objects.filter(pk__in=[pk for pk, appeal_id in notes if appeal_id in counted]).delete()
    current.built_through = today
    current.save(update_fields=["built_through"])
    is_last = len(notes) < BATCH or not counted
    if is_last and ChangedDay.objects.count() <= SOON:
        _settle(today)
    return len(counted), is_last


def _recomputed(ids: Sequence[int]) -> tuple[set[int], set[dt.date]]:
    """Which facts were computed and the days they touch. A history that makes no sense holds up nobody but itself."""
    try:
        with transaction.atomic():
            return set(ids), facts.recompute(Chosen(ids=ids))
    except (DataError, IntegrityError):
        if len(ids) == 1:
            logger.exception("facts_not_computed", extra={"appeal": ids[0]})
            return set(), set()
    middle = len(ids) // 2
    (one, days), (other, others) = _recomputed(ids[:middle]), _recomputed(ids[middle:])
    return one | other, days | others


@transaction.atomic
def _build_changed(today: dt.date) -> bool:
    """The changed days of one year, the newest first, with its months and itself; false when there is nothing left."""
    if not _take_turn(wait=False):
        return False
    newest = ChangedDay.objects.filter(day__lte=today).aggregate(day=Max("day"))["day"]
    if newest is not None:
        _build_noted(ChangedDay.objects.filter(day__range=(first_of_year(newest), newest)), today)
    RollupState.objects.filter(pk=1).update(refreshed_at=timezone.now())
    return newest is not None


def _build_noted(rows: QuerySet[ChangedDay], today: dt.date) -> None:
    if days := set(rows.values_list("day", flat=True)):
        _build(days, today)
        ChangedDay.objects.filter(day__in=days).delete()


def _settle(today: dt.date) -> None:
    """Build all that waits, within the transaction. What was counted and not yet built is no difference, either."""
    _build_noted(ChangedDay.objects.filter(day__lte=today), today)


def batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def needs_rebuild() -> bool:
    """Whether a hub that has many appeals already has never counted them all (an update, a rebuild cut off)."""
    is_counted = AppealFact.objects.exists() and state().built_through is not None
    return not is_counted and facts.last_appeal() > LARGE


def _days_ended(current: RollupState, today: dt.date) -> set[dt.date]:
    """From the last day that was built while it ran, to today: what was not yet late then is now."""
    if current.built_through is None or current.built_through >= today:
        return set()
    outdated = _every_day(rollups.pairs_since(current.built_through), rollups.pairs_since(today) - dt.timedelta(days=1))
    return {*_every_day(current.built_through, today), *outdated}


def _build(days: Iterable[dt.date], today: dt.date) -> None:
    for part in parts(days, today):
        rollups.write(part)


def parts(days: Iterable[dt.date], today: dt.date) -> Iterator[Part]:
    """What follows from these days, in the order in which it has to be built."""
    wanted = sorted(set(days))
    for first, last in _stretches(wanted):
        yield rollups.days(first, last, today=today)
    for month in sorted({first_of_month(day) for day in wanted}):
        yield rollups.cells(month, today=today)
        yield rollups.month(month, today=today)
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
Work = Callable[[], None]


def rebuild(show: Show, *, today: dt.date | None = None, workers: int = 1) -> None:
    """All facts from all events, all rollups from all facts, by so many connections at once.

    Pages show the former figures of a month until it is written. What changes meanwhile is noted as always and comes
    with the next refresh; notes that were there before are done with. Can be stopped and begun again.
    """
    today = today or timezone.localdate()
    with _whole_turn():
        _remember_notes()
        _rebuild_facts(show, workers)
        _rebuild_rollups(show, today, workers)
        _forget_notes(today)
        RollupState.objects.update_or_create(
            pk=1, defaults={"built_through": today, "rebuilt_at": timezone.now(), "rebuild_done": 100}
        )


def _remember_notes() -> None:
    """Just those that can be seen now: one with a lower number may be committed later, of an event not yet counted."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.notes_seen")
        cursor.execute("CREATE TEMP TABLE notes_seen AS SELECT id FROM reports_changedappeal")


def _forget_notes(today: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_changedappeal n USING pg_temp.notes_seen s WHERE n.id = s.id")
        cursor.execute("DROP TABLE pg_temp.notes_seen")
    ChangedDay.objects.filter(day__lte=today).delete()


def _rebuild_facts(show: Show, workers: int) -> None:
    write = facts.recompute if AppealFact.objects.exists() else facts.fill
    last = facts.last_appeal()
    stretches = [Chosen(first=first, last=min(first + STRETCH - 1, last)) for first in range(1, last + 1, STRETCH)]
    _all_of(
        [partial(_alone, write, chosen) for chosen in stretches], workers, lambda share: _tell(show, 0.5 * share, last)
    )
    _gather_statistics(AppealFact, AnswerFact)


def _rebuild_rollups(show: Show, today: dt.date, workers: int) -> None:
    """Years need their months, months are independent of each other."""
    first, last = _span(today)
    _forget_outside(first, last)
    write = rollups.write if Rollup.objects.exists() else rollups.fill
    months = sorted({first_of_month(day) for day in _every_day(first, last)})
    years = sorted({first_of_year(day) for day in months})
    works = [partial(_alone, _build_month, month, last, write) for month in months]
    _all_of(works, workers, lambda share: _tell(show, 0.5 + 0.45 * share, len(months)))
    _gather_statistics(Rollup, MonthCell)
    works = [partial(_alone, write, rollups.year(year)) for year in years]
    _all_of(works, workers, lambda share: _tell(show, 0.95 + 0.05 * share, len(months)))


def _build_month(month: dt.date, today: dt.date, write: Callable[[Part], int]) -> None:
    write(rollups.days(month, min(today, rollups.end_of_month(month)), today=today))
    write(rollups.cells(month, today=today))
    write(rollups.month(month, today=today))


def _alone(work: Callable[..., object], *arguments: object) -> None:
    """One part in a transaction of its own, with room to sort in."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        work(*arguments)


def _all_of(works: Sequence[Work], workers: int, tell: Callable[[float], None]) -> None:
    """Do them all, on other connections where there are several workers; the first failure ends the rest."""
    if workers == 1:
        for number, work in enumerate(works, start=1):
            work()
            tell(number / len(works))
        return
    with ThreadPoolExecutor(workers, initializer=connections.close_all) as pool:
        begun = [pool.submit(work) for work in works]
        try:
            for number, ended in enumerate(as_completed(begun), start=1):
                ended.result()
                tell(number / len(works))
        finally:
            pool.shutdown(cancel_futures=True)


def _gather_statistics(*models: type[Model]) -> None:
    """PostgreSQL plans by what it knows of a table; of one just filled it knows nothing yet."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


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
    if needs_rebuild():
        return [Difference("appeals that were never counted, of numbers up to", facts.last_appeal())]
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
    """Compare the last weeks with the events and count what differs anew. Returns how many rows differed."""
    today = today or timezone.localdate()
    if needs_rebuild():
        return 0
    refresh(today=today)
    wrong = sum(_mend_facts(ids, today) for ids in batched(facts.touching(today - RECENT, today), AT_ONCE))
    for part in parts(_every_day(today - RECENT, today), today):
        with transaction.atomic():
            _take_turn()
            _settle(today)
            if rows := rollups.differences(part):
                logger.error("rollups_differ", extra={"where": f"{part.table}: {part.name}", "rows": rows})
                rollups.write(part)
                wrong += rows
    return wrong


@transaction.atomic
def _mend_facts(ids: Sequence[int], today: dt.date) -> int:
    """What changed without an event: the sector of a topic, a row that somebody has edited by hand."""
    _take_turn()
    if wrong := _not_waiting(facts.differences(Chosen(ids=ids))):
        logger.error("facts_differ", extra={"appeals": wrong[:20], "count": len(wrong)})
        days = facts.recompute(Chosen(ids=wrong))
        ChangedDay.objects.bulk_create([ChangedDay(day=day) for day in days if day <= today], ignore_conflicts=True)
    return len(wrong)


def _not_waiting(ids: Sequence[int]) -> list[int]:
    """Without those that got an event which is not counted yet."""
    waiting = set(ChangedAppeal.objects.filter(appeal_id__in=ids).values_list("appeal_id", flat=True))
    return [pk for pk in ids if pk not in waiting]


def _look_again(ids: list[int], today: dt.date) -> list[int]:
    """An event that came between the two readings is no difference: it is counted now, and then compared."""
    refresh(today=today)
    with transaction.atomic():
        _take_turn()
        return _not_waiting(facts.differences(Chosen(ids=ids)))


def _wrong_rollups(show: Show, today: dt.date) -> Iterator[Difference]:
    first, last = _stored_span(today)
    months = sorted({first_of_month(day) for day in _every_day(first, last)})
    for number, month in enumerate(months, start=1):
        for part in parts(_every_day(month, min(last, rollups.end_of_month(month))), today):
            with transaction.atomic():
                _take_turn()
                _settle(today)
                rows = rollups.differences(part)
            if rows:
                yield Difference(f"{part.table}: {part.name}", rows)
        show(0.5 + 0.5 * number / len(months), number)


def _stored_span(today: dt.date) -> tuple[dt.date, dt.date]:
    """From the first day with a fact or with a row, to today."""
    stored = Rollup.objects.aggregate(first=Min("start_on"), last=Max("start_on"))
    first, last = _span(today)
    return min(first, stored["first"] or first), max(last, stored["last"] or last)


def _take_turn(*, wait: bool = True) -> bool:
    """Wait until the builder before has committed; held until this one has. Without waiting: whether it was free."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BUILDING])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [BUILDING])
        return bool(cursor.fetchone()[0])


@contextmanager
def _whole_turn() -> Iterator[None]:
    """Nobody else builds meanwhile, over many transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])
