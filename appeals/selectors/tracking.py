"""What the applicant may see of his appeal, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from appeals.models import Appeal, AppealEvent, Attachment, Message, Question, Reply, Timer

MOST_EVENTS = 200
MOST_MESSAGES = 200
MOST_APPEALS = 100


@dataclass(frozen=True)
class CitizenCase:
    """The rows behind the tracking page; internal notes, people and files are not among them."""

    appeal: Appeal
    events: list[AppealEvent]
    timers: list[Timer]
    messages: list[Message]
    replies: list[Reply]
    files: list[Attachment]
    questions: list[Question]


def visible_files(appeal: Appeal) -> QuerySet[Attachment]:
    """The applicant's own files, and those that were sent to him; evidence of an unsent answer is not."""
    own = Q(purpose=Attachment.Purpose.APPEAL)
    sent = Q(purpose=Attachment.Purpose.EVIDENCE) & (Q(reply__sent_at__isnull=False) | Q(message__isnull=False))
    return Attachment.objects.filter(own | sent, appeal=appeal)


def citizen_case(appeal: Appeal) -> CitizenCase:
    files = list(visible_files(appeal))
    messages = list(Message.objects.filter(appeal=appeal)[:MOST_MESSAGES])
    replies = list(Reply.objects.filter(appeal=appeal, sent_at__isnull=False).select_related("department", "feedback"))
    return CitizenCase(
        appeal=appeal,
        events=list(AppealEvent.objects.filter(appeal=appeal, is_public=True).order_by("seq")[:MOST_EVENTS]),
        timers=list(Timer.objects.filter(appeal=appeal).prefetch_related("pauses")),
        messages=messages,
        replies=replies,
        files=files,
        questions=list(Question.objects.filter(appeal=appeal).select_related("department")),
    )


def appeals_of(user: User) -> QuerySet[Appeal]:
    """«My appeals»: newest first, with what the list shows; the clocks come along for the badges."""
    clocks = Prefetch("timers", Timer.objects.filter(question__isnull=True).prefetch_related("pauses"))
    return (
        Appeal.objects.filter(applicant__user=user)
        .select_related("topic", "department", "area")
        .prefetch_related(clocks)
        .order_by("-received_at", "-id")[:MOST_APPEALS]
    )
