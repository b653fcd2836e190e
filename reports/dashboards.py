"""The public dashboards: each is a list of reports of the catalogue. A new one is one entry here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.questions import USUAL
from reports.tables import Chart

Words = str | Promise


@dataclass(frozen=True)
class Shown:
    """A report on a dashboard: by what it is told apart there, and how it stands."""

    report: str
    by: str = ""
    title: Words = ""
    is_half: bool = False
    chart: Chart | None = None


@dataclass(frozen=True)
class Dashboard:
    """`preset` is the period that it opens with. Some have a page of their own that shows more than their reports."""

    slug: str
    title: Words
    short: Words
    lead: Words
    shown: Sequence[Shown]
    preset: str = USUAL
    has_own_page: bool = False


# What may be chosen on every dashboard, in the order of the form.
FILTERS = ("area", "sector", "topic", "channel", "category", "applicant", "department")
START = "today"

DASHBOARDS: Mapping[str, Dashboard] = {
    dashboard.slug: dashboard
    for dashboard in (
        Dashboard(
            START,
            _("The city today"),
            pgettext_lazy("dashboard", "City today"),
            _("What residents wrote, what is in work and how it ends: counted from the work itself, for everybody."),
            (
                Shown("city-now"),
                Shown("received-over-time"),
                Shown("topics", title=_("What residents write about"), is_half=True),
                Shown("channels", is_half=True),
                Shown("work-over-time"),
            ),
        ),
        Dashboard(
            "terms",
            _("Terms: kept, late, not done"),
            pgettext_lazy("dashboard", "Terms"),
            _("How the terms of answers are kept. An appeal forwarded to another body is neither late nor done."),
            (
                Shown("terms-in-short"),
                Shown("term-keeping", "department", _("By unit")),
                Shown("term-keeping", "sector", _("By sector"), is_half=True),
                Shown("term-keeping", "area", _("By city sector"), is_half=True),
                Shown("terms-over-time"),
                Shown("answer-time-over-time"),
                Shown("answer-time-spread"),
                Shown("years-of-terms"),
            ),
            preset="12-months",
        ),
        Dashboard(
            "satisfaction",
            _("Disputed closures and satisfaction"),
            pgettext_lazy("dashboard", "Satisfaction"),
            _("The headline figure of the city is how many closures residents dispute."),
            (
                Shown("satisfaction-in-short"),
                Shown("disputed-over-time"),
                Shown("disputed-closures", "department", _("Disputed closures by unit"), is_half=True),
                Shown("disputed-closures", "topic", _("Disputed closures by topic"), is_half=True),
                Shown("dispute-reasons-in-short"),
                Shown("dispute-reasons", "department", _("Reasons of disputes by unit")),
                Shown("verdicts", "sector", _("Verdicts by sector")),
            ),
            preset="12-months",
        ),
        Dashboard(
            "formal-replies",
            _("Formal replies"),
            pgettext_lazy("dashboard", "Formal replies"),
            _("Answers that say nothing of substance are found by the reply gate and counted."),
            (
                Shown("formal-in-short"),
                Shown("formal-over-time"),
                Shown("formal-replies", "department", _("By unit"), is_half=True),
                Shown("formal-replies", "topic", _("By topic"), is_half=True),
            ),
            preset="12-months",
        ),
        Dashboard(
            "channels",
            _("Channels"),
            pgettext_lazy("dashboard", "Channels"),
            _("Through which doors residents come, and whether each is answered alike."),
            (
                Shown("channels", "channel"),
                Shown("term-keeping", "channel", _("Terms by channel")),
                Shown("disputed-closures", "channel", _("Disputed closures by channel"), is_half=True),
                Shown("channels", "applicant", _("By type of applicant"), is_half=True),
                Shown("years-by-channel"),
            ),
        ),
        Dashboard(
            "topics",
            _("Topics and city sectors"),
            pgettext_lazy("dashboard", "Topics and map"),
            _("What residents write about, and where in the city."),
            (
                Shown("city-map"),
                Shown("topics", "sector", _("By sector"), is_half=True),
                Shown("topics", "topic", _("By topic"), is_half=True),
                Shown("term-keeping", "area", _("Terms by city sector")),
                Shown("years-by-sector"),
            ),
        ),
        Dashboard(
            "units",
            _("Units and the load of officials"),
            pgettext_lazy("dashboard", "Units"),
            _("What each unit received, has in work and answered."),
            (Shown("units"), Shown("officials-load"), Shown("term-keeping", "department", _("Terms by unit"))),
        ),
        Dashboard(
            "dynamics",
            _("Dynamics against last year"),
            pgettext_lazy("dashboard", "Against last year"),
            _("The same months of two years beside each other."),
            (
                Shown("year-on-year"),
                Shown("received-over-time"),
                Shown("answered-over-time"),
                Shown("terms-over-time", is_half=True),
                Shown("disputed-over-time", is_half=True),
                Shown("years"),
            ),
            preset="12-months",
        ),
        Dashboard(
            "years",
            _("Year by year since before the hub"),
            pgettext_lazy("dashboard", "Year by year"),
            _("Trends that begin with the figures of the study and go on with those of the hub; never added together."),
            (
                Shown("years"),
                Shown("years-by-channel"),
                Shown("years-by-category"),
                Shown("years-by-sector"),
                Shown("years-of-terms"),
                Shown("years-by-applicant"),
            ),
        ),
        Dashboard(
            "problem-areas",
            _("Problem areas and what changed"),
            pgettext_lazy("dashboard", "Problem areas"),
            _("Where residents write more than before, and where the work got worse. Chance is not listed."),
            (
                Shown("growing-topics"),
                Shown("what-changed"),
                Shown("got-worse", "topic", _("What got worse, by topic")),
                Shown("got-worse", "department", _("What got worse, by unit")),
                Shown("got-worse", "area", _("What got worse, by city sector")),
            ),
        ),
        Dashboard(
            "public-control",
            _("Public Control"),
            _("Public Control"),
            _(
                "How bodies keep terms and satisfy residents, each compared with what the whole city reaches on the "
                "same topics, and which differences are only chance."
            ),
            (
                Shown("public-control-disputed"),
                Shown("public-control-terms"),
                Shown("public-control-satisfaction"),
                Shown("public-control-formal"),
                Shown("public-control-qr"),
            ),
            preset="12-months",
            has_own_page=True,
        ),
        Dashboard(
            "problems",
            _("Problem Report"),
            _("Problem Report"),
            _(
                "Problems that were told many times: one page for each, with its history. No names, no texts, no "
                "addresses."
            ),
            (Shown("told-again"), Shown("incidents")),
            preset="12-months",
            has_own_page=True,
        ),
        Dashboard(
            "impact",
            _("Open Impact"),
            _("Open Impact"),
            _("What was mended because people asked."),
            (
                Shown("mended-in-short"),
                Shown("mended-over-time"),
                Shown("mended", "topic", _("By topic"), is_half=True),
                Shown("mended", "area", _("By city sector"), is_half=True),
            ),
            preset="12-months",
            has_own_page=True,
        ),
    )
}


def containing(report: str) -> list[Dashboard]:
    return [each for each in DASHBOARDS.values() if any(shown.report == report for shown in each.shown)]
