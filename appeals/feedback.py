"""The applicant's judgement of an answer: rate, dispute, withdraw; and what closes when he says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import events, sla, terms, timers, workflow
from appeals.models import Appeal, EventKind, Feedback, Outcome, Reply, Status, Timer, TimerCode, Verdict
from common.errors import Conflict, ValidationFailed

LONGEST_COMMENT = 4000
# Before an answer there is something to withdraw; afterwards there is something to judge.
WITHDRAWABLE = frozenset(
    {Status.RECEIVED, Status.REGISTERED, Status.ASSIGNED, Status.IN_PROGRESS, Status.AWAITING_INFO}
)


@dataclass(frozen=True)
class Judgement:
    """What the applicant thinks of an answer; reasons belong to an answer that did not solve the matter."""

    verdict: Verdict
    rating: int | None = None
    reasons: Sequence[str] = field(default_factory=tuple)
    comment: str = ""


def lock(appeal_id: int) -> Appeal:
    return Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)


def answer_of(appeal: Appeal) -> Reply | None:
    """The answer that is judged: the last one sent that is not an interim one."""
    return Reply.objects.filter(appeal=appeal, sent_at__isnull=False, is_interim=False).order_by("-id").first()


def dispute_until(appeal: Appeal, reply: Reply | None) -> datetime | None:
    """The last instant at which the answer can be disputed; None where no policy gives a term."""
    policy = terms.policy_for(appeal, TimerCode.DISPUTE_WINDOW)
    if reply is None or reply.sent_at is None or policy is None:
        return None
    return sla.due_at(terms.term_of(policy), reply.sent_at, terms.calendar())


def can_judge(appeal: Appeal, reply: Reply | None) -> bool:
    """An answer is judged once, while it stands or after it was closed in silence."""
    if reply is None or appeal.status not in (Status.ANSWERED, Status.CLOSED):
        return False
    return not hasattr(reply, "feedback")


def can_dispute(appeal: Appeal, reply: Reply | None, now: datetime) -> bool:
    """Within the window, and each answer once; an answer that was called solved may still be disputed."""
    if reply is None or appeal.status not in (Status.ANSWERED, Status.CLOSED) or appeal.outcome == Outcome.WITHDRAWN:
        return False
    until = dispute_until(appeal, reply)
    if until is None or now > until:
        return False
    return not (hasattr(reply, "feedback") and reply.feedback.is_dispute)


def can_withdraw(appeal: Appeal) -> bool:
    return appeal.status in WITHDRAWABLE and appeal.closed_at is None


# Judge


@transaction.atomic
def give_feedback(appeal_id: int, judgement: Judgement, *, actor: User | None = None) -> Feedback:
    """Keep the judgement of the last answer, once. «Solved» closes the appeal; anything else leaves room to dispute."""
    appeal = lock(appeal_id)
    reply = answer_of(appeal)
    if reply is not None and hasattr(reply, "feedback"):
        return _same_or_refuse(reply.feedback, judgement)
    if reply is None or not can_judge(appeal, reply):
        raise Conflict(_("There is no answer to judge at the moment."), code="nothing_to_judge")
    _check(judgement)
    now = timezone.now()
    feedback = _store(appeal, reply, judgement, now)
    events.record(appeal, EventKind.RATED, actor=actor, reason=judgement.comment, data=_data(feedback), is_public=True)
    if judgement.verdict == Verdict.SOLVED and appeal.status == Status.ANSWERED:
        _close(appeal, now, actor=actor, why="solved")
    return feedback


@transaction.atomic
def complete_feedback(appeal_id: int, *, rating: int | None, comment: str = "", actor: User | None = None) -> Feedback:
    """After a judgement by one tap: a rating and a line to it, once."""
    appeal = lock(appeal_id)
    reply = answer_of(appeal)
    if reply is None or not can_complete(reply):
        raise Conflict(_("There is no answer to judge at the moment."), code="nothing_to_judge")
    feedback = reply.feedback
    _check(Judgement(Verdict.SOLVED, rating=rating, comment=comment))
    feedback.rating, feedback.comment = rating, comment.strip() or feedback.comment
    feedback.save(update_fields=["rating", "comment"])
    events.record(appeal, EventKind.RATED, actor=actor, reason=comment.strip(), data=_data(feedback), is_public=True)
    return feedback


def can_complete(reply: Reply | None) -> bool:
    """Judged, but without a rating so far."""
    return reply is not None and hasattr(reply, "feedback") and reply.feedback.rating is None


@transaction.atomic
def dispute_answer(appeal_id: int, judgement: Judgement, *, actor: User | None = None) -> Feedback:
    """Ask for a second look by another unit, within the window; the fact stays with the appeal for good."""
    appeal = lock(appeal_id)
    reply = answer_of(appeal)
    if reply is not None and hasattr(reply, "feedback") and reply.feedback.is_dispute:
        return reply.feedback
    now = timezone.now()
    if reply is None or not can_dispute(appeal, reply, now):
        raise Conflict(_("The term for disputing this answer is over."), code="dispute_over")
    if judgement.verdict == Verdict.SOLVED:
        raise ValidationFailed(_("A matter that is solved needs no second look."), code="solved", field="verdict")
    _check(judgement)
    feedback = _store(appeal, reply, judgement, now, is_dispute=True)
    timers.stop(appeal, TimerCode.AUTO_CLOSE, at=now, outcome=Timer.Outcome.CANCELLED)
    timers.stop(appeal, TimerCode.DISPUTE_WINDOW, at=now)
    appeal.is_disputed = True
    events.record(
        appeal,
        EventKind.DISPUTED,
        actor=actor,
        reason=judgement.comment,
        data=_data(feedback),
        changed=["is_disputed"],
        is_public=True,
    )
    return feedback


def _check(judgement: Judgement) -> None:
    if judgement.rating is not None and not 1 <= judgement.rating <= 5:
        raise ValidationFailed(_("The rating goes from 1 to 5."), code="rating", field="rating")
    if set(judgement.reasons) - set(Feedback.Reason.values):
        raise ValidationFailed(_("Choose one of the list."), code="reasons", field="reasons")
    if judgement.verdict != Verdict.SOLVED and not judgement.reasons and not judgement.comment.strip():
        raise ValidationFailed(
            _("Say what is wrong with the answer: choose a reason or write a line."), code="reasons", field="reasons"
        )
    if len(judgement.comment) > LONGEST_COMMENT:
        raise ValidationFailed(_("The comment is longer than 4,000 characters."), code="too_long", field="comment")


def _store(appeal: Appeal, reply: Reply, judgement: Judgement, now: datetime, *, is_dispute: bool = False) -> Feedback:
    values = {
        "appeal": appeal,
        "verdict": judgement.verdict,
        "rating": judgement.rating,
        "reasons": [] if judgement.verdict == Verdict.SOLVED else sorted(set(judgement.reasons)),
        "comment": judgement.comment.strip(),
        "is_dispute": is_dispute,
        "given_at": now,
    }
    feedback, _created = Feedback.objects.update_or_create(reply=reply, defaults=values)
    return feedback


def _same_or_refuse(feedback: Feedback, judgement: Judgement) -> Feedback:
    """A second tap on the same button changes nothing; another opinion comes by a dispute."""
    if feedback.verdict == judgement.verdict:
        return feedback
    raise Conflict(_("You have already judged this answer."), code="judged")


def _data(feedback: Feedback) -> dict[str, object]:
    return {
        "reply": feedback.reply_id,
        "verdict": feedback.verdict,
        "rating": feedback.rating,
        "reasons": feedback.reasons,
    }


# Close


def silent_ones(now: datetime, *, limit: int = 200) -> list[int]:
    """Answered appeals whose authors' time to judge is over."""
    due = Timer.objects.filter(code=TimerCode.AUTO_CLOSE, stopped_at__isnull=True, due_at__lte=now)
    answered = due.filter(appeal__status=Status.ANSWERED)  # a dispute of this very answer has stopped the timer
    return list(answered.order_by("due_at").values_list("appeal_id", flat=True)[:limit])


@transaction.atomic
def close_silent(appeal_id: int) -> Appeal:
    """Close an answered appeal when its author has said nothing within the term. Repeats change nothing."""
    appeal = lock(appeal_id)
    if appeal.status != Status.ANSWERED:
        return appeal
    timer = timers.running(appeal, TimerCode.AUTO_CLOSE)
    now = timezone.now()
    if timer is None or timer.due_at > now:
        return appeal
    reply = answer_of(appeal)
    unanswered_dispute = reply is not None and hasattr(reply, "feedback") and reply.feedback.is_dispute
    if not unanswered_dispute:
        _close(appeal, now, actor=None, why="silent")
    return appeal


def _close(appeal: Appeal, now: datetime, *, actor: User | None, why: str) -> None:
    workflow.change_status(appeal, Status.CLOSED)
    appeal.closed_at = now
    timers.stop(appeal, TimerCode.AUTO_CLOSE, at=now, outcome=Timer.Outcome.MET)
    events.record(
        appeal, EventKind.CLOSED, actor=actor, data={"why": why}, changed=["status", "closed_at"], is_public=True
    )


@transaction.atomic
def withdraw(appeal_id: int, *, reason: str = "", actor: User | None = None) -> Appeal:
    """The applicant takes his appeal back before it is answered; every clock stops."""
    appeal = lock(appeal_id)
    if appeal.outcome == Outcome.WITHDRAWN:
        return appeal
    if not can_withdraw(appeal):
        raise Conflict(_("This appeal can no longer be withdrawn."), code="not_withdrawable")
    now = timezone.now()
    workflow.change_status(appeal, Status.CLOSED, outcome=Outcome.WITHDRAWN)
    appeal.closed_at = now
    timers.stop_all(appeal, at=now, cancel=True)
    changed = ["status", "outcome", "closed_at"]
    events.record(
        appeal,
        EventKind.WITHDRAWN,
        actor=actor,
        reason=reason.strip()[:LONGEST_COMMENT],
        changed=changed,
        is_public=True,
    )
    return appeal
