"""Texts of appeals whose authors agreed to it, without names, contacts and places; empty until somebody did."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from reports import disclosed, sources
from reports.opendata.dataset import Build, Dataset, Every, Field, Row, Type, publish
from reports.opendata.deidentification import quarter_of
from reports.opendata.redaction import redact


def rows(build: Build) -> Iterator[Row]:
    """Few enough to be sorted: by their words, so that their order tells nothing."""
    build.has_demo = sources.holds_invented()
    topics, sectors = disclosed.slugs("topic"), disclosed.slugs("sector")
    found = [
        {
            "quarter": quarter_of(told.month),
            "sector": sectors.get(told.sector_id, "none"),
            "topic": topics.get(told.topic_id, "none"),
            "language": told.language,
            "text": redact(told.text, told.private),
        }
        for told in disclosed.consented_texts()
    ]
    yield from sorted(found, key=lambda row: (row["quarter"], row["text"]))


publish(
    Dataset(
        slug="appeal-texts",
        title=_("Texts of appeals, with consent"),
        description=_(
            "Texts of appeals whose authors agreed that they be published. Names, contacts, numbers and addresses "
            "known to the hub are taken out; nobody's text is here without consent."
        ),
        keywords=(_("texts"), _("appeals"), _("consent")),
        fields=(
            Field("quarter", Type.STRING, _("Quarter of filing"), _("As 2026-Q3.")),
            Field("sector", Type.STRING, _("Sector"), refers_to="sector"),
            Field("topic", Type.STRING, _("Topic"), refers_to="topic"),
            Field("language", Type.STRING, _("Language of the appeal")),
            Field("text", Type.STRING, _("Text"), _("Gaps are marked as […].")),
        ),
        rows=rows,
        every=Every.DAY,
        quality=(
            _(
                "A consent that is taken back takes the texts out of the next version, which is made the following "
                "night; the files of earlier versions go with it."
            ),
            _("What a writer tells of himself in other words cannot be found by a program: read before you use it."),
        ),
        when_empty=_("Nobody has agreed to the publication of a text yet, so there are none."),
        is_about_people=True,
        is_revocable=True,
        order=70,
    )
)
