"""The load of officials by unit: how many answered, the median and the largest number of answers. Nobody is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import disclosure, figures
from reports.building import counted_period, notes_of, rows_of, veiled
from reports.cells import hide_counts
from reports.dictionary import Unit, metric
from reports.figures import Figure, Key
from reports.questions import Question
from reports.tables import Chart, Column, Report, Row, Table, column, report

OFFICIALS, MEDIAN, MOST = LOAD = ("answered.officials", "answered.median", "answered.most")
FEWEST = 3  # officials: the load of one is his own, and of two each knows the other's


@report(
    "officials-load",
    title=gettext_lazy("Load of officials"),
    lead=gettext_lazy("How many officials of each unit answered, and how the answers are spread among them."),
    metrics=("answered",),
    filters=("department",),
    dimensions=("department",),
)
def officials_load(entry: Report, asked: Question) -> Table:
    """Answers that no official gave (a consultation on the line) are not among them."""
    cells = figures.by_two(["answered"], asked.period, "department", "executor", asked.filters, exact=True)
    units: dict[Key, list[int]] = {}
    people: dict[Key, int] = {}
    for (unit, person), found in cells.items():
        if person and (count := found["answered"].numerator):
            units.setdefault(unit, []).append(count)
            people[person] = people.get(person, 0) + count
    columns = _columns()
    counted = _protected(units)
    rows = [_renamed(row, counted[row.key]) for row in rows_of(asked, "department", _plain(counted), columns[:1])]
    rows.sort(key=lambda row: (row.slug == "none", -row.figures[MEDIAN].numerator))
    return Table(
        question=asked,
        title=entry.title,
        head=_("Unit"),
        columns=columns,
        rows=rows,
        total=Row("", "total", _("All together"), _total(list(people.values()), asked)),
        chart=Chart.BARS,
        drawn=(MEDIAN,),
        notes=notes_of(
            asked, "department", "executor",
            notes=(
                _("Names are not shown. Load is a number of answers; how hard they were it does not say."),
                _("Of fewer than %(count)s officials no load is shown: it would be that of a person.")
                % {"count": FEWEST},
            ),
        ),
        dimension="department",
        counted=counted_period(asked, "department", "executor"),
    )  # fmt: skip


def _columns() -> Sequence[Column]:
    return (
        column("answered", _("Answers given by officials")),
        column(OFFICIALS, _("Officials who answered"), of="answered", unit=Unit.OFFICIALS,
               note=_("How many different officials gave final answers in the period.")),
        column(MEDIAN, _("Answers of an official, median"), of="answered",
               note=_("Half of the officials who answered gave no more answers than this (nearest rank).")),
        column(MOST, _("Answers of the most loaded official"), of="answered",
               note=_("The largest number of answers that one official gave in the period.")),
    )  # fmt: skip


def _protected(units: Mapping[Key, Sequence[int]]) -> Mapping[Key, Mapping[str, Figure]]:
    """Without the load of a few officials, and the figures of a few answers; nor what would give them away."""
    few = hide_counts({unit: len(counts) for unit, counts in units.items()}, fewest=FEWEST)
    small = disclosure.hidden({unit: sum(counts) for unit, counts in units.items()}, ("department",))
    found = {}
    for unit, counts in units.items():
        keys = {*(LOAD if unit in few or unit in small else ()), *(("answered",) if unit in small else ())}
        found[unit] = veiled(_figures(counts), keys)
    return found


def _total(counts: Sequence[int], asked: Question) -> Mapping[str, Figure]:
    """Of the whole city, or of the one unit that was asked for."""
    is_small = bool(asked.filters.set) and bool(disclosure.hidden({"": sum(counts)}, adds_up=False))
    keys = {*(LOAD if 0 < len(counts) < FEWEST else ()), *(("answered",) if is_small else ())}
    return veiled(_figures(counts), keys)


def _figures(counts: Sequence[int]) -> Mapping[str, Figure]:
    spread: dict[int, int] = {}
    for count in counts:
        spread[count] = spread.get(count, 0) + 1
    values = {
        "answered": sum(counts),
        OFFICIALS: len(counts),
        MEDIAN: figures.percentile(spread, 50) or 0,
        MOST: max(counts, default=0),
    }
    return {key: Figure(metric("answered"), value, value) for key, value in values.items()}


def _plain(counted: Mapping[Key, Mapping[str, Figure]]) -> Mapping[Key, Mapping[str, Figure]]:
    return {key: {"answered": found["answered"]} for key, found in counted.items()}


def _renamed(row: Row, found: Mapping[str, Figure]) -> Row:
    return Row(row.key, row.slug, row.label, found, row.question)
