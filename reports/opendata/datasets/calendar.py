"""Days that differ from the ordinary week: what terms in working days are counted by."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from common.models import CalendarDay
from reports.opendata.dataset import Build, Dataset, Field, Row, Type, publish
from reports.opendata.languages import LANGUAGES


def rows(build: Build) -> Iterator[Row]:
    for day in CalendarDay.objects.order_by("date"):
        build.cover(day.date, day.date)
        yield {
            "date": day.date.isoformat(),
            "kind": day.kind,
            **{f"name_{language}": day.name_in(language) for language in LANGUAGES},
            "source": day.source,
        }


publish(
    Dataset(
        slug="working-calendar",
        title=_("Working calendar"),
        description=_("Public holidays and moved days by which terms in working days are counted."),
        keywords=(_("holidays"), _("working days")),
        fields=(
            Field("date", Type.DATE, _("Date")),
            Field("kind", Type.STRING, _("Kind"), codes=CalendarDay.Kind.choices),
            Field("name_kk", Type.STRING, _("Name in Kazakh")),
            Field("name_ru", Type.STRING, _("Name in Russian")),
            Field("name_en", Type.STRING, _("Name in English")),
            Field("source", Type.STRING, _("Source"), is_required=False),
        ),
        rows=rows,
        key=("date",),
        order=50,
    )
)
