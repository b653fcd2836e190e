"""The register of appeals: every appeal of the period in one line, without names, for those who may export."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import ValidationFailed
from reports import sources
from reports.documents import cells
from reports.documents.model import Column, Row, Section, Table
from reports.models import PeriodKind
from reports.periodic.form import Contents, Form, forms
from reports.periodic.tables import summary
from reports.periods import Period
from ui import dates

MOST_ROWS = 20_000
COUNTS = ("received", "repeated")


def build(period: Period) -> Contents:
    found = sources.register(period, limit=MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        message = _("The period has more than %(count)s appeals. Make the register of a shorter period.")
        raise ValidationFailed(message % {"count": dates.number(MOST_ROWS)}, code="register_too_long")
    columns = (
        Column("number", _("Registration number"), width=3),
        Column("received", _("Received"), width=2),
        Column("channel", _("Channel"), width=3),
        Column("topic", _("Topic"), width=5),
        Column("unit", _("Unit"), width=5),
        Column("due", _("Due"), width=2),
        Column("state", _("State"), width=4),
    )
    rows = tuple(Row(line.number, tuple(map(cells.text, _words(line)))) for line in found)
    return Contents(
        (
            Section(_("In short"), (summary("counts", _("Appeals of the period"), COUNTS, [(_("count"), period)]),)),
            Section(
                _("Register of appeals"), (Table("register", _("Appeals in the order of their filing"), columns, rows),)
            ),
        ),
        notes=(_("Of confidential appeals neither the topic nor the unit is named."),),
        is_wide=True,
    )


def _words(line: sources.RegisterLine) -> tuple[str, ...]:
    hidden = _("confidential")
    return (
        line.number,
        dates.short_date(line.received_on),
        sources.name("channel", line.channel),
        hidden if line.is_confidential else sources.name("topic", line.topic_id),
        hidden if line.is_confidential else sources.name("department", line.department_id),
        dates.short_date(line.due_on) if line.due_on else cells.NOTHING,
        line.state,
    )


forms.register("register")(
    Form(
        slug="register",
        title=gettext_lazy("Register of appeals"),
        reader=gettext_lazy("For official use"),
        explanation=gettext_lazy(
            "Every appeal of the period: number, date, channel, topic, unit, term and state, without names."
        ),
        kinds=(PeriodKind.WEEK, PeriodKind.MONTH),
        build=build,
        is_public=False,
        order=40,
    )
)
