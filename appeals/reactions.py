"""What follows what: the whole pipeline on one page. Read this first.

A step records an event; this table says which tasks the event starts. Each task is a row until its work is done and
is handed on again until then, so nothing depends on the memory of the queue server. Tasks are harmless when repeated.
An event with no entry of its own ends a branch of the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from celery import current_app, shared_task
from django.db import transaction

from appeals import events, handing_on
from appeals.models import EventKind, WaitingTask
from common.events import hint_taken, send_task

# Steps that go on by themselves
SUGGEST_ROUTE = "appeals.tasks.suggest_route"  # routing: who answers
OPEN_SECOND_LOOK = "appeals.tasks.open_second_look"  # routing: a disputed answer goes to a different unit
# Messages
TELL_APPLICANT = "appeals.tasks.tell_applicant"  # a notice by the channel of origin, e-mail or SMS
TELL_STAFF = "appeals.tasks.tell_staff"  # to whom the event gives work
DELIVER_FORWARDED = "appeals.tasks.deliver_forwarded"  # the case itself to an external body

# More than this is an overload and no loss; a task lost in it comes back when the queue is short again.
LONG_QUEUE = 100

E = EventKind
REACTIONS: dict[EventKind, tuple[str, ...]] = {
    # intake
    E.RECEIVED: (SUGGEST_ROUTE, TELL_APPLICANT),
    E.CONTACT_CONFIRMED: (TELL_APPLICANT,),
    E.REGISTERED: (SUGGEST_ROUTE, TELL_APPLICANT),
    E.MESSAGE_RECEIVED: (TELL_STAFF,),
    E.MESSAGE_MOVED: (),
    E.ATTACHMENT_ADDED: (),
    E.IMPORTED: (),
    # routing
    E.CLASSIFIED: (SUGGEST_ROUTE,),
    E.ROUTE_SUGGESTED: (),
    E.ASSIGNED: (TELL_STAFF, TELL_APPLICANT),
    E.SPLIT: (TELL_STAFF,),
    E.FORWARDED: (DELIVER_FORWARDED, TELL_APPLICANT),
    E.LINKED: (TELL_APPLICANT,),
    E.UNLINKED: (),
    E.INCIDENT_JOINED: (),
    E.INCIDENT_LEFT: (),
    E.PROMOTED: (TELL_APPLICANT,),
    E.PRIORITY_CHANGED: (),
    E.CONFIDENTIALITY_CHANGED: (),
    # work
    E.CLAIMED: (),
    E.HANDED_BACK: (TELL_STAFF,),
    E.CO_EXECUTOR_ADDED: (TELL_STAFF,),
    E.CO_EXECUTOR_REMOVED: (),
    E.INFO_REQUESTED: (TELL_APPLICANT,),
    E.INFO_RECEIVED: (TELL_STAFF,),
    E.MESSAGE_SENT: (TELL_APPLICANT,),
    E.NOTE_ADDED: (),
    E.QUESTION_ANSWERED: (TELL_STAFF,),
    E.REPLY_DRAFTED: (),
    E.REPLY_SENT: (TELL_APPLICANT,),
    # clock
    E.CLOCK_PAUSED: (),
    E.CLOCK_RESUMED: (),
    E.EXTENSION_PROPOSED: (TELL_STAFF,),
    E.EXTENSION_REFUSED: (TELL_STAFF,),
    E.TERM_EXTENDED: (TELL_APPLICANT,),
    E.TERM_RECALCULATED: (TELL_APPLICANT,),
    E.REMINDED: (TELL_STAFF,),
    E.ESCALATED: (TELL_STAFF,),
    E.NOTICE_FAILED: (TELL_STAFF,),
    # judgement
    E.RATED: (TELL_STAFF,),
    E.DISPUTED: (OPEN_SECOND_LOOK, TELL_APPLICANT),
    E.REOPENED: (TELL_STAFF, TELL_APPLICANT),
    E.CLOSED: (TELL_APPLICANT,),
    E.WITHDRAWN: (TELL_STAFF,),
    # personal data
    E.REDACTED: (),
    E.TAKEN_DOWN: (),
    E.SHOWN_AGAIN: (),
}


@shared_task(name=events.DRAIN_TASK)
def drain_outbox() -> int:
    """Hand on every event that waits. Hinted after each commit, and called by beat in case a hint was lost."""
    hint_taken(events.DRAIN_TASK)
    handed_on = 0
    while True:
        count, rows = _drain_batch()
        _send(rows)
        handed_on += count
        if not count:
            return handed_on


@transaction.atomic
def _drain_batch() -> tuple[int, list[WaitingTask]]:
    """Events that wait, and the rows of the tasks they start: an event is marked when its tasks cannot be lost."""
    waiting = events.claim_waiting(REACTIONS)
    rows = handing_on.keep((event, task) for event in waiting for task in REACTIONS[EventKind(event.kind)])
    if waiting:
        events.mark_reacted(waiting)
    return len(waiting), rows


@shared_task(name="appeals.reactions.hand_on_again")
def hand_on_again() -> int:
    """Tasks whose worker was killed, whose queue server lost its data, or which failed: each gets another try.

    Not while the queue is long: there they wait for their turn, and sending them again would make it longer still.
    """
    handed_on = 0
    if _queue_length() > LONG_QUEUE:
        return handed_on
    while rows := handing_on.take_overdue():
        _send(rows)
        handed_on += len(rows)
    return handed_on


def _queue_length() -> int:
    """How many tasks wait for a worker. The queue is declared as every sender does: after a loss it exists again."""
    with current_app.connection_for_write() as queue_server:
        channel: Any = queue_server.default_channel
        return int(channel.queue_declare(current_app.conf.task_default_queue).message_count)


def _send(rows: Sequence[WaitingTask]) -> None:
    """After the commit, so that no worker looks for a row that is not there yet."""
    for place, row in enumerate(rows):
        try:
            send_task(row.task, [row.event_id], {"waiting": row.pk})
        except Exception:  # whatever the queue server's client raises: the rows stay
            handing_on.give_back(rows[place:])
            raise
