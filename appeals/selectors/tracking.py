"""What the applicant may see of his appeal, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from appeals.models import Appeal, AppealEvent, Attachment, EventKind, Message, Question, Reply, Timer
from appeals.selectors.history import nameable_to_applicant, numbers_in

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
    nameable: frozenset[str]  # other appeals that may be named to him


# Not written for the applicant, but what they say of his appeal is his to know; the reasons are the staff's.
TOLD_TOO = (EventKind.CLASSIFIED, EventKind.MESSAGE_MOVED)


def visible_files(appeal: Appeal) -> QuerySet[Attachment]:
    """The applicant's own files, and those that were sent to him; evidence of an unsent answer is not."""
    return visible_files_of([appeal])


def visible_files_of(appeals: Iterable[Appeal]) -> QuerySet[Attachment]:
    own = Q(purpose=Attachment.Purpose.APPEAL)
    sent = Q(purpose=Attachment.Purpose.EVIDENCE) & (Q(reply__sent_at__isnull=False) | Q(message__isnull=False))
    rows = Attachment.objects.filter(own | sent, appeal__in=appeals)
    return rows.exclude(scan=Attachment.Scan.INFECTED).exclude(file="")


def citizen_case(appeal: Appeal) -> CitizenCase:
    files = list(visible_files(appeal))
    messages = list(Message.objects.filter(appeal=appeal).order_by("-at", "-id")[:MOST_MESSAGES])[::-1]
    replies = list(Reply.objects.filter(appeal=appeal, sent_at__isnull=False).select_related("department", "feedback"))
    told = Q(is_public=True) | Q(kind__in=TOLD_TOO)
    events = list(AppealEvent.objects.filter(told, appeal=appeal).order_by("-seq")[:MOST_EVENTS])[::-1]
    return CitizenCase(
        appeal=appeal,
        events=events,
        timers=list(Timer.objects.filter(appeal=appeal).prefetch_related("pauses")),
        messages=messages,
        replies=replies,
        files=files,
        questions=list(Question.objects.filter(appeal=appeal).select_related("department")),
        nameable=nameable_to_applicant(appeal, numbers_in(events) - {appeal.number}),
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
