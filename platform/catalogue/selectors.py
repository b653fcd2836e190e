"""What the pages and the open API read of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue import health, running
from catalogue.health import Health
from catalogue.models import ConnectorJob, ConnectorRun, DataFlow, Job, Platform, PlatformFact
from catalogue.models.platforms import State
from common.connectors import Connector, connectors

Aspect = PlatformFact.Aspect


class PublicHealth(models.TextChoices):
    """All that everybody may know of a connection: never why, never where."""

    WORKS = "works", _("Works")
    DISTURBED = "disturbed", _("Disturbed")
    UNKNOWN = "unknown", _("Not checked")


PUBLIC_HEALTH: dict[Health, PublicHealth] = {
    Health.WORKS: PublicHealth.WORKS,
    Health.FAILS: PublicHealth.DISTURBED,
    Health.SILENT: PublicHealth.UNKNOWN,
    Health.PAUSED: PublicHealth.UNKNOWN,
    Health.WAITING: PublicHealth.UNKNOWN,
}
PUBLIC_TONES: dict[str, str] = {"works": "good", "disturbed": "bad", "unknown": "calm"}
STATE_TONES: dict[str, str] = {
    State.CONNECTED: "good",
    State.IN_TEST: "info",
    State.PLANNED: "note",
    State.KNOWN: "calm",
    State.RETIRED: "warn",
}


@dataclass(frozen=True)
class Connection:
    """One connector as it stands."""

    slug: str
    connector: Connector
    health: Health
    jobs: tuple[ConnectorJob, ...]

    @property
    def tone(self) -> str:
        return health.TONES[self.health]

    @property
    def is_paused(self) -> bool:
        return any(row.paused_at for row in self.jobs)

    @property
    def is_active(self) -> bool:
        return self.health not in (Health.NOT_SET_UP, Health.PAUSED)

    @property
    def failures(self) -> int:
        return max((row.failures for row in self.jobs), default=0)

    @property
    def last_succeeded_at(self) -> datetime | None:
        return max((row.last_succeeded_at for row in self.jobs if row.last_succeeded_at), default=None)

    @property
    def due_at(self) -> datetime | None:
        return min((row.due_at for row in self.jobs), default=None)


@dataclass(frozen=True)
class AspectRow:
    """An aspect of a system with what is known of it; nothing known is said as well."""

    key: str
    label: str | Promise
    facts: Sequence[PlatformFact]


@dataclass
class PlatformView:
    """A system with its facts, flows and connections."""

    row: Platform
    facts: list[PlatformFact]
    flows: list[DataFlow]
    public_health: PublicHealth | None = None
    partners: list[Platform] = field(default_factory=list)

    @property
    def tone(self) -> str:
        return STATE_TONES[self.row.state]

    @property
    def health_tone(self) -> str:
        return PUBLIC_TONES[self.public_health or "unknown"]

    @property
    def purpose(self) -> str:
        return next((fact.text for fact in self.facts if fact.aspect == Aspect.PURPOSE), "")

    @property
    def aspects(self) -> list[AspectRow]:
        """Every aspect but the purpose, which is the lead of the page, and the partners, where flows name them."""
        return [
            AspectRow(aspect.value, aspect.label, [fact for fact in self.facts if fact.aspect == aspect])
            for aspect in Aspect
            if aspect != Aspect.PURPOSE
        ]


def flows(*, public_only: bool = True) -> list[DataFlow]:
    rows = DataFlow.objects.select_related("origin", "target")
    return list(rows.filter(origin__is_public=True, target__is_public=True) if public_only else rows)


def platforms(*, public_only: bool = True) -> list[PlatformView]:
    """All systems with everything that is known of them, in four queries."""
    rows = Platform.objects.prefetch_related("facts")
    return _views(rows.filter(is_public=True) if public_only else rows, flows(public_only=public_only))


def platform(key: str) -> PlatformView | None:
    """One public system."""
    rows = Platform.objects.filter(is_public=True, key=key).prefetch_related("facts")
    return next(iter(_views(rows, [flow for flow in flows() if key in (flow.origin.key, flow.target.key)])), None)


def _views(rows: Iterable[Platform], found: Sequence[DataFlow]) -> list[PlatformView]:
    by_platform = _health_by_platform(connections())
    views = []
    for row in rows:
        own = [flow for flow in found if row.pk in (flow.origin_id, flow.target_id)]
        partners = {other.pk: other for flow in own for other in (flow.origin, flow.target) if other.pk != row.pk}
        known = by_platform.get(row.key)
        views.append(
            PlatformView(row, list(row.facts.all()), own, PUBLIC_HEALTH.get(known) if known else None,
                         sorted(partners.values(), key=lambda other: other.position))
        )  # fmt: skip
    return views


def _health_by_platform(found: Iterable[Connection]) -> dict[str, Health]:
    by_platform: dict[str, list[Health]] = {}
    for connection in found:
        by_platform.setdefault(connection.connector.platform, []).append(connection.health)
    worst = {key: health.worst(known) for key, known in by_platform.items()}
    return {key: known for key, known in worst.items() if known is not None}


def connections() -> list[Connection]:
    """Every registered connector, by name of its slug."""
    rows: dict[str, list[ConnectorJob]] = {}
    for row in ConnectorJob.objects.order_by("job"):
        rows.setdefault(row.connector, []).append(row)
    now = timezone.now()
    return [_connection(slug, connector, rows.get(slug, []), now) for slug, connector in connectors]


def connection(slug: str) -> Connection | None:
    if slug not in connectors:
        return None
    rows = list(ConnectorJob.objects.filter(connector=slug).order_by("job"))
    return _connection(slug, connectors.get(slug), rows, timezone.now())


def _connection(slug: str, connector: Connector, rows: Sequence[ConnectorJob], now: datetime) -> Connection:
    jobs = tuple(row for row in rows if running.every(connector, row.job))
    if not running.is_set_up(connector):
        return Connection(slug, connector, Health.NOT_SET_UP, jobs)
    found = [health.of_job(row, running.every(connector, row.job) or running.LONGEST_WAIT, now) for row in jobs]
    return Connection(slug, connector, health.worst(found) or Health.WAITING, jobs)


def failing() -> int:
    """How many connections fail now; a connector that is gone or switched off does not count."""
    slugs = ConnectorJob.objects.filter(failures__gt=0, paused_at=None).values_list("connector", flat=True).distinct()
    return sum(slug in connectors and running.is_set_up(connectors.get(slug)) for slug in slugs)


def runs(slug: str, *, errors_only: bool, before: int | None, limit: int) -> list[ConnectorRun]:
    """The newest first; one more than asked for says that there are more."""
    rows = ConnectorRun.objects.filter(job__connector=slug).select_related("job")
    if errors_only:
        rows = rows.filter(outcome=ConnectorRun.Outcome.FAILED)
    if before is not None:
        rows = rows.filter(Q(pk__lt=before))
    return list(rows.order_by("-pk")[: limit + 1])


def has_run(connection: Connection) -> bool:
    return any(row.job == Job.RUN for row in connection.jobs) or connection.connector.run_every is not None
