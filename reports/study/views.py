"""Public pages of the study: what there is, each group of tables, what does not add up, downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import csv_lines
from common.address_language import in_language_of_address, with_language
from reports import sources
from reports.study import checks, downloads, joined
from reports.study.checks.references import reasons
from reports.study.contents import Status, Table, table, tables
from reports.study.shown import MARKS, MEANINGS, ShownTable, Tick, groups, shown, source_of, unit_of
from reports.study.shown_references import ShownReference
from reports.study.trends import Series, series


@dataclass(frozen=True, slots=True)
class Part:
    """One table on a page, with its addresses."""

    shown: ShownTable
    source: str | Promise
    unit: str
    csv_url: str
    json_url: str
    permanent: str


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    cards = [
        {"title": group.title, "text": group.lead, "url": reverse("reports:study-group", args=[key])}
        for key, group in groups().items()
    ]
    values = [value for source in tables().values() for value in source.cells.values()]
    counted = Counter(value.status for value in values)
    statuses = [(MARKS[status], MEANINGS[status], counted[status]) for status in Status if status in MEANINGS]
    context = {
        "cards": cards,
        "stats": _headline(),
        "statuses": statuses,
        "values": len(values),
        "tables": len(tables()),
        "sound": counted[Status.OK],
    }
    return render(request, "reports/study/overview.html", context)


def _headline() -> list[dict[str, object]]:
    """A few figures, each with the years it is of and the page where it stands."""
    places = (
        ("akimat_appeals", _("Appeals to the akimat")),
        ("contact_centre_109", _("Appeals to 109")),
        ("contact_centre_1310", _("Appeals to 1310")),
        ("e_otinish", _("Appeals on e-Otinish")),
        ("open_akimat", _("Appeals to Open Akimat")),
    )
    return [_stat(series(key)[0], label) for key, label in places]


def _stat(line: Series, label: str) -> dict[str, object]:
    numbers = [point.value.number for point in line.points]
    years = {"first": line.years[0], "last": line.years[-1]}
    return {
        "label": label,
        "value": int(sum(number for number in numbers if number is not None)),
        "note": _("%(first)s–%(last)s, all years together") % years,
        "url": reverse("reports:study-group", args=[table(line.table).group]),
    }


@require_safe
def group(request: HttpRequest, study_group: str) -> HttpResponse:
    found = groups().get(study_group)
    if found is None:
        raise Http404
    parts = [_part(source) for source in found.tables]
    return render(request, "reports/study/group.html", {"group": found, "parts": parts})


def _part(source: Table) -> Part:
    return Part(
        shown=shown(source),
        source=source_of(source),
        unit=unit_of(source),
        csv_url=with_language(reverse("reports:study-csv", args=[source.key])),
        json_url=reverse("reports:study-json", args=[source.key]),
        permanent=permanent(source),
    )


@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """Channels of the study go on as channels of the hub."""
    found = joined.channels(timezone.localdate())
    met = {year.mark for each in found for year in each.years}
    context = {
        "channels": [(each, table(each.line.table), permanent(table(each.line.table))) for each in found],
        "tick": Tick(),
        "has_invented": sources.holds_invented(),
        "marks": [(MARKS[status], MEANINGS[status], 0) for status in MEANINGS if MARKS[status] in met],
    }
    return render(request, "reports/study/years.html", context)


@require_safe
@in_language_of_address
def years_csv(request: HttpRequest) -> HttpResponseBase:
    found = joined.channels(timezone.localdate())
    lines = csv_lines.lines(joined.CSV_HEADER, joined.rows_of(found))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="channels-over-the-years.csv"'
    return response


@require_safe
def contradictions(request: HttpRequest) -> HttpResponse:
    """What does not add up, what was recomputed and holds, and what is not recomputed here, with reasons."""
    found = [ShownReference(one) for one in checks.references()]
    covered = [one for one in found if one.of.is_covered]
    wrong = [one for one in covered if one.of.verdict == checks.Verdict.NO]
    right = [one for one in covered if one.of.verdict == checks.Verdict.YES]
    context = {
        "wrong": _by_table(wrong),
        "wrong_count": len(wrong),
        "right": _by_table(right),
        "right_count": len(right),
        "left": [(words, [one for one in found if one.of.reason == key]) for key, words in reasons().items()],
    }
    return render(request, "reports/study/contradictions.html", context)


def _by_table(found: Iterable[ShownReference]) -> list[tuple[Table, str | Promise, str, list[ShownReference]]]:
    order = {key: place for place, key in enumerate(tables())}
    ordered = sorted(found, key=lambda one: order[one.of.table])
    return [
        (table(key), source_of(table(key)), permanent(table(key)), list(ones))
        for key, ones in groupby(ordered, key=lambda one: one.of.table)
    ]


def permanent(source: Table) -> str:
    return f"{reverse('reports:study-group', args=[source.group])}#{source.key}"


@require_safe
@in_language_of_address
def table_csv(request: HttpRequest, study_table: str) -> HttpResponseBase:
    source = _table_or_404(study_table)
    response = StreamingHttpResponse(downloads.as_csv(source), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{source.key}.csv"'
    return response


@require_safe
def table_json(request: HttpRequest, study_table: str) -> HttpResponse:
    source = _table_or_404(study_table)
    return JsonResponse(downloads.as_json(source), json_dumps_params={"ensure_ascii": False})


def _table_or_404(key: str) -> Table:
    if key not in tables():
        raise Http404
    return table(key)
