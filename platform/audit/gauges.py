"""Figures of the audit log: is it sealed, verified, and out of the house."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Min, QuerySet
from django.utils import timezone

from audit.models import AuditRecord, ChainCheck
from audit.selectors import chain_state
from audit.siem import shipping
from monitoring.gauges import MOST_COUNTED, gauge


@gauge("halyq_audit_unsealed", "Records that have no place in the chain yet.")
def unsealed() -> float:
    return float(AuditRecord.objects.filter(seq__isnull=True).values("pk")[:MOST_COUNTED].count())


@gauge("halyq_audit_unsealed_oldest_seconds", "Age of the oldest of them.")
def unsealed_oldest() -> float:
    first = AuditRecord.objects.filter(seq__isnull=True).aggregate(first=Min("id"))["first"]
    at = AuditRecord.objects.filter(pk=first).values_list("at", flat=True).first()
    return max((timezone.now() - at).total_seconds(), 0.0) if at else 0.0


@gauge("halyq_audit_verified_timestamp_seconds", "When the chain was last verified: what was new, and all; 0 is never.",
       "scope")  # fmt: skip
def verified() -> Mapping[str, float]:
    return {"new": _end(_ended().first()), "all": _end(_ended().filter(is_whole=True).first())}


@gauge("halyq_audit_chain_broken", "1 when the last verification found a break that nobody has accepted.")
def chain_broken() -> float:
    last = _ended().first()
    return float(last is not None and last.problem_seq is not None)


@gauge("halyq_siem_behind", "Sealed records a receiver outside has not taken yet.", "receiver")
def siem_behind() -> Mapping[str, float]:
    if not shipping.configured():
        return {}
    return {target.slug: float(target.behind) for target in chain_state().targets}


def _ended() -> QuerySet[ChainCheck]:
    return ChainCheck.objects.filter(finished_at__isnull=False).order_by("-id")


def _end(check: ChainCheck | None) -> float:
    return check.finished_at.timestamp() if check is not None and check.finished_at else 0.0
