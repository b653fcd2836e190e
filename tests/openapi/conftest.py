"""What several tests of the open API stand on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.openapi.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A real server on this machine to which webhooks may go."""
    settings.WEBHOOKS_ALLOWED = ["127.0.0.1"]
    with receiving() as found:
        yield found
