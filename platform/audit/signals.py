"""What the log tells other apps."""

from __future__ import annotations

from django.dispatch import Signal

# Sent in the transaction that records it, when a chain no longer holds: the log's own or the history of an appeal.
# One listener that fails stops neither the record nor the others, so each works in an atomic block of its own.
# Keyword arguments: subject_ref (where it broke), why (a stable code), record (the AuditRecord that says so).
chain_broken = Signal()
