"""Answers that take the same time whatever was found out: else a clock tells who has an account."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def even_time() -> Iterator[None]:
    """Ends no earlier than `settings.EVEN_ANSWER_SECONDS` after it began, which is longer than the work takes.

    Only around what is limited per network, for the thread of the server waits. On a machine so busy that the work
    takes longer, its own noise hides what is left of the difference.
    """
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, began + settings.EVEN_ANSWER_SECONDS - time.monotonic()))
