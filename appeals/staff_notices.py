"""What the staff is told: to whom an event gives work, by inbox and e-mail; and the case itself to another body."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Role, User
from accounts.permissions import users_with_role
from accounts.rights import Action
from accounts.shifts import only_on_duty
from accounts.substitutions import with_substitutes
from appeals import notice_texts, policies
from appeals.models import Appeal, AppealEvent, Attachment, EventKind, ExtensionProposal, Priority
from appeals.notices import LARGEST_ATTACHMENTS
from notifications import delivery, preferences
from notifications.models import Notification
from organizations.models import Department
from ui.dates import long_date

E = EventKind
INBOX, EMAIL = Notification.Transport.INBOX, Notification.Transport.EMAIL
CITY_WIDE = {Role.DEPUTY_AKIM, Role.AKIM, Role.INSPECTOR}


@transaction.atomic
def tell_staff(event_id: int) -> int:
    """Queue a notice for everybody to whom the event gives work and who may see the appeal; a repeat queues nothing."""
    rows = AppealEvent.objects.select_related(
        "appeal__department", "appeal__executor", "appeal__topic", "question__executor"
    )
    event = rows.get(pk=event_id)
    recipients = recipients_of(event)
    group = preferences.group_of(event.kind, preferences.STAFF)
    wanted = preferences.media_of([user.pk for user in recipients], group) if group else {}
    drafts: list[delivery.Draft] = []
    for user in recipients:
        drafts.append(_draft(event, user, INBOX))
        if user.email and EMAIL in wanted.get(user.pk, ()):
            drafts.append(_draft(event, user, EMAIL))
    return delivery.queue_all(drafts)


def recipients_of(event: AppealEvent) -> list[User]:
    """Active people and who stands in for them, each once; not who did it, nor those who may not see the appeal."""
    chooser = CHOOSERS.get(EventKind(event.kind))
    chosen = [user for user in chooser(event) if user.is_active] if chooser else []
    found = {user.pk: user for user in with_substitutes(chosen)}
    found.pop(event.actor_id or 0, None)
    return policies.those_who_may(found.values(), Action.SEE, event.appeal)


# Whom

CANNOT_WAIT = (Priority.EMERGENCY, Priority.URGENT)


def _unit(department_id: int | None, *roles: Role) -> list[User]:
    if department_id is None:
        return []
    wanted = roles or (Role.HEAD, Role.EXECUTOR)
    return [user for role in wanted for user in users_with_role(role, department_ids=[department_id])]


def _on_duty(department_id: int, *roles: Role) -> list[User]:
    """What cannot wait goes to those on duty where the unit keeps a roster, to all of them when nobody is."""
    return only_on_duty(_unit(department_id, *roles), department_id)


def _person(user_id: object) -> list[User]:
    return list(User.objects.filter(pk=user_id)) if isinstance(user_id, int) else []


def _assigned(event: AppealEvent) -> list[User]:
    department = event.data.get("department")
    if person := _person(event.data.get("user")):
        return person
    if not isinstance(department, int):
        return []
    return _on_duty(department) if event.appeal.priority in CANNOT_WAIT else _unit(department)


def _handed_back(event: AppealEvent) -> list[User]:
    """A question that lost its unit waits for the inspector, whoever has the rest."""
    own_unit = [] if event.question_id else _unit(event.appeal.department_id)
    return own_unit or users_with_role(Role.INSPECTOR)


def _named(event: AppealEvent) -> list[User]:
    return _person(event.data.get("user"))


def _holder(event: AppealEvent) -> list[User]:
    """Who has the appeal: the executor, else the heads of its unit, else the inspectors."""
    appeal = event.appeal
    if appeal.executor:
        return [appeal.executor]
    return _unit(appeal.department_id, Role.HEAD) if appeal.department_id else users_with_role(Role.INSPECTOR)


def _heads(event: AppealEvent) -> list[User]:
    return _unit(event.appeal.department_id, Role.HEAD)


def _proposer(event: AppealEvent) -> list[User]:
    proposal = ExtensionProposal.objects.filter(pk=event.data.get("proposal")).select_related("proposed_by").first()
    return [proposal.proposed_by] if proposal else []


def _ladder(event: AppealEvent) -> Iterable[User]:
    """The roles of the rung, within the unit that has the appeal or the question."""
    question = event.question
    department_id = (question.department_id if question else None) or event.appeal.department_id
    executor = question.executor if question and question.executor else event.appeal.executor
    for role in event.data.get("roles", []):
        if role in CITY_WIDE:
            yield from users_with_role(role)
        elif department_id is None:
            # Nobody has it yet: whoever should have given it to a unit is told instead.
            yield from users_with_role(Role.INSPECTOR)
        elif role == Role.EXECUTOR:
            yield from (
                [executor] if executor and executor.is_active else only_on_duty(_unit(department_id), department_id)
            )
        elif role in Role.values:
            yield from _on_duty(department_id, Role(role))


def _unit_of_appeal(event: AppealEvent) -> list[User]:
    """The unit that looks again; where none stands ready, the inspectors find one."""
    return _unit(event.appeal.department_id) or users_with_role(Role.INSPECTOR)


CHOOSERS: dict[EventKind, Callable[[AppealEvent], Iterable[User]]] = {
    E.ASSIGNED: _assigned,
    E.SPLIT: _holder,
    E.HANDED_BACK: _handed_back,
    E.CO_EXECUTOR_ADDED: _named,
    E.MESSAGE_RECEIVED: _holder,
    E.INFO_RECEIVED: _holder,
    E.QUESTION_ANSWERED: _holder,
    E.EXTENSION_PROPOSED: _heads,
    E.EXTENSION_REFUSED: _proposer,
    E.REMINDED: _ladder,
    E.ESCALATED: _ladder,
    E.RATED: _holder,
    E.NOTICE_FAILED: _holder,
    E.REOPENED: _unit_of_appeal,
    E.WITHDRAWN: _holder,
}


# What


def _draft(event: AppealEvent, user: User, transport: str) -> delivery.Draft:
    """Number, event and term; the applicant's data stay in the hub, behind its rights.

    By e-mail go only the reasons that colleagues write: others are the applicant's words or hold his address.
    """
    appeal = event.appeal
    data = notice_texts.staff_data(event, user.pk)
    if transport == EMAIL and event.kind not in WORK | TERMS:
        data["reason"] = ""
    with override(user.language):
        line = notice_texts.staff_line(data)
        link = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('appeals:case', args=[appeal.number])}"
        context = {"line": line, "link": link if transport == EMAIL else ""}
        body = render_to_string("notices/staff.txt", context).strip()
    return delivery.Draft(
        dedupe_key=f"notice:{event.pk}:user:{user.pk}:{transport}",
        transport=transport,
        address=user.email if transport == EMAIL else str(user.pk),
        template=f"{notice_texts.STAFF_PREFIX}{event.kind}",
        subject=f"[№ {appeal.number}] {line.sentence.rstrip('.')}",
        body=body,
        language=user.language,
        subject_ref=f"appeal:{appeal.pk}",
        headers=data if transport == INBOX else {},
        user=user if transport == INBOX else None,
    )


# What one may choose: new work and terms come by e-mail unless declined, the course of a case only when asked for


WORK = frozenset({E.ASSIGNED, E.HANDED_BACK, E.CO_EXECUTOR_ADDED, E.REOPENED})
TERMS = frozenset({E.REMINDED, E.ESCALATED, E.EXTENSION_PROPOSED, E.EXTENSION_REFUSED})

preferences.announce(
    preferences.NoticeGroup(
        slug="staff_work",
        audience=preferences.STAFF,
        order=10,
        title=gettext_lazy("New work"),
        text=gettext_lazy("An appeal was given to you or your unit, handed back or disputed."),
        templates=WORK,
        media=(EMAIL,),
        default=frozenset({EMAIL}),
    ),
    preferences.NoticeGroup(
        slug="staff_terms",
        audience=preferences.STAFF,
        order=20,
        title=gettext_lazy("Terms"),
        text=gettext_lazy("A term runs out or is over, an extension is asked for or refused."),
        templates=TERMS,
        media=(EMAIL,),
        default=frozenset({EMAIL}),
    ),
    preferences.NoticeGroup(
        slug="staff_cases",
        audience=preferences.STAFF,
        order=30,
        title=gettext_lazy("What happens to your cases"),
        text=gettext_lazy("Messages and answers of the applicant, his judgement, withdrawal, answered questions."),
        templates=frozenset(CHOOSERS) - WORK - TERMS,
        media=(EMAIL,),
        default=frozenset(),
    ),
)


# The case to another body


@transaction.atomic
def deliver_forwarded(event_id: int) -> bool:
    """Send a forwarded appeal, or the one question of it, with its files to the e-mail of the body that answers it."""
    event = AppealEvent.objects.select_related("appeal__applicant", "appeal__area", "question").get(pk=event_id)
    unit = Department.objects.select_related("organization").filter(pk=event.data.get("department")).first()
    if event.kind != E.FORWARDED or unit is None or not unit.organization.email:
        return False
    appeal = event.appeal
    with override(appeal.language):
        context = {
            "appeal": appeal,
            "number": appeal.number,
            "unit": unit.name,
            "reason": event.reason,
            "text": event.question.text if event.question else appeal.text,
            "received": long_date(appeal.received_at),
        }
        body = render_to_string("notices/to_body.txt", context).strip()
        said = _("Appeal forwarded to you by competence")
        subject = f"[№ {appeal.number}] {said}"
    # None of the headers by which the applicant's answers find their appeal: the body is not the applicant.
    headers = {"files": _files(appeal)}
    return delivery.queue(
        delivery.Draft(
            dedupe_key=f"forward:{event.pk}:{unit.pk}",
            transport=EMAIL,
            address=unit.organization.email,
            template="to_body",
            subject=subject,
            body=body,
            language=appeal.language,
            subject_ref=f"appeal:{appeal.pk}",
            headers=headers,
        )
    )


def _files(appeal: Appeal) -> list[dict[str, str]]:
    room, chosen = 2 * LARGEST_ATTACHMENTS, []
    for file in Attachment.objects.filter(appeal=appeal, purpose=Attachment.Purpose.APPEAL).order_by("pk"):
        if file.size <= room:
            room -= file.size
            chosen.append({"path": file.file.name or "", "name": file.name, "content_type": file.content_type})
    return chosen
