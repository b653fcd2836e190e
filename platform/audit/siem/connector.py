"""The way to the SIEM as a connector: whether each receiver takes what the log has to tell."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import AuditRecord, SiemTarget
from audit.siem import shipping
from common.connectors import ConnectionTrouble, Connector, Reason, connectors

TOO_LATE = timedelta(minutes=10)


class Siem(Connector):
    name = _("Audit log to the SIEM")
    platform = "siem"

    def is_configured(self) -> bool:
        return bool(shipping.configured())

    def check(self) -> str:
        """By what the sending itself has met: it runs every few seconds and keeps its place in the chain."""
        last = AuditRecord.objects.aggregate(last=Max("seq"))["last"] or 0
        targets = {row.slug: row for row in SiemTarget.objects.all()}
        told = []
        for slug in shipping.configured():
            row = targets.get(slug)
            if row is None:
                raise ConnectionTrouble(Reason.BEHIND, f"{slug}: nothing was sent yet")
            if row.attempts:
                raise ConnectionTrouble(Reason.UNREACHABLE, f"{slug}: {row.attempts} failed tries")
            if self._is_late(row.last_seq):
                raise ConnectionTrouble(Reason.BEHIND, f"{slug}: {last - row.last_seq} records behind")
            told.append(f"{slug}: {row.last_seq} of {last}")
        return ", ".join(told)

    @staticmethod
    def _is_late(sent_up_to: int) -> bool:
        first = AuditRecord.objects.filter(seq__gt=sent_up_to).order_by("seq").first()
        return first is not None and first.at < timezone.now() - TOO_LATE


connectors.register("siem")(Siem())
