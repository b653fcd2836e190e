"""Remove what is old without losing the proof of what follows: a checkpoint keeps the link that the rest hangs on."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import sealing, trail
from audit.actions import Action
from audit.models import AuditCheckpoint, AuditRecord, SiemTarget
from audit.siem import shipping
from common.errors import Conflict
from common.events import chain_hash, stamp


def all_points() -> list[AuditCheckpoint]:
    """There is one for each removal, so they are few."""
    return list(AuditCheckpoint.objects.order_by("seq"))


def at(seq: int) -> AuditCheckpoint | None:
    return AuditCheckpoint.objects.filter(seq=seq).first()


def is_genuine(point: AuditCheckpoint) -> bool:
    return point.proof == _proof(point)


@transaction.atomic
def make(*, before: datetime, actor: User | None, reason: str) -> AuditCheckpoint:
    """Keep the link after which only records from `before` on stand. The caller has verified the chain up to it."""
    newer = AuditRecord.objects.filter(seq__isnull=False, at__gte=before).aggregate(seq=Min("seq"))["seq"]
    rows = AuditRecord.objects.filter(seq__isnull=False, at__lt=before)
    last = (rows.filter(seq__lt=newer) if newer else rows).order_by("-seq").first()
    if last is None or last.seq is None:
        raise Conflict(_("There are no sealed records before this time."))
    known = at(last.seq)
    if known:
        return known
    point = AuditCheckpoint(
        seq=last.seq,
        hash=last.hash,
        records=AuditRecord.objects.filter(seq__lte=last.seq).count(),
        last_at=last.at,
        made_at=timezone.now(),
        made_by=actor,
        reason=reason,
    )
    point.proof = _proof(point)
    point.save(force_insert=True)
    trail.record(
        action=Action.CHECKPOINT_MADE,
        actor=actor,
        subject_ref=f"audit:{point.seq}",
        reason=reason,
        details={"records": point.records, "hash": point.hash},
    )
    return point


@transaction.atomic
def remove_before(point: AuditCheckpoint, *, actor: User | None, reason: str) -> int:
    """Remove the records up to a checkpoint; the database lets this transaction do it because it names the checkpoint.

    Refused as long as a receiver outside has not got them. Everything goes or nothing does.
    """
    cursors = dict(SiemTarget.objects.values_list("slug", "last_seq"))
    for slug in shipping.configured():
        if cursors.get(slug, 0) < point.seq:
            raise Conflict(_("A receiver has not got these records yet: %(slug)s.") % {"slug": slug})
    if not sealing.try_lock():
        raise Conflict(_("The log is being sealed. Try again."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('halyq.audit_checkpoint', %s, true)", [str(point.pk)])
        cursor.execute("DELETE FROM audit_auditrecord WHERE seq <= %s", [point.seq])
        removed = cursor.rowcount
        cursor.execute("SELECT set_config('halyq.audit_checkpoint', '', true)")
    trail.record(
        action=Action.SEGMENT_REMOVED,
        actor=actor,
        subject_ref=f"audit:{point.seq}",
        reason=reason,
        details={"records": removed, "checkpoint": point.pk},
    )
    return int(removed)


def _proof(point: AuditCheckpoint) -> str:
    fields = [point.seq, point.hash, point.records, stamp(point.last_at), stamp(point.made_at)]
    return chain_hash(prev_hash="checkpoint", fields=[*fields, point.made_by_id, point.reason])
