"""Health answers of a process."""

import pytest


def test_a_living_process_answers_without_a_database(client):
    answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_a_process_with_all_its_servers_is_ready(client):
    answer = client.get("/readyz")
    assert answer.json() == {"database": True, "key_value": True, "migrations": True}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_process_without_its_key_value_server_is_not_ready(client, settings):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/kv.sock?db=1"}
    }
    answer = client.get("/readyz")
    assert answer.json()["key_value"] is False
    assert answer.status_code == 503
