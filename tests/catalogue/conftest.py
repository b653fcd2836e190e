"""A connector whose other side does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from catalogue import seeding
from common.connectors import Connector, connectors

SLUG = "example"


class Example(Connector):
    name = "Example"
    platform = "partners"
    run_every = timedelta(minutes=1)
    seconds = 10

    def __init__(self) -> None:
        self.set_up = True
        self.checks: Callable[[], str] = lambda: "fine"
        self.runs: Callable[[], int] = lambda: 3

    def is_configured(self) -> bool:
        return self.set_up

    def check(self) -> str:
        return self.checks()

    def run(self) -> int:
        return self.runs()


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[Example]:
    """The only connector there is while the test runs."""
    made = Example()
    monkeypatch.setattr(connectors, "_entries", {SLUG: made})
    yield made


@pytest.fixture
def systems(db: None) -> None:
    """What the migration has put there, also after a test that has emptied the database."""
    seeding.load()
