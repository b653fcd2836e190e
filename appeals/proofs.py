"""Prove the histories of what has changed, and raise the alarm about one that does not hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from appeals import events
from appeals.models import Appeal, AppealEvent
from audit.alarm import raise_alarm

A_DAY = timedelta(hours=26)  # a night that was late leaves nothing out
CHUNK = 2000


def changed_since(moment: datetime, *, after: int = 0) -> list[int]:
    """Keys of appeals with an event since then, in order, a chunk of them."""
    rows = AppealEvent.objects.filter(recorded_at__gte=moment, appeal_id__gt=after)
    return list(rows.order_by("appeal_id").values_list("appeal_id", flat=True).distinct()[:CHUNK])


def verify(appeal_ids: list[int]) -> int:
    """The number of appeals whose history or texts do not hold; each of them raises the alarm."""
    broken = {link.appeal_id: (link.why, link.seq, link.event_id) for link in events.broken_links(appeal_ids)}
    for text in events.changed_texts(appeal_ids):
        broken.setdefault(text.appeal_id, (f"the text of {text.row} was changed", text.seq, text.event_id))
    numbers = dict(Appeal.objects.filter(pk__in=broken).values_list("pk", "number"))
    for appeal_id, (why, seq, event_id) in sorted(broken.items()):
        details = {"seq": seq, "event": event_id}
        raise_alarm(subject_ref=f"appeal:{numbers[appeal_id]}", why=why, details=details)
    return len(broken)
