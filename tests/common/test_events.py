"""What is hashed before it is stored is what is hashed after it is read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appeals.models import Status
from common.events import as_stored, canonical, chain_hash

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 2, 10, 30, 15, 123456, tzinfo=dt.UTC)
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
numbers = st.integers() | st.integers(-(10**60), 10**60) | st.floats(allow_nan=False, allow_infinity=False)
others = st.decimals(allow_nan=False) | st.datetimes(timezones=st.just(dt.UTC)) | st.uuids() | st.booleans() | st.none()
values = st.recursive(
    texts | numbers | others,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=12,
)


def read_back(value: Any) -> Any:
    """Through a real jsonb column, by the field that events use."""
    from appeals.models import AppealEvent

    field = AppealEvent._meta.get_field("data")
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb", [field.get_db_prep_save(value, connection)])
        return field.from_db_value(cursor.fetchone()[0], None, connection)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (1e20, 10**20),
        (1e16, 10**16),
        (1.5e300, int(Decimal("1.5e300"))),
        (-0.0, 0.0),
        (1.0, 1.0),
        (5e-324, 5e-324),
        (2**200, 2**200),
        (True, True),
        (Decimal("1.10"), "1.10"),
        (NOW, "2026-11-02T10:30:15.123Z"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (_("Appeals"), str(_("Appeals"))),
        (Status.CLOSED, "closed"),
        ("\U0001f6b0 әіңғүұқөһ", "\U0001f6b0 әіңғүұқөһ"),
        ("a\ud83db\x00c", "abc"),
        ({10: 1, 9: 2, "x\ud800": 3}, {"10": 1, "9": 2, "x": 3}),
        ({None: 1, True: 2, 1.5: 3}, {"null": 1, "true": 2, "1.5": 3}),
        ((1, (2,)), [1, [2]]),
    ],
)
def test_edges_of_json(value: Any, stored: Any) -> None:
    assert canonical(as_stored(value)) == canonical(stored) == canonical(read_back(as_stored(value)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused_before_it_is_hashed(value: float) -> None:
    with pytest.raises(ValueError, match="no such number"):
        as_stored({"x": value})


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.dictionaries(texts, values, max_size=5))
def test_hash_is_the_same_after_the_database(data: Mapping[str, Any]) -> None:
    before = as_stored(data)
    after = read_back(before)
    assert chain_hash(prev_hash="", fields=[after]) == chain_hash(prev_hash="", fields=[before])
    assert canonical(as_stored(after)) == canonical(after), "what was read changes no more"
