"""Days off of Kazakhstan, with the moved ones."""

import datetime as dt
import re

from common.public_holidays import HOLIDAY, MOVED_OFF, MOVED_WORK, holiday_rows

ROWS = {row.date: row for row in holiday_rows([2024, 2025, 2026, 2027])}


def test_kinds_of_days() -> None:
    assert ROWS[dt.date(2026, 12, 16)].kind == HOLIDAY
    assert ROWS[dt.date(2026, 3, 9)].kind == MOVED_OFF
    assert ROWS[dt.date(2024, 5, 8)].kind == MOVED_OFF
    assert ROWS[dt.date(2024, 5, 4)].kind == MOVED_WORK
    assert ROWS[dt.date(2025, 1, 5)].kind == MOVED_WORK


def test_names_in_three_languages() -> None:
    row = ROWS[dt.date(2026, 12, 16)]
    assert (row.name_kk, row.name_ru, row.name_en) == ("Тәуелсіздік күні", "День независимости", "Independence Day")
    assert ROWS[dt.date(2026, 3, 9)].name_ru == "Международный женский день (перенесённый выходной)"
    assert ROWS[dt.date(2024, 5, 8)].name_ru == "Выходной день (перенесён с 04.05.2024)"
    assert ROWS[dt.date(2024, 5, 4)].name_kk == "Жұмыс күні (08.05.2024 орнына)"


def test_every_day_has_a_russian_name() -> None:
    assert [row for row in ROWS.values() if re.search("[A-Za-zәғқңөұүһі]", row.name_ru)] == []
    assert all(row.name_kk and row.name_en for row in ROWS.values())


def test_an_estimated_date_says_so_in_its_source() -> None:
    row = ROWS[dt.date(2027, 5, 16)]
    assert (row.name_en, row.source.endswith("estimated date")) == ("Eid al-Adha", True)


def test_constitution_day_moved_in_2026() -> None:
    assert dt.date(2027, 3, 15) in ROWS
    assert dt.date(2026, 8, 31) not in ROWS


def test_rows_are_in_order_and_each_day_once() -> None:
    rows = holiday_rows([2027, 2026, 2026])
    assert [row.date for row in rows] == sorted({row.date for row in rows})
