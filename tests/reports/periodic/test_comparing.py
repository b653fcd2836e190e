"""What two versions of a report differ in is told figure by figure."""

from __future__ import annotations

from reports.documents.model import Cell, Row
from reports.periodic.comparing import Change, changes
from tests.reports.documents.samples import sample, share

TABLE = "Арналар: түскен өтініштер"


def test_the_same_document_has_no_changes() -> None:
    assert changes(sample(), sample()) == []


def test_a_changed_figure_is_told_with_what_it_was() -> None:
    old, new = sample(), sample()
    row = new.sections[0].tables[0].rows[0]
    changed = Row(row.key, (row.cells[0], row.cells[1], share(90, 100)))
    object.__setattr__(new.sections[0].tables[0], "rows", (changed, *new.sections[0].tables[0].rows[1:]))
    assert changes(old, new) == [
        Change(TABLE, row.cells[0].text, "Мерзімінде", "89,0\u00a0% (100 ішінен 89)", "90,0\u00a0% (100 ішінен 90)")
    ]


def test_rows_that_came_and_went_are_told() -> None:
    extra = Row("new", (Cell("Жаңа"), Cell("3", 3), share(1, 3)))
    came = changes(sample(), sample(extra=(extra,)))
    assert [(change.row, change.column, change.was, change.now) for change in came] == [
        ("Жаңа", "тұтас жол", "", "3 · 33,3\u00a0% (3 ішінен 1)")
    ]
    assert {change.now for change in changes(sample(extra=(extra,)), sample())} == {""}
