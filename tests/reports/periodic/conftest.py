"""The form of the tests, there for one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reports.periodic.form import forms
from tests.reports.periodic import worlds


@pytest.fixture
def counted() -> Iterator[worlds.Counted]:
    build = worlds.Counted()
    worlds.with_form(build)
    yield build
    forms._entries.pop(worlds.FORM, None)
