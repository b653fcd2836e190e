"""What the pages of webhooks show: whole rows, so that nothing is asked once the sandbox has been left."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from appeals.models import EventKind
from appeals.selectors import names
from openapi.event_types import TEST, TYPES
from openapi.models import Application, Attempt, Delivery, Subscription

PAGE = 25
KINDS = {word: EventKind(kind) for kind, word in TYPES.items() if word}


@dataclass(frozen=True)
class Listed:
    """A webhook in the list of its application."""

    row: Subscription
    waiting: int
    dead: int


@dataclass(frozen=True)
class Filters:
    """What a webhook asks for, in words; empty lists let everything through."""

    types: list[str]
    topics: list[str]
    areas: list[str]


@dataclass(frozen=True)
class Message:
    """A delivery with the number of the appeal it tells of, and its tries, the newest first."""

    row: Delivery
    label: str
    number: str
    tries: list[Attempt]

    @property
    def last(self) -> Attempt | None:
        return self.tries[0] if self.tries else None


@dataclass(frozen=True)
class Page:
    messages: list[Message]
    next_before: int | None


def of_application(application: Application) -> list[Listed]:
    """The oldest first, as the API lists them."""
    rows = Subscription.objects.filter(application=application).order_by("pk")
    counted = rows.annotate(waiting=_number_of(Delivery.Status.WAITING), dead=_number_of(Delivery.Status.DEAD))
    return [Listed(row, row.waiting, row.dead) for row in counted]


def _number_of(status: str) -> Coalesce:
    """Counted along the index of that status; what was delivered may be millions."""
    rows = Delivery.objects.filter(subscription=OuterRef("pk"), status=status).order_by()
    return Coalesce(Subquery(rows.values("subscription").annotate(count=Count("pk")).values("count")), 0)


def find(application: Application, webhook_id: int) -> Subscription | None:
    rows = Subscription.objects.filter(application=application, pk=webhook_id)
    return rows.select_related("application").first()


def filters_of(row: Subscription) -> Filters:
    topics, areas = names.topics(), names.areas()
    return Filters(
        types=[label_of(word) for word in row.types],
        topics=[topics[key].name for key in row.topics if key in topics],
        areas=[areas[key].name for key in row.areas if key in areas],
    )


def messages_of(row: Subscription, *, status: str = "", before: int | None = None) -> Page:
    rows = _with_tries(Delivery.objects.filter(subscription=row))
    if status:
        rows = rows.filter(status=status)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Page([_message(each) for each in found[:PAGE]], found[PAGE - 1].pk if len(found) > PAGE else None)


def message(row: Subscription, delivery_id: int) -> Message | None:
    found = _with_tries(Delivery.objects.filter(subscription=row, pk=delivery_id)).first()
    return _message(found) if found else None


def _with_tries(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.prefetch_related(Prefetch("tries", Attempt.objects.order_by("-pk")))


def _message(row: Delivery) -> Message:
    number = json.loads(row.body)["data"].get("number", "")
    return Message(row, label_of(row.type), str(number), list(row.tries.all()))


def label_of(word: str) -> str:
    """What happened, in the reader's language."""
    if word == TEST:
        return _("A test")
    return str(KINDS[word].label) if word in KINDS else word
