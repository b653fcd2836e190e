"""What may be asked on the pages of the statistics; what was not understood is told and stays in the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports import questions, sources
from reports.questions import Asked, Option, Question
from ui.widgets import DateInput, LongSelect

Choice = tuple[str, object]


class QuestionForm(forms.Form):
    """Period and filters. It is read by `questions.read`, as every other way of asking is; the fields show it."""

    period = forms.ChoiceField(label=_("Period"), required=False, choices=lambda: _periods(), widget=LongSelect)
    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("To"), required=False, widget=DateInput)
    days = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        query: QueryDict,
        filters: Sequence[str],
        preset: str,
        dimensions: Sequence[str] = (),
        options: Sequence[Option] = (),
    ) -> None:
        self.asked = questions.read(_first(query), preset, options)
        super().__init__(_shown(self.asked, query))
        self._name_fields(filters, dimensions, options)

    def _name_fields(self, filters: Sequence[str], dimensions: Sequence[str], options: Sequence[Option]) -> None:
        """Fields are called as the parts of the address; `from` cannot be the name of an attribute."""
        period, since, until = (self.fields.pop(name) for name in ("period", "since", "until"))
        self.fields |= {questions.PERIOD: period, questions.FROM: since, questions.TO: until}
        if len(dimensions) > 1:
            words = [(slug, sources.TITLES[slug]) for slug in dimensions]
            self.fields[questions.BY] = forms.ChoiceField(
                label=_("Told apart by"), required=False, choices=words, widget=LongSelect
            )
        for option in options:
            choices = list(option.values.items())
            self.fields[option.slug] = forms.ChoiceField(
                label=str(option.title), required=False, choices=choices, widget=LongSelect
            )
        for slug in filters:
            self.fields[slug] = forms.ChoiceField(
                label=sources.TITLES[slug],
                required=False,
                choices=[("", _("All")), *sources.offered(slug)],
                widget=LongSelect,
            )

    def full_clean(self) -> None:
        """What `questions.read` did not understand, at its field; what no field asks for is told above the form."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, object] = {}
        for name, words in self.asked.wrong.items():
            self.add_error(name if name in self.fields else None, words)

    @property
    def count(self) -> int:
        return len(self.asked.question.filters.set)


def _periods() -> list[Choice]:
    return [*((key, words) for key, (words, of) in questions.PRESETS.items()), (questions.OWN, _("Days of your own"))]


def _first(query: QueryDict) -> dict[str, str]:
    return {name: value for name, value in query.items() if isinstance(value, str)}


def _shown(asked: Asked, query: QueryDict) -> Mapping[str, str]:
    """What stands in the fields: the question as it was understood, and beside it what was typed."""
    understood = questions.written(asked.question)
    if questions.PERIOD not in understood:
        understood[questions.PERIOD] = questions.OWN
    if not {questions.FROM, questions.TO} & asked.wrong.keys():
        understood |= questions.written(asked.question, fixed=True)
    wrong = asked.wrong.keys() & {
        questions.FROM,
        questions.TO,
    }  # a list shows what was understood: it cannot show a typo
    typed = {name: value for name, value in _first(query).items() if name in wrong or name not in understood}
    shown = understood | typed
    return shown | {questions.STOOD: questions.days_of(shown)}


def is_untidy(query: QueryDict) -> bool:
    """Whether a form sent parts that say nothing: the address without them is the one to keep."""
    return questions.STOOD in query or any(value == "" for value in query.values())


def tidy(query: QueryDict, question: Question, usual: str) -> str:
    """The address that asks the same; the period only if another than the usual one was chosen."""
    parts = questions.written(question)
    if not query.get(questions.PERIOD) or question.preset == usual:
        parts.pop(questions.PERIOD, None)
    return urlencode(parts)
