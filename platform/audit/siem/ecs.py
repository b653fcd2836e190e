"""A record in the words of the Elastic Common Schema, which every SIEM knows; a pure function of the row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from audit.actions import Action, Category
from audit.models import AuditRecord

VERSION = "8.17.0"
Document = dict[str, Any]

# Category and type of ECS by our category; the exceptions stand below.
KINDS: dict[str, tuple[list[str], list[str]]] = {
    Category.AUTHENTICATION: (["iam"], ["user", "change"]),
    Category.ACCESS: (["database"], ["access"]),
    Category.EXPORT: (["database"], ["access"]),
    Category.PERMISSION: (["iam"], ["user", "change"]),
    Category.CONFIGURATION: (["configuration"], ["change"]),
    Category.PRIVACY: (["database"], ["change"]),
    Category.SECURITY: (["intrusion_detection"], ["info"]),
    Category.SYSTEM: (["configuration"], ["info"]),
}
OF_ACTION: dict[str, tuple[list[str], list[str]]] = {
    Action.SIGNED_UP: (["iam"], ["user", "creation"]),
    Action.SIGNED_IN: (["authentication", "session"], ["start"]),
    Action.SIGN_IN_STEP: (["authentication"], ["info"]),
    Action.SIGN_IN_FAILED: (["authentication"], ["start"]),
    Action.SIGNED_OUT: (["authentication", "session"], ["end"]),
    Action.DOWNLOADED: (["file"], ["access"]),
    Action.ROLE_GIVEN: (["iam"], ["user", "admin", "creation"]),
    Action.ROLE_TAKEN: (["iam"], ["user", "admin", "deletion"]),
    Action.MALWARE_FOUND: (["malware"], ["info"]),
    Action.CHAIN_BROKEN: (["intrusion_detection"], ["info"]),
}
UNKNOWN = (["configuration"], ["info"])  # of a category that a newer release has written; it must not stop the rest
ALERTS = {Action.CHAIN_BROKEN}


def document(row: AuditRecord, roles: Sequence[str] = ()) -> Document:
    """`event.id` stays the same however often the record is sent: by it a receiver knows repeats."""
    categories, types = OF_ACTION.get(row.action) or KINDS.get(row.category) or UNKNOWN
    event = {
        "id": str(row.uid),
        "kind": "alert" if row.action in ALERTS else "event",
        "category": categories,
        "type": types,
        "action": row.action,
        "outcome": row.outcome,
        "sequence": row.seq,
        "hash": row.hash,
        "module": "audit",
        "dataset": "halyq.audit",
        "reason": row.reason,
    }
    found: Document = {
        "@timestamp": row.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "ecs": {"version": VERSION},
        "message": f"{row.action} {row.subject_ref}".strip(),
        "event": event,
        "user": _user(row, roles),
        "source": {"ip": row.address},
        "user_agent": {"original": row.user_agent},
        "http": {"request": {"id": row.request_id}},
        "labels": {"category": row.category, "subject": row.subject_ref, "fields": ", ".join(map(str, row.fields))},
        "service": {"name": "halyq-uni", "type": "hub"},
        "observer": {"vendor": "Halyq Uni", "product": "Halyq Uni", "type": "audit"},
        "halyq": {"details": row.details, "prev_hash": row.prev_hash, "digest": row.digest},
    }
    return _without_empty(found)


def _user(row: AuditRecord, roles: Sequence[str]) -> Document:
    if row.actor is None:
        return {}
    return {"id": str(row.actor_id), "name": row.actor.get_username(), "roles": sorted(set(roles))}


def _without_empty(value: Document) -> Document:
    """What is not known is left out and not sent as empty text."""
    kept: Document = {}
    for name, item in value.items():
        found = _without_empty(item) if isinstance(item, dict) and name != "details" else item
        if found not in (None, "", [], {}):
            kept[name] = found
    return kept


def as_json(found: Document) -> str:
    """One line, whatever it holds."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), default=str)
