"""Rows for the working calendar from the `holidays` package, with Russian names of our own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

import holidays

HOLIDAY, MOVED_OFF, MOVED_WORK = "holiday", "moved_off", "moved_work"
RUSSIAN_NAMES = {
    "New Year's Day": "Новый год",
    "Orthodox Christmas": "Православное Рождество",
    "International Women's Day": "Международный женский день",
    "Nowruz Holiday": "Наурыз мейрамы",
    "Kazakhstan's People Solidarity Holiday": "Праздник единства народа Казахстана",
    "Defender of the Fatherland Day": "День защитника Отечества",
    "Victory Day": "День Победы",
    "Eid al-Adha": "Курбан айт",
    "Capital Day": "День столицы",
    "Constitution Day": "День Конституции Республики Казахстан",
    "Republic Day": "День Республики",
    "Independence Day": "День независимости",
    "First President Day": "День Первого Президента Республики Казахстан",
}
MOVED_OFF_RUSSIAN = "{name} (перенесённый выходной)"
SUBSTITUTED = re.compile(r"substituted from (\d{2})/(\d{2})/(\d{4})")
BRACKETS = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True)
class HolidayRow:
    """One day that differs from the ordinary week."""

    date: dt.date
    kind: str
    name_kk: str
    name_ru: str
    name_en: str
    source: str


def holiday_rows(years: Iterable[int]) -> list[HolidayRow]:
    """Days off and worked days off of Kazakhstan, moved ones included, in order of date."""
    wanted = sorted(set(years))
    kazakh = holidays.country_holidays("KZ", years=wanted, language="kk")
    english = holidays.country_holidays("KZ", years=wanted, language="en_US")
    rows = [_row(day, kazakh[day], english[day]) for day in english]
    swaps = {worked: day for day in english if (worked := _worked_instead(english[day]))}
    rows += [_worked_row(day, swaps.get(day)) for day in english.weekend_workdays if day.year in wanted]
    return sorted(rows, key=lambda row: row.date)


def _row(day: dt.date, name_kk: str, name_en: str) -> HolidayRow:
    """Two holidays on one day come joined by a semicolon."""
    source = f"holidays {version('holidays')}"
    if "(estimated)" in name_en:
        source += ", estimated date"
        name_kk, name_en = name_kk.replace(" (бағаланған)", ""), name_en.replace(" (estimated)", "")
    worked = _worked_instead(name_en)
    kind = MOVED_OFF if worked or "(observed)" in name_en else HOLIDAY
    if worked:
        name_ru = f"Выходной день (перенесён с {worked:%d.%m.%Y})"
    else:
        parts = [BRACKETS.sub("", part) for part in name_en.split("; ")]
        name_ru = "; ".join(RUSSIAN_NAMES.get(part, part) for part in parts)
        name_ru = MOVED_OFF_RUSSIAN.format(name=name_ru) if kind == MOVED_OFF else name_ru
    return HolidayRow(day, kind, name_kk, name_ru, name_en, source)


def _worked_instead(name_en: str) -> dt.date | None:
    """The day that is worked for this day off, as the package writes it into the name."""
    found = SUBSTITUTED.search(name_en)
    return dt.date(int(found[3]), int(found[1]), int(found[2])) if found else None


def _worked_row(day: dt.date, free: dt.date | None) -> HolidayRow:
    names = ("Жұмыс күні", "Рабочий день", "Working day")
    if free:
        names = (
            f"Жұмыс күні ({free:%d.%m.%Y} орнына)",
            f"Рабочий день (вместо {free:%d.%m.%Y})",
            f"Working day (in place of {free:%d.%m.%Y})",
        )
    return HolidayRow(day, MOVED_WORK, *names, f"holidays {version('holidays')}")
