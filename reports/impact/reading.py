"""Examples of what was mended that the public list shows already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from reports import sources
from reports.figures import Filters
from reports.models import AnswerFact
from reports.sources import Published

EXAMPLES = 12
LOOKED_AT = 200


@dataclass(frozen=True)
class Example:
    appeal: Published
    answered_on: dt.date


def examples(filters: Filters) -> Sequence[Example]:
    """The newest mended appeals among those that everybody finds in the public list."""
    mended = Q(verdict="solved") | Q(verdict="", outcome="satisfied", is_formal=False)
    rows = AnswerFact.objects.filter(mended, is_disputed=False).order_by("-answered_on", "-reply_id")
    newest = list(rows.values_list("appeal_id", "answered_on")[:LOOKED_AT])
    shown = sources.published(appeal_id for appeal_id, _day in newest)
    found = [Example(shown[appeal_id], day) for appeal_id, day in newest if appeal_id in shown]
    if filters.area is not None:
        found = [example for example in found if example.appeal.area_id == filters.area]
    return found[:EXAMPLES]
