"""Buttons of the messengers: one tap to judge an answer, to give the reason, to choose a language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from appeals.models import Feedback, Verdict

LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def language_buttons() -> dict[str, Any]:
    return _keyboard([[(name, f"l:{code}") for code, name in LANGUAGE_NAMES.items()]])


def verdict_buttons(reply_id: int) -> dict[str, Any]:
    return _keyboard([[(str(verdict.label), f"v:{reply_id}:{verdict.value}")] for verdict in Verdict])


def reason_buttons(reply_id: int, verdict: str) -> dict[str, Any]:
    return _keyboard([[(str(reason.label), f"v:{reply_id}:{verdict}:{reason.value}")] for reason in Feedback.Reason])


def dispute_button(reply_id: int, verdict: str, reason: str) -> dict[str, Any]:
    return _keyboard([[(_("Ask for a second look"), f"d:{reply_id}:{verdict}:{reason}")]])


def _keyboard(rows: list[list[tuple[str, str]]]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}
