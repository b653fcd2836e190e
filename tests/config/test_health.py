"""Health answers of a process."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import health
from monitoring import moments
from monitoring.tasks import tick

TOKEN = {"Authorization": "Bearer a-token-of-the-tests-that-is-long-enough"}


@pytest.fixture
def operator(settings):
    settings.METRICS_TOKEN = TOKEN["Authorization"].removeprefix("Bearer ")


def test_a_living_process_answers_without_a_database(client):
    answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_a_process_with_all_its_servers_is_ready(client):
    answer = client.get("/readyz")
    assert answer.json() == {"database": True, "key_value": True, "migrations": True, "warnings": ["worker"]}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_process_without_its_key_value_server_is_not_ready(client, settings):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/kv.sock?db=1"}
    }
    answer = client.get("/readyz")
    assert answer.json()["key_value"] is False
    assert answer.status_code == 503


def test_a_process_lives_without_any_server(client, settings, monkeypatch):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/kv.sock?db=1"}
    }
    assert client.get("/livez").status_code == 200  # and no test without the mark reaches the database


def test_a_process_without_its_database_is_not_ready_and_asks_it_nothing_more(client, operator):
    """Without the mark of a database pytest-django refuses every connection, as a server that is gone does."""
    answer = client.get("/readyz", headers=TOKEN)
    assert answer.status_code == 503
    found = answer.json()
    assert (found["database"], found["key_value"], found["migrations"]) == (False, True, False)
    assert found["warnings"] == ["worker"]
    assert found["detail"]["database"]["why"] == "RuntimeError"
    assert found["detail"]["migrations"]["why"] == found["detail"]["worker"]["why"] == "no database"


@pytest.mark.django_db
def test_a_database_that_is_gone_is_given_up_quickly(client, operator, monkeypatch):
    from django.db import OperationalError

    def gone(*_args, **_more):
        raise OperationalError("connection to server at 10.0.0.5 failed")

    monkeypatch.setattr(connection, "cursor", gone)
    found = client.get("/readyz", headers=TOKEN)
    assert found.status_code == 503
    assert found.json()["detail"]["database"]["why"] == "OperationalError"
    assert "10.0.0.5" not in found.content.decode()


@pytest.mark.django_db
def test_migrations_that_wait_are_named_to_operators(client, operator):
    health._require_current_schema.cache_clear()
    MigrationRecorder(connection).record_unapplied("monitoring", "0001_initial")
    found = client.get("/readyz", headers=TOKEN)
    assert found.status_code == 503
    assert found.json()["migrations"] is False
    assert found.json()["detail"]["migrations"]["why"] == "1 wait to be applied: monitoring.0001_initial"
    assert "0001_initial" not in client.get("/readyz").content.decode()
    health._require_current_schema.cache_clear()


@pytest.mark.django_db
def test_a_worker_that_stands_still_is_a_warning_and_no_more(client, operator):
    tick()
    found = client.get("/readyz", headers=TOKEN)
    assert (found.status_code, found.json()["warnings"]) == (200, [])
    moments.note("tick", timezone.now() - timedelta(minutes=10))
    found = client.get("/readyz", headers=TOKEN)
    assert (found.status_code, found.json()["warnings"]) == (200, ["worker"])
    assert found.json()["detail"]["worker"]["why"].startswith("no worker has done anything for 60")


@pytest.mark.django_db
def test_details_are_for_operators_alone(client, operator):
    assert "detail" not in client.get("/readyz").json()
    assert "detail" not in client.get("/readyz", headers=TOKEN | {"X-Forwarded-For": "203.0.113.9"}).json()
    found = client.get("/readyz", headers=TOKEN).json()["detail"]
    assert set(found) == {"database", "key_value", "migrations", "worker"}
    assert found["database"]["found"].startswith("1")
