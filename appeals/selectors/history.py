"""What rows of a history speak of beside the case itself: other appeals, units before, values before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from appeals import policies
from appeals.models import Appeal, AppealEvent, Category, EventKind, Incident, Kind, Priority, Regime
from appeals.selectors import names

NAMING = ("target", "source", "from", "to")  # under which the details of an event name another appeal
GIVING = frozenset({EventKind.ASSIGNED, EventKind.CLAIMED, EventKind.FORWARDED, EventKind.REOPENED})


# Other appeals


def numbers_in(events: Iterable[AppealEvent]) -> set[str]:
    return {str(event.data[key]) for event in events for key in NAMING if event.data.get(key)}


def nameable_to_staff(user: User, numbers: set[str]) -> frozenset[str]:
    """Those of other appeals that may be named: a confidential one only to who may see it."""
    if not numbers:
        return frozenset()
    hidden = set(Appeal.objects.filter(number__in=numbers, is_confidential=True).values_list("number", flat=True))
    if hidden:
        hidden -= set(policies.visible_to(user).filter(number__in=hidden).values_list("number", flat=True))
    return frozenset(numbers - hidden)


def nameable_to_applicant(appeal: Appeal, numbers: set[str]) -> frozenset[str]:
    """The numbers everybody sees in the public list, and those of his own appeals."""
    if not numbers:
        return frozenset()
    who = appeal.applicant
    own = Q(applicant_id=who.pk)
    if who.identifier_hash:
        own |= Q(applicant__identifier_hash=who.identifier_hash)
    if who.user_id:
        own |= Q(applicant__user_id=who.user_id)
    rows = Appeal.objects.filter(Q(is_confidential=False, is_taken_down=False) | own, number__in=numbers)
    return frozenset(rows.values_list("number", flat=True))


def incident_titles(events: Iterable[AppealEvent]) -> dict[int, str]:
    """Names of the incidents whose events tell only their key."""
    wanted = {event.data["incident"] for event in events if event.data.get("incident") and not event.data.get("title")}
    return dict(Incident.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}


# Units before


def units_before(events: Iterable[AppealEvent]) -> dict[int, int]:
    """By the number of the event the unit that had the appeal until then, where another one has it afterwards.

    The events run from the oldest on; what is told of one question moves nothing.
    """
    found: dict[int, int] = {}
    holder: int | None = None
    for event in events:
        unit = event.data.get("department")
        if event.kind not in GIVING or event.question_id or event.data.get("question") or not unit:
            continue
        before = event.data.get("previous") or holder
        if before and before != unit:
            found[event.seq] = before
        holder = unit
    return found


# Values before and after


@dataclass(frozen=True)
class Field:
    """How a value of a classification is called and said. `is_internal`: not for the applicant."""

    label: str | Promise
    say: Callable[[Any], str]
    is_internal: bool = False


def _named(rows: Callable[[], Mapping[int, Any]]) -> Callable[[Any], str]:
    def say(value: Any) -> str:
        row = rows().get(value)
        return str(row.name) if row else ""

    return say


def _chosen(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value in choices.values else ""


FIELDS: dict[str, Field] = {
    "topic": Field(gettext_lazy("Topic"), _named(names.topics)),
    "category": Field(gettext_lazy("Category"), _chosen(Category)),
    "kind": Field(gettext_lazy("Kind"), _chosen(Kind)),
    "regime": Field(gettext_lazy("Regime"), _chosen(Regime)),
    "sector": Field(gettext_lazy("Sector"), _named(names.sectors)),
    "area": Field(gettext_lazy("City sector"), _named(names.areas)),
    "priority": Field(gettext_lazy("Priority"), _chosen(Priority)),
    "is_confidential": Field(
        gettext_lazy("Confidential"), lambda value: _("yes") if value else _("no"), is_internal=True
    ),
    "complaint_department": Field(gettext_lazy("Complaint about"), _named(names.departments), is_internal=True),
}


def changes_in_words(changes: Mapping[str, Any], *, for_applicant: bool = False) -> list[str]:
    """«Topic: Roads → Water supply», a line for each value that changed and can be said."""
    lines = []
    for name, field in FIELDS.items():
        values = changes.get(name)
        if not isinstance(values, list) or len(values) != 2 or (for_applicant and field.is_internal):
            continue
        before, after = (field.say(value) or _("not set") for value in values)
        if before != after:
            lines.append(f"{field.label}: {before} → {after}")
    return lines
