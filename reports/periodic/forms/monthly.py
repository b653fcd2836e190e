"""Monthly, by channel: the tables in which the city counts its appeals (tables 23 to 29 of the study)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, periods, spans
from reports.dictionary import metric
from reports.documents import cells
from reports.documents.model import Column, Kind, Row, Section, Table
from reports.figures import Filters
from reports.models import PeriodKind
from reports.periodic.form import Contents, Form, forms
from reports.periodic.tables import shares
from reports.periods import Period

# How the akimat groups what comes in; every channel of the hub belongs to one of them.
ORAL, FACE_TO_FACE = ("call109", "call1310"), ("reception",)
OUTCOMES = ("kept", "late", "not_done", "not_done_share", "forwarded")


def build(period: Period) -> Contents:
    compared = [
        (spans.words(PeriodKind.MONTH, period.a_year_earlier()), period.a_year_earlier()),
        (spans.words(PeriodKind.MONTH, period), period),
        (_("since the year began"), so_far(period)),
    ]
    return Contents(
        (
            Section(_("Appeals to the akimat"), (_akimat(compared),)),
            Section(_("Contact centre 1310"), _centre("1310", "call1310", "category", compared, period)),
            Section(_("Contact centre 109"), _centre("109", "call109", "category", compared, period)),
            Section(_("e-Otinish portal"), _centre("eotinish", "eotinish", "sector", compared, period)),
        ),
        notes=(
            _("Appeals are counted on the day they were filed; outcomes on the day their term ended."),
            _("Anonymous appeals are counted with those of natural persons."),
        ),
    )


def so_far(period: Period) -> Period:
    return Period(periods.year(period.end).start, period.end)


def _akimat(compared: Sequence[tuple[str, Period]]) -> Table:
    """Table 23: statutory appeals by the way in which they were made, and by whom."""
    statutory = Filters(regime="appeal")
    counted = []
    for _words, period in compared:
        by_channel = {row.key: row.figures["received"].numerator for row in
                      figures.by(["received"], period, "channel", statutory, exact=True)}  # fmt: skip
        by_person = {row.key: row.figures["received"].numerator for row in
                     figures.by(["received"], period, "applicant", statutory, exact=True)}  # fmt: skip
        oral, met = _sum(by_channel, ORAL), _sum(by_channel, FACE_TO_FACE)
        total, legal = sum(by_channel.values()), by_person.get("legal_entity", 0)
        counted.append((total - oral - met, oral, met, total, legal, sum(by_person.values()) - legal))
    names = (
        ("written", _("Written appeals")), ("oral", _("Oral requests")),
        ("face_to_face", _("Appeals received at face-to-face meetings")), ("total", _("Total citizens' appeals")),
        ("legal", _("From legal entities")), ("natural", _("From natural persons")),
    )  # fmt: skip
    rows = [
        Row(key, (cells.text(name), *(cells.count(one[place]) for one in counted)), is_total=key == "total")
        for place, (key, name) in enumerate(names)
    ]
    columns = (Column("name", _("Type of appeal")), *_periods(compared))
    return Table("akimat", _("Appeals received by the akimat"), columns, tuple(rows))


def _sum(found: dict[int | str, int], keys: Sequence[str]) -> int:
    return sum(found.get(key, 0) for key in keys)


def _periods(compared: Sequence[tuple[str, Period]]) -> list[Column]:
    return [Column(f"period-{place}", words, Kind.NUMBER, "received") for place, (words, _one) in enumerate(compared)]


def _centre(
    key: str, channel: str, dimension: str, compared: Sequence[tuple[str, Period]], period: Period
) -> tuple[Table, ...]:
    """Tables 24 to 29: what was asked for, then who asked and what became of it, month by month."""
    title = _("Appeals by sector") if dimension == "sector" else _("Appeals by category")
    return (
        shares(f"{key}-{dimension}", title, dimension, compared, Filters(channel=channel)),
        _classification(f"{key}-outcomes", Filters(channel=channel), period),
    )


def _classification(key: str, filters: Filters, period: Period) -> Table:
    year = so_far(period)
    points = figures.series(("received", *OUTCOMES), year, "month", filters, exact=True)
    legal = figures.series(("received",), year, "month", filters.with_("applicant", "legal_entity"), exact=True)
    rows = []
    for point, other in zip(points, legal, strict=True):
        from_legal = other.figures["received"].numerator
        name = spans.words(PeriodKind.MONTH, periods.month(point.start))
        rows.append(_classified(point.start.isoformat(), name, point.figures, from_legal))
    whole = figures.figures(("received", *OUTCOMES), year, filters, exact=True)
    from_legal = sum(other.figures["received"].numerator for other in legal)
    total = _classified("total", _("Total"), whole, from_legal, is_total=True)
    columns = (
        Column("month", _("Month")),
        cells.column(metric("received")),
        Column("natural", _("Natural persons"), Kind.NUMBER, "received"),
        Column("legal", _("Legal entities"), Kind.NUMBER, "received"),
        *(cells.column(metric(one)) for one in OUTCOMES),
    )
    return Table(key, _("Who asked, and what became of it"), columns, (*rows, total))


def _classified(key: str, name: str, found: Mapping[str, figures.Figure], legal: int, *, is_total: bool = False) -> Row:
    received = found["received"].numerator
    counts = (cells.count(received), cells.count(received - legal), cells.count(legal))
    return Row(key, (cells.text(name), *counts, *(cells.of(found[one]) for one in OUTCOMES)), is_total)


forms.register("monthly-channels")(
    Form(
        slug="monthly-channels",
        title=gettext_lazy("Monthly report by channel"),
        reader=gettext_lazy("For the apparatus of the akim"),
        explanation=gettext_lazy(
            "Appeals to the akimat, to 1310, 109 and e-Otinish, in the tables the city has filled in by hand until now."
        ),
        kinds=(PeriodKind.MONTH,),
        build=build,
        order=20,
    )
)
