"""What is done and seen from within the stack under fire: `python -m tests.crash.inside prepare|verdict`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import django


def prepare() -> dict[str, Any]:
    """People to be told, and rules that assign by themselves: every appeal runs through the whole pipeline."""
    from accounts.models import Role, RoleAssignment, User
    from appeals.models import RoutingRule

    RoutingRule.objects.update(auto_assign=True)
    units = set(RoutingRule.objects.filter(department__is_external=False).values_list("department_id", flat=True))
    for unit in units:
        user, _made = User.objects.get_or_create(username=f"head{unit}", email=f"head{unit}@example.kz")
        RoleAssignment.objects.get_or_create(user=user, role=Role.HEAD, department_id=unit)
    topic = RoutingRule.objects.filter(topic__slug="water-outage").values_list("topic_id", flat=True).first()
    return {"units": len(units), "topic": topic}


def _untold() -> list[int]:
    """Receipts that were to be told to somebody who can be told, and were not."""
    from appeals.models import AppealEvent, EventKind
    from appeals.notices import contacts_of
    from notifications.models import Notification

    keys = Notification.objects.filter(dedupe_key__startswith="notice:").values_list("dedupe_key", flat=True)
    told = {int(key.split(":")[1]) for key in keys if key.split(":")[2] == "applicant"}
    received = AppealEvent.objects.filter(kind=EventKind.RECEIVED).exclude(pk__in=told)
    rows = received.select_related("appeal__applicant")
    return [event.pk for event in rows if contacts_of(event.appeal)]


def verdict() -> dict[str, Any]:
    """Everything that there is, in words which the outside can compare with what it remembers."""
    from appeals import events
    from appeals.models import Appeal, AppealEvent, Attachment, Message, RawDelivery
    from notifications.models import Notification

    appeals = list(Appeal.objects.values_list("channel", "external_id", "number"))
    notices = Notification.objects.order_by("pk")
    photos = Attachment.objects.select_related("appeal")
    return {
        "web": [[key.partition("-")[0], number] for channel, key, number in appeals if channel == "web"],
        "telegram": [key for channel, key, _number in appeals if channel == "telegram"]
        + list(Message.objects.filter(channel="telegram", direction="in").values_list("external_id", flat=True)),
        "deliveries": dict(Counter(RawDelivery.objects.values_list("status", flat=True))),
        "errors": list(RawDelivery.objects.exclude(error="").values_list("error", flat=True)[:5]),
        "updates": list(RawDelivery.objects.values_list("external_id", flat=True)),
        "photos": [
            row.appeal.external_id.partition("-")[0] for row in photos if row.file.storage.exists(row.file.name)
        ],
        "events": AppealEvent.objects.count(),
        "untold": _untold(),
        "broken": [str(link) for link in events.broken_links()],
        "notices": [[row.transport, row.status, _key(row)] for row in notices],
    }


def _key(row: Any) -> str:
    """As the sink names what it was given."""
    if row.transport == "telegram":
        return f"{row.address}|{row.body}"
    if row.transport == "sms":
        return f"hub-{row.pk}"
    return f"{row.address}|{' '.join(row.subject.split())}"


if __name__ == "__main__":
    django.setup()
    answer = {"prepare": prepare, "verdict": verdict}[sys.argv[1]]()
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
