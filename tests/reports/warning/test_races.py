"""Two looks at the same moment raise one warning and fail neither; with the control that shows why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reports.models import EarlyWarning
from reports.warning import watch
from reports.warning.findings import Finding
from tests.races.together import Meeting, failures, together
from tests.reports.warning.test_watch import Kind, finding
from tests.reports.warning.town import TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def looks() -> list[Callable[[], int]]:
    """Both have read the open warnings before either of them writes, unless something keeps them apart."""
    meeting = Meeting()

    def found() -> Iterator[Finding]:
        meeting.wait()
        yield finding()

    return [lambda: watch.keep(Kind.GROWTH, found(), TODAY)] * 2


def test_two_looks_raise_one_warning() -> None:
    results = together(looks())
    assert sorted(results) == [0, 1]
    assert EarlyWarning.objects.count() == 1


def test_control_without_the_lock_one_of_them_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        def cursor(self) -> Any:
            return self

        __enter__ = cursor

        def __exit__(self, *_args: object) -> None: ...

        def execute(self, *_args: object) -> None: ...

    monkeypatch.setattr(watch, "connection", Nothing())
    assert len(failures(together(looks()))) == 1
