"""Who publishes: the akimat as the table of organizations names it."""

from __future__ import annotations

from collections.abc import Mapping

from organizations.models import Organization
from reports.opendata.languages import LANGUAGES

UNNAMED = {"kk": "Қала әкімдігі", "ru": "Акимат города", "en": "City akimat"}


def publisher_names() -> Mapping[str, str]:
    found = Organization.objects.filter(kind=Organization.Kind.AKIMAT).order_by("pk").first()
    if found is None:
        return UNNAMED
    return {language: found.name_in(language) for language in LANGUAGES}
