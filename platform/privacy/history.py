"""Write the steps of a request, a take-down or a breach; called inside the transaction of the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from common.text import storable
from privacy.models import CaseEvent


def record(
    case_ref: str, kind: str, *, actor: User | None = None, note: str = "", data: Mapping[str, Any] | None = None
) -> CaseEvent:
    return CaseEvent.objects.create(
        case_ref=case_ref, kind=kind, actor=actor, note=storable(note), data=dict(data or {})
    )


def of(case_ref: str) -> list[CaseEvent]:
    return list(CaseEvent.objects.filter(case_ref=case_ref).select_related("actor").order_by("id"))
