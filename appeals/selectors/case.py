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
    Feedback,
    Message,
    Note,
    Question,
    Reply,
    Timer,
    TimerPause,
)
from common.rows_together import Rows, read_together

MOST_EVENTS = 200
MOST_EARLIER = 6
MOST_APPLICANTS = 50
WORKING_ROLES = (Role.EXECUTOR, Role.HEAD, Role.CO_EXECUTOR)
KEYS = ("phone_hash", "identifier_hash", "email_hash", "thread_key")
NAME_FIELDS = ("first_name", "last_name", "patronymic", "username")


@dataclass(frozen=True)
class Case:
    """The rows of one case. `events` run from the newest back and are complete unless `is_cut`.

    People are read once for all of it: `names` has everybody whose key a row or the details of an event carry.
    """

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

    def name(self, user_id: int | None) -> str:
        return self.names.get(user_id, "") if user_id else ""

    @property
    def co_executors(self) -> list[str]:
        parts = [row for row in self.assignments if row.part == Assignment.Part.CO_EXECUTOR and row.ended_at is None]
        return [self.name(row.user_id) for row in parts if row.user_id and row.question_id is None]


def appeal_by_number(number: str) -> Appeal | None:
    """The appeal with its applicant. What few appeals have (incident, parent, rule) is read where it is shown."""
    if not number.isprintable():
        return None
    return Appeal.objects.select_related("applicant").defer("search").filter(number=number).first()


OF_APPEAL = "appeal_id = $1"
ROWS = (
    Rows(AppealEvent, OF_APPEAL, order="seq DESC", most=MOST_EVENTS + 1),
    Rows(Message, OF_APPEAL, order="at, id"),
    Rows(Note, OF_APPEAL, order="at, id"),
    Rows(Reply, OF_APPEAL),
    Rows(Feedback, OF_APPEAL),
    Rows(Attachment, OF_APPEAL),
    Rows(Assignment, OF_APPEAL),
    Rows(Question, OF_APPEAL, order="position"),
    Rows(ExtensionProposal, f"{OF_APPEAL} AND decided_at IS NULL", most=1),
    Rows(Timer, f"{OF_APPEAL} AND question_id IS NULL"),
    Rows(TimerPause, f"timer_id IN (SELECT id FROM appeals_timer WHERE {OF_APPEAL} AND question_id IS NULL)"),
)


def case_of(appeal: Appeal, user: User) -> Case:
    """The case for this viewer; earlier appeals of the same person only as far as he may see them."""
    read = read_together(appeal.pk, ROWS)
    events, messages, notes, replies, feedback, files, assignments, questions, proposals, timers, pauses = read
    _join(replies, feedback)
    proposal: ExtensionProposal | None = proposals[0] if proposals else None
    people = {appeal.executor_id, proposal.proposed_by_id if proposal else None}
    people |= {row.author_id for rows in (messages, notes, replies) for row in rows}
    people |= {row.user_id for row in assignments} | {row.executor_id for row in questions}
    return Case(
        appeal=appeal,
        events=events[:MOST_EVENTS],
        is_cut=len(events) > MOST_EVENTS,
        messages=messages,
        notes=notes,
        files=files,
        replies=replies,
        timers=_with_pauses(appeal, timers, pauses),
        assignments=assignments,
        questions=questions,
        links=links_of(appeal, user),
        earlier=earlier_of(appeal, user),
        proposal=proposal,
        names=names_of(people | named_in(events)),
    )


def _join(replies: Iterable[Reply], judgements: Iterable[Feedback]) -> None:
    """Give each answer the judgement of it, or the knowledge that there is none."""
    by_reply = {row.reply_id: row for row in judgements}
    for reply in replies:
        Reply.feedback.related.set_cached_value(reply, by_reply.get(reply.pk))


def _with_pauses(appeal: Appeal, timers: list[Timer], pauses: list[TimerPause]) -> list[Timer]:
    for timer in timers:
        timer.appeal = appeal
        own = [pause for pause in pauses if pause.timer_id == timer.pk]
        timer._prefetched_objects_cache = {"pauses": own}  # type: ignore[attr-defined]  # what prefetch_related would fill
    return timers


def links_of(appeal: Appeal, user: User) -> list[AppealLink]:
    """Links both ways, the other appeal at hand; that a confidential one is there is told only to who may see it."""
    rows = AppealLink.objects.filter(Q(source=appeal) | Q(target=appeal))
    names = ("number", "status", "is_confidential")
    shown = ("kind", *(f"{side}__{name}" for side in ("source", "target") for name in names))
    found = list(rows.select_related("source", "target").only(*shown))
    others = {link.pk: link.target if link.source_id == appeal.pk else link.source for link in found}
    hidden = {other.pk for other in others.values() if other.is_confidential}
    if hidden:
        hidden -= set(policies.visible_to(user).filter(pk__in=hidden).values_list("pk", flat=True))
    return [link for link in found if others[link.pk].pk not in hidden]


def earlier_of(appeal: Appeal, user: User) -> list[Appeal]:
    """Other appeals of the same person by any contact or identifier, newest first."""
    known = Q()
    for key in KEYS:
        if value := getattr(appeal.applicant, key):
            known |= Q(**{key: value})
    if not known:
        return []
    same = Applicant.objects.filter(known).exclude(pk=appeal.applicant_id).order_by("-pk")
    ids = same.values("pk")[:MOST_APPLICANTS]
    rows = policies.visible_to(user).filter(applicant_id__in=ids).order_by("-id")
    return list(rows.only("number", "status", "subject", "received_at", "topic_id")[:MOST_EARLIER])


NAMING = ("user", "previous_user", "proposed_by", "on_behalf_of")  # where the data of an event name people


def named_in(events: Iterable[AppealEvent]) -> set[int | None]:
    """The people who made the history and of whom its details speak."""
    actors: set[int | None] = {event.actor_id for event in events}
    return actors | {event.data.get(key) for event in events for key in NAMING}


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in user_ids if pk}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted).only(*NAME_FIELDS)} if wanted else {}


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
