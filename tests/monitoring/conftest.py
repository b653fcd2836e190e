"""The figures are open to the tests by a token."""

from typing import Any

import pytest

from tests.monitoring.scrape import TOKEN


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
