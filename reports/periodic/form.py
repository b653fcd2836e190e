"""What a form is: one file in `forms/` that says for whom, how often, and of which figures a report is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import override

from common.registry import Registry
from reports import spans
from reports.dictionary import METRICS
from reports.documents.model import Definition, Document, Section
from reports.models import PeriodKind
from reports.periods import Period

Words = str | Promise


@dataclass(frozen=True)
class Contents:
    """What a form makes of a period, in the active language."""

    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    is_wide: bool = False


@dataclass(frozen=True)
class Form:
    """`is_public`: figures alone, which everybody may see; otherwise lists for those who may export."""

    slug: str
    title: Words
    reader: Words
    explanation: Words
    kinds: tuple[str, ...]
    build: Callable[[Period], Contents]
    is_public: bool = True
    order: int = 100


forms: Registry[Form] = Registry("form of a report")


def ordered() -> list[Form]:
    return sorted((form for _slug, form in forms), key=lambda form: form.order)


def compose(form: Form, kind: str, period: Period, language: str) -> Document:
    """The document of a period as the figures are now."""
    if kind not in form.kinds:
        raise ValueError(f"{form.slug} is not made by {PeriodKind(kind).value}")
    with override(language):
        contents = form.build(period)
        return Document(
            form=form.slug,
            title=str(form.title),
            subtitle=str(form.reader),
            period=spans.words(kind, period),
            starts_on=period.start.isoformat(),
            ends_on=period.end.isoformat(),
            language=language,
            sections=contents.sections,
            notes=contents.notes,
            definitions=_definitions(contents),
            is_wide=contents.is_wide,
        )


def _definitions(contents: Contents) -> tuple[Definition, ...]:
    """Of every figure that stands in a column or a row, once."""
    tables = [table for section in contents.sections for table in section.tables]
    named = [column.metric for table in tables for column in table.columns]
    named += [row.key for table in tables for row in table.rows]
    return tuple(
        Definition(
            metric=entry.key,
            name=str(entry.name),
            text=str(entry.definition),
            source=str(entry.source),
            version=str(entry.version),
        )
        for entry in METRICS.values()
        if entry.key in named
    )
