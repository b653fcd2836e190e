"""The keyed hashes of the log: of what a record says, and of its place in the chain."""

from __future__ import annotations

import ipaddress
from typing import Any

from common.events import chain_hash, stamp

# A digest is made of exactly these; what a later release wants to keep goes into `details`, or old digests break.
SAID = ("action", "category", "outcome", "subject_ref", "fields", "reason", "details", "user_agent", "request_id")


def digest_of(row: Any) -> str:
    """Of everything the record says, before it has a place in the chain. Takes rows of migrations as well."""
    fields = [str(row.uid), stamp(row.at), row.actor_id, _address(row.address), *(getattr(row, name) for name in SAID)]
    return chain_hash(prev_hash="record", fields=fields)


def link_hash(*, prev_hash: str, seq: int, row_id: int, digest: str) -> str:
    """Of the record's place: its number, its key and what it says, over the link before it."""
    return chain_hash(prev_hash=prev_hash, fields=[seq, row_id, digest])


def _address(value: str | None) -> str | None:
    """One spelling for one address, the same before and after the database."""
    return str(ipaddress.ip_address(value)) if value else None
