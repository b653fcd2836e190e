"""Make rows about appeals so coarse that at least K of them are alike in every column. Pure rules.

A row is known to its outside by more than a release means to tell: the public list of requests shows day, topic, city
sector and ending of each. So no column is trusted to be unknown: all of them together have to be shared. Whoever knows
everything that is published about one appeal still finds it among K alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.cells import K

K_ABOUT_STAFF = 10  # complaints about officials: few, easily guessed, and there are two people to protect
ANY = "*"
STAFF_COMPLAINT = "staff_complaint"
COLUMNS = (
    "period", "area", "sector", "topic", "channel", "category", "applicant", "regime", "language", "term",
    "answer_days", "ending", "verdict", "disputed",
)  # fmt: skip
PLACE = {name: place for place, name in enumerate(COLUMNS)}

Row = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One coarsening: what stands in the column afterwards, and how the page says it."""

    column: str
    becomes: Callable[[str], str]
    words: str | Promise


def hidden(_value: str) -> str:
    return ANY


def quarter_of(period: str) -> str:
    """A month such as 2026-09 becomes 2026-Q3; a quarter stays one."""
    year, _dash, rest = period.partition("-")
    return period if rest.startswith("Q") else f"{year}-Q{(int(rest) + 2) // 3}"


# The order is part of the published method: what is asked for least is given up first.
STEPS: tuple[Step, ...] = (
    Step("language", hidden, _("language: not told")),
    Step("applicant", hidden, _("applicant: not told")),
    Step("topic", hidden, _("topic: only its sector")),
    Step("answer_days", hidden, _("days to the answer: not told")),
    Step("period", quarter_of, _("month: its quarter")),
    Step("verdict", hidden, _("judgement of the answer: not told")),
    Step("category", hidden, _("category: not told")),
    Step("channel", hidden, _("channel: not told")),
    Step("area", hidden, _("city sector: the whole city")),
    Step("disputed", hidden, _("dispute: not told")),
    Step("term", hidden, _("term: not told")),
    Step("ending", hidden, _("ending: not told")),
    Step("sector", hidden, _("sector: not told")),
    Step("regime", hidden, _("legal regime: not told")),
)
# The public list tells these of every appeal, by its number.
PUBLIC_LIST = ("period", "area", "sector", "topic", "regime", "term", "answer_days", "ending", "disputed")


@dataclass(frozen=True)
class Sensitive:
    """Values that nobody may learn of somebody because all who are like him have them. `seen` are the columns by which
    it is known who is like him; `given_up` is what goes where all are alike: a row without it must not stand out.
    """

    column: str
    values: frozenset[str]
    seen: tuple[str, ...]
    given_up: tuple[str, ...]


SENSITIVE: tuple[Sensitive, ...] = (
    Sensitive("category", frozenset({STAFF_COMPLAINT}), PUBLIC_LIST, ("category", "channel")),
    Sensitive(
        "verdict",
        frozenset({"solved", "partly", "not_solved"}),
        tuple(column for column in COLUMNS if column != "verdict"),
        ("verdict",),
    ),
)
# Where complaints about officials begin, however many of them are alike.
ABOUT_STAFF = ("topic", "period", "area", "verdict", "answer_days", "language", "applicant")


@dataclass(frozen=True)
class Released:
    """What may go out: how often each row occurs, how many appeals stay at home, and at which step rows became safe."""

    rows: Mapping[Row, int]
    suppressed: int = 0
    coarsened: Mapping[str, int] = field(default_factory=dict)
    all_alike: int = 0  # appeals that lost a sensitive column because everybody like them had the same in it

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def needed(row: Row) -> int:
    """How many must be alike."""
    return K_ABOUT_STAFF if row[PLACE["category"]] == STAFF_COMPLAINT else K


def coarse_about_staff(row: Row) -> Row:
    """The row of a complaint about an official before anything is counted."""
    for step in STEPS:
        if step.column in ABOUT_STAFF:
            row = _coarsened(row, step)
    return row


def deidentify(counted: Mapping[Row, int]) -> Released:
    """Coarsen what is rare, step by step in the fixed order; what is rare to the end is left out and only counted."""
    safe: Counter[Row] = Counter()
    coarsened: dict[str, int] = {}
    rare = _split(counted, safe)
    for step in STEPS:
        if not rare:
            break
        before = sum(rare.values())
        merged: Counter[Row] = Counter()
        for row, count in rare.items():
            merged[_coarsened(row, step)] += count
        rare = _split(merged, safe)
        coarsened[step.column] = before - sum(rare.values())
    rows, all_alike = _diverse(safe)
    return Released(rows, sum(rare.values()), coarsened, all_alike)


def all_alike(rows: Mapping[Row, int], rule: Sensitive) -> list[Row]:
    """Rows of groups, as `seen`, that tell one sensitive value of everybody in them."""
    groups: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[PLACE[column]] for column in rule.seen)].append(row)
    found = []
    for members in groups.values():
        values = {row[PLACE[rule.column]] for row in members}
        if len(values) == 1 and values <= rule.values:
            found += members
    return found


def _diverse(safe: Mapping[Row, int]) -> tuple[dict[Row, int], int]:
    """Give the sensitive column up wherever all are alike in it; rows that become the same are added up."""
    rows, given_up = dict(safe), 0
    for rule in SENSITIVE:
        for row in all_alike(rows, rule):
            count = rows.pop(row)
            given_up += count
            coarser = tuple(ANY if name in rule.given_up else told for name, told in zip(COLUMNS, row, strict=True))
            rows[coarser] = rows.get(coarser, 0) + count
    return rows, given_up


def _split(counted: Mapping[Row, int], safe: Counter[Row]) -> dict[Row, int]:
    """Move what is frequent enough, or joins what already is, to the safe rows; returns the others."""
    rare = {}
    for row, count in counted.items():
        if row in safe or count >= needed(row):
            safe[row] += count
        else:
            rare[row] = count
    return rare


def _coarsened(row: Row, step: Step) -> Row:
    place = PLACE[step.column]
    return (*row[:place], step.becomes(row[place]), *row[place + 1 :])


ANSWER_DAYS: tuple[tuple[int, str], ...] = ((3, "0-3"), (7, "4-7"), (15, "8-15"), (30, "16-30"))
LATER, NO_ANSWER = "31+", "none"


def answer_class(days: int | None) -> str:
    """Days in classes, so that two known dates do not find the row; a word of its own where nobody has answered."""
    if days is None:
        return NO_ANSWER
    return next((label for most, label in ANSWER_DAYS if days <= most), LATER)
