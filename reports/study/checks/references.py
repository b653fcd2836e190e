"""The list of recomputed quantities: printed value, recomputed value, method, whether it reproduces."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from reports.study.contents import Words, lines, notes, words


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_PRINTED = "na"  # nothing printed to compare with, or nothing published to compute with


@dataclass(frozen=True, slots=True)
class Reference:
    table: str
    quantity: Words
    printed: str
    recomputed: str
    tolerance: float | None
    method: Words
    verdict: Verdict
    reason: str  # why it is not recomputed here; empty where it is
    note: Words | None

    @property
    def place(self) -> tuple[str, str]:
        return self.table, self.quantity.en

    @property
    def is_covered(self) -> bool:
        return not self.reason


@cache
def references() -> list[Reference]:
    methods = {row["method"]: words(row) for row in lines("methods.csv")}
    return [
        Reference(
            table=row["table"],
            quantity=words(row, "quantity_"),
            printed=row["printed"],
            recomputed=row["recomputed"],
            tolerance=float(row["tolerance"]) if row["tolerance"] else None,
            method=methods[row["method"]],
            verdict=Verdict(row["reproduces"]),
            reason=row["not_covered"],
            note=notes()[row["note"]] if row["note"] else None,
        )
        for row in lines("reference.csv")
    ]


@cache
def reasons() -> dict[str, Words]:
    return {row["reason"]: words(row) for row in lines("reasons.csv")}
