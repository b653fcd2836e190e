"""Fixtures of all tests; starts a real PostgreSQL and a real Valkey once per run, in a folder of their own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from hypothesis import settings as property_tests

from common.rows import forget_rows
from tests.browser import chromium, visit  # noqa: F401 - fixtures
from tests.emptying import empty_database
from tests.queue import forget_everything, run_everything
from tests.sessions import mark_two_factors
from tools.message_catalog import compile_catalogs
from tools.stack.folders import choose_layout
from tools.stack.servers import running_for_tests

# Folders with few tests that take long: begun last, one of them would run alone at the end.
BEGUN_FIRST = ("tests/crash/", "tests/tools/", "tests/journeys/", "tests/openapi/sandbox/")
# How long an example takes depends on what else the machine does.
property_tests.register_profile("hub", property_tests(), deadline=None)
property_tests.load_profile("hub")

SERVERS = pytest.StashKey[ExitStack]()
LOCAL = {"127.0.0.1", "::1", "localhost"}


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the servers; workers of pytest-xdist find them running."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help or config.option.version:
        return
    compile_catalogs()
    stack = config.stash[SERVERS] = ExitStack()
    stack.enter_context(running_for_tests(choose_layout("test")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(BEGUN_FIRST))


def pytest_sessionstart() -> None:
    TransactionTestCase._fixture_teardown = lambda _self: empty_database()  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    stack = config.stash.get(SERVERS, None)
    if stack is not None:
        stack.close()


@pytest.fixture(autouse=True)
def signed_in_with_both_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """`force_login` is as if somebody had signed in, which nobody can with a password alone."""
    force_login = Client.force_login

    def with_both(self: Client, user: Any, backend: str | None = None) -> None:
        force_login(self, user, backend)
        mark_two_factors(self, user)

    monkeypatch.setattr(Client, "force_login", with_both)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Nothing that one test caches (limits, counters, sessions, reference tables) is seen by the next one."""
    cache.clear()
    forget_rows()
    yield


@pytest.fixture(autouse=True)
def uploads_in_a_folder_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants to leave the machine fails at once and says where it wanted to go."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOCAL:
            raise AssertionError(f"A test tried to reach {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_locally)


@pytest.fixture
def run_tasks() -> Callable[[], list[str]]:
    """Run what was queued (and what that queues) here and now; gives the names of the tasks in order.

    Within a test the transaction never commits, so callbacks that wait for the commit are called as well.
    """
    return run_everything


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    """What an earlier test left in the queue is not run by this one."""
    forget_everything()
