"""A report of the catalogue and the table that it answers with: page, picture, CSV, JSON and API show only this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.registry import Registry
from reports.dictionary import Metric, Unit, entry
from reports.dimensions import PUBLIC
from reports.disclosure import fewest
from reports.figures import Figure, Key
from reports.periods import Period
from reports.questions import Option, Question

Words = str | Promise


class Chart(StrEnum):
    """How a table is drawn."""

    TILES = "tiles"  # the first row in large figures, the other rows to compare with
    BARS = "bars"  # one column, a bar for each row
    RANGES = "ranges"  # a share in its range beside what was expected, a line for each row that is placed
    STACKED = "stacked"  # shares of one whole, a bar for each row
    LINES = "lines"  # columns as lines over time
    COLUMNS = "columns"  # one column over time, or a distribution
    MAP = "map"  # one column on the map of the city sectors
    TABLE = "table"


@dataclass(frozen=True)
class Column:
    """A column: a metric, and what sets it apart when a table has the same metric twice.

    `note` and `unit` stand where the column says something else than the metric alone: the median of its counts.
    `url` leads to what the figure means; of a metric that is its page in the dictionary. `beside` is the key of the
    column that it is compared with: a line takes its colour and is dashed.
    """

    key: str
    metric: Metric
    title: Words
    note: Words = ""
    unit: Unit | None = None
    url: str = ""
    beside: str = ""

    @property
    def counted_in(self) -> Unit:
        return self.unit or self.metric.unit

    @property
    def name(self) -> Words:
        """Of the figure itself: the title may say of which period it is."""
        return self.title if self.note else self.metric.name

    @property
    def meaning(self) -> Words:
        return self.note or self.metric.definition


def column(
    key: str, title: Words = "", *, of: str = "", note: Words = "", unit: Unit | None = None, beside: str = ""
) -> Column:
    """The column of a metric: `column("received")`; a second one of it has a key and a title of its own."""
    told = entry(of or key)
    return Column(key, told, title or told.name, note, unit, beside=beside)


@dataclass(frozen=True)
class Row:
    """A row: what it is about (`key` as the database has it, `slug` as addresses do) and its figures by column.

    `question` asks for this row alone; `url` is a page of its own that it has.
    """

    key: Key
    slug: str
    label: str
    figures: Mapping[str, Figure]
    question: Question | None = None
    url: str = ""


@dataclass(frozen=True)
class Table:
    """The answer. `drawn` names the columns that the chart shows; `head` says what the rows are."""

    question: Question
    title: Words
    head: Words
    columns: Sequence[Column]
    rows: Sequence[Row]
    chart: Chart
    drawn: Sequence[str]
    total: Row | None = None
    told: Sequence[Words] = ()  # what the table says, in sentences
    notes: Sequence[Words] = ()
    dimension: str = ""
    counted: Period | None = None  # the days that the answer is about, where they are not those that were asked for
    grain: str = ""  # of rows that are stretches of time; their slug is then their first day
    marks: Mapping[str, Words] = field(default_factory=dict)  # rows that are marked in the chart, with what they are
    left_out: Sequence[str] = ()  # filters that were asked for and that the report does not know

    @property
    def period(self) -> Period:
        return self.counted or self.question.period

    @cached_property
    def is_empty(self) -> bool:
        """Nothing at all was counted: there is nothing to draw."""
        if self.told:
            return False
        rows = [*self.rows, *([self.total] if self.total else [])]
        return not any(found.is_counted for row in rows for found in row.figures.values())

    @cached_property
    def has_hidden(self) -> bool:
        """Whether a figure is kept back to protect people."""
        rows = [*self.rows, *([self.total] if self.total else [])]
        return any(found.is_hidden for row in rows for found in row.figures.values())

    @cached_property
    def shown(self) -> Sequence[Column]:
        """The columns of the chart."""
        return [each for each in self.columns if each.key in self.drawn]


@dataclass(frozen=True)
class Report:
    """An entry of the catalogue: what it tells, which metrics it reads, by what it may be narrowed and told apart."""

    slug: str
    title: Words
    lead: Words
    metrics: Sequence[str]
    answer: Callable[[Report, Question], Table]
    filters: tuple[str, ...] = PUBLIC
    dimensions: tuple[str, ...] = ()
    preset: str = ""
    options: tuple[Option, ...] = ()
    do_not_call_in_templates: ClassVar = True

    def __call__(self, asked: Question) -> Table:
        """The table; filters that the report does not know are left out, and so is a dimension that is not its own."""
        left_out = tuple(slug for slug in asked.filters.set if slug not in self.filters)
        known = {option.slug for option in self.options}
        options = {slug: value for slug, value in asked.options.items() if slug in known}
        narrowed = replace(asked.narrowed(self.filters), options=options)
        table = replace(self.answer(self, narrowed), left_out=left_out)
        return replace(table, notes=[*table.notes, hidden_note()]) if table.has_hidden else table

    def option(self, asked: Question, slug: str) -> str:
        """What was chosen of an option of this report, or its usual value."""
        usual = next(option.usual for option in self.options if option.slug == slug)
        return asked.options.get(slug, usual)

    def dimension(self, asked: Question) -> str:
        """By what the rows are told apart: as asked, or as the report does of itself."""
        if asked.by in self.dimensions:
            return asked.by
        return self.dimensions[0] if self.dimensions else ""


def hidden_note() -> str:
    words = _("Hidden is what is about fewer than %(fewest)s appeals, and what would give that away by subtracting.")
    return words % {"fewest": fewest()}


reports: Registry[Report] = Registry("report")
Answer = Callable[[Report, Question], Table]


def report(
    slug: str,
    *,
    title: Words,
    lead: Words = "",
    metrics: Sequence[str],
    filters: tuple[str, ...] = PUBLIC,
    dimensions: tuple[str, ...] = (),
    preset: str = "",
    options: tuple[Option, ...] = (),
) -> Callable[[Answer], Report]:
    """Put a function into the catalogue. Every metric named must stand in the dictionary."""

    def keep(answer: Answer) -> Report:
        for key in metrics:
            entry(key)
        made = Report(slug, title, lead, tuple(metrics), answer, filters, dimensions, preset, options)
        return reports.register(slug)(made)

    return keep
