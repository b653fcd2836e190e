"""Weekly, to the akim: the headline, what grew, where terms are not kept."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.documents.model import Section
from reports.models import PeriodKind
from reports.periodic.form import Contents, Form, forms
from reports.periodic.tables import Asked, breakdown, summary
from reports.periods import Period

HEADLINE = ("disputed_share", "solved_share", "kept_share", "formal_share")
COUNTS = (
    "received", "repeated", "answered", "kept", "late", "not_done", "deemed_refusals", "forwarded", "in_work",
    "overdue_now", "answer_days_median", "answer_days_p90",
)  # fmt: skip
MOST_TOPICS = 15


def build(period: Period) -> Contents:
    earlier = period.previous()
    spans = [(_("this week"), period), (_("week before"), earlier), (_("year earlier"), period.a_year_earlier())]
    grown = [Asked("received", period, _("this week")), Asked("received", earlier, _("week before"))]
    terms = [Asked(key, period) for key in ("due", "kept", "late", "not_done", "disputed_share")]
    return Contents((
        Section(_("In short"), (
            summary("headline", _("What residents say of the answers"), HEADLINE, spans),
            summary("counts", _("Work of the week"), COUNTS, spans),
        )),
        Section(_("What people ask for"), (
            breakdown("topics", _("Most frequent topics"), "topic", grown, most=MOST_TOPICS),
            breakdown("areas", _("City sectors"), "area", grown),
            breakdown("channels", _("Channels"), "channel", grown),
        )),
        Section(_("How terms are kept"), (
            breakdown("units", _("Units"), "department", terms, note=_(
                "Late means answered after the term; not done means no answer so far. Forwarded appeals are neither."
            )),
        )),
    ))  # fmt: skip


forms.register("weekly-akim")(
    Form(
        slug="weekly-akim",
        title=gettext_lazy("Weekly report on appeals"),
        reader=gettext_lazy("For the akim of the city"),
        explanation=gettext_lazy(
            "The week against the one before and a year earlier: headline, topics, city sectors, terms."
        ),
        kinds=(PeriodKind.WEEK,),
        build=build,
        order=10,
    )
)
