"""The answer: a draft that several people may write, the gate before it goes out, sending it exactly once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from appeals import casework, events, policies, quality, reply_templates, timers, workflow
from appeals.models import (
    Appeal,
    EventKind,
    Outcome,
    Question,
    Reply,
    ReplyGateParameters,
    Status,
    Timer,
    TimerCode,
)
from appeals.quality import Finding
from appeals.selectors.case import recent_replies
from common.errors import Conflict, NotAllowed, ValidationFailed

SHORTEST_GROUND = 20
CONTENT = ("outcome", "text", "measures", "done_on", "done_by", "language", "is_interim")


@dataclass(frozen=True)
class ReplyContent:
    """What is written in the form of an answer."""

    text: str = ""
    outcome: str = ""
    measures: str = ""
    done_on: dt.date | None = None
    done_by: str = ""
    language: str = ""
    is_interim: bool = False


class DraftChanged(Conflict):
    """Somebody else has saved the draft in the meantime; `current` is what stands there now."""

    code = "draft_changed"
    default_message = _("Somebody else has changed the draft. Both texts are below; nothing is lost.")

    def __init__(self, current: Reply) -> None:
        super().__init__()
        self.current = current


class GateRefused(ValidationFailed):
    """The gate found something and no ground was given for sending over it."""

    code = "findings"
    default_message = _("The check has found something. Mend the answer, or write why it is sent all the same.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(field="override_ground")
        self.findings = list(findings)


# The draft


@transaction.atomic
def save_draft(appeal_id: int, *, actor: User, content: ReplyContent, version: int) -> Reply:
    """Keep what is written so far. `version` is what the writer began from: of two writers the second one is told."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.WORK, appeal)
    return _save(appeal, actor, content, version)


def _save(appeal: Appeal, actor: User, content: ReplyContent, version: int) -> Reply:
    draft = draft_of(appeal)
    if draft is None:
        _require_answerable(appeal)
        draft = Reply(appeal=appeal, department=appeal.department, author=actor, language=appeal.answer_language)
        _write(draft, actor, content)
        draft.save(force_insert=True)
        appeal.attachments.filter(purpose="evidence", message__isnull=True, reply__isnull=True).update(reply=draft)
        events.record(appeal, EventKind.REPLY_DRAFTED, actor=actor, data={"reply": draft.pk})
        return draft
    if _same(draft, content):
        return draft
    if draft.version != version:
        raise DraftChanged(draft)
    _write(draft, actor, content)
    draft.save()
    return draft


def draft_of(appeal: Appeal) -> Reply | None:
    return Reply.objects.filter(appeal=appeal, sent_at__isnull=True).select_related("author").first()


def _write(draft: Reply, actor: User, content: ReplyContent) -> None:
    for name in CONTENT:
        setattr(draft, name, getattr(content, name))
    draft.language = content.language or draft.appeal.answer_language
    draft.author, draft.updated_at, draft.version = actor, timezone.now(), draft.version + 1


def _same(draft: Reply, content: ReplyContent) -> bool:
    """Line ends are the browser's business, not a change."""
    return all(
        _plain(getattr(draft, name)) == _plain(getattr(content, name)) for name in CONTENT if name != "language"
    ) and content.language in ("", draft.language)


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _require_answerable(appeal: Appeal) -> None:
    if not workflow.allows(appeal, Status.ANSWERED) or appeal.department_id is None:
        raise Conflict(_("This step is not possible in the present state of the appeal."), code="wrong_status")


@transaction.atomic
def discard_draft(appeal_id: int, *, actor: User, version: int) -> bool:
    """Throw the draft away, unless somebody has gone on writing it. Its evidence stays with the case."""
    appeal = casework.lock(appeal_id)
    casework.require_responsible(actor, Action.WORK, appeal)
    draft = draft_of(appeal)
    if draft is None:
        return False
    if draft.version != version:
        raise DraftChanged(draft)
    draft.attachments.update(reply=None)
    draft.delete()
    return True


# The gate


def check(appeal: Appeal, content: ReplyContent) -> list[Finding]:
    """What the gate finds in the answer as it would be sent, its places filled in."""
    row = ReplyGateParameters.objects.first() or ReplyGateParameters()
    parameters = quality.GateParameters(near_copy_share=float(row.near_copy_share), shortest=row.shortest)
    recent = recent_replies(appeal.department_id, count=row.compare_with_last, besides=appeal.pk)
    unit = appeal.department
    draft = quality.ReplyDraft(
        text=filled(appeal, content),
        language=content.language or appeal.answer_language,
        appeal_language=appeal.answer_language,
        outcome=content.outcome,
        regime=appeal.regime,
        appeal_text=f"{appeal.subject}\n{appeal.text}",
        topic_words=(appeal.topic.name_kk, appeal.topic.name_ru) if appeal.topic else (),
        recent=tuple(quality.RecentReply(key, text) for key, text in recent),
        measures=content.measures,
        done_on=content.done_on,
        done_by=content.done_by,
        is_interim=content.is_interim,
        body_names=(unit.name_kk, unit.name_ru, unit.name_en) if unit else (),
    )
    return quality.check_reply(draft, parameters)


def filled(appeal: Appeal, content: ReplyContent) -> str:
    """The text with every place of a ready text filled from the case and the fields."""
    values = reply_templates.values_of(
        appeal,
        language=content.language or appeal.answer_language,
        measures=content.measures,
        done_on=content.done_on,
        done_by=content.done_by,
    )
    return reply_templates.fill(content.text, values)


def as_rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as they are kept: the message as it is written in the code, to be translated for whoever reads it."""
    with translation.override("en"):
        return [
            {
                "code": finding.code,
                "severity": str(finding.severity),
                "message": str(finding.message),
                "quotes": [fragment.text.strip() for fragment in finding.evidence],
                "pointer": finding.pointer,
            }
            for finding in findings
        ]


# Sending


@transaction.atomic
def send_reply(
    appeal_id: int,
    *,
    actor: User,
    content: ReplyContent,
    version: int,
    reply_id: int | None = None,
    ground: str = "",
    seen: int | None = None,
) -> Reply:
    """Send the answer once, however often the button is pressed; over a finding only with a ground that stays.

    The executor or the head sends. The clock of the answer stops, the applicant's time to judge begins.
    """
    appeal = casework.lock(appeal_id)
    already = _sent_before(appeal, reply_id, actor, content)
    if already:
        return already
    _require_sender(actor, appeal)
    casework.check_seen(appeal, seen)
    _require_complete(appeal, content)
    findings = check(appeal, content)
    ground = ground.strip()
    if findings and len(ground) < SHORTEST_GROUND:
        raise GateRefused(findings)
    reply = _save(appeal, actor, content, version)
    now = timezone.now()
    reply.text = filled(appeal, content)
    reply.department, reply.sent_at = appeal.department, now
    reply.findings = as_rows(findings)
    reply.override_ground = ground if findings else ""
    reply.save()
    if content.is_interim:
        _record_interim(appeal, reply, actor)
    else:
        _finish(appeal, reply, actor, now)
    return reply


def _sent_before(appeal: Appeal, reply_id: int | None, actor: User, content: ReplyContent) -> Reply | None:
    """The answer that this very press of the button has sent already."""
    rows = Reply.objects.filter(appeal=appeal, sent_at__isnull=False)
    last = rows.filter(pk=reply_id).first() if reply_id else rows.filter(author=actor).last()
    if last is not None and _plain(last.text) == _plain(filled(appeal, content)):
        return last
    if reply_id and last is not None:
        raise Conflict(_("This answer has been sent already."), code="sent")
    return None


def _require_sender(actor: User, appeal: Appeal) -> None:
    policies.require(actor, Action.REPLY, appeal)
    if appeal.executor_id is None and not policies.may(actor, Action.ASSIGN, appeal):
        raise NotAllowed(_("Take the appeal into work first."), code="not_executor")
    casework.require_responsible(actor, Action.REPLY, appeal)


def _require_complete(appeal: Appeal, content: ReplyContent) -> None:
    """What no ground can replace: a text, an outcome, filled places, every question dealt with."""
    casework.check_text(content.text)
    empty = reply_templates.empty_places(filled(appeal, content))
    if empty:
        places = ", ".join(f"{{{name}}}" for name in empty)
        raise ValidationFailed(
            _("Fill the empty places of the text: %(places)s") % {"places": places}, code="places", field="text"
        )
    if content.is_interim:
        casework.require_open(appeal)
        return
    if content.outcome not in Outcome.values:
        raise ValidationFailed(_("Choose how the appeal ended."), code="outcome", field="outcome")
    open_elsewhere = [row for row in _open_questions(appeal) if _is_elsewhere(row, appeal)]
    if open_elsewhere:
        waiting = ", ".join(map(_with_its_unit, open_elsewhere))
        raise Conflict(_("Questions that wait for their answer: %(numbers)s.") % {"numbers": waiting}, code="questions")
    _require_answerable(appeal)


def _with_its_unit(question: Question) -> str:
    """Whom to ask: the number of the question and who has it."""
    return f"{question.position} ({question.department})" if question.department else str(question.position)


def _open_questions(appeal: Appeal) -> list[Question]:
    rows = Question.objects.filter(appeal=appeal, answered_at__isnull=True, forwarded_at__isnull=True)
    return list(rows.select_related("department"))


def _is_elsewhere(question: Question, appeal: Appeal) -> bool:
    """Given to another unit or person: the answer of the whole does not answer it."""
    other_unit = question.department_id not in (None, appeal.department_id)
    return other_unit or question.executor_id not in (None, appeal.executor_id)


def _record_interim(appeal: Appeal, reply: Reply, actor: User) -> None:
    """An interim answer tells how things stand; the clock runs on and the status stays."""
    data = {"reply": reply.pk, "interim": True, **_over(reply), **events.proof_of(reply.text)}
    events.record(appeal, EventKind.REPLY_SENT, actor=actor, data=data, is_public=True)


def _finish(appeal: Appeal, reply: Reply, actor: User, now: dt.datetime) -> None:
    for question in _open_questions(appeal):
        _close_question(appeal, question, now)
    workflow.change_status(appeal, Status.ANSWERED, outcome=Outcome(reply.outcome))
    appeal.answered_at, appeal.has_unread_message = now, False
    _stop_clocks(appeal, now)
    timers.start(appeal, TimerCode.AUTO_CLOSE, at=now)
    data = {"reply": reply.pk, "outcome": reply.outcome, "department": reply.department_id, **_over(reply)}
    data |= events.proof_of(reply.text)
    changed = ["status", "outcome", "answered_at", "has_unread_message"]
    events.record(appeal, EventKind.REPLY_SENT, actor=actor, data=data, changed=changed, is_public=True)


def _over(reply: Reply) -> dict[str, Any]:
    """What the answer was sent over, and why: for the heads, so among the details and not in the public reason."""
    return {"findings": reply.findings, "override_ground": reply.override_ground} if reply.findings else {}


def _stop_clocks(appeal: Appeal, now: dt.datetime) -> None:
    """What an answer ends: its own clock, a wait for the applicant, a first reaction that nobody noted."""
    for code in (*timers.LEADING, TimerCode.FIRST_REACTION):
        timers.stop(appeal, code, at=now)
    for code in (TimerCode.APPLICANT_INFO, TimerCode.FORWARD):
        timers.stop(appeal, code, at=now, outcome=Timer.Outcome.CANCELLED)


# Questions answered one by one


@transaction.atomic
def answer_question(question_id: int, *, actor: User, text: str) -> Question:
    """The answer to one question, by the unit or person that has it. It goes out with the answer of the whole."""
    appeal_id = Question.objects.values_list("appeal_id", flat=True).get(pk=question_id)
    appeal = casework.lock(appeal_id)
    question = Question.objects.select_related("department").get(pk=question_id)
    _require_question(actor, question, appeal)
    if question.answered_at or question.forwarded_at:
        raise Conflict(_("This question is already dealt with."), code="question_done")
    workflow.require_owed(appeal)
    question.answer = casework.check_text(text, shortest=casework.SHORTEST_REASON)
    now = timezone.now()
    question.executor = question.executor or actor
    _close_question(appeal, question, now)
    data = {"question": question.position, **events.proof_of(question.answer)}
    events.record(appeal, EventKind.QUESTION_ANSWERED, actor=actor, data=data, question=question)
    return question


def _require_question(actor: User, question: Question, appeal: Appeal) -> None:
    casework.refuse_person_complained_about(appeal, actor)
    holders = policies.stands_for(actor, appeal)
    if question.executor_id in holders or policies.may(actor, Action.REPLY, appeal):
        return
    if question.executor_id is None and any(casework.works_in(pk, question.department_id) for pk in holders):
        return
    raise NotAllowed


def _close_question(appeal: Appeal, question: Question, now: dt.datetime) -> None:
    question.answered_at = now
    question.save(update_fields=["answered_at", "answer", "executor"])
    timers.stop(appeal, TimerCode.ANSWER, at=now, question=question)


def text_of_questions(questions: Sequence[Question]) -> str:
    """The answers already given to the questions, to begin the answer of the whole with."""
    answered = [row for row in questions if row.answer]
    return "\n\n".join(f"{row.position}. {row.answer}" for row in answered)
