"""Carry out what was decided on a request: one kind of record after the other, each harmless when repeated."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.actions import Action
from privacy import notices, requests
from privacy.models import CaseEvent, DataRequest, Decision
from privacy.registries import Erased, erasures

logger = logging.getLogger(__name__)

STATE = DataRequest.State
WAIT_AFTER_FAILURE = timedelta(minutes=10)


def execute_due(limit: int = 20) -> int:
    """Every decided request that is not carried out; a failing one does not stop the others."""
    rows = DataRequest.objects.filter(state=STATE.DECIDED, kind__in=requests.ERASING).order_by("id")
    done = 0
    for request_id in list(rows.values_list("pk", flat=True)[:limit]):
        try:
            execute(request_id)
            done += 1
        except Exception:  # the next tick tries again; what is done stays done
            logger.exception("request not carried out", extra={"data_request": request_id})
    return done


def execute(request_id: int) -> None:
    """Each decision commits for itself, so a killed worker loses nothing and the next one does nothing twice."""
    for decision_id in list(
        Decision.objects.filter(request_id=request_id, done_at=None).order_by("id").values_list("pk", flat=True)
    ):
        _carry_out(decision_id)
    _close(request_id)


@transaction.atomic
def _carry_out(decision_id: int) -> None:
    line = (
        Decision.objects.select_for_update(of=("self",)).select_related("request__user", "ground").get(pk=decision_id)
    )
    if line.done_at is not None:
        return
    kind = erasures.get(line.record_type)
    subject = notices.subject_of(line.request)
    if line.action == Decision.Action.KEEP:
        result = Erased(changed=0, kept=kind.look(subject).count)
    else:
        result = kind.erase(subject, line.action, line.ground.slug if line.ground else "")
    line.changed, line.kept, line.done_at = result.changed, result.kept, timezone.now()
    line.save(update_fields=["changed", "kept", "done_at"])
    trail.record(
        action=Action.DATA_ERASED, actor=line.request.decided_by, subject_ref=line.request.ref,
        fields=[line.record_type, line.action], details={"changed": result.changed, "kept": result.kept},
    )  # fmt: skip


@transaction.atomic
def _close(request_id: int) -> None:
    """The answer goes out before the contact is forgotten: notices were queued with their address."""
    request = requests.lock(request_id)
    if request.state != STATE.DECIDED or request.decisions.filter(done_at=None).exists():
        return
    requests.finish(request, STATE.DONE, CaseEvent.Kind.EXECUTED, actor=None)
