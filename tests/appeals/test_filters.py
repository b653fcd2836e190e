"""The address of the queue: read, checked, written back."""

import pytest

from appeals.filters import QueueFilters, Sort, Tab, parse


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tab", "mine"), ("q", "су жоқ"), ("status", "in_progress"), ("unit", "12"), ("unit", "none"),
        ("executor", "me"), ("executor", "none"), ("executor", "7"), ("area", "3"), ("sector", "1"), ("topic", "44"),
        ("channel", "telegram"), ("regime", "appeal"), ("category", "incident"), ("priority", "emergency"),
        ("term", "soon"),
        ("since", "2026-01-31"), ("until", "2026-11-23"), ("sort", "oldest"),
    ],
)  # fmt: skip
def test_known_value_is_kept(name, value):
    parsed = parse({name: value})
    assert getattr(parsed.filters, name) == value
    assert parsed.ignored == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tab", "yours"), ("q", "с" * 201), ("q", "a\x00b"), ("status", "late"), ("unit", "-1"),
        ("unit", "me"), ("unit", "1 OR 1=1"), ("unit", "9" * 19), ("area", "none"), ("area", "٣"), ("channel", "fax"),
        ("priority", "high"),
        ("term", "never"), ("since", "31.01.2026"), ("since", "2026-02-30"), ("until", "9999-01-01"), ("sort", "-due"),
    ],
)  # fmt: skip
def test_senseless_value_is_left_out_and_named(name, value):
    parsed = parse({name: value})
    assert parsed.filters == QueueFilters()
    assert parsed.ignored == (name,)


def test_unknown_names_are_passed_over():
    assert parse({"page": "2", "after": "x"}) == parse({})


def test_address_reads_back_to_the_same_filters():
    filters = QueueFilters(tab="unit", q="прорвало трубу & воды", unit="4", since="2026-01-01")
    from urllib.parse import parse_qsl

    assert parse(dict(parse_qsl(filters.query()))).filters == filters


def test_a_chip_takes_one_value_away():
    filters = QueueFilters(tab="all", area="3", topic="5")
    assert filters.query(area="") == "tab=all&topic=5"
    assert set(filters.active) == {"area", "topic"}


@pytest.mark.parametrize(
    ("filters", "order"),
    [
        (QueueFilters(tab=Tab.MINE), Sort.DUE),
        (QueueFilters(tab=Tab.OVERDUE), Sort.DUE),
        (QueueFilters(tab=Tab.ALL), Sort.NEWEST),
        (QueueFilters(tab=Tab.DISPUTED), Sort.NEWEST),
        (QueueFilters(tab=Tab.MINE, sort="oldest"), Sort.OLDEST),
        (QueueFilters(tab=Tab.ALL, sort="due"), Sort.DUE),
        (QueueFilters(tab=Tab.ALL, sort="due", status="closed"), Sort.NEWEST),
        (QueueFilters(tab=Tab.ALL, sort="due", status="assigned"), Sort.DUE),
    ],
)
def test_order_fits_the_view(filters, order):
    assert filters.order == order
