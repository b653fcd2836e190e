"""Figures for those who answer for the work of others, each defined once.

Forwarded, late and not done are three different things: an appeal handed to another body is none of the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncWeek

from accounts.models import User
from accounts.rights import Action
from appeals.filters import Tab
from appeals.models import Appeal, AppealEvent, EventKind, Feedback, Outcome, Reply, Status, Timer
from appeals.models.appeal import WAITING
from appeals.policies import visible_to
from appeals.selectors.conditions import ON_THE_CLOCK, QueueTimes, in_part, of_tab
from appeals.selectors.queue import LEADING, MOST_COUNTED

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Load:
    """What waits now in one unit or with one person. No date basis: it is the moment of asking.

    waiting: neither answered, closed nor forwarded. overdue: of these, past the due time and not paused.
    soon: due within three working days. paused: the applicant is being asked. unclaimed: without an executor.
    mean_age: days since receipt, over the waiting. oldest_at: receipt of the oldest waiting.
    """

    key: int | None
    waiting: int
    overdue: int
    soon: int
    paused: int
    unclaimed: int
    mean_age: float
    oldest_at: dt.datetime | None

    @property
    def overdue_share(self) -> float | None:
        """Overdue of the waiting."""
        return self.overdue / self.waiting if self.waiting else None


@dataclass(frozen=True)
class Results:
    """What a unit or a person did in a period; the date basis is the day of the deed.

    answered: final answers sent. late: of these, those after the due time of their clock. not_done: of these, those
    that say so. disputed: answers disputed in the period (whenever they were sent), counted where the answer came from.
    """

    key: int | None
    answered: int = 0
    late: int = 0
    not_done: int = 0
    disputed: int = 0

    @property
    def on_time_share(self) -> float | None:
        """Answers in time of all answers of the period."""
        return 1 - self.late / self.answered if self.answered else None

    @property
    def disputed_share(self) -> float | None:
        """Disputes of the period to answers of the period; can pass 1 where many old answers are disputed."""
        return self.disputed / self.answered if self.answered else None


@dataclass(frozen=True)
class Week:
    """A week of the trend, Monday first: appeals received, and final answers sent."""

    starts_on: dt.date
    received: int
    answered: int


def tab_counts(user: User, tabs: Iterable[Tab], times: QueueTimes) -> dict[Tab, int]:
    """How many appeals each ready view has, counted to one above `MOST_COUNTED` where all years are listed."""
    wanted = set(tabs) - {Tab.ALL}
    apart = {Tab.MESSAGES, Tab.DISPUTED} & wanted
    found: dict[Tab, int] = {}
    for elsewhere, group in ((True, wanted & {Tab.MINE}), (False, wanted - apart - {Tab.MINE})):
        if group:
            rows = visible_to(user, Action.SEE, elsewhere=elsewhere).filter(WAITING)
            if elsewhere:
                rows = rows.filter(of_tab(user, Tab.MINE, times))
            counts = {str(tab): Count("pk", filter=of_tab(user, tab, times)) for tab in group}
            found |= {Tab(name): number for name, number in rows.order_by().aggregate(**counts).items()}
    for tab in {Tab.MINE, Tab.UNIT} & wanted:
        if ids := in_part(user, tab):
            parts = visible_to(user, Action.SEE).filter(WAITING & ~of_tab(user, tab, times), pk__in=ids)
            found[tab] += parts.order_by().count()
    for tab in apart:
        rows = visible_to(user, Action.SEE, elsewhere=False).filter(of_tab(user, tab, times))
        found[tab] = rows.order_by()[: MOST_COUNTED + 1].count()
    return found


def loads(rows: QuerySet[Appeal], times: QueueTimes, *, by: str) -> list[Load]:
    """The waiting, grouped by `department_id` or `executor_id`; read from the index of waiting cases alone."""
    on_clock = Q(status__in=ON_THE_CLOCK)
    age = ExpressionWrapper(Value(times.now) - F("received_at"), output_field=DurationField())
    grouped = (
        rows.filter(WAITING)
        .order_by()
        .values(by)
        .annotate(
            waiting=Count("pk"),
            overdue=Count("pk", filter=on_clock & Q(due_at__lt=times.now)),
            soon=Count("pk", filter=on_clock & Q(due_at__gte=times.now, due_at__lte=times.end_of_soon)),
            paused=Count("pk", filter=Q(status=Status.AWAITING_INFO)),
            unclaimed=Count("pk", filter=Q(executor_id=None)),
            age=Avg(age),
            oldest_at=Min("received_at"),
        )
    )
    return [
        Load(
            key=row[by],
            waiting=row["waiting"],
            overdue=row["overdue"],
            soon=row["soon"],
            paused=row["paused"],
            unclaimed=row["unclaimed"],
            mean_age=row["age"] / DAY,
            oldest_at=row["oldest_at"],
        )
        for row in grouped
    ]


def results(
    since: dt.datetime, until: dt.datetime, *, by: str, department_ids: Iterable[int] | None = None
) -> list[Results]:
    """Answers and disputes of a period by `department_id` or `author_id` of the answer."""
    sent = Reply.objects.filter(sent_at__gte=since, sent_at__lt=until, is_interim=False)
    disputes = Feedback.objects.filter(is_dispute=True, given_at__gte=since, given_at__lt=until)
    if department_ids is not None:
        units = list(department_ids)
        sent, disputes = sent.filter(department_id__in=units), disputes.filter(reply__department_id__in=units)
    missed = Timer.objects.filter(
        appeal_id=OuterRef("appeal_id"), code__in=LEADING, outcome=Timer.Outcome.MISSED, stopped_at=OuterRef("sent_at")
    )
    found: dict[int | None, dict[str, Any]] = {}
    answered = (
        sent.annotate(is_late=Exists(missed))
        .order_by()
        .values(by)
        .annotate(
            answered=Count("pk"),
            late=Count("pk", filter=Q(is_late=True)),
            not_done=Count("pk", filter=Q(outcome=Outcome.NOT_DONE)),
        )
    )
    for row in answered:
        found[row[by]] = {name: row[name] for name in ("answered", "late", "not_done")}
    for row in disputes.order_by().values(f"reply__{by}").annotate(disputed=Count("pk")):
        found.setdefault(row[f"reply__{by}"], {})["disputed"] = row["disputed"]
    return [Results(key=key, **values) for key, values in found.items()]


def forwarded(since: dt.datetime, until: dt.datetime) -> int:
    """Appeals handed to another body in the period, by the day of handing over; of the whole hub."""
    events = AppealEvent.objects.filter(kind=EventKind.FORWARDED, occurred_at__gte=since, occurred_at__lt=until)
    return events.count()


def trend(since: dt.datetime, until: dt.datetime, *, department_ids: Iterable[int] | None = None) -> list[Week]:
    """Received and answered by week; the unit is the one that has the appeal now, or that sent the answer."""
    received = Appeal.objects.filter(received_at__gte=since, received_at__lt=until)
    sent = Reply.objects.filter(sent_at__gte=since, sent_at__lt=until, is_interim=False)
    if department_ids is not None:
        units = list(department_ids)
        received, sent = received.filter(department_id__in=units), sent.filter(department_id__in=units)
    by_week: dict[dt.date, list[int]] = {}
    for place, rows, name in ((0, received, "received_at"), (1, sent, "sent_at")):
        counted = rows.order_by().annotate(week=TruncWeek(name)).values("week").annotate(number=Count("pk"))
        for row in counted:
            by_week.setdefault(row["week"].date(), [0, 0])[place] = row["number"]
    return [Week(day, *numbers) for day, numbers in sorted(by_week.items())]
