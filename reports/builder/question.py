"""What is asked: read from an address, told back as one, and refused in words where it makes no sense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports import figures, periods, sources
from reports.dictionary import metrics
from reports.dimensions import PUBLIC
from reports.figures import Filters
from reports.periods import Period
from ui.widgets import DateInput

GRAINS = {"day": _("Day"), "week": _("Week"), "month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
ORDERS = [
    ("", _("As in the list")), ("name", _("By name")), ("most", _("Largest first")), ("least", _("Smallest first")),
]  # fmt: skip
MOST_MEASURES = 8
MOST_STRETCHES = 60  # each is a question of its own to the database
LONGEST_QUERY = 1000
FARTHEST_AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True)
class Question:
    rows: str
    columns: str
    measures: tuple[str, ...]
    period: Period
    filters: Filters
    order: str
    query: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(one for one in (self.rows, self.columns) if one and one not in GRAINS)

    @property
    def grain(self) -> str:
        return next((one for one in (self.rows, self.columns) if one in GRAINS), "")

    @property
    def asked(self) -> Period:
        """The days that the answer is about: where only months are kept, the period is widened to them."""
        return self.actual(self.period)

    def actual(self, period: Period) -> Period:
        return figures.actual_period(period, self.filters, *self.dimensions)


def _axes() -> list[tuple[Any, Any]]:
    return [(_("Property"), [(slug, sources.TITLES[slug]) for slug in PUBLIC]), (_("Time"), list(GRAINS.items()))]


class QuestionForm(forms.Form):
    rows = forms.ChoiceField(label=pgettext_lazy("of a table", "Rows"))
    columns = forms.ChoiceField(label=_("Columns"), required=False)
    m = forms.MultipleChoiceField(
        label=_("Figures"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose a figure.")}
    )
    start = forms.DateField(label=_("From"), widget=DateInput)
    end = forms.DateField(label=_("To"), widget=DateInput)
    order = forms.ChoiceField(label=_("Order of the rows"), required=False, choices=ORDERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._field("rows").choices = _axes()
        self._field("columns").choices = [("", _("None")), *_axes()]
        self._field("m").choices = [(entry.key, entry.name) for entry in metrics()]
        for slug in PUBLIC:
            self.fields[slug] = forms.ChoiceField(
                label=sources.TITLES[slug],
                required=False,
                choices=[("", _("All")), *sources.offered(slug, retired=True)],
            )

    def _field(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if len(values.get("m", [])) > MOST_MEASURES:
            self.add_error("m", _("Choose no more than %(count)d figures.") % {"count": MOST_MEASURES})
        rows, columns = values.get("rows"), values.get("columns")
        if rows and rows == columns:
            self.add_error("columns", _("Rows and columns must differ."))
        elif rows in GRAINS and columns in GRAINS:
            self.add_error("columns", _("Time can stand in the rows or in the columns, not in both."))
        start, end = values.get("start"), values.get("end")
        if start and end and start > end:
            self.add_error("end", _("The period ends before it begins."))
        elif start and start < periods.FIRST_DAY:
            self.add_error("start", _("Choose a later day."))
        elif end and end > timezone.localdate() + FARTHEST_AHEAD:
            self.add_error("end", _("Choose an earlier day."))
        if not self.errors:
            self._check_together()
        return values

    def _check_together(self) -> None:
        question = self.question()
        spans = stretches(question) if question.grain else []
        if question.grain in ("day", "week") and any(question.actual(one) != one for one in spans[:1]):
            self.add_error(
                None, _("Here figures are kept by months only. Choose months, a later period or fewer filters.")
            )
        elif len(spans) > MOST_STRETCHES:
            self.add_error(None, _("The period has too many days or weeks for a table. Choose a longer step."))

    def question(self) -> Question:
        """Of a form without errors."""
        values = self.cleaned_data
        keys = {
            slug: sources.by_slug(slug)[values[slug]].key for slug in PUBLIC if values.get(slug)
        }  # the form has refused what is not there
        return Question(
            rows=values["rows"],
            columns=values.get("columns") or "",
            measures=tuple(values["m"]),
            period=Period(values["start"], values["end"]),
            filters=Filters(**keys),  # type: ignore[arg-type]  # the key of each dimension is of its own type
            order=values.get("order") or "",
            query=_query(values),
        )


def _query(values: dict[str, Any]) -> str:
    """The same question always has the same address."""
    query = QueryDict(mutable=True)
    for name in ("rows", "columns"):
        if values.get(name):
            query[name] = values[name]
    query.setlist("m", values["m"])
    query["start"], query["end"] = values["start"].isoformat(), values["end"].isoformat()
    for name in (*PUBLIC, "order"):
        if values.get(name):
            query[name] = values[name]
    return query.urlencode()


def stretches(question: Question) -> list[Period]:
    """The days, weeks, months ... that the question tells apart; those to come are left out."""
    grain = question.grain
    found: list[Period] = []
    day, last = question.asked.start, min(question.asked.end, timezone.localdate())
    while day <= last and len(found) <= MOST_STRETCHES:
        span = periods.today(day) if grain == "day" else getattr(periods, grain)(day)
        found.append(Period(max(span.start, question.asked.start), min(span.end, question.asked.end)))
        day = span.end + periods.ONE_DAY
    return found


def first_question() -> dict[str, Any]:
    """What the page opens with: this year's appeals by sector."""
    today = timezone.localdate()
    return {"rows": "sector", "m": ["received", "kept_share"], "start": periods.year(today).start, "end": today}


def active_filters(question: Question) -> Sequence[tuple[str, str]]:
    """The filters in words."""
    return [(str(sources.TITLES[slug]), sources.name(slug, key)) for slug, key in question.filters.set.items()]
