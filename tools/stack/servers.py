"""PostgreSQL and Valkey together: started when nobody gave addresses of other servers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tools.stack import keyvalue, lock, postgres, processes
from tools.stack.folders import Layout


@dataclass
class Services:
    """The servers this process started (none when it found them running or was given addresses)."""

    layout: Layout
    lock: int | None = None
    children: list[processes.Child] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        return os.environ.get("DATABASE_URL") or self.layout.database_url

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HALYQ_VAR": str(self.layout.var),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": os.environ.get("REDIS_URL") or self.layout.redis_url,
        }

    @property
    def identity(self) -> str:
        """Names the database: our own by the number PostgreSQL gave it when it was made, which stays with a folder that
        is moved or copied; of a foreign one nothing is assumed."""
        if os.environ.get("DATABASE_URL"):
            return os.urandom(8).hex()
        with (self.layout.data / "global" / "pg_control").open("rb") as control:
            return control.read(8).hex()

    def answer(self) -> bool:
        """Those of our own do; what was given an address is not ours to ask."""
        return (bool(os.environ.get("DATABASE_URL")) or postgres.answers(self.layout)) and (
            bool(os.environ.get("REDIS_URL")) or keyvalue.answers(self.layout)
        )

    def start_database(self, *, throwaway: bool = False) -> None:
        assert self.lock is not None
        if not os.environ.get("TEST_DATABASE_URL" if throwaway else "DATABASE_URL"):
            self.children.append(postgres.start(self.layout, self.lock, throwaway=throwaway))

    def start_key_value(self, *, throwaway: bool = False) -> None:
        assert self.lock is not None
        if not os.environ.get("TEST_REDIS_URL" if throwaway else "REDIS_URL"):
            self.children.append(keyvalue.start(self.layout, self.lock, throwaway=throwaway))

    def stop(self) -> None:
        """The database last: the others may still write while they stop."""
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None


@contextmanager
def running(layout: Layout) -> Iterator[Services]:
    """The servers of a folder: those already running there, else started now and stopped afterwards."""
    layout.make_folders()
    services = Services(layout, lock.acquire(layout))
    if services.lock is None:
        processes.wait_until(services.answer, 60, "The running servers do not answer.")
        yield services
        return
    try:
        services.start_database()
        services.start_key_value()
        yield services
    finally:
        services.stop()


@contextmanager
def running_for_tests(layout: Layout) -> Iterator[Services]:
    """Servers whose data is thrown away; a second run in the same folder waits for the first one."""
    layout.make_folders()
    services = Services(layout, lock.acquire(layout, wait_for_living=True))
    try:
        services.start_database(throwaway=True)
        services.start_key_value(throwaway=True)
        yield services
    finally:
        services.stop()
