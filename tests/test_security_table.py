"""The table of the security standard is whole, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

import pytest

from tests.asvs import ROOT, STATES, Row, asked, rows

ROWS = rows()


def test_the_list_is_the_one_of_the_standard() -> None:
    """345 requirements, of them 70 of the first and 183 of the second level, says the standard."""
    assert Counter(asked().values()) == {"1": 70, "2": 183}


def test_every_requirement_stands_once_in_the_table() -> None:
    assert [row.number for row in ROWS] == list(asked())
    assert {row.number: row.level for row in ROWS} == asked()


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_a_row_says_how_it_is_proved(row: Row) -> None:
    assert row.state in STATES
    for test in row.tests:
        path, _colons, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert name in names_in(path), test
    if row.state == "tested":
        assert row.tests
    if row.state == "does not apply":
        assert not row.tests
    assert len(row.proof) > 5 or row.state == "no test yet"


def test_the_summary_counts_rightly() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    counted = Counter(row.state for row in ROWS)
    for state in STATES:
        (said,) = re.findall(rf"\| {state} \| (\d+) \|", text)
        assert int(said) == counted[state], state


def test_what_is_not_met_stands_in_the_summary_too() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for row in ROWS:
        if row.state in {"not met", "no test yet"}:
            assert re.search(rf"(?<![\d.]){re.escape(row.number)}(?![\d.]\d)", text), row.number
