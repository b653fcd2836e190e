"""What a visitor chooses on the pages of the ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports import periods
from reports.periods import Period
from reports.ranking.reading import CATEGORIES, KINDS, MEASURES, MIXES, UNITS, Asked, Words

USUAL = "12-months"
PERIODS: Mapping[str, tuple[Words, Callable[[dt.date], Period]]] = {
    USUAL: (_("12 months"), lambda now: Period(periods.last_months(now, 12).start, now)),
    "quarter": (_("This quarter"), lambda now: Period(periods.quarter(now).start, now)),
    "90-days": (_("90 days"), lambda now: periods.last_days(now, 90)),
    "last-year": (pgettext_lazy("calendar year", "Last year"), lambda now: periods.year(now).a_year_earlier()),
}
DEFAULTS = {"figure": next(iter(MEASURES)), "kind": UNITS, "mix": CATEGORIES, "period": USUAL}


class RankingForm(forms.Form):
    """Whatever is not understood is the usual: the page never refuses a reader."""

    figure = forms.ChoiceField(label=_("Figure"), choices=[(key, row.name) for key, row in MEASURES.items()])
    kind = forms.ChoiceField(label=_("Bodies"), choices=list(KINDS.items()))
    mix = forms.ChoiceField(label=_("Mix taken into account"), choices=list(MIXES.items()))
    period = forms.ChoiceField(label=_("Period"), choices=[(key, words) for key, (words, _made) in PERIODS.items()])

    def __init__(self, query: QueryDict) -> None:
        super().__init__({name: query.get(name) or usual for name, usual in DEFAULTS.items()})

    def chosen(self) -> dict[str, str]:
        """The parts of an address that ask the same; those that are usual are left out."""
        values = self._values()
        return {name: value for name, value in values.items() if value != DEFAULTS[name]}

    def asked(self) -> Asked:
        values = self._values()
        period = PERIODS[values["period"]][1](timezone.localdate())
        return Asked(MEASURES[values["figure"]], period, values["kind"], values["mix"])

    def _values(self) -> dict[str, str]:
        self.full_clean()
        cleaned: dict[str, Any] = self.cleaned_data
        self._errors = None
        return {name: cleaned.get(name, usual) for name, usual in DEFAULTS.items()}


class PairForm(forms.Form):
    """Two bodies of the ranking."""

    one = forms.TypedChoiceField(label=_("One body"), coerce=int)
    other = forms.TypedChoiceField(label=_("The other body"), coerce=int)

    def __init__(self, *args: Any, names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(((str(key), name) for key, name in names.items()), key=lambda pair: pair[1].casefold())
        for field in ("one", "other"):
            self.fields[field].error_messages["invalid_choice"] = _("Choose from the list.")
            self.fields[field].choices = [("", "–"), *choices]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("one") is not None and cleaned.get("one") == cleaned.get("other"):
            self.add_error("other", _("Choose two different bodies."))
        return cleaned
