"""What the person is told of his request, and the staff of new work and of terms that run out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import has_right
from accounts.rights import Action
from notifications import delivery
from notifications.languages import WORDS, in_every_language
from notifications.models import Notification
from privacy.access import those_who_may
from privacy.models import DataRequest, TakedownRequest
from privacy.registries import Subject, Way, ways_to
from signin import code_messages, contacts

EMAIL, SMS, INBOX = Notification.Transport.EMAIL, Notification.Transport.SMS, Notification.Transport.INBOX
FOR_STAFF = "privacy_staff"


def subject_of(request: DataRequest) -> Subject:
    return Subject(ref=request.subject_ref, user=request.user)


def ways_of(subject: Subject) -> list[Way]:
    """The confirmed contacts of the account, or those of the appeal that its author has confirmed."""
    if subject.user is not None:
        return _confirmed(subject.user)
    kind = subject.ref.partition(":")[0]
    return ways_to.get(kind)(subject) if kind in ways_to else []


def _confirmed(user: User) -> list[Way]:
    """E-mail before SMS; an address that somebody else may read gets nothing."""
    found = {contact.medium: contact.address for contact in contacts.contacts_of(user) if contact.is_confirmed}
    pairs = ((EMAIL, code_messages.EMAIL), (SMS, code_messages.SMS))
    return [Way(transport, found[medium]) for transport, medium in pairs if medium in found]


def tell_person(
    request: DataRequest, what: str, words: Callable[[], tuple[str, str]], *, ways: list[Way] | None = None
) -> bool:
    """Queue one notice by the best way there is; `words` gives subject and text in the active language."""
    chosen = next(iter(ways_of(subject_of(request)) if ways is None else ways), None)
    if chosen is None:
        return False
    with override(request.language):
        subject, body = words()
    return delivery.queue(
        delivery.Draft(
            dedupe_key=f"privacy:request:{request.pk}:{what}",
            transport=chosen.transport,
            address=chosen.address,
            template=f"privacy_{what}",
            subject=subject,
            body=body,
            language=request.language,
            subject_ref=request.ref,
        )
    )


def tell_asker(takedown: TakedownRequest, words: Callable[[], tuple[str, str]], what: str = "") -> bool:
    """The decision to whoever asked for the take-down and left a contact."""
    if not takedown.contact:
        return False
    with override(takedown.language):
        subject, body = words()
    return delivery.queue(
        delivery.Draft(
            dedupe_key=f"privacy:{takedown.ref}:{what or takedown.state}",
            transport=EMAIL if "@" in takedown.contact else SMS,
            address=takedown.contact,
            template="privacy_takedown",
            subject=subject,
            body=body,
            language=takedown.language,
            subject_ref=takedown.ref,
        )
    )


def tell_staff(
    right: Action, key: str, path: str, words: Callable[[], tuple[str, str]], *, also: Iterable[User] = ()
) -> int:
    """Inbox and e-mail to whoever looks after it, each in his language; what is personal stays on the page."""
    drafts: list[delivery.Draft] = []
    people = {user.pk: user for user in (*those_who_may(right), *also)}
    told = in_every_language(words)
    for user in people.values():
        subject, body = told[user.language]
        # Heads are told of a term that runs out; the page itself is the officers'.
        own, link = (path, f"\n\n{settings.PUBLIC_URL.rstrip('/')}{path}") if has_right(user, right) else ("", "")
        headers = {WORDS: told} | ({"path": own} if own else {})
        drafts.append(_staff_draft(user, INBOX, str(user.pk), key, subject, body, headers))
        if user.email:
            drafts.append(_staff_draft(user, EMAIL, user.email, key, subject, f"{body}{link}", {}))
    return delivery.queue_all(drafts)


def _staff_draft(
    user: User, transport: str, address: str, key: str, subject: str, body: str, headers: Mapping[str, Any]
) -> delivery.Draft:
    return delivery.Draft(
        dedupe_key=f"privacy:{key}:{user.pk}:{transport}",
        transport=transport,
        address=address,
        template=FOR_STAFF,
        subject=subject,
        body=body,
        language=user.language,
        subject_ref=key[:60],
        headers=headers,
        user=user if transport == INBOX else None,
    )


def link_to_my_data() -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('privacy:requests')}"


def export_failed() -> tuple[str, str]:
    return (
        _("The copy of your data could not be made"),
        _("Halyq Uni: the copy of your data could not be made. We know of it; you can have it begun again: %(link)s")
        % {"link": link_to_my_data()},
    )


def export_ready() -> tuple[str, str]:
    return (
        _("The copy of your data is ready"),
        _("Halyq Uni: the copy of your data is ready. Download it within 7 days; the password is asked for: %(link)s")
        % {"link": link_to_my_data()},
    )
