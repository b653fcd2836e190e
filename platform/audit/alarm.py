"""What happens when a chain no longer holds: a critical line in the log file, a record, and everybody is told."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.actions import Action, Outcome
from audit.models import AuditRecord
from audit.signals import chain_broken

logger = logging.getLogger(__name__)

QUIET = timedelta(hours=24)


@transaction.atomic
def raise_alarm(*, subject_ref: str, why: str, details: Mapping[str, Any] | None = None) -> AuditRecord | None:
    """Say that a chain is broken. People are told of one break once a day, the log file each time it is seen."""
    logger.critical("chain_broken", extra={"subject": subject_ref, "why": why, "details": dict(details or {})})
    if _is_known(subject_ref, why):
        return None
    record = trail.record(
        action=Action.CHAIN_BROKEN,
        actor=None,
        subject_ref=subject_ref,
        outcome=Outcome.FAILURE,
        reason=why,
        details=details,
    )
    for receiver, failure in chain_broken.send_robust(
        sender=AuditRecord, subject_ref=subject_ref, why=why, record=record
    ):
        if isinstance(failure, Exception):
            logger.critical("chain_broken_not_told", extra={"receiver": repr(receiver)}, exc_info=failure)
    return record


def _is_known(subject_ref: str, why: str) -> bool:
    told = AuditRecord.objects.filter(subject_ref=subject_ref, action=Action.CHAIN_BROKEN, reason=why)
    return told.filter(at__gt=timezone.now() - QUIET).exists()
