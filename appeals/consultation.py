"""Solved at first contact: the operator answers from the knowledge base while the caller is on the line."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals import events, timers, workflow
from appeals.models import Appeal, EventKind, KnowledgeArticle, Outcome, Regime, Reply, Status
from common.errors import Conflict, ValidationFailed

SHORTEST_ANSWER = 10


def check_answer(answer: str, *, regime: Regime) -> None:
    """What must hold before anything is stored, so that a half-done registration never comes about."""
    if regime == Regime.APPEAL:
        raise Conflict(_("A statutory appeal gets a written answer."), code="statutory")
    if len(answer.strip()) < SHORTEST_ANSWER:
        raise ValidationFailed(_("Write down what the caller was told."), code="too_short", field="answer")


@transaction.atomic
def resolve_at_first_contact(
    appeal_id: int, *, answer: str, actor: User, article: KnowledgeArticle | None = None
) -> Appeal:
    """Close a service request with the consultation given on the spot; a statutory appeal is answered in writing."""
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    if appeal.outcome == Outcome.FIRST_CONTACT:
        return appeal
    check_answer(answer, regime=Regime(appeal.regime))
    workflow.require_owed(appeal)
    now = timezone.now()
    workflow.change_status(appeal, Status.CLOSED, outcome=Outcome.FIRST_CONTACT)
    appeal.answered_at = appeal.closed_at = now
    reply = Reply.objects.create(
        appeal=appeal,
        author=actor,
        language=appeal.answer_language,
        outcome=Outcome.FIRST_CONTACT,
        text=answer.strip(),
        sent_at=now,
    )
    timers.stop_all(appeal, at=now)
    data = {"outcome": appeal.outcome, "article": article.slug if article else None, "reply": reply.pk}
    data |= events.proof_of(reply.text)
    changed = ["status", "outcome", "answered_at", "closed_at"]
    events.record(appeal, EventKind.CLOSED, actor=actor, data=data, changed=changed, is_public=True)
    return appeal
