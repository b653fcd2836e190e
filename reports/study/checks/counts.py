"""Sums and comparisons of counts: totals of columns, of channels, of applicants, of outcomes, of the six sectors."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal

from reports.study.contents import Table, table
from reports.study.trends import is_year

Results = Iterator[tuple[str, str, Decimal | float | str]]
OUTCOMES = ("executed", "executed_late", "not_executed")
APPLICANTS = ("natural_persons", "legal_entities")
BY_CATEGORY = ("table-24", "table-26", "table-28")
BY_OUTCOME = ("table-25", "table-27", "table-29")


def results() -> Results:
    yield from _categories()
    yield from _outcomes()
    yield from _columns_of_years()
    yield from _akimat()
    yield from _text_of_1310()
    yield from _sectors_of_the_city()
    yield from _regions()
    yield from _strategy()


def total(source: Table, row: str, columns: tuple[str, ...]) -> Decimal:
    return sum((source.number(row, column) for column in columns), Decimal())


def parts(source: Table, column: str) -> Decimal:
    """The sum of a column without its own total."""
    numbers = [value.number for row, value in source.column_of(column).items() if row != "total"]
    return sum((number for number in numbers if number is not None), Decimal())


def years(source: Table) -> list[str]:
    return [key for key in (*source.columns, *source.rows) if is_year(key)]


def _categories() -> Results:
    for key in BY_CATEGORY:
        source = table(key)
        for year in years(source):
            yield key, f"total {year}", parts(source, year)
        yield key, "sum of printed shares", printed_sum(source, "share")


def printed_sum(source: Table, column: str) -> Decimal:
    printed = [value.printed for row, value in source.column_of(column).items() if row != "total"]
    return sum((number for number in printed if number is not None), Decimal())


def _outcomes() -> Results:
    for key in BY_OUTCOME:
        source = table(key)
        for year in source.rows:
            yield key, f"total {year} by applicant", total(source, year, APPLICANTS)
            yield key, f"total {year} by outcome", total(source, year, OUTCOMES)
    for key in ("table-27", "table-29"):
        source = table(key)
        for column in ("total", *APPLICANTS, *OUTCOMES):
            yield key, f"column total {column}", parts(source, column)


def _columns_of_years() -> Results:
    growth = [value.number for value in table("figure-18").column_of("appeals").values() if value.number is not None]
    grows = all(before < after for before, after in itertools.pairwise(growth))
    yield "figure-18", "appeals grow every year", "yes" if grows else "no"
    meetings = table("text-meetings").column_of("meetings")
    yearly = [value.number for row, value in meetings.items() if not row.endswith("total") and value.number is not None]
    yield "text-meetings", "meetings with residents 2019-2024", sum(yearly, Decimal())
    yield "text-figures", "divisions of the akimat", Decimal(3 + 17)  # of management and departments
    yield "table-31", "total 2023", _costs_of_2023()


def _costs_of_2023() -> Decimal:
    """From the mean that table 33 prints and the other four years; in print the comma of 4204,9 is lost."""
    others = [table("table-32").number("Y", year) for year in ("2020", "2021", "2022", "2024")]
    return 5 * table("table-33").printed("Y", "mean") - sum(others, Decimal())


def _akimat() -> Results:
    source = table("table-23")
    for year in source.columns:
        channels = ("written", "oral", "face_to_face")
        yield "table-23", f"total {year} by channel", _down(source, year, channels)
        yield "table-23", f"total {year} by applicant", _down(source, year, ("legal", "natural"))


def _down(source: Table, column: str, rows: tuple[str, ...]) -> Decimal:
    return sum((source.number(row, column) for row in rows), Decimal())


def _text_of_1310() -> Results:
    """What the text says of 1310 and 109 against the tables."""
    source = table("table-25")
    both = {column: parts(source, column) for column in source.columns}
    yield "table-25", "1310 received, said to be 2024", source.number("2024", "total")
    yield "table-25", "1310 executed", both["executed"]
    yield "table-25", "1310 late", both["executed_late"]
    for mention in ("first", "second"):
        yield "table-25", f"1310 not executed, {mention} mention", both["not_executed"]
    yield "table-25", "1310 natural persons", both["natural_persons"]
    yield "table-25", "1310 legal entities", both["legal_entities"]
    yield "table-25", "1310 total 2024, table 24 against table 25", source.number("2024", "total")
    years_of_109 = table("table-27")
    answered = years_of_109.number("total", "executed") + years_of_109.number("total", "executed_late")
    yield "table-27", "109 answered in time", answered


def _sectors_of_the_city() -> Results:
    source = table("table-22")
    sectors = tuple(column for column in source.columns if column != "total")
    for row in source.rows:
        yield "table-22", f"total {row}", total(source, row, sectors)


def _regions() -> Results:
    source = table("table-19")
    yield "table-19", "total received", parts(source, "received")
    yield "table-19", "total answered", parts(source, "answered")


def _strategy() -> Results:
    points = {row: value.number or Decimal() for row, value in table("space").column_of("value").items()}
    yield "space", "X = IS + CA", points["is"] + points["ca"]
    yield "space", "Y = FS + ES", points["fs"] + points["es"]
    # Strengths, opportunities, weaknesses and threats that table 47 lists in words.
    yield "space", "S + O", Decimal(10 + 8)
    yield "space", "W + T", Decimal(7 + 9)
