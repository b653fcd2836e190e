"""The small city for a whole module of tests that only read: it is lived through once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from django.db import transaction

from common.rows import forget_rows
from tests.reports import city
from tests.reports.city import NOW, City


@contextmanager
def standing(django_db_blocker: Any) -> Iterator[City]:
    """Use in a fixture of scope "module"; it is the noon of `NOW` meanwhile, and nothing stays behind."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        forget_rows()
        yield city.build()
        transaction.set_rollback(True)
    forget_rows()
