"""One table of the study as CSV and as JSON: each value as printed, corrected and recomputed, with status and notes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from common import csv_lines
from reports.study.contents import COLUMN, ROW, SECTION, WORD, Table, Words, notes, units

HEADER = (
    "row_key", "row", "column_key", "column", "unit", "printed", "corrected", "recomputed", "status", "note",
)  # fmt: skip


def as_csv(table: Table) -> Iterator[str]:
    return csv_lines.lines(HEADER, _rows(table))


def _rows(table: Table) -> Iterator[list[object]]:
    """In the language of the reader; the keys are the same in all."""
    for (row, column), value in table.cells.items():
        numbers = (value.printed, value.corrected, value.recomputed)
        told = dict.fromkeys((*table.row_notes.get(row, ()), *value.notes))
        yield [
            row,
            row_name(table, row),
            column,
            str(table.label(COLUMN, column)),
            value.unit,
            *([table.label(WORD, value.word), "", ""] if value.word else map(plain, numbers)),
            value.status.value,
            " ".join(str(notes()[key]) for key in told),
        ]


def row_name(table: Table, row: str) -> str:
    label = str(table.label(ROW, row))
    return f"{table.label(SECTION, row.split('/')[0])}: {label}" if "/" in row else label


def plain(number: Decimal | None) -> int | float | None:
    """A number of JSON and of a spreadsheet; its value is that of the printed digits."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def as_json(table: Table) -> dict[str, object]:
    """In all three languages."""
    met = dict.fromkeys(
        (
            *table.notes,
            *(key for keys in table.row_notes.values() for key in keys),
            *(key for value in table.cells.values() for key in value.notes),
        )
    )
    return {
        "table": table.key,
        "group": table.group,
        "source": {"kind": table.source.value, "number": table.printed_as},
        "title": spoken(table.title),
        "period": spoken(table.period),
        "taken_as_published": True,
        "checked_against_original_sources": False,
        "sha256_of_data_file": table.sha256,
        "units": {key: spoken(units()[key]) for key in dict.fromkeys(value.unit for value in table.cells.values())},
        "notes": {key: spoken(notes()[key]) for key in met},
        "table_notes": list(table.notes),
        "rows": [_row(table, row) for row in table.rows],
        "columns": [{"key": key, "name": spoken(table.label(COLUMN, key))} for key in table.columns],
        "values": list(_values(table)),
    }


def spoken(words: Words) -> dict[str, str]:
    return {"kk": words.kk, "ru": words.ru, "en": words.en}


def _row(table: Table, row: str) -> dict[str, object]:
    found: dict[str, object] = {"key": row, "name": spoken(table.label(ROW, row))}
    if "/" in row:
        found["section"] = spoken(table.label(SECTION, row.split("/")[0]))
    if row in table.row_notes:
        found["notes"] = list(table.row_notes[row])
    return found


def _values(table: Table) -> Iterator[dict[str, object]]:
    for (row, column), value in table.cells.items():
        yield {
            "row": row,
            "column": column,
            "unit": value.unit,
            "printed": value.word or plain(value.printed),
            "corrected": value.word or plain(value.corrected),
            "recomputed": plain(value.recomputed),
            "status": value.status.value,
            "notes": list(value.notes),
        }
