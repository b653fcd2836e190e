"""The catalogue as data: the same for the file of the public page and for the open API."""

from __future__ import annotations

from typing import Any

from catalogue.models import DataFlow, Platform, PlatformFact
from catalogue.selectors import PlatformView


def of_platform(view: PlatformView) -> dict[str, Any]:
    """Texts in the active language, names in all three; what is not known is null."""
    row, known = view.row, view.public_health
    return {
        "key": row.key,
        "name": row.name,
        "names": names(row),
        "kind": row.kind,
        "state": row.state,
        "website": row.website or None,
        "health": known.value if known else None,
        "updated_at": row.updated_at.isoformat(),
        "facts": [_fact(fact) for fact in view.facts],
        "flows": [of_flow(flow) for flow in view.flows],
    }


def names(row: Platform) -> dict[str, str]:
    return {language: row.name_in(language) for language in ("kk", "ru", "en")}


def _fact(fact: PlatformFact) -> dict[str, Any]:
    return {"aspect": fact.aspect, "text": fact.text, **_sourced(fact)}


def of_flow(flow: DataFlow) -> dict[str, Any]:
    return {
        "origin": flow.origin.key,
        "target": flow.target.key,
        "content": flow.text,
        "personal_data": flow.personal,
        "direction": flow.direction,
        "protocol": flow.protocol or None,
        "encryption": flow.encryption,
        "state": flow.state,
        **_sourced(flow),
    }


def _sourced(row: PlatformFact | DataFlow) -> dict[str, Any]:
    return {
        "certainty": row.certainty,
        "source_kind": row.source_kind,
        "source_title": row.source or None,
        "checked_on": row.checked_on.isoformat() if row.checked_on else None,
    }
