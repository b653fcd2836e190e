"""The metric dictionary as a table."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from reports.dictionary import Basis, Kind, Metric, Tendency, Unit, entries
from reports.opendata.dataset import Build, Dataset, Field, Row, Type, Words, publish
from reports.opendata.languages import LANGUAGES, in_each


def rows(_build: Build) -> Iterator[Row]:
    for entry in entries():
        yield _row(entry)


def _row(entry: Metric) -> Row:
    return {
        "key": entry.key,
        **in_each("name", lambda: entry.name),
        **in_each("definition", lambda: entry.definition),
        "kind": str(entry.kind),
        "unit": str(entry.unit),
        "basis": str(entry.basis),
        "better": str(entry.better),
        **in_each("numerator", lambda: entry.numerator_words),
        **in_each("denominator", lambda: entry.denominator_words),
        **in_each("source", lambda: entry.source),
        **in_each("owner", lambda: entry.owner),
        "version": entry.version,
        "since": entry.since.isoformat(),
    }


def _named(column: str, title: Words, *, is_required: bool = True) -> list[Field]:
    return [Field(f"{column}_{language}", Type.STRING, title, is_required=is_required) for language in LANGUAGES]


publish(
    Dataset(
        slug="metric-dictionary",
        title=_("Metric dictionary"),
        description=_(
            "What each figure of the hub means: its definition, numerator, denominator, day of counting, source "
            "and owner."
        ),
        keywords=(_("definitions"), _("statistics")),
        fields=(
            Field("key", Type.STRING, _("Key")),
            *_named("name", _("Name")),
            *_named("definition", _("Definition")),
            Field("kind", Type.STRING, _("Kind"), codes=Kind.choices),
            Field("unit", Type.STRING, _("Unit of measure"), codes=Unit.choices),
            Field("basis", Type.STRING, _("Day that decides the period"), codes=Basis.choices),
            Field("better", Type.STRING, _("Which way is better"), codes=Tendency.choices),
            *_named("numerator", _("Numerator")),
            *_named("denominator", _("Denominator"), is_required=False),
            *_named("source", _("Source")),
            *_named("owner", _("Owner")),
            Field("version", Type.INTEGER, _("Version of the definition")),
            Field("since", Type.DATE, _("In force since")),
        ),
        rows=rows,
        key=("key",),
        order=30,
    )
)
