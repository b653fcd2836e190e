"""How the pages take a question: the form, the chips of what was chosen, the address that keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from reports import forms, questions, sources, wording
from reports.forms import QuestionForm
from reports.questions import Option, Question


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    remove: bool = True
    current: bool = False


@dataclass(frozen=True)
class Asking:
    """`kept` is the address part that carries what was chosen to the other pages."""

    form: QuestionForm
    question: Question
    chips: Sequence[Chip]
    kept: str
    period: str

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.asked.wrong)


def ask(
    request: HttpRequest,
    filters: Sequence[str],
    preset: str,
    dimensions: Sequence[str] = (),
    options: Sequence[Option] = (),
) -> Asking:
    form = QuestionForm(request.GET, filters, preset, dimensions, options)
    question = form.asked.question
    chosen = forms.tidy(request.GET, question, preset)
    return Asking(
        form, question, chips(request, question), f"?{chosen}" if chosen else "", wording.days(question.period)
    )


def chips(request: HttpRequest, question: Question) -> list[Chip]:
    """What narrows the figures; each leads to the page without it."""
    made = []
    for slug, key in question.filters.set.items():
        words = f"{sources.TITLES[slug]}: {sources.name(slug, key)}"
        made.append(Chip(words, _without(request, slug)))
    if request.GET.get(questions.PERIOD) or request.GET.get(questions.FROM):
        made.append(Chip(wording.days(question.period), _without(request, *_PERIOD)))
    return made


_PERIOD = (questions.PERIOD, questions.FROM, questions.TO)


def _without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def first_values(request: HttpRequest) -> Mapping[str, str]:
    return {name: str(value) for name, value in request.GET.items()}
