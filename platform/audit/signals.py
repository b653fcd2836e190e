"""What the log tells other apps."""

from __future__ import annotations

from django.dispatch import Signal

# Sent in the transaction that records it, when a chain no longer holds: the log's own or the history of an appeal.
# Keyword arguments: subject_ref (where it broke), why (a stable code), record (the AuditRecord that says so).
chain_broken = Signal()
