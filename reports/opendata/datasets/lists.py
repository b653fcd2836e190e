"""Keys and names of everything that the other datasets refer to."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reports import sources
from reports.dimensions import PUBLIC
from reports.opendata.dataset import Build, Dataset, Field, Row, Type, publish
from reports.opendata.languages import LANGUAGES


def rows(_build: Build) -> Iterator[Row]:
    for dimension in PUBLIC:
        yield from _list(dimension)


def _list(dimension: str) -> Iterator[Row]:
    names: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with override(language):
            names[language] = {slug: choice.name for slug, choice in sources.by_slug(dimension).items()}
    parents = _parents(dimension)
    for slug, choice in sources.by_slug(dimension).items():
        yield {
            "list": dimension,
            "key": slug,
            "parent": parents.get(choice.parent or 0, ""),
            **{f"name_{language}": names[language][slug] for language in LANGUAGES},
            "is_active": choice.is_active,
        }


def _parents(dimension: str) -> dict[object, str]:
    """A topic belongs to a sector; other lists are flat."""
    if dimension != "topic":
        return {}
    return {choice.key: choice.slug for choice in sources.choices("sector")}


publish(
    Dataset(
        slug="reference-lists",
        title=_("Reference lists"),
        description=_(
            "City sectors, sectors, topics, units, channels and the other lists whose keys stand in the datasets, "
            "with their names in three languages."
        ),
        keywords=(_("keys"), _("names"), _("units"), _("topics")),
        fields=(
            Field("list", Type.STRING, _("List"), codes=[(slug, sources.TITLES[slug]) for slug in PUBLIC]),
            Field("key", Type.STRING, _("Key"), _("Stays the same when the name changes; none: not given.")),
            Field("parent", Type.STRING, _("Belongs to"), _("The sector of a topic."), is_required=False),
            Field("name_kk", Type.STRING, _("Name in Kazakh")),
            Field("name_ru", Type.STRING, _("Name in Russian")),
            Field("name_en", Type.STRING, _("Name in English")),
            Field("is_active", Type.BOOLEAN, _("In use")),
        ),
        rows=rows,
        key=("list", "key"),
        order=40,
    )
)
