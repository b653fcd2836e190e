"""Everything the page of one case shows, read in a fixed number of queries however long its story is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from accounts.models import Role, RoleAssignment, User
from appeals import policies
from appeals.models import (
    Appeal,
    AppealEvent,
    AppealLink,
    Applicant,
    Assignment,
    Attachment,
    ExtensionProposal,
    Message,
    Note,
    Question,
    Reply,
    Timer,
)

MOST_EVENTS = 200
MOST_EARLIER = 6
MOST_APPLICANTS = 50
WORKING_ROLES = (Role.EXECUTOR, Role.HEAD, Role.CO_EXECUTOR)
KEYS = ("phone_hash", "identifier_hash", "email_hash", "thread_key")
BESIDE = (
    "applicant",
    "department__organization",
    "executor",
    "area",
    "sector",
    "topic",
    "incident",
    "parent",
    "complaint_department",
    "complaint_user",
    "suggested_rule__department",
)


@dataclass(frozen=True)
class Case:
    """The rows of one case. `events` run from the newest back and are complete unless `is_cut`."""

    appeal: Appeal
    events: list[AppealEvent]
    is_cut: bool
    messages: list[Message]
    notes: list[Note]
    files: list[Attachment]
    replies: list[Reply]
    timers: list[Timer]
    assignments: list[Assignment]
    questions: list[Question]
    links: list[AppealLink]
    earlier: list[Appeal]
    proposal: ExtensionProposal | None
    names: dict[int, str]

    @property
    def draft(self) -> Reply | None:
        return next((reply for reply in self.replies if reply.sent_at is None), None)

    @property
    def sent(self) -> list[Reply]:
        return [reply for reply in self.replies if reply.sent_at is not None]

    @property
    def co_executors(self) -> list[User]:
        parts = [row for row in self.assignments if row.part == Assignment.Part.CO_EXECUTOR and row.ended_at is None]
        return [row.user for row in parts if row.user is not None and row.question_id is None]


def appeal_by_number(number: str) -> Appeal | None:
    return Appeal.objects.select_related(*BESIDE).defer("search").filter(number=number).first()


def case_of(appeal: Appeal, user: User) -> Case:
    """The case for this viewer; earlier appeals of the same person only as far as he may see them."""
    events = list(AppealEvent.objects.filter(appeal=appeal).select_related("actor").order_by("-seq")[: MOST_EVENTS + 1])
    return Case(
        appeal=appeal,
        events=events[:MOST_EVENTS],
        is_cut=len(events) > MOST_EVENTS,
        messages=list(Message.objects.filter(appeal=appeal).select_related("author", "moved_from")),
        notes=list(Note.objects.filter(appeal=appeal).select_related("author")),
        files=list(Attachment.objects.filter(appeal=appeal)),
        replies=list(Reply.objects.filter(appeal=appeal).select_related("author", "department", "feedback")),
        timers=timers_of(appeal),
        assignments=list(Assignment.objects.filter(appeal=appeal).select_related("user", "department")),
        questions=list(Question.objects.filter(appeal=appeal).select_related("department", "executor")),
        links=links_of(appeal),
        earlier=earlier_of(appeal, user),
        proposal=ExtensionProposal.objects.filter(appeal=appeal, decided_at__isnull=True)
        .select_related("proposed_by")
        .first(),
        names=names_in(events),
    )


def timers_of(appeal: Appeal) -> list[Timer]:
    rows = list(Timer.objects.filter(appeal=appeal, question__isnull=True).prefetch_related("pauses"))
    for row in rows:
        row.appeal = appeal
    return rows


def links_of(appeal: Appeal) -> list[AppealLink]:
    """Links both ways, the other appeal at hand."""
    rows = AppealLink.objects.filter(Q(source=appeal) | Q(target=appeal))
    return list(rows.select_related("source", "target").defer("source__search", "target__search"))


def earlier_of(appeal: Appeal, user: User) -> list[Appeal]:
    """Other appeals of the same person by any contact or identifier, newest first."""
    known = Q()
    for key in KEYS:
        if value := getattr(appeal.applicant, key):
            known |= Q(**{key: value})
    if not known:
        return []
    same = Applicant.objects.filter(known).exclude(pk=appeal.applicant_id).order_by("-pk")
    ids = list(same.values_list("pk", flat=True)[:MOST_APPLICANTS])
    if not ids:
        return []
    rows = policies.visible_to(user).filter(applicant_id__in=ids).select_related("topic").defer("search", "text")
    return list(rows.order_by("-id")[:MOST_EARLIER])


def names_in(events: Iterable[AppealEvent]) -> dict[int, str]:
    """Names of the people that the details of the history speak of."""
    wanted = {
        value for event in events for key in ("user", "previous_user", "proposed_by") if (value := event.data.get(key))
    }
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def people_of(department_id: int | None) -> list[User]:
    """Who works in a unit and may be given its cases."""
    if department_id is None:
        return []
    roles = RoleAssignment.objects.filter(department_id=department_id, role__in=WORKING_ROLES)
    rows = User.objects.filter(is_active=True, pk__in=roles.values("user_id"))
    return list(rows.order_by("last_name", "first_name", "pk"))


def colleagues_of(organization_id: int | None) -> list[User]:
    """Who works in a body and may be called in as a co-executor."""
    if organization_id is None:
        return []
    roles = RoleAssignment.objects.filter(department__organization_id=organization_id, role__in=WORKING_ROLES)
    unit = RoleAssignment.objects.filter(department__isnull=False).select_related("department")
    rows = User.objects.filter(is_active=True, pk__in=roles.values("user_id"))
    return list(
        rows.order_by("last_name", "first_name", "pk").prefetch_related(Prefetch("role_assignments", queryset=unit))
    )


def co_executors_of(appeal: Appeal) -> list[User]:
    rows = Assignment.objects.filter(
        appeal=appeal,
        question__isnull=True,
        part=Assignment.Part.CO_EXECUTOR,
        ended_at__isnull=True,
        user__isnull=False,
    )
    return [row.user for row in rows.select_related("user") if row.user]


def last_messages(appeal: Appeal, count: int = 3) -> list[Message]:
    """The end of the conversation, in the order of time."""
    rows = Message.objects.filter(appeal=appeal).select_related("author").order_by("-at", "-id")
    return list(rows[:count])[::-1]


def recent_replies(department_id: int | None, *, count: int, besides: int) -> list[tuple[str, str]]:
    """Number of the appeal and text of the last answers of a unit, newest first, without those of one appeal."""
    if department_id is None:
        return []
    rows = Reply.objects.filter(department_id=department_id, sent_at__isnull=False, is_interim=False)
    return list(rows.exclude(appeal_id=besides).order_by("-sent_at").values_list("appeal__number", "text")[:count])
