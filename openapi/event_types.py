"""The words under which events leave the hub. They are a promise: a word is never changed and never used anew."""

from __future__ import annotations

from collections.abc import Mapping

from appeals.models import EventKind as E

# What an applicant may know has a word; what only the staff may know has none. Even an event with a word is published
# only when its own row is shown to the applicant.
TYPES: Mapping[E, str | None] = {
    E.RECEIVED: "appeal.received",
    E.CONTACT_CONFIRMED: "appeal.contact_confirmed",
    E.REGISTERED: "appeal.registered",
    E.CLASSIFIED: None,
    E.ROUTE_SUGGESTED: None,
    E.ASSIGNED: "appeal.assigned",
    E.CLAIMED: "appeal.claimed",
    E.HANDED_BACK: None,
    E.CO_EXECUTOR_ADDED: None,
    E.CO_EXECUTOR_REMOVED: None,
    E.MESSAGE_RECEIVED: "appeal.message_received",
    E.MESSAGE_SENT: "appeal.message_sent",
    E.MESSAGE_MOVED: None,
    E.INFO_REQUESTED: "appeal.info_requested",
    E.INFO_RECEIVED: "appeal.info_received",
    E.CLOCK_PAUSED: "appeal.clock_paused",
    E.CLOCK_RESUMED: "appeal.clock_resumed",
    E.EXTENSION_PROPOSED: None,
    E.EXTENSION_REFUSED: None,
    E.TERM_EXTENDED: "appeal.term_extended",
    E.TERM_RECALCULATED: "appeal.term_recalculated",
    E.SPLIT: "appeal.split",
    E.QUESTION_ANSWERED: None,
    E.FORWARDED: "appeal.forwarded",
    E.LINKED: "appeal.linked",
    E.UNLINKED: None,
    E.INCIDENT_JOINED: "appeal.incident_joined",
    E.INCIDENT_LEFT: None,
    E.NOTE_ADDED: None,
    E.PRIORITY_CHANGED: None,
    E.CONFIDENTIALITY_CHANGED: None,
    E.ATTACHMENT_ADDED: "appeal.attachment_added",
    E.REPLY_DRAFTED: None,
    E.REPLY_SENT: "appeal.answered",
    E.RATED: "appeal.rated",
    E.DISPUTED: "appeal.disputed",
    E.REOPENED: "appeal.reopened",
    E.CLOSED: "appeal.closed",
    E.WITHDRAWN: "appeal.withdrawn",
    E.PROMOTED: "appeal.promoted",
    E.REMINDED: None,
    E.ESCALATED: None,
    E.NOTICE_FAILED: None,
    E.IMPORTED: None,
    E.REDACTED: None,
    E.TAKEN_DOWN: None,
    E.SHOWN_AGAIN: None,
}
PUBLISHED = tuple(sorted(word for word in TYPES.values() if word))
CHOICES = [(word, word) for word in PUBLISHED]
TEST = "webhook.test"  # sent on request, never part of the feed


def type_of(kind: str) -> str | None:
    """The word of an event; None withholds it, as it does a kind that is not known here."""
    return {str(known): word for known, word in TYPES.items()}.get(kind)
