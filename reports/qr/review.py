"""What a person decides: ratings that were set aside, and comments before anybody reads them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Avg, Count, Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from common.errors import Conflict, NotFound
from reports.models import PointRating, RatingComment, ServicePoint

Outcome, State = PointRating.Outcome, RatingComment.State


@dataclass(frozen=True)
class Heap:
    """Ratings of one point, day and network that were set aside together."""

    point: ServicePoint
    day: dt.date
    network: str
    count: int
    average: float
    first_at: dt.datetime
    last_at: dt.datetime
    scores: tuple[int, ...]  # how many of 1, 2, 3, 4, 5


def heaps() -> list[Heap]:
    """The oldest first."""
    rows = PointRating.objects.filter(outcome=Outcome.SET_ASIDE).values("point", "given_on", "network")
    grouped = rows.annotate(
        count=Count("pk"), average=Avg("score"), first=Min("given_at"), last=Max("given_at")
    ).order_by("given_on", "point", "network")[:100]
    found = list(grouped)
    points = ServicePoint.objects.select_related("organization", "department").in_bulk([row["point"] for row in found])
    scores = _scores()
    return [
        Heap(
            points[row["point"]], row["given_on"], row["network"], row["count"], row["average"],
            row["first"], row["last"],
            tuple(scores.get((row["point"], row["given_on"], row["network"], score), 0) for score in range(1, 6)),
        )
        for row in found
    ]  # fmt: skip


def _scores() -> dict[tuple[int, dt.date, str, int], int]:
    rows = PointRating.objects.filter(outcome=Outcome.SET_ASIDE).values_list("point", "given_on", "network", "score")
    return {(point, day, network, score): n for point, day, network, score, n in rows.annotate(n=Count("pk"))}


def waiting_comments() -> QuerySet[RatingComment]:
    """Of ratings that stand; whoever replaced his rating replaced his comment with it."""
    rows = RatingComment.objects.filter(state=State.WAITING, rating__outcome=Outcome.COUNTED)
    return rows.select_related("rating__point__organization").order_by("pk")


def waiting() -> int:
    """How much there is to decide."""
    heaped = PointRating.objects.filter(outcome=Outcome.SET_ASIDE).values("point", "given_on", "network").distinct()
    return waiting_comments().count() + heaped.count()


@transaction.atomic
def decide_heap(point_id: int, day: dt.date, network: str, *, counts: bool, actor: User, seen: int) -> int:
    """Count them, or leave them out for good. `seen` is how many the person has looked at: no later one slips in."""
    ServicePoint.objects.select_for_update().filter(pk=point_id).first()
    rows = PointRating.objects.filter(point=point_id, given_on=day, network=network, outcome=Outcome.SET_ASIDE)
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        raise NotFound
    if len(keys) != seen:
        raise Conflict(_("More ratings have come in meanwhile. Please look again."))
    outcome = Outcome.COUNTED if counts else Outcome.REFUSED
    PointRating.objects.filter(pk__in=keys).update(
        outcome=outcome, is_released=counts, decided_by=actor, decided_at=timezone.now()
    )
    _told(actor, point_id, {"ratings": len(keys), "outcome": str(outcome)})
    return len(keys)


@transaction.atomic
def decide_comment(comment_id: int, *, shown: bool, actor: User) -> RatingComment:
    """Once: a page that was opened earlier overrules neither a colleague nor a decision to take the comment down."""
    row = _comment(comment_id)
    wanted = State.APPROVED if shown else State.REFUSED
    if row.state not in (State.WAITING, wanted):
        raise Conflict(_("Somebody has decided it already."))
    return row if row.state == wanted else _decided(row, wanted, actor)


@transaction.atomic
def hide_comment(comment_id: int, *, hidden: bool, actor: User) -> RatingComment:
    """Take a comment down that everybody sees, or show it again; a repeat changes nothing."""
    row = _comment(comment_id)
    wanted = State.REFUSED if hidden else State.APPROVED
    return row if row.state == wanted else _decided(row, wanted, actor)


def _comment(comment_id: int) -> RatingComment:
    rows = RatingComment.objects.select_for_update(of=("self",)).select_related("rating")
    row = rows.filter(pk=comment_id).first()
    if row is None:
        raise NotFound
    return row


def _decided(row: RatingComment, state: str, actor: User) -> RatingComment:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    _told(actor, row.rating.point_id, {"comment": row.pk, "outcome": row.state})
    return row


def _told(actor: User, point_id: int, details: dict[str, object]) -> None:
    trail.record(action=Action.RATINGS_REVIEWED, actor=actor, subject_ref=f"service_point:{point_id}", details=details)
