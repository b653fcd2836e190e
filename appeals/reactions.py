"""What follows what: the whole pipeline on one page. Read this first.

A step records an event; this table says which tasks the event starts. Tasks run at least once, so each is harmless
when repeated. An event with no entry of its own ends a branch of the story.
"""

from __future__ import annotations

from celery import current_app, shared_task
from django.db import transaction

from appeals import events
from appeals.models import AppealEvent, EventKind
from common.events import hint_taken

# Steps that go on by themselves
SUGGEST_ROUTE = "appeals.tasks.suggest_route"  # routing: who answers
OPEN_SECOND_LOOK = "appeals.tasks.open_second_look"  # routing: a disputed answer goes to a different unit
# Messages
TELL_APPLICANT = "appeals.tasks.tell_applicant"  # a notice by the channel of origin, e-mail or SMS
TELL_STAFF = "appeals.tasks.tell_staff"  # to whom the event gives work
DELIVER_FORWARDED = "appeals.tasks.deliver_forwarded"  # the case itself to an external body

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
    # judgement
    E.RATED: (TELL_STAFF,),
    E.DISPUTED: (OPEN_SECOND_LOOK, TELL_APPLICANT),
    E.REOPENED: (TELL_STAFF, TELL_APPLICANT),
    E.CLOSED: (TELL_APPLICANT,),
    E.WITHDRAWN: (TELL_STAFF,),
}


def react(event: AppealEvent) -> None:
    """Enqueue what follows an event. Every task takes the id of the event that started it."""
    for task in REACTIONS[EventKind(event.kind)]:
        current_app.send_task(task, args=[event.pk])


@shared_task(name=events.DRAIN_TASK)
def drain_outbox() -> int:
    """Hand on every event that waits. Hinted after each commit, and called by beat in case a hint was lost."""
    hint_taken(events.DRAIN_TASK)
    handed_on = 0
    while batch := _drain_batch():
        handed_on += batch
    return handed_on


@transaction.atomic
def _drain_batch() -> int:
    waiting = events.claim_waiting(REACTIONS)
    for event in waiting:
        react(event)
    if waiting:
        events.mark_reacted(waiting)
    return len(waiting)
