"""A document with everything that a document may hold."""

from __future__ import annotations

import datetime as dt

from reports.documents.model import Cell, Column, Definition, Document, Kind, Row, Seal, Section, Table

LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
COLUMNS = (
    Column("name", "Санаты"),
    Column("received", "Түскені", Kind.NUMBER, "received"),
    Column("on_time", "Мерзімінде", Kind.SHARE, "on_time_share"),
)


def share(part: int, whole: int) -> Cell:
    if not whole:
        return Cell("–", None, part, whole)
    return Cell(f"{part / whole:.1%}".replace(".", ",").replace("%", "\u00a0%"), part / whole, part, whole)


def sample(language: str = "kk", *, received: int = 1234, extra: tuple[Row, ...] = ()) -> Document:
    rows = (
        Row("1310", (Cell(f"1310 {LETTERS}"), Cell("1234", received), share(89, 100))),
        Row("evil", (Cell("=1+1 *b* #x $y$"), Cell("0", 0), share(0, 0))),
        *extra,
        Row("total", (Cell("Барлығы"), Cell("1234", received), share(89, 100)), is_total=True),
    )
    tables = (Table("channels", "Арналар: түскен өтініштер", COLUMNS, rows, note="Ескертпе мәтіні"),)
    return Document(
        form="weekly-akim",
        title="Апталық есеп",
        subtitle="Әкімге",
        period="2026 жылғы 16–22 қараша",
        starts_on="2026-11-16",
        ends_on="2026-11-22",
        language=language,
        sections=(Section("Арналар", tables, text="Бөлім мәтіні"),),
        notes=("Бір ескертпе",),
        definitions=(Definition("received", "Түскені", "Кезеңде түскен өтініштер саны.", "Дереккөз", "1"),),
    )


def seal(version: int = 1) -> Seal:
    made = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
    return Seal("ABCD2345", "https://hub.example.kz/reports/check/ABCD2345/", "f" * 64, version, made)
