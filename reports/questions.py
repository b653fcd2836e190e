"""What a page, a download or a program asks: period, filters, by what to tell apart; read from an address and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import periods, sources
from reports.dimensions import PUBLIC
from reports.figures import ALL, Filters
from reports.periods import Period

OWN = "own"
USUAL = "30-days"
# What an address says: the name of the dimension, and these.
PERIOD, FROM, TO, BY = "period", "from", "to", "by"
# The days that stood in the form when it was sent: others typed over them are meant, whatever the list above says.
STOOD = "days"

PRESETS: Mapping[str, tuple[object, Callable[[dt.date], Period]]] = {
    "today": (gettext_lazy("Today"), periods.today),
    "7-days": (gettext_lazy("7 days"), lambda now: periods.last_days(now, 7)),
    "30-days": (gettext_lazy("30 days"), lambda now: periods.last_days(now, 30)),
    "month": (gettext_lazy("This month"), lambda now: Period(periods.month(now).start, now)),
    "last-month": (gettext_lazy("Last month"), lambda now: periods.month(now).previous()),
    "quarter": (gettext_lazy("This quarter"), lambda now: Period(periods.quarter(now).start, now)),
    "year": (gettext_lazy("This year"), lambda now: Period(periods.year(now).start, now)),
    "last-year": (pgettext_lazy("calendar year", "Last year"), lambda now: periods.year(now).a_year_earlier()),
    "12-months": (gettext_lazy("12 months"), lambda now: Period(periods.last_months(now, 12).start, now)),
}


@dataclass(frozen=True)
class Option:
    """What a report lets be chosen beside period and filters; the first of its values is the usual one."""

    slug: str
    title: str | Promise
    values: Mapping[str, str | Promise]

    @property
    def usual(self) -> str:
        return next(iter(self.values))


@dataclass(frozen=True)
class Question:
    """A question as it was understood. `preset` is how the period was named, empty for days of one's own.

    `options` are those choices of a report that are not the usual ones.
    """

    period: Period
    filters: Filters = ALL
    by: str = ""
    preset: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def during(self, period: Period, preset: str = "") -> Question:
        return replace(self, period=period, preset=preset)

    def narrowed(self, slugs: tuple[str, ...]) -> Question:
        """With those filters alone that a report knows."""
        kept = {slug: key for slug, key in self.filters.set.items() if slug in slugs}
        return replace(self, filters=Filters(**kept))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Asked:
    """The question, and what of the address was not understood: name of the part -> what is wrong with it."""

    question: Question
    wrong: Mapping[str, str] = field(default_factory=dict)


def usual(preset: str = USUAL) -> Question:
    return Question(preset_period(preset), preset=preset)


def preset_period(preset: str) -> Period:
    return PRESETS[preset][1](timezone.localdate())


def read(query: Mapping[str, str], preset: str = USUAL, options: Sequence[Option] = ()) -> Asked:
    """Whatever can be understood; the rest is named, and the question is asked without it."""
    wrong: dict[str, str] = {}
    period, named = _period(query, preset, wrong)
    chosen = {slug: _key(slug, query[slug], wrong) for slug in PUBLIC if query.get(slug)}
    filters = Filters(**{slug: key for slug, key in chosen.items() if key is not None})  # type: ignore[arg-type]
    by = query.get(BY, "")
    if by and by not in PUBLIC:
        wrong[BY] = _("Figures cannot be told apart by that.")
        by = ""
    return Asked(Question(period, filters, by, named, _options(query, options, wrong)), wrong)


def written(question: Question, *, fixed: bool = False) -> dict[str, str]:
    """The parts of an address that ask it; `fixed` names the days, so that the answer stays about them."""
    parts: dict[str, str] = {}
    if question.preset and not fixed:
        parts[PERIOD] = question.preset
    else:
        parts |= {FROM: question.period.start.isoformat(), TO: question.period.end.isoformat()}
    for slug, key in question.filters.set.items():
        parts[slug] = sources.by_key(slug)[key].slug
    return parts | ({BY: question.by} if question.by else {}) | dict(question.options)


def address(question: Question, *, fixed: bool = False) -> str:
    return urlencode(written(question, fixed=fixed))


def _options(query: Mapping[str, str], options: Sequence[Option], wrong: dict[str, str]) -> dict[str, str]:
    chosen = {}
    for option in options:
        value = query.get(option.slug) or option.usual
        if value not in option.values:
            wrong[option.slug] = _("“%(value)s” is not known here.") % {"value": value[:60]}
        elif value != option.usual:
            chosen[option.slug] = value
    return chosen


def _key(slug: str, value: str, wrong: dict[str, str]) -> int | str | None:
    found = sources.by_slug(slug).get(value)
    if found is None:
        wrong[slug] = _("“%(value)s” is not known here.") % {"value": value[:60]}
        return None
    return found.key


def _period(query: Mapping[str, str], preset: str, wrong: dict[str, str]) -> tuple[Period, str]:
    named = query.get(PERIOD, "")
    if query.get(STOOD, days_of(query)) != days_of(query):
        named = OWN
    if named == OWN or (not named and (query.get(FROM) or query.get(TO))):
        own = _own_days(query, wrong)
        return (own, "") if own else (preset_period(preset), preset)
    if named and named not in PRESETS:
        wrong[PERIOD] = _("“%(value)s” is not known here.") % {"value": named[:60]}
        named = ""
    return preset_period(named or preset), named or preset


def days_of(query: Mapping[str, str]) -> str:
    return f"{query.get(FROM, '')}/{query.get(TO, '')}"


def _own_days(query: Mapping[str, str], wrong: dict[str, str]) -> Period | None:
    start, end = _day(query, FROM, wrong), _day(query, TO, wrong)
    if start is None or end is None:
        return None
    if start > end:
        wrong[TO] = _("The last day is before the first one.")
        return None
    return Period(start, end)


def _day(query: Mapping[str, str], name: str, wrong: dict[str, str]) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(query.get(name, "").strip())
    except ValueError:
        wrong[name] = _("Give a day, such as 2026-11-01.")
        return None
    if not periods.FIRST_DAY <= day <= timezone.localdate().replace(month=12, day=31):
        wrong[name] = _("Give a day from the year 2000 to the end of this year.")
        return None
    return day
