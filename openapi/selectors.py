"""What the pages of the open API show."""

from __future__ import annotations

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, When
from django.utils import timezone

from accounts.models import User
from openapi.models import ApiKey, Application
from openapi.models.applications import Environment, State

STAFF_ROWS = 200  # the newest of each page of the staff; the state narrows it further


def applications_of(owner: User) -> QuerySet[Application]:
    return _with_use(Application.objects.filter(owner=owner)).order_by("-pk")


def open_sandbox_of(owner: User) -> Application | None:
    """One of the person's applications that open his sandbox; they share it."""
    rows = Application.objects.filter(owner=owner, environment=Environment.SANDBOX, state=State.APPROVED)
    return rows.select_related("owner").order_by("pk").first()


def for_staff(state: str = "") -> QuerySet[Application]:
    """Whoever waits comes first, the longest waiting on top; then the newest."""
    rows = Application.objects.select_related("owner")
    if state:
        rows = rows.filter(state=state)
    waits = Case(When(state=State.WAITING, then=F("pk")), default=None, output_field=BigIntegerField())
    return _with_use(rows).order_by(waits.asc(nulls_last=True), "-pk")[:STAFF_ROWS]


def waiting() -> int:
    return Application.objects.filter(state=State.WAITING).count()


def keys_of(application: Application) -> list[ApiKey]:
    """Valid ones first; each knows whether it works (`works`)."""
    now = timezone.now()
    rows = list(application.keys.order_by("-pk"))
    for row in rows:
        row.works = row.is_valid_at(now)  # type: ignore[attr-defined]  # for the page
    return sorted(rows, key=lambda row: not row.is_valid_at(now))


def _with_use(rows: QuerySet[Application]) -> QuerySet[Application]:
    valid = Q(keys__revoked_at__isnull=True) & (
        Q(keys__expires_at__isnull=True) | Q(keys__expires_at__gt=timezone.now())
    )
    return rows.annotate(last_used_at=Max("keys__last_used_at"), valid_keys=Count("keys", filter=valid))
