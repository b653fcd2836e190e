"""What happened: the feed of changes, and webhooks to which the same events are sent."""

from __future__ import annotations

import json
from typing import Any

from openapi.examples.appeals import NUMBER
from openapi.examples.base import Example

PATH = {"webhook": 7}
WEBHOOK: dict[str, Any] = {
    "id": 7,
    "url": "https://hook.example.kz/halyq-uni",
    "types": ["appeal.received", "appeal.answered"],
    "topics": ["water-outage"],
    "areas": [],
    "state": "on",
    "failing_since": None,
    "old_secret_until": None,
    "created_at": "2026-11-27T10:15:00+05:00",
}
WITH_SECRET = WEBHOOK | {"secret": "whsec_ZXhhbXBsZS1vbmx5LW5vdC1hLXNlY3JldC1rZXk="}
DELIVERY: dict[str, Any] = {
    "message_id": "test_0d4c1f0e8b7a4e5f",
    "type": "webhook.test",
    "status": "waiting",
    "body": '{"type":"webhook.test","timestamp":"2026-11-27T05:15:00Z","data":{}}',
    "created_at": "2026-11-27T10:15:00+05:00",
    "next_try_at": "2026-11-27T10:15:00+05:00",
    "tries": [],
}
CHANGE = {
    "id": "41",
    "type": "appeal.received",
    "time": "2026-11-27T10:15:00+05:00",
    "number": NUMBER,
    "status": "registered",
    "version": 1,
}

EXAMPLES = {
    "list_changes": Example(
        "From the beginning",
        {"results": [CHANGE], "next_cursor": "41", "has_more": False},
        query={"cursor": 0, "limit": 100},
    ),
    "stream_changes": Example(
        "What has happened, and then what happens",
        f"retry: 1000\nid: 0\n\nid: 41\ndata: {json.dumps(CHANGE)}\n\n",
        query={"cursor": 0},
    ),
    "create_webhook": Example(
        "Two kinds of events about water",
        WITH_SECRET,
        {name: WEBHOOK[name] for name in ("url", "types", "topics")},
        201,
    ),
    "list_webhooks": Example("The only one", [WEBHOOK]),
    "read_webhook": Example("It works", WEBHOOK, path=PATH),
    "change_webhook": Example("Switch it off", WEBHOOK | {"state": "off"}, {"state": "off"}, path=PATH),
    "delete_webhook": Example("No longer needed", status=204, path=PATH),
    "rotate_webhook_secret": Example(
        "The old one leaked", WITH_SECRET | {"old_secret_until": "2026-11-28T10:15:00+05:00"}, path=PATH
    ),
    "test_webhook": Example("Does it arrive?", DELIVERY, status=202, path=PATH),
    "list_webhook_deliveries": Example(
        "The test waits to be sent", {"results": [DELIVERY], "next_cursor": None}, path=PATH
    ),
    "resend_webhook_delivery": Example(
        "The receiver works again", DELIVERY, status=202, path=PATH | {"message_id": DELIVERY["message_id"]}
    ),
    "replay_webhook": Example(
        "Everything since the morning", {"count": 0}, {"since": "2026-11-27T09:00:00+05:00"}, 202, path=PATH
    ),
}
