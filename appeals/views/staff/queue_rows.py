"""A row of the queue as the page shows it: names, term and marks beside the stored values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString

from appeals import sla, terms
from appeals.models import Channel, Outcome, Priority, Status
from appeals.selectors import names, queue
from appeals.selectors.queue import Clock, QueueRow
from appeals.views import term_views
from common.text import beginning
from ui import dates
from ui.badges import TermView
from ui.templatetags import ui

# A page shows the same few badges again and again; drawn once per word, the words differ by language.
badge = lru_cache(maxsize=1024)(ui.badge)
status_badge = lru_cache(maxsize=256)(ui.status_badge)
priority_badge = lru_cache(maxsize=64)(ui.priority_badge)
channel_label = lru_cache(maxsize=128)(ui.channel_label)

TITLE = 100
ALIKE = 25  # first letters by which a subject and a text are the same words

STATUS_LABELS = dict(Status.choices)
OUTCOME_LABELS = dict(Outcome.choices)
PRIORITY_LABELS = dict(Priority.choices)
CHANNEL_LABELS = dict(Channel.choices)


@dataclass(frozen=True)
class RowView:
    """One line of the table; `row` are the stored values."""

    row: QueueRow
    url: str
    status_label: str
    outcome_label: str
    priority_label: str
    channel_label: str
    topic: str
    area: str
    unit: str
    executor: str
    term: TermView
    received: str
    is_late: bool
    is_part: bool = False
    is_stood_in: bool = False  # the executor is somebody for whom the reader stands in

    @property
    def status_html(self) -> SafeString:
        return status_badge(self.row.status, self.status_label)

    @property
    def priority_html(self) -> SafeString:
        return priority_badge(self.row.priority, self.priority_label)

    @property
    def channel_html(self) -> SafeString:
        return channel_label(self.row.channel, self.channel_label)

    @property
    def term_html(self) -> SafeString:
        return badge(self.term.words, self.term.tone, self.term.icon)

    @property
    def place(self) -> str:
        return " · ".join(part for part in (self.topic, self.area) if part)

    @property
    def title(self) -> str:
        """What the line is called: its subject, else its topic, else how the text begins."""
        return self.row.subject or beginning(self.row.excerpt, TITLE) or self.topic

    @property
    def excerpt(self) -> str:
        """How the text begins, unless the line is called so already, be it after a greeting."""
        said = not self.row.subject or self.row.subject[:ALIKE].casefold() in self.row.excerpt.casefold()
        return "" if said else self.row.excerpt


def row_views(
    rows: Sequence[QueueRow], now: dt.datetime, parts: Collection[int] = (), lenders: Collection[int] = ()
) -> list[RowView]:
    """Two queries for the clocks of all rows; the names come from the kept tables."""
    clocks = queue.clocks([row.id for row in rows])
    departments, areas, topics, people = names.departments(), names.areas(), names.topics(), names.colleagues()
    views = []
    for row in rows:
        term = _term(row, clocks.get(row.id), now)
        topic, area = topics.get(row.topic_id or 0), areas.get(row.area_id or 0)
        unit, person = departments.get(row.department_id or 0), people.get(row.executor_id or 0)
        views.append(
            RowView(
                row=row,
                url=reverse("appeals:case", args=(row.number,)),
                status_label=str(STATUS_LABELS[row.status]),
                outcome_label=str(OUTCOME_LABELS.get(row.outcome, "")),
                priority_label=str(PRIORITY_LABELS[row.priority]),
                channel_label=str(CHANNEL_LABELS[row.channel]),
                topic=topic.name if topic else "",
                area=area.name if area else "",
                unit=unit.name if unit else "",
                executor=person.name if person else "",
                term=term,
                received=dates.relative(row.received_at, now),
                is_late=term.state == "overdue",
                is_part=row.id in parts,
                is_stood_in=row.executor_id in lenders,
            )
        )
    return views


def _term(row: QueueRow, clock: Clock | None, now: dt.datetime) -> TermView:
    if clock is None:
        return TermView(due_at=row.due_at)
    value = sla.Clock(
        unit=clock.unit,
        started_at=clock.started_at,
        due_at=clock.due_at,
        day_count=clock.day_count,
        pauses=tuple(sla.Pause(begun, ended) for begun, ended in clock.pauses),
        paused_at=clock.paused_at,
        stopped_at=clock.stopped_at,
    )
    return term_views.of_clock(value, now, terms.calendar())
