"""Quarterly, to the region: what came in, how it was dealt with, what residents say of it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.documents.model import Section
from reports.models import PeriodKind
from reports.periodic.form import Contents, Form, forms
from reports.periodic.tables import Asked, breakdown, shares, summary
from reports.periods import Period

RECEIVED = ("received", "repeated", "repeated_share", "in_work")
TERMS = ("due", "kept", "kept_share", "late", "late_share", "not_done", "not_done_share", "extended_share")
STATUTORY = ("deemed_refusals",)
DONE = ("done", "answered", "forwarded", "forwarded_share", "withdrawn", "without_answer", "first_contact")
QUALITY = ("disputed_share", "judged_share", "solved_share", "not_solved_share", "formal_share", "rating_mean",
           "answer_days_median", "answer_days_p90")  # fmt: skip


def build(period: Period) -> Contents:
    earlier = period.a_year_earlier()
    spans = [(_("this period"), period), (_("period before"), period.previous()), (_("year earlier"), earlier)]
    compared = [(_("year earlier"), earlier), (_("this period"), period)]
    terms = [Asked(key, period) for key in ("received", "due", "kept_share", "late", "not_done")]
    return Contents((
        Section(_("Received"), (
            summary("received", _("Appeals"), RECEIVED, spans),
            shares("regimes", _("By legal regime"), "regime", compared),
            shares("channels", _("By channel"), "channel", compared),
            shares("sectors", _("By sector"), "sector", compared),
            shares("areas", _("By city sector"), "area", compared),
            shares("applicants", _("By applicant"), "applicant", compared),
        )),
        Section(_("Dealt with"), (
            summary("terms", _("Terms"), (*TERMS, *STATUTORY), spans),
            summary("done", _("How appeals ended"), DONE, spans),
            breakdown("units", _("Units"), "department", terms),
        )),
        Section(_("What residents say of the answers"), (summary("quality", _("Quality"), QUALITY, spans),)),
    ))  # fmt: skip


forms.register("quarterly-region")(
    Form(
        slug="quarterly-region",
        title=gettext_lazy("Report on appeals for the region"),
        reader=gettext_lazy("For the akimat of Turkistan region"),
        explanation=gettext_lazy("Appeals, terms, outcomes and quality of a quarter or a year against those before."),
        kinds=(PeriodKind.QUARTER, PeriodKind.YEAR),
        build=build,
        order=30,
    )
)
