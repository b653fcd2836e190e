"""Replay a past appeal in memory: through the same table of statuses, clocks and hash chain as a live one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from appeals import events, workflow
from appeals.history.clocks import Clocks
from appeals.history.parts import Parts
from appeals.history.past import ClockRule, PastAppeal, PastStep
from appeals.history.rows import Ids, Rows, number_of, proof
from appeals.models import (
    Appeal,
    Assignment,
    EventKind,
    Feedback,
    Message,
    Note,
    Outcome,
    Question,
    Regime,
    Reply,
    Status,
    TimerCode,
    Topic,
    Verdict,
)
from common.reference_numbers import new_tracking_code

FIRST_CLOCKS = [TimerCode.FIRST_REACTION, TimerCode.FORWARD, TimerCode.ANSWER]


def replay(past: PastAppeal, ids: Ids, topics: dict[int, Topic], now: dt.datetime) -> Rows:
    """The rows of one past appeal. Raises Conflict where its steps do not make a possible story."""
    rows = Rows(appeal=_new_appeal(past, ids.appeals[past.channel, past.external_id]), past=past)
    player = Player(rows, ids, topics, now)
    player.begin()
    for step in past.steps:
        player.play(step)
    player.finish()
    return rows


def _new_appeal(past: PastAppeal, pk: int) -> Appeal:
    return Appeal(
        id=pk,
        number=number_of(pk, past.received_at),
        tracking_code=new_tracking_code(),
        channel=past.channel,
        external_id=past.external_id,
        regime=past.regime,
        kind=past.kind,
        category=past.category,
        sector_id=past.sector_id,
        topic_id=past.topic_id,
        language=past.language,
        answer_language=past.language,
        subject=past.subject,
        text=past.text,
        priority=past.priority,
        is_confidential=past.is_confidential,
        is_demo=past.is_demo,
        area_id=past.area_id,
        address=past.address,
        latitude=past.latitude,
        longitude=past.longitude,
        status=Status.RECEIVED,
        incident_id=past.incident_id,
        complaint_department_id=past.complaint_department_id,
        received_at=past.received_at,
    )


class Player:
    """Plays the steps of one appeal, one handler for each kind of event."""

    def __init__(self, rows: Rows, ids: Ids, topics: dict[int, Topic], now: dt.datetime) -> None:
        self.rows, self.appeal, self.ids, self.topics, self.now = rows, rows.appeal, ids, topics, now
        self.clocks = Clocks(rows.appeal)
        self.draft: tuple[int, dt.datetime] | None = None
        self.parts = Parts(self)
        self.handlers: dict[EventKind, Callable[[PastStep], None]] = {
            EventKind.REGISTERED: self.registered,
            EventKind.CLASSIFIED: self.classified,
            EventKind.ASSIGNED: self.assigned,
            EventKind.CLAIMED: self.claimed,
            EventKind.HANDED_BACK: self.handed_back,
            EventKind.FORWARDED: self.forwarded,
            EventKind.MESSAGE_RECEIVED: self.message_received,
            EventKind.INFO_REQUESTED: self.info_requested,
            EventKind.INFO_RECEIVED: self.info_received,
            EventKind.TERM_EXTENDED: self.extended,
            EventKind.NOTE_ADDED: self.note_added,
            EventKind.REPLY_DRAFTED: self.reply_drafted,
            EventKind.REPLY_SENT: self.reply_sent,
            EventKind.RATED: self.rated,
            EventKind.DISPUTED: self.disputed,
            EventKind.REOPENED: self.reopened,
            EventKind.CLOSED: self.closed,
            EventKind.WITHDRAWN: self.closed,
            EventKind.INCIDENT_JOINED: self.incident_joined,
        } | self.parts.handlers

    # The frame

    def begin(self) -> None:
        """As the intake does: a request is registered at once, a statutory appeal by a step of its own."""
        past, lives = self.rows.past, self.rows.past.clocks == ClockRule.RUNNING
        self.clocks.begin(FIRST_CLOCKS if lives else [TimerCode.ANSWER], past.received_at)
        if lives and (past.regime == Regime.REQUEST or past.applicant.confirmed):
            self.appeal.status = Status.REGISTERED
        data = {
            "status": str(self.appeal.status),
            "channel": str(past.channel),
            "registered_at": self.appeal.registered_at,
            "clock_start_on": self.appeal.clock_start_on,
            "due_at": self.appeal.due_at,
            **events.proof_of(past.text, past.subject),
        }
        self.record(EventKind.RECEIVED, past.received_at, data=data, is_public=True)
        self.parts.keep_files(past.files, past.received_at)

    def play(self, step: PastStep) -> None:
        if self.rows.past.is_ladder_told:
            self.parts.tell_rungs(step.at)
        handlers = self.parts.question_handlers if step.question else self.handlers
        handlers.get(step.kind, self.record_step)(step)

    def finish(self) -> None:
        """The trace of the import itself, and the clocks as the case keeps them."""
        if self.rows.past.origin:
            self.record(EventKind.IMPORTED, self.now, data=dict(self.rows.past.origin))
        rule = self.rows.past.clocks
        if rule == ClockRule.NONE:
            return
        if self.rows.past.is_ladder_told:
            self.parts.tell_rungs(self.now)
        if rule == ClockRule.JUDGED:
            self.clocks.stop_all(self.now, cancel=True)
        self.clocks.settle(self.now)
        self.rows.clocks = self.clocks

    def record(
        self,
        kind: EventKind,
        at: dt.datetime,
        *,
        actor_id: int | None = None,
        reason: str = "",
        data: dict[str, Any] | None = None,
        question: Question | None = None,
        is_public: bool = False,
    ) -> None:
        event = events.build(
            self.appeal,
            kind,
            actor_id=actor_id,
            reason=reason,
            data=data,
            question=question,
            occurred_at=at,
            recorded_at=self.now,
            is_public=is_public,
        )
        event.reacted_at = self.now
        self.rows.events.append(event)

    def record_step(
        self,
        step: PastStep,
        *,
        is_public: bool = False,
        reason: str | None = None,
        about: Question | None = None,
        **data: Any,
    ) -> None:
        self.record(
            step.kind,
            step.at,
            actor_id=step.actor_id,
            reason=step.reason if reason is None else reason,
            data=data | dict(step.data),
            question=about,
            is_public=is_public,
        )

    def go(self, step: PastStep, status: Status, *, outcome: Outcome | None = None) -> None:
        """Change the status; where the source skipped a step, the one between is recorded as implied."""
        if not workflow.allows(self.appeal, status) and self.appeal.status != status:
            if self.appeal.status == Status.RECEIVED:
                self._imply(EventKind.REGISTERED, Status.REGISTERED, step.at)
            elif workflow.allows(self.appeal, Status.REOPENED):
                self._imply(EventKind.REOPENED, Status.REOPENED, step.at)
                self.appeal.closed_at = self.appeal.answered_at = None
        if self.appeal.status != status:
            workflow.change_status(self.appeal, status)
        if outcome is not None:
            self.appeal.outcome = outcome

    def _imply(self, kind: EventKind, status: Status, at: dt.datetime) -> None:
        workflow.change_status(self.appeal, status)
        self.record(kind, at, data={"implied": True}, is_public=True)

    # Intake and routing

    def registered(self, step: PastStep) -> None:
        if self.rows.past.clocks != ClockRule.RUNNING and self.appeal.status == Status.RECEIVED:
            self.appeal.registered_at = step.at
        if self.appeal.status == Status.RECEIVED:
            self.go(step, Status.REGISTERED)
        self.record_step(step, is_public=True, due_at=self.appeal.due_at)

    def classified(self, step: PastStep) -> None:
        changes: dict[str, Any] = {}
        topic_id = step.data.get("topic")
        if topic_id and topic_id != self.appeal.topic_id:
            changes["topic"] = [self.appeal.topic_id, topic_id]
            self.appeal.topic_id, self.appeal.sector_id = topic_id, self.topics[topic_id].sector_id
        self.record_step(step, changes=changes, due_at=self.appeal.due_at)

    def assigned(self, step: PastStep) -> None:
        previous = self.appeal.department_id
        if previous != step.department_id or self.appeal.status not in (Status.REOPENED, Status.IN_PROGRESS):
            self.go(step, Status.ASSIGNED)
        self.appeal.department_id, self.appeal.executor_id = step.department_id, None
        self.relieve(step.at)
        self._give(step, None)
        self.clocks.stop(TimerCode.FORWARD, step.at)
        self.record_step(step, is_public=True, department=step.department_id, previous=previous, rule=None)

    def claimed(self, step: PastStep) -> None:
        self.go(step, Status.IN_PROGRESS)
        self.appeal.executor_id = step.user_id
        self.relieve(step.at)
        self._give(step, step.user_id)
        self.clocks.stop(TimerCode.FIRST_REACTION, step.at)
        self.record_step(step, is_public=True, user=step.user_id, department=self.appeal.department_id)

    def handed_back(self, step: PastStep) -> None:
        self.go(step, Status.ASSIGNED)
        self.appeal.executor_id = None
        self.relieve(step.at)
        self._give(step, None)
        self.record_step(step, user=step.user_id, department=self.appeal.department_id)

    def forwarded(self, step: PastStep) -> None:
        self.go(step, Status.FORWARDED, outcome=Outcome.FORWARDED)
        self.appeal.department_id, self.appeal.executor_id, self.appeal.closed_at = step.department_id, None, step.at
        self.relieve(step.at)
        self.clocks.stop(TimerCode.FORWARD, step.at)
        self.clocks.stop_all(step.at, cancel=True)
        self.record_step(step, is_public=True, department=step.department_id)

    def relieve(self, at: dt.datetime) -> None:
        for row in self.rows.assignments:
            row.ended_at = row.ended_at or at

    def _give(self, step: PastStep, user_id: int | None) -> None:
        if self.appeal.department_id is None:
            return
        row = Assignment(
            appeal=self.appeal,
            part=Assignment.Part.EXECUTOR,
            department_id=self.appeal.department_id,
            user_id=user_id,
            assigned_by_id=step.actor_id,
            assigned_at=step.at,
        )
        self.rows.assignments.append(row)

    # The conversation

    def message_received(self, step: PastStep) -> None:
        message = self._message(step, Message.Direction.IN)
        self.appeal.has_unread_message = self.rows.past.clocks == ClockRule.RUNNING
        data: dict[str, Any] = {"message": message.pk, "channel": str(message.channel)}
        self.record_step(step, is_public=True, **data, **proof(message.text))

    def info_requested(self, step: PastStep) -> None:
        self.go(step, Status.AWAITING_INFO)
        self.appeal.has_unread_message = False
        message = self._message(step, Message.Direction.OUT)
        waits = self.clocks.start(TimerCode.APPLICANT_INFO, step.at)
        until = waits.due_at if waits else None
        data: dict[str, Any] = {"message": message.pk, "until": until, **proof(message.text)}
        self.record_step(step, reason=step.text, is_public=True, **data)
        if paused := self.clocks.pause(step.at, step.text):
            data = {"timers": [str(timer.code) for timer in paused], "why": "asked", "message": message.pk}
            self.record(
                EventKind.CLOCK_PAUSED, step.at, actor_id=step.actor_id, reason=step.text, data=data, is_public=True
            )

    def info_received(self, step: PastStep) -> None:
        """The applicant's message comes first, then what it does to the case and to its clock."""
        message = self._message(step, Message.Direction.IN)
        data = {"message": message.pk, "channel": str(message.channel), **proof(message.text)}
        self.record(EventKind.MESSAGE_RECEIVED, step.at, data=data, is_public=True)
        self.record_step(step, is_public=True, message=message.pk, due_at=self.appeal.due_at)
        self.clocks.stop(TimerCode.APPLICANT_INFO, step.at)
        resumed = self.clocks.resume(step.at)
        self.go(step, Status.IN_PROGRESS if self.appeal.executor_id else Status.ASSIGNED)
        data = {"why": "answered", "timers": [str(timer.code) for timer in resumed], "due_at": self.appeal.due_at}
        self.record(EventKind.CLOCK_RESUMED, step.at, data=data, is_public=True)

    def _message(self, step: PastStep, direction: Message.Direction) -> Message:
        message = Message(
            id=next(self.ids.messages),
            appeal=self.appeal,
            direction=direction,
            channel=self.appeal.channel,
            text=step.text,
            author_id=step.actor_id if direction == Message.Direction.OUT else None,
            at=step.at,
        )
        self.rows.messages.append(message)
        return message

    def note_added(self, step: PastStep) -> None:
        if step.actor_id is None:
            return  # a note is somebody's
        note = Note(id=next(self.ids.notes), appeal=self.appeal, author_id=step.actor_id, text=step.text, at=step.at)
        self.rows.notes.append(note)
        self.record_step(step, note=note.pk, **proof(note.text))

    def extended(self, step: PastStep) -> None:
        before, until = self.appeal.due_at, step.until
        if until is None or until <= before:
            return
        self.clocks.extend(until, step.at)
        who: dict[str, Any] = {"decided_by": step.actor_id, "proposed_by": self.parts.grant(step)}
        self.record_step(step, is_public=True, before=before, until=until, **who)

    # The answer and its judgement

    def reply_drafted(self, step: PastStep) -> None:
        """The answer as the unit wrote it; the source may have sent it to the applicant later."""
        self.draft = (next(self.ids.replies), step.at)
        self.record_step(step, reply=self.draft[0])

    def reply_sent(self, step: PastStep) -> None:
        """An interim answer leaves the case open; a final one ends the work."""
        reply = self._reply(step)
        self.parts.send_evidence(reply)
        if not step.is_interim:
            self.go(step, Status.ANSWERED, outcome=step.outcome)
            self.appeal.answered_at, self.appeal.has_unread_message = step.at, False
            self.clocks.stop_all(step.at)
            if self.rows.past.clocks == ClockRule.RUNNING:
                self.clocks.start(TimerCode.AUTO_CLOSE, step.at)
        details: dict[str, Any] = {"outcome": str(step.outcome or ""), "department": reply.department_id}
        details = {"interim": True} if step.is_interim else details
        self.record_step(step, is_public=True, reply=reply.pk, **details, **proof(reply.text))

    def _reply(self, step: PastStep) -> Reply:
        pk, begun = self.draft or (next(self.ids.replies), step.at)
        self.draft = None
        reply = Reply(
            id=pk,
            appeal=self.appeal,
            department_id=step.department_id or self.appeal.department_id,
            author_id=step.actor_id,
            language=self.appeal.answer_language,
            outcome=step.outcome or "",
            text=step.text,
            measures=step.measures,
            done_on=step.done_on,
            done_by=step.done_by,
            is_interim=step.is_interim,
            created_at=begun,
            updated_at=step.at,
            sent_at=step.at,
        )
        self.rows.replies.append(reply)
        return reply

    def _judge(self, step: PastStep, *, is_dispute: bool) -> Reply | None:
        """One judgement for each final answer; a second one of the same answer is left out."""
        final = [reply for reply in self.rows.replies if not reply.is_interim]
        judged = {row.reply_id for row in self.rows.feedback}
        if not final or final[-1].pk in judged:
            return None
        row = Feedback(
            appeal=self.appeal,
            reply=final[-1],
            verdict=step.verdict or Verdict.SOLVED,
            rating=step.rating,
            reasons=list(step.reasons),
            comment=step.text,
            is_dispute=is_dispute,
            given_at=step.at,
        )
        self.rows.feedback.append(row)
        return final[-1]

    def rated(self, step: PastStep) -> None:
        if self._judge(step, is_dispute=False):
            self.record_step(step, is_public=True, reason=step.text, **self._judgement(step))

    def disputed(self, step: PastStep) -> None:
        self._judge(step, is_dispute=True)
        self.appeal.is_disputed = True
        self.record_step(step, is_public=True, reason=step.text, **self._judgement(step))

    def _judgement(self, step: PastStep) -> dict[str, Any]:
        judged = self.rows.feedback[-1].reply_id if self.rows.feedback else None
        verdict = str(step.verdict or Verdict.SOLVED)
        return {"reply": judged, "verdict": verdict, "rating": step.rating, "reasons": list(step.reasons)}

    def reopened(self, step: PastStep) -> None:
        """A second look, with a term of its own. Of a case still at work there is nothing to open again."""
        if not workflow.allows(self.appeal, Status.REOPENED):
            return
        workflow.change_status(self.appeal, Status.REOPENED)
        answered_by = self.appeal.department_id
        self.appeal.executor_id = self.appeal.closed_at = self.appeal.answered_at = None
        self.relieve(step.at)
        if step.department_id:
            self.appeal.department_id = step.department_id
            self._give(step, None)
        self.clocks.stop_all(step.at, cancel=True)
        self.clocks.start(TimerCode.SECOND_LOOK, step.at)
        data: dict[str, Any] = {"department": self.appeal.department_id, "answered_by": answered_by}
        self.record_step(step, is_public=True, due_at=self.appeal.due_at, **data)

    def closed(self, step: PastStep) -> None:
        self.go(step, Status.CLOSED, outcome=step.outcome)
        self.appeal.closed_at, self.appeal.has_unread_message = step.at, False
        self.relieve(step.at)
        self.clocks.stop_all(step.at)
        details: dict[str, Any] = {}
        if step.text:  # a consultation given on the spot is its own answer
            reply = self._consultation(step)
            self.rows.replies.append(reply)
            self.appeal.answered_at = step.at
            details = {"reply": reply.pk, **proof(reply.text)}
        self.record_step(step, is_public=True, outcome=str(self.appeal.outcome), **details)

    def _consultation(self, step: PastStep) -> Reply:
        return Reply(
            id=next(self.ids.replies),
            appeal=self.appeal,
            author_id=step.actor_id,
            language=self.appeal.answer_language,
            outcome=step.outcome or "",
            text=step.text,
            created_at=step.at,
            updated_at=step.at,
            sent_at=step.at,
        )

    def incident_joined(self, step: PastStep) -> None:
        """One event in the city that several residents tell about; each case keeps its own clock."""
        self.appeal.incident_id = step.data["incident"]
        self.record_step(step, previous=None)
