"""Health for supervisors and load balancers: is the process alive, may it be sent requests."""

from functools import cache

from django.core.cache import cache as key_value
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer without touching any other server: a database that is down is no reason to kill this process."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 only if database, key-value server and schema are what this process needs."""
    checks = {"database": _database_answers(), "key_value": _key_value_answers(), "migrations": _schema_is_current()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # any failure means "not ready"; the reason is in the log of the server
        return False
    return True


def _key_value_answers() -> bool:
    try:
        key_value.get("readyz")
    except Exception:
        return False
    return True


def _schema_is_current() -> bool:
    try:
        _require_current_schema()
    except Exception:
        return False
    return True


class SchemaBehindError(Exception):
    """Migrations wait to be applied."""


@cache
def _require_current_schema() -> None:
    """Only a yes is remembered: applied migrations are not undone under a running process."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise SchemaBehindError
