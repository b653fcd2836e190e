"""The data files of the study: complete, as their manifest says, in three languages, without traces of their making."""

import csv
import re
from pathlib import Path

import pytest

from reports.study import contents
from reports.study.contents import COLUMN, ROW, SECTION, WORD, Status, tables

DATA = Path(contents.__file__).parent / "data"


def rows(name):
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


def test_the_manifest_lists_every_file_and_no_other():
    assert {row["table"] for row in rows("manifest.csv")} == {path.stem for path in (DATA / "tables").iterdir()}


def test_a_file_is_the_one_that_the_manifest_names():
    filled = (
        "group",
        "source",
        "unit",
        *(f"{what}_{code}" for what in ("title", "period") for code in ("kk", "ru", "en")),
    )
    for row in rows("manifest.csv"):
        assert contents.digest(row["table"]) == row["sha256"], row["table"]
        assert len(contents.table(row["table"]).cells) == int(row["values"]), row["table"]
        assert all(row[name] for name in filled), row["table"]
        assert row["number"] or row["source"] in {"text", "derived"}, row["table"]
        assert row["unit"] in contents.units(), row["table"]


def test_every_group_has_tables_and_every_table_a_group():
    assert {table.group for table in tables().values()} == {row["group"] for row in rows("groups.csv")}


def test_every_key_has_a_label_in_three_languages_and_no_label_is_spare():
    needed = set()
    for table in tables().values():
        needed |= {(table.key, ROW, key) for key in table.rows} | {(table.key, COLUMN, key) for key in table.columns}
        needed |= {(table.key, SECTION, key) for key in table.sections}
        needed |= {(table.key, WORD, value.word) for value in table.cells.values() if value.word}
    assert needed <= set(contents.labels())
    assert {place for place in contents.labels() if place[1] in {ROW, COLUMN, SECTION}} <= needed


@pytest.mark.parametrize(
    "name",
    ["labels.csv", "notes.csv", "units.csv", "methods.csv", "reasons.csv", "series_names.csv", "partial_years.csv"],
)
def test_every_text_is_there_in_three_languages(name):
    assert all(row["kk"] and row["ru"] and row["en"] for row in rows(name))


def test_notes_are_all_used_and_all_there():
    used = {note for table in tables().values() for note in table.notes}
    used |= {note for table in tables().values() for value in table.cells.values() for note in value.notes}
    used |= {note for table in tables().values() for found in table.row_notes.values() for note in found}
    used |= {row["note"] for row in rows("reference.csv") if row["note"]}
    assert used == set(contents.notes())


def test_russian_and_kazakh_texts_are_no_english_ones():
    """A text with words in Latin letters only was not translated; names and formulas are no words."""
    words = [row for name in ("notes.csv", "groups.csv", "methods.csv") for row in rows(name)]
    for row in words:
        for key in (key for key in row if key.endswith(("kk", "ru"))):
            assert re.search("[а-яё]", row[key]) or not re.search("[a-z]{4}", row[key]), row


def test_a_value_that_differs_from_print_says_so_and_why():
    for table in tables().values():
        for place, value in table.cells.items():
            if value.differs:
                assert value.status is not Status.OK, (table.key, place)
            if value.status is not Status.OK and value.printed is not None:
                assert value.notes or table.row_notes.get(place[0]), (table.key, place)


def test_what_is_corrected_has_a_value_and_what_is_recomputed_too():
    for table in tables().values():
        for place, value in table.cells.items():
            if value.status in {Status.CORRECTED, Status.RECOMPUTED}:
                assert value.corrected is not None, (table.key, place)


def test_nothing_tells_of_machines_or_of_how_work_was_done():
    for path in DATA.rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/work|/home|/tmp|\.md\b|source_line|\blines? \d{3,4}", text), path
