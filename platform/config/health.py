"""Health for supervisors and load balancers: is the process alive, may it be sent requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.cache import cache as key_value
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from monitoring import moments
from monitoring.guard import may_read
from monitoring.models import Moment
from monitoring.reading import own_connection

LATE_TICK_SECONDS = 120  # beat asks every 15; a worker with long tasks may be late for a while


@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer without touching any other server: a database that is down is no reason to kill this process."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 only if database, key-value server and schema are what this process needs.

    A worker that stands still is a warning: pages work without it, and this process is not to be taken out for it.
    Times and reasons are for whoever may read the figures.
    """
    with own_connection():  # waits two seconds for the database, not for a place in the pool
        checks = {"database": _try(_ask_database), "key_value": _try(_ask_key_value)}
        has_database = not checks["database"]["why"]
        checks["migrations"] = _try(_require_current_schema) if has_database else _untried("no database")
        worker = _try(_require_tick) if has_database else _untried("no database")
    answer: dict[str, Any] = {name: not found["why"] for name, found in checks.items()}
    is_ready = all(answer.values())
    answer["warnings"] = ["worker"] if worker["why"] else []
    if may_read(request.META):
        answer["detail"] = checks | {"worker": worker}
    return JsonResponse(answer, status=200 if is_ready else 503)


def _try(ask: Callable[[], object]) -> dict[str, Any]:
    """How long it took and why it failed; the error's own words may hold addresses and stay in the log."""
    began = time.perf_counter()
    try:
        found = ask()
    except NotReadyError as error:
        why, found = str(error), None
    except Exception as error:  # any failure means "not ready"
        why, found = type(error).__name__, None
    else:
        why = ""
    return {"ms": round((time.perf_counter() - began) * 1000, 1), "why": why, "found": found}


def _untried(why: str) -> dict[str, Any]:
    return {"ms": 0.0, "why": why, "found": None}


class NotReadyError(Exception):
    """The server answers, but not with what is needed; the text is for operators and holds nothing of residents."""


def _ask_database() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return cursor.fetchone()[0]


def _ask_key_value() -> None:
    key_value.get("readyz")


@cache
def _require_current_schema() -> None:
    """Only a yes is remembered: applied migrations are not undone under a running process."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        waiting = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan[:5])
        raise NotReadyError(f"{len(plan)} wait to be applied: {waiting}")


def _require_tick() -> object:
    last = moments.last(Moment.Name.TICK)
    if last is None:
        raise NotReadyError("no worker has done anything yet")
    age = (timezone.now() - last).total_seconds()
    if age > LATE_TICK_SECONDS:
        raise NotReadyError(f"no worker has done anything for {age:.0f} s")
    return last.isoformat()
