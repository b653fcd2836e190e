"""The terms in force: which clock runs for which appeals, and how long."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from reports import disclosed
from reports.opendata.dataset import Build, Dataset, Field, Row, Type, publish
from reports.opendata.languages import in_each


def rows(_build: Build) -> Iterator[Row]:
    for term in disclosed.terms():
        yield {
            "code": term.code,
            "clock": term.timer_code,
            "regime": term.regime,
            "kind": term.kind,
            "topic": term.topic.slug if term.topic else "",
            "priority": term.priority,
            "organization": term.organization.slug if term.organization else "",
            "amount": term.amount,
            "unit": term.unit,
            "pauses": term.pauses,
            **in_each("basis", lambda term=term: term.basis),  # type: ignore[misc]
        }


publish(
    Dataset(
        slug="terms",
        title=_("Terms of consideration"),
        description=_("How long each step of an appeal may take, for which appeals, and on what ground."),
        keywords=(_("terms"), _("law")),
        fields=(
            Field("code", Type.STRING, _("Code")),
            Field("clock", Type.STRING, _("What is measured")),
            Field("regime", Type.STRING, _("Legal regime"), _("Empty: any."), refers_to="regime", is_required=False),
            Field("kind", Type.STRING, _("Kind of appeal"), _("Empty: any."), is_required=False),
            Field("topic", Type.STRING, _("Topic"), _("Empty: any."), refers_to="topic", is_required=False),
            Field("priority", Type.STRING, _("Priority"), _("Empty: any."), is_required=False),
            Field("organization", Type.STRING, _("Organization"), _("Empty: any."), is_required=False),
            Field("amount", Type.INTEGER, _("How long")),
            Field("unit", Type.STRING, _("Unit of measure")),
            Field("pauses", Type.BOOLEAN, _("Pauses while the applicant is asked")),
            Field("basis_kk", Type.STRING, _("Ground in Kazakh"), is_required=False),
            Field("basis_ru", Type.STRING, _("Ground in Russian"), is_required=False),
            Field("basis_en", Type.STRING, _("Ground in English"), is_required=False),
        ),
        rows=rows,
        key=("code",),
        order=60,
    )
)
