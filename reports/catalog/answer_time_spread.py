"""How answer times are spread: so many answers took so many days, with the percentiles marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, wording
from reports.building import counted_period, notes_of
from reports.dictionary import Metric, metric
from reports.figures import Figure
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report

LONGEST = 30  # days that have a column of their own; what took longer stands together
FEWEST = 10  # of fewer answers a spread would tell how long a single one took
SO_FAR = "answered.so_far"
MARKED = ("answer_days_median", "answer_days_p90")


@report(
    "answer-time-spread",
    title=gettext_lazy("How answer times are spread"),
    lead=gettext_lazy("How many answers took how many calendar days; half of them and nine of ten are marked."),
    metrics=("answered",),
    preset="12-months",
)
def answer_time_spread(entry: Report, asked: Question) -> Table:
    """From the very distribution that the percentiles are read from."""
    spread = figures.answer_days(asked.period, asked.filters)
    is_enough = sum(spread.values()) >= FEWEST
    marks = [metric(key) for key in MARKED] if is_enough else []
    note = _("Days from the filing, or from the reopening for a second look, to the answer. Of fewer than %(count)s "
             "answers no spread is shown.") % {"count": FEWEST}  # fmt: skip
    return Table(
        question=asked,
        title=entry.title,
        head=_("Calendar days to the answer"),
        columns=[column("answered"), column(SO_FAR, _("Answers within so many days"), of="answered", note=_("all "
                 "answers that took no longer"))],
        rows=list(_rows(spread)) if is_enough else [],
        chart=Chart.COLUMNS,
        drawn=("answered",),
        told=[_told(each, spread) for each in marks],
        notes=[note, *notes_of(asked)],
        counted=counted_period(asked),
        marks={_slug(_days(each, spread)): _mark(each, spread) for each in reversed(marks)},
    )  # fmt: skip


def _rows(spread: Mapping[int, int]) -> Iterator[Row]:
    entry, so_far = metric("answered"), 0
    for day in range(min(max(spread), LONGEST + 1) + 1):
        is_last = day > LONGEST
        count = sum(found for days, found in spread.items() if days >= day) if is_last else spread.get(day, 0)
        so_far += count
        found = {"answered": Figure(entry, count, count), SO_FAR: Figure(entry, so_far, so_far)}
        yield Row(day, _slug(day), f"> {LONGEST}" if is_last else str(day), found)


def _slug(day: int) -> str:
    return f"more-than-{LONGEST}" if day > LONGEST else str(day)


def _days(entry: Metric, spread: Mapping[int, int]) -> int:
    return figures.percentile(spread, entry.share) or 0


def _figure(entry: Metric, spread: Mapping[int, int]) -> Figure:
    return Figure(entry, _days(entry, spread), sum(spread.values()))


def _told(entry: Metric, spread: Mapping[int, int]) -> str:
    return f"{entry.name}: {wording.value(_figure(entry, spread))}."


def _mark(entry: Metric, spread: Mapping[int, int]) -> str:
    words = _("half: %(days)s") if entry.share == 50 else _("nine of ten: %(days)s")
    return words % {"days": wording.value(_figure(entry, spread))}
