"""What the hub says back in a conversation: help, questions, receipts of messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appeals.channels.base import IncomingCommand, IncomingJudgement, IncomingMessage
from appeals.models import Channel
from notifications import delivery

TRANSPORTS = {Channel.TELEGRAM: "telegram", Channel.EMAIL: "email"}
# A receipt of every e-mail would be noise, and two programs that answer each other would never stop.
SILENT_BY_EMAIL = {"joined"}


def say(
    cause: IncomingMessage | IncomingCommand | IncomingJudgement,
    kind: str,
    context: Mapping[str, Any],
    *,
    markup: Mapping[str, Any] | None = None,
) -> None:
    """Answer in the conversation itself, in the active language, once for each cause."""
    transport = TRANSPORTS.get(cause.channel)
    if transport is None or (cause.channel == Channel.EMAIL and kind in SILENT_BY_EMAIL):
        return
    language = (get_language() or "kk")[:2]
    body = render_to_string(f"notices/talk_{kind}.txt", {"site": settings.PUBLIC_URL, **context})
    headers: dict[str, Any] = {"reply_markup": markup} if markup else {}
    if isinstance(cause, IncomingJudgement):
        headers["callback_query_id"] = cause.callback_id
    delivery.queue(
        delivery.Draft(
            dedupe_key=f"talk:{kind}:{cause.channel}:{cause.external_id}",
            transport=transport,
            address=cause.sender.email or cause.sender.thread_key.partition(":")[2],
            template=f"talk_{kind}",
            subject=_("Your message to the akimat"),
            body=body.strip(),
            language=language,
            subject_ref=cause.sender.thread_key[:60],
            headers=headers,
        )
    )


def file_lost(name: str) -> str:
    return _("The file “%(name)s” could not be fetched. Please send it again.") % {"name": name[:60]}
