"""Ready texts to start an answer from: which fit a case, and how their places in braces are filled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.db.models import Q
from django.utils import timezone, translation

from appeals.models import Appeal, ReplyTemplate
from ui import dates

PLACE = re.compile(r"\{([a-z_]+)\}")
# How a person without a name is addressed.
NOBODY = {"kk": "тұрғын", "ru": "заявитель", "en": "resident"}


def fitting(appeal: Appeal) -> list[ReplyTemplate]:
    """Templates of the case's topic, regime and language of the answer; those made for its topic come first."""
    rows = ReplyTemplate.objects.filter(
        Q(topic__isnull=True) | Q(topic_id=appeal.topic_id),
        Q(regime="") | Q(regime=appeal.regime),
        is_active=True,
        language=appeal.answer_language,
    )
    return sorted(rows, key=lambda row: (row.topic_id is None, row.outcome, row.title))


def values_of(
    appeal: Appeal, *, language: str, measures: str = "", done_on: dt.date | None = None, done_by: str = ""
) -> dict[str, str]:
    """What is known for the places of a template, in words of the answer's language; the unknown is left out."""
    with translation.override(language):
        values = {
            "applicant": appeal.applicant.full_name or NOBODY.get(language, NOBODY["kk"]),
            "number": appeal.number,
            "received_on": dates.long_date(timezone.localtime(appeal.received_at).date()),
            "address": appeal.address or (appeal.area.name_in(language) if appeal.area else ""),
            "topic": appeal.topic.name_in(language) if appeal.topic else "",
            "department": appeal.department.name_in(language) if appeal.department else "",
            "executor": appeal.executor.full_name if appeal.executor else "",
            "due_on": dates.long_date(timezone.localtime(appeal.due_at).date()),
            "today": dates.long_date(timezone.localdate()),
            "measures": measures.strip().rstrip("."),
            "done_on": dates.long_date(done_on) if done_on else "",
            "done_by": done_by.strip(),
        }
    return {name: value for name, value in values.items() if value}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every known place filled; an unknown one stays in its braces for the author to see."""
    return PLACE.sub(lambda place: values.get(place.group(1), place.group(0)), text)


def empty_places(text: str) -> list[str]:
    """Places that nobody has filled yet, each once."""
    return list(dict.fromkeys(PLACE.findall(text)))
