"""De-identified appeals: how many are alike in every column, at least five each; quarters that are over and settled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports import disclosed, periods
from reports.disclosed import Group
from reports.models import AppealFact
from reports.opendata import deidentification as rules
from reports.opendata.dataset import Build, Dataset, Every, Field, Row, Type, Words, publish
from reports.opendata.deidentification import ANY, COLUMNS

SLUG = "appeals"
NONE = "none"
TERMS = (
    ("kept", _("kept")),
    ("late", _("answered late")),
    ("not_done", _("over, not answered")),
    ("open", _("running")),
    ("paused", _("paused")),
    ("cancelled", _("cancelled")),
    (NONE, _("no term ran")),
)
ENDINGS = (
    ("answered", _("Answered")),
    ("first_contact", _("Resolved at first contact")),
    ("forwarded", _("Forwarded to the competent body")),
    ("withdrawn", _("Withdrawn by applicant")),
    ("without_answer", _("closed without an answer")),
    ("merged", _("joined to another appeal as its duplicate")),
    ("in_work", _("in work")),
)
VERDICTS = (
    ("solved", _("Solved")),
    ("partly", _("Partly solved")),
    ("not_solved", _("Not solved")),
    (NONE, _("not judged")),
)
LANGUAGES = (("kk", "қазақша"), ("ru", "русский"), ("en", "English"))
DAYS: tuple[tuple[str, Words], ...] = (
    *((label, label) for _most, label in rules.ANSWER_DAYS),
    (rules.LATER, rules.LATER),
    (NONE, _("no answer")),
)
UNTOLD = (ANY, _("not told, so that nobody can be found"))
YES_NO = (("yes", _("Yes")), ("no", _("No")))


def rows(build: Build) -> Iterator[Row]:
    """What earlier versions have published stays as it is: who compares versions sees no single appeal change."""
    last = _last_settled(build)
    begin = _first_quarter()
    if build.previous is not None and build.covered_until is not None:
        build.figures.update(build.previous_figures)
        build.has_demo = bool(build.previous_figures.get("invented"))
        yield from build.previous()
        build.covers_until = build.covered_until
        begin = build.covered_until + dt.timedelta(days=1)
    while begin is not None and begin <= last:
        quarter = periods.quarter(begin)
        yield from _quarter(quarter, build)
        build.covers_until, begin = quarter.end, quarter.end + dt.timedelta(days=1)
    build.covers_from = _first_quarter() if build.covers_until else None


def _last_settled(build: Build) -> dt.date:
    """The end of the last quarter that ended long enough ago."""
    day = timezone.localtime(build.now).date() - dt.timedelta(days=build.settling_days)
    return periods.quarter(day).start - dt.timedelta(days=1)


def _first_quarter() -> dt.date | None:
    first = AppealFact.objects.order_by("received_on").values_list("received_on", flat=True).first()
    return periods.quarter(first).start if first else None


def _quarter(quarter: periods.Period, build: Build) -> Iterator[Row]:
    """One quarter is made by itself: no step goes beyond it, and no more than it is held in memory."""
    counted: Counter[rules.Row] = Counter()
    for row, is_about_staff, count in told(quarter.start, quarter.end, today=timezone.localtime(build.now).date()):
        counted[rules.coarse_about_staff(row) if is_about_staff else row] += count
    released = rules.deidentify(counted)
    build.count("appeals", released.total)
    build.count("suppressed", released.suppressed)
    build.count("all_alike", released.all_alike)
    build.count("kept_back", disclosed.kept_back(quarter.start, quarter.end))
    for column, number in released.coarsened.items():
        build.count(f"safe_after_{column}", number)
    if disclosed.has_demo(quarter.start, quarter.end):
        build.has_demo, build.figures["invented"] = True, 1
    for row in sorted(released.rows):
        yield dict(zip(COLUMNS, row, strict=True)) | {"appeals": released.rows[row]}


def told(start: dt.date, end: dt.date, *, today: dt.date) -> Iterator[tuple[rules.Row, bool, int]]:
    """What is true of the appeals of these days that may go out, before anything is coarsened."""
    names = {dimension: disclosed.slugs(dimension) for dimension in ("area", "sector", "topic")}
    for group in disclosed.groups(start, end, today=today):
        yield _told(group, names), group.is_about_staff, group.count


def _told(group: Group, names: dict[str, dict[int, str]]) -> rules.Row:
    return (
        group.month,
        names["area"].get(group.area_id, "none"),
        names["sector"].get(group.sector_id, "none"),
        names["topic"].get(group.topic_id, "none"),
        group.channel,
        group.category,
        group.applicant,
        group.regime,
        group.language,
        group.term or NONE,
        rules.answer_class(group.days),
        group.ending or "in_work",
        group.verdict or NONE,
        "yes" if group.is_disputed else "no",
    )


FIELDS = (
    Field(
        "period",
        Type.STRING,
        _("Month or quarter of filing"),
        _("As 2026-09, or as 2026-Q3 where the month would tell too much."),
    ),
    Field("area", Type.STRING, _("City sector"), _("Key from the reference lists; none: not given."), refers_to="area"),
    Field("sector", Type.STRING, _("Sector"), _("Key from the reference lists; none: not given."), refers_to="sector"),
    Field("topic", Type.STRING, _("Topic"), _("Key from the reference lists; none: not given."), refers_to="topic"),
    Field("channel", Type.STRING, _("Channel"), refers_to="channel"),
    Field("category", Type.STRING, _("Category"), refers_to="category"),
    Field("applicant", Type.STRING, _("Kind of applicant"), refers_to="applicant"),
    Field("regime", Type.STRING, _("Legal regime"), refers_to="regime"),
    Field("language", Type.STRING, _("Language of the appeal"), codes=(*LANGUAGES, UNTOLD)),
    Field("term", Type.STRING, _("Term of the first answer"), codes=(*TERMS, UNTOLD)),
    Field(
        "answer_days",
        Type.STRING,
        _("Calendar days to the first answer"),
        _("In classes."),
        codes=(*DAYS, UNTOLD),
    ),
    Field("ending", Type.STRING, _("How it left the work of the hub"), codes=(*ENDINGS, UNTOLD)),
    Field(
        "verdict",
        Type.STRING,
        _("Judgement of the last answer by its applicant"),
        codes=(*VERDICTS, UNTOLD),
    ),
    Field("disputed", Type.STRING, _("Answer disputed"), codes=(*YES_NO, UNTOLD)),
    Field(
        "appeals",
        Type.INTEGER,
        _("How many appeals are alike in all of this"),
        _("At least five, ten for complaints about officials."),
    ),
)

publish(
    Dataset(
        slug=SLUG,
        title=_("Appeals, de-identified"),
        description=_(
            "Appeals of residents by month, city sector, topic, channel and how they ended. Each row says how many "
            "appeals are alike in every column: five at least. An asterisk stands where a column had to be left untold."
        ),
        keywords=(_("appeals"), _("residents"), _("de-identified")),
        fields=FIELDS,
        rows=rows,
        every=Every.WEEK,
        key=COLUMNS,
        quality=(
            _(
                "Confidential appeals, appeals taken down and those of people who restricted the use of their "
                "data are not in it; their number is published as one sum."
            ),
            _(
                "A quarter is published once it has settled, and does not change afterwards: answers given later "
                "are not in it."
            ),
            _("Complaints about officials begin coarser and need ten alike."),
            _(
                "Where everybody in a group has the same judgement, or complains about an official, that column is "
                "left untold: else the group would tell it of each of them."
            ),
            _("Rows are told in no order of time, and no row has a number that leads to an appeal."),
        ),
        when_empty=_("No quarter has settled yet: the first appears some weeks after its end."),
        is_about_people=True,
        order=10,
    )
)
