"""The terms of the table of terms in words, so that the help pages never promise another one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals import sla, terms
from appeals.models import SlaPolicy, TimerCode
from appeals.models.choices import Priority, Regime, TermUnit
from ui import dates

COUNTED = {TermUnit.CALENDAR_DAYS: "day", TermUnit.WORKING_DAYS: "working_day", TermUnit.CLOCK_HOURS: "hour"}


@dataclass(frozen=True)
class TermRow:
    """One line of «how long it takes»."""

    label: str
    term: str


def term_rows() -> list[TermRow]:
    """How long an answer may take, for the cases that a resident can tell apart."""
    cases = (
        (_("Danger to life: open manhole, fallen power line, smell of gas"), Regime.REQUEST, Priority.EMERGENCY),
        (_("Urgent: street lighting, lift, heap of waste, stray animals"), Regime.REQUEST, Priority.URGENT),
        (_("Any other service request"), Regime.REQUEST, Priority.NORMAL),
        (_("Official appeal (APPC, article 76)"), Regime.APPEAL, Priority.NORMAL),
    )
    found = ((label, _policy(TimerCode.ANSWER, regime, priority)) for label, regime, priority in cases)
    return [TermRow(label, words(policy)) for label, policy in found if policy is not None]


def term_of(code: TimerCode, regime: Regime) -> str:
    policy = _policy(code, regime, Priority.NORMAL)
    return words(policy) if policy else ""


def _policy(code: TimerCode, regime: Regime, priority: Priority) -> SlaPolicy | None:
    case = sla.PolicyCase(regime=regime, priority=priority)
    return terms.policy_of(case, code)


def words(policy: SlaPolicy) -> str:
    if policy.unit in COUNTED:
        return dates.count_of(COUNTED[TermUnit(policy.unit)], policy.amount)
    if policy.unit == TermUnit.MONTHS:
        return ngettext("%(count)s month", "%(count)s months", policy.amount) % {"count": policy.amount}
    return f"{policy.amount} {policy.get_unit_display()}"
