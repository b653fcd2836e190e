"""Put the systems known from the beginning into the catalogue; what is there already stays as it was edited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps as current_apps

FILE = Path(__file__).parent / "seed" / "platforms.json"


def load(apps: Any = current_apps) -> int:
    """Add what is missing; the number of systems added. A migration gives its own state of the models."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    platform, fact = apps.get_model("catalogue", "Platform"), apps.get_model("catalogue", "PlatformFact")
    known = set(platform.objects.values_list("key", flat=True))
    new = [entry for entry in content["platforms"] if entry["key"] not in known]
    for entry in new:
        values = dict(entry)
        facts = values.pop("facts")
        row = platform.objects.create(**values)
        fact.objects.bulk_create(fact(platform=row, **one) for one in facts)
    _load_flows(apps, content["flows"], {entry["key"] for entry in new})
    return len(new)


def _load_flows(apps: Any, flows: list[dict[str, Any]], new: set[str]) -> None:
    """Only flows of systems that were added: one that somebody has deleted does not come back."""
    flow, platform = apps.get_model("catalogue", "DataFlow"), apps.get_model("catalogue", "Platform")
    by_key = {row.key: row for row in platform.objects.all()}
    for entry in flows:
        values = dict(entry)
        origin, target = values.pop("from"), values.pop("to")
        if {origin, target} & new and {origin, target} <= by_key.keys():
            flow.objects.create(origin=by_key[origin], target=by_key[target], **values)
