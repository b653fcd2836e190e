"""The databases of sandboxes, once for all tests of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from common import realm
from openapi.sandbox import databases
from tests.openapi.sandbox.leftovers import remove_all


def _copied(name: str, seed: str) -> bool:
    """A database that a server of an earlier test still holds cannot be copied."""
    with databases._server() as session:
        server = session.info.dsn
    connection.close()
    with psycopg.connect(server, dbname="postgres", autocommit=True) as other:
        databases._drop(other, seed)  # of a run that was cut off
        try:
            databases._create(other, seed, template=name)
        except psycopg.errors.ObjectInUse:
            return False
    return True


@pytest.fixture(scope="package", autouse=True)
def databases_of_sandboxes(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """The seed begins as a copy of the tests' own empty database where it can: it spares running every migration."""
    with django_db_blocker.unblock():
        seed = databases.seed_name()
        if _copied(connection.settings_dict["NAME"], seed):
            with realm.inside(realm.Realm(name="seed", database=seed)):
                databases.fill()
        else:
            databases.ensure_seed()
    yield
    with django_db_blocker.unblock():
        remove_all()
