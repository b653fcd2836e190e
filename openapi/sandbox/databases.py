"""The databases of sandboxes: copies of one seed, which holds the tables, the reference data and the invented staff.

PostgreSQL copies a database of this size in a fraction of a second, so a reset is a new copy. The seed carries a mark
of the migrations it was made with and is made anew when they have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from audit.current import nobody_asks
from common import realm
from common.realm import Realm

SEEDING = 0x53454544  # advisory lock: one process makes the seed
CONTENT_VERSION = "1"  # of the reference data and the people in it


def base_name() -> str:
    """What the names of all these databases begin with: the hub's own, so that two hubs on one server are apart."""
    return f"{connections.settings[realm.DEFAULT]['NAME']}_sandbox"[:50]


def name_of(owner_id: int) -> str:
    return f"{base_name()}_{owner_id}"


@cache
def seed_mark() -> str:
    """A mark of everything a seed depends on: the migrations, and the version of what is put into it.

    Kept by the process: a request into a sandbox must not read every migration anew.
    """
    loader = MigrationLoader(None)
    leaves = sorted(f"{app}.{name}" for app, name in loader.graph.leaf_nodes())
    return hashlib.sha256("\n".join([*leaves, CONTENT_VERSION]).encode()).hexdigest()


def seed_name() -> str:
    return f"{base_name()}_seed_{seed_mark()[:10]}"


def ensure_seed(*, waits: bool = True) -> str:
    """The name of a seed that fits the present code; made when there is none. Takes a minute then.

    A job does not wait while another one makes it: the workers have other things to do.
    """
    name = seed_name()
    with _server() as session:
        if waits:
            session.execute("SELECT pg_advisory_lock(%s)", [SEEDING])
        elif session.execute("SELECT pg_try_advisory_lock(%s)", [SEEDING]).fetchone() != (True,):
            return name
        if _exists(session, name):
            return name
        building = f"{name}_new"
        _drop(session, building)
        _create(session, building, template="template0")
        _fill(building)
        session.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (building, name))))
        _drop_old_seeds(session, keep=name)
    return name


def _fill(database: str) -> None:
    with nobody_asks(), realm.inside(Realm(name="seed", database=database)):
        call_command("migrate", verbosity=0, interactive=False)
        fill()


def fill() -> None:
    """What a new sandbox holds; called inside it."""
    from openapi.sandbox import people  # the models are needed only here

    call_command("load_reference", verbosity=0)
    people.make()


def copy_seed(seed: str, name: str) -> None:
    """A fresh database; whatever had the name before is gone, and whoever was connected to it is cut off."""
    with _server() as session:
        _drop(session, name)
        _create(session, name, template=seed)


def remove(name: str) -> None:
    with _server() as session:
        _drop(session, name)


def of_owners() -> dict[int, str]:
    """The databases of sandboxes that there are, by the owner in their names."""
    prefix = f"{base_name()}_"
    with _server() as session:
        rows = session.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]).fetchall()
    return {int(name[len(prefix) :]): name for (name,) in rows if name[len(prefix) :].isdigit()}


def exists(name: str) -> bool:
    with _server() as session:
        return _exists(session, name)


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    """A session of its own on the hub's server: databases are neither made nor dropped in a transaction."""
    parameters = connections[realm.DEFAULT].get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "host", "port", "user", "password") if name in parameters}
    with psycopg.connect(**wanted, autocommit=True) as session:
        yield session


def _exists(session: psycopg.Connection[Any], name: str) -> bool:
    return session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _create(session: psycopg.Connection[Any], name: str, *, template: str) -> None:
    session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _drop(session: psycopg.Connection[Any], name: str) -> None:
    session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _drop_old_seeds(session: psycopg.Connection[Any], *, keep: str) -> None:
    """An underscore is a wildcard in LIKE, so the prefix is compared as it is."""
    prefix = f"{base_name()}_seed_"
    rows = session.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]).fetchall()
    for (name,) in rows:
        if name != keep:
            _drop(session, name)
