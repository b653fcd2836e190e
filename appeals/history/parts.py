"""Parts of a past appeal beside its main line: questions, files, rungs of the ladder, links, wishes to extend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from appeals import terms
from appeals.history.past import PastStep
from appeals.history.rows import number_of, proof
from appeals.models import (
    AppealLink,
    Assignment,
    Attachment,
    EventKind,
    ExtensionProposal,
    LinkKind,
    Outcome,
    Question,
    Reply,
    Status,
    TimerCode,
)
from common.files import CheckedFile

if TYPE_CHECKING:
    from appeals.history.replay import Player

Decision = ExtensionProposal.Decision
OVERDUE = 100  # per cent of the term: from here on a rung escalates, before it reminds


class Parts:
    """Makes the rows beside the appeal; its player records the events."""

    def __init__(self, player: Player) -> None:
        self.player, self.rows = player, player.rows
        self.evidence: list[Attachment] = []  # of the answer that has not been sent yet
        self.handlers: dict[EventKind, Callable[[PastStep], None]] = {
            EventKind.SPLIT: self.split,
            EventKind.QUESTION_ANSWERED: self.question_answered,
            EventKind.ATTACHMENT_ADDED: self.files_added,
            EventKind.EXTENSION_PROPOSED: self.extension_proposed,
            EventKind.EXTENSION_REFUSED: self.extension_refused,
            EventKind.LINKED: self.linked,
        }
        self.question_handlers: dict[EventKind, Callable[[PastStep], None]] = {
            EventKind.ASSIGNED: self.question_assigned,
            EventKind.FORWARDED: self.question_forwarded,
            EventKind.QUESTION_ANSWERED: self.question_answered,
        }

    # The ladder

    def tell_rungs(self, until: dt.datetime) -> None:
        """Reminders and escalations that came up to an instant, at their own times."""
        regime = self.player.appeal.regime
        for timer, share, at in self.player.clocks.rungs(until):
            kind = EventKind.REMINDED if share < OVERDUE else EventKind.ESCALATED
            roles = terms.roles_for(regime, timer.code, share)
            data = {"timer": str(timer.code), "share": share, "due_at": timer.due_at, "roles": roles}
            self.player.record(kind, at, data=data, question=timer.question)

    # Several questions

    def split(self, step: PastStep) -> None:
        first = len(self.rows.questions) + 1
        made = [
            Question(id=next(self.player.ids.questions), appeal=self.player.appeal, position=first + shift, text=text)
            for shift, text in enumerate(step.questions)
        ]
        self.rows.questions += made
        self.player.record_step(step, is_public=True, questions=[row.position for row in made])

    def question_assigned(self, step: PastStep) -> None:
        """A unit of its own, with the term of the whole."""
        question = self._question(step)
        if step.department_id is None:
            return
        question.department_id = step.department_id
        given = Assignment(
            appeal=self.player.appeal, question=question, part=Assignment.Part.EXECUTOR,
            department_id=step.department_id, assigned_by_id=step.actor_id, assigned_at=step.at,
        )  # fmt: skip
        self.rows.assignments.append(given)
        if self.player.clocks.running(TimerCode.ANSWER, question) is None:
            begun = self.player.appeal.registered_at or step.at
            self.player.clocks.start(TimerCode.ANSWER, begun, question=question)
        self._record(step, question, department=step.department_id)

    def question_forwarded(self, step: PastStep) -> None:
        question = self._question(step)
        question.department_id, question.forwarded_at = step.department_id, step.at
        self.player.clocks.stop(TimerCode.ANSWER, step.at, question=question, cancel=True)
        self._record(step, question, is_public=True, department=step.department_id)

    def question_answered(self, step: PastStep) -> None:
        """The answer to one question; it goes out with the answer of the whole."""
        question = self._question(step)
        question.answer, question.answered_at, question.executor_id = step.text, step.at, step.actor_id
        self.player.clocks.stop(TimerCode.ANSWER, step.at, question=question)
        self._record(step, question, **proof(question.answer))

    def _question(self, step: PastStep) -> Question:
        return self.rows.questions[step.question - 1]

    def _record(self, step: PastStep, question: Question, *, is_public: bool = False, **data: Any) -> None:
        self.player.record_step(step, is_public=is_public, about=question, question=question.position, **data)

    # Files

    def keep_files(self, files: Iterable[CheckedFile], at: dt.datetime) -> None:
        """What came with the appeal itself: its first event tells of everything."""
        for file in files:
            self._keep(file, at, Attachment.Purpose.APPEAL)

    def files_added(self, step: PastStep) -> None:
        """The applicant's, or evidence of the staff for the next answer."""
        if step.actor_id is None:
            for file in step.files:
                row = self._keep(file, step.at, Attachment.Purpose.APPEAL)
                self.player.record_step(step, is_public=True, attachment=row.pk)
            return
        purpose = Attachment.Purpose.EVIDENCE
        rows = [self._keep(file, step.at, purpose, by=step.actor_id) for file in step.files]
        self.evidence += rows
        named: dict[str, Any] = {"files": [row.pk for row in rows], "names": [row.name for row in rows]}
        self.player.record_step(step, purpose=str(purpose), **named)

    def send_evidence(self, reply: Reply) -> None:
        for row in self.evidence:
            row.reply = reply
        self.evidence = []

    def _keep(
        self, file: CheckedFile, at: dt.datetime, purpose: Attachment.Purpose, by: int | None = None
    ) -> Attachment:
        row = Attachment(
            id=next(self.player.ids.attachments), appeal=self.player.appeal, purpose=purpose, name=file.name,
            content_type=file.content_type, size=file.size, sha256=file.sha256, uploaded_by_id=by, uploaded_at=at,
        )  # fmt: skip
        row.file.save(file.name, file.as_django_file(), save=False)
        self.rows.attachments.append(row)
        return row

    # Wishes to extend

    def extension_proposed(self, step: PastStep) -> None:
        if step.until is None or step.actor_id is None:
            return
        row = ExtensionProposal(
            id=next(self.player.ids.proposals), appeal=self.player.appeal, ground=step.reason, until=step.until,
            proposed_by_id=step.actor_id, proposed_at=step.at,
        )  # fmt: skip
        self.rows.proposals.append(row)
        self.player.record_step(step, proposal=row.pk, until=row.until)

    def extension_refused(self, step: PastStep) -> None:
        row = self._decide(step, Decision.REFUSED)
        if row is not None:
            row.answer = step.reason
            self.player.record_step(step, proposal=row.pk)

    def grant(self, step: PastStep) -> int | None:
        """Who had proposed the extension that is decided now."""
        row = self._decide(step, Decision.GRANTED)
        return row.proposed_by_id if row else None

    def _decide(self, step: PastStep, decision: Decision) -> ExtensionProposal | None:
        row = next((row for row in self.rows.proposals if row.decided_at is None), None)
        if row is not None:
            row.decision, row.decided_by_id, row.decided_at = decision, step.actor_id, step.at
        return row

    # Links

    def linked(self, step: PastStep) -> None:
        """A duplicate is closed and lives on in an earlier appeal of the same batch; both histories tell of it."""
        partner = step.partner
        other = self.player.ids.appeals.get((partner.channel, partner.external_id)) if partner else None
        if partner is None or other is None:
            return  # stored by another run: then neither side tells of it
        kind, number = LinkKind.DUPLICATE, number_of(other, partner.received_at)
        if partner.is_source:
            self.player.record_step(step, kind=str(kind), source=number)
            return
        appeal = self.player.appeal
        row = AppealLink(source=appeal, target_id=other, kind=kind, made_by_id=step.actor_id, made_at=step.at)
        self.rows.links.append(row)
        self.player.go(step, Status.CLOSED, outcome=Outcome.DUPLICATE)
        appeal.closed_at = step.at
        self.player.relieve(step.at)
        self.player.clocks.stop_all(step.at, cancel=True)
        self.player.record_step(step, is_public=True, kind=str(kind), target=number)
