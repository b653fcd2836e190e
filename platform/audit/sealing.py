"""Give records their place in the chain: one sealer at a time, shortly after the commit of what they tell of.

A record is inserted without waiting for anybody. Transactions end in another order than they began, so the order of
the chain is the order in which the sealer sees them, and a row that ends late simply comes later in the chain.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from audit.digests import link_hash
from audit.models import AuditRecord, ChainHead
from common.events import publish

BATCH = 500
SHIP_TASK = "audit.tasks.ship"
LOCK = 0x41554449  # advisory lock of whoever writes the chain
SEAL = """
    UPDATE audit_auditrecord AS record SET seq = link.seq, prev_hash = link.prev_hash, hash = link.hash
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS link (id, seq, prev_hash, hash)
    WHERE record.id = link.id AND record.seq IS NULL
"""


def seal_all() -> int:
    """Seal until nothing waits or somebody else is sealing; the number of records sealed here."""
    total = 0
    while done := seal_some():
        total += done
        if done < BATCH:
            break
    return total


@transaction.atomic
def seal_some(limit: int = BATCH) -> int:
    """Seal a batch, all of it or nothing; 0 when nothing waits or another sealer is at it."""
    if not try_lock():
        return 0
    head = ChainHead.objects.get_or_create(pk=ChainHead.ONLY)[0]
    waiting = AuditRecord.objects.filter(seq__isnull=True).order_by("pk").values_list("pk", "digest")[:limit]
    links: list[tuple[int, int, str, str]] = []
    seq, prev_hash = head.seq, head.hash
    for pk, digest in waiting:
        seq += 1
        found = link_hash(prev_hash=prev_hash, seq=seq, row_id=pk, digest=digest)
        links.append((pk, seq, prev_hash, found))
        prev_hash = found
    if links:
        _write(links)
        ChainHead.objects.filter(pk=head.pk).update(seq=seq, hash=prev_hash, sealed_at=timezone.now())
        publish(SHIP_TASK)
    return len(links)


def _write(links: list[tuple[int, int, str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEAL, [list(column) for column in zip(*links, strict=True)])
        if cursor.rowcount != len(links):
            raise RuntimeError("somebody else has sealed these records")


def try_lock() -> bool:
    """Until the end of the transaction nobody else seals."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
