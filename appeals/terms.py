"""The editable tables of terms, ladder, topics and calendar as plain values for the pure rules of `sla`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from appeals import sla
from appeals.models import Appeal, EscalationStep, Priority, SlaPolicy, TimerCode, Topic
from appeals.suggestions import Lexicon, words_of
from common.calendar_rows import calendar as calendar
from common.rows import CachedRows
from organizations.models import Area, Department


@dataclass(frozen=True)
class _Policies:
    """The rows in force, and what was chosen of them: both are forgotten together."""

    rows: Mapping[str, tuple[SlaPolicy, ...]]
    chosen: dict[tuple[TimerCode, sla.PolicyCase], SlaPolicy | None] = field(default_factory=dict)


def _load_policies() -> _Policies:
    grouped: dict[str, list[SlaPolicy]] = defaultdict(list)
    for row in SlaPolicy.objects.filter(is_active=True):
        grouped[row.timer_code].append(row)
    return _Policies({code: tuple(rows) for code, rows in grouped.items()})


def _load_ladder() -> Mapping[str, tuple[EscalationStep, ...]]:
    grouped: dict[str, list[EscalationStep]] = defaultdict(list)
    for row in EscalationStep.objects.filter(is_active=True).order_by("share"):
        grouped[row.timer_code].append(row)
    return {code: tuple(rows) for code, rows in grouped.items()}


_policies = CachedRows(_load_policies)
ladder = CachedRows(_load_ladder)
departments = CachedRows(lambda: {unit.pk: unit for unit in Department.objects.select_related("organization")})
areas = CachedRows(lambda: {area.pk: area for area in Area.objects.filter(is_active=True)})
topics = CachedRows(lambda: {topic.pk: topic for topic in Topic.objects.all()})

topic_words = CachedRows(
    lambda: Lexicon(
        tuple(
            words_of(row.pk, row.keywords, is_emergency=row.default_priority == Priority.EMERGENCY)
            for row in topics().values()
            if row.is_active
        )
    )
)


def policy_for(appeal: Appeal, code: TimerCode) -> SlaPolicy | None:
    """The term in force for a timer of this appeal; None when no row asks for one."""
    department = departments().get(appeal.department_id) if appeal.department_id else None
    case = sla.PolicyCase(
        regime=appeal.regime,
        kind=appeal.kind,
        topic_id=appeal.topic_id,
        priority=appeal.priority,
        organization_id=department.organization_id if department else None,
    )
    return policy_of(case, code)


def policy_of(case: sla.PolicyCase, code: TimerCode) -> SlaPolicy | None:
    """The row that fits best, chosen once for equal cases."""
    policies = _policies()
    if (code, case) not in policies.chosen:
        policies.chosen[code, case] = sla.choose_policy(policies.rows.get(code, ()), case)
    return policies.chosen[code, case]


def term_of(policy: SlaPolicy) -> sla.Term:
    return sla.Term(policy.amount, policy.unit, policy.day_count)


def shares_for(regime: str, code: str) -> list[int]:
    """The rungs of the ladder for a timer, in per cent of its term."""
    return sorted({step.share for step in ladder().get(code, ()) if step.regime in ("", regime)})


def roles_for(regime: str, code: str, share: int) -> list[str]:
    """Who is told at a rung of the ladder."""
    return [step.recipient for step in ladder().get(code, ()) if step.share == share and step.regime in ("", regime)]
