"""Extend the term of an appeal: a ground, a head who decides, a new date under the cap, a notice with its own clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from appeals import casework, events, policies, terms, timers
from appeals.models import Appeal, EventKind, ExtensionProposal, Timer, TimerCode
from common.errors import Conflict

Decision = ExtensionProposal.Decision


@transaction.atomic
def propose(appeal_id: int, *, actor: User, until: dt.date, ground: str, seen: int | None = None) -> ExtensionProposal:
    """Ask the head for a later date; one wish at a time, and only a date that he could grant."""
    appeal = casework.lock(appeal_id)
    casework.require_responsible(actor, Action.WORK, appeal)
    casework.check_seen(appeal, seen)
    ground = casework.check_reason(ground, field="ground")
    if open_proposal(appeal):
        raise Conflict(_("An extension has been proposed already and waits for the head's decision."), code="proposed")
    end = _check_date(appeal, until)
    proposal = ExtensionProposal.objects.create(appeal=appeal, ground=ground, until=end, proposed_by=actor)
    data = {"proposal": proposal.pk, "until": end}
    events.record(appeal, EventKind.EXTENSION_PROPOSED, actor=actor, reason=ground, data=data)
    return proposal


@transaction.atomic
def extend(appeal_id: int, *, actor: User, until: dt.date, ground: str, seen: int | None = None) -> Appeal:
    """A head's decision to extend: public, with ground, old and new date and who decided (APPC art. 76)."""
    appeal = casework.lock(appeal_id)
    policies.require(actor, Action.EXTEND, appeal)
    casework.check_seen(appeal, seen)
    ground = casework.check_reason(ground, field="ground")
    proposal = open_proposal(appeal)
    if proposal:
        _decide(proposal, Decision.GRANTED, actor, "")
    _extend(appeal, _check_date(appeal, until), ground=ground, actor=actor, proposal=proposal)
    return appeal


@transaction.atomic
def grant(proposal_id: int, *, actor: User) -> Appeal:
    """Grant an executor's proposal as it stands. Granting it again changes nothing."""
    proposal, appeal = _lock_proposal(proposal_id, actor)
    if proposal.decision == Decision.GRANTED:
        return appeal
    _check_undecided(proposal)
    _decide(proposal, Decision.GRANTED, actor, "")
    until = _check_date(appeal, terms.calendar().local_date(proposal.until))
    _extend(appeal, until, ground=proposal.ground, actor=actor, proposal=proposal)
    return appeal


@transaction.atomic
def refuse(proposal_id: int, *, actor: User, reason: str) -> ExtensionProposal:
    """Refuse a proposal, with the reason the executor will read."""
    proposal, appeal = _lock_proposal(proposal_id, actor)
    _check_undecided(proposal)
    reason = casework.check_reason(reason)
    _decide(proposal, Decision.REFUSED, actor, reason)
    events.record(appeal, EventKind.EXTENSION_REFUSED, actor=actor, reason=reason, data={"proposal": proposal.pk})
    return proposal


@transaction.atomic
def notice_sent(appeal_id: int, *, at: dt.datetime) -> None:
    """The applicant has been told of the extension: its own clock stops. Repeats change nothing."""
    appeal = casework.lock(appeal_id)
    timers.stop(appeal, TimerCode.EXTENSION_NOTICE, at=at)


def open_proposal(appeal: Appeal) -> ExtensionProposal | None:
    return ExtensionProposal.objects.filter(appeal=appeal, decided_at__isnull=True).first()


def _lock_proposal(proposal_id: int, actor: User) -> tuple[ExtensionProposal, Appeal]:
    appeal = casework.lock(ExtensionProposal.objects.values_list("appeal_id", flat=True).get(pk=proposal_id))
    policies.require(actor, Action.EXTEND, appeal)
    return ExtensionProposal.objects.get(pk=proposal_id), appeal


def _check_undecided(proposal: ExtensionProposal) -> None:
    if proposal.decided_at:
        raise Conflict(_("This proposal has been decided already."), code="decided")


def _decide(proposal: ExtensionProposal, decision: Decision, actor: User, answer: str) -> None:
    proposal.decision, proposal.decided_by, proposal.decided_at = decision, actor, timezone.now()
    proposal.answer = answer
    proposal.save(update_fields=["decision", "decided_by", "decided_at", "answer"])


def _check_date(appeal: Appeal, until: dt.date) -> dt.datetime:
    """The end of the wanted day, if an extension up to it is lawful."""
    casework.require_open(appeal)
    latest = timers.latest_extension(appeal)
    if latest is None:
        raise Conflict(_("The term of this appeal cannot be extended."), code="no_extension", field="until")
    end = terms.calendar().end_of_day(until)
    if end <= max(appeal.due_at, timezone.now()):
        raise Conflict(_("The new date must be later than the present one."), code="not_later", field="until")
    if end > latest:
        message = _("The term can be extended at most until %(date)s.")
        raise Conflict(message % {"date": f"{timezone.localtime(latest):%d.%m.%Y}"}, code="over_cap", field="until")
    return end


def _extend(
    appeal: Appeal, until: dt.datetime, *, ground: str, actor: User, proposal: ExtensionProposal | None
) -> None:
    now, before = timezone.now(), appeal.due_at
    timers.extend(appeal, until=until, at=now)
    timers.stop(appeal, TimerCode.EXTENSION_NOTICE, at=now, outcome=Timer.Outcome.CANCELLED)
    notice = timers.start(appeal, TimerCode.EXTENSION_NOTICE, at=now)
    data = {
        "before": before,
        "until": until,
        "decided_by": actor.pk,
        "proposed_by": proposal.proposed_by_id if proposal else None,
        "notice_due_at": notice.due_at if notice else None,
    }
    events.record(
        appeal, EventKind.TERM_EXTENDED, actor=actor, reason=ground, data=data, changed=["due_at"], is_public=True
    )
