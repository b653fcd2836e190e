"""Tell those who subscribed of new warnings: what grew and by how much, never a text or an address."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import read_grants
from notifications import delivery, preferences
from notifications.languages import WORDS, in_every_language
from notifications.models import Notification
from reports.models import EarlyWarning, WarningEvent, WarningSubscription
from reports.warning import access, titles

INBOX, EMAIL = Notification.Transport.INBOX, Notification.Transport.EMAIL
TEMPLATE = "early_warning"
GROUP = preferences.NoticeGroup(
    slug="staff_warnings",
    audience=preferences.STAFF,
    order=40,
    title=gettext_lazy("Early warning"),
    text=gettext_lazy("New warnings, to whoever subscribed to them on their page."),
    templates=frozenset({TEMPLATE}),
    media=(EMAIL,),
    default=frozenset(),
)


def tell_subscribers(row: EarlyWarning, event: WarningEvent) -> int:
    """Queue a notice for each subscriber who may see the warning; a repeat queues nothing."""
    people = subscribers(row)
    ways = preferences.media_of([user.pk for user in people], GROUP)
    told = in_every_language(lambda: _words(row, event))
    path = reverse("reports:warning", args=[row.pk])
    drafts: list[delivery.Draft] = []
    for user in people:
        drafts.append(_draft(event, user, INBOX, str(user.pk), told[user.language], {WORDS: told, "path": path}))
        if user.email and EMAIL in ways.get(user.pk, ()):
            subject, body = told[user.language]
            letter = [subject, f"{body}\n\n{settings.PUBLIC_URL.rstrip('/')}{path}"]
            drafts.append(_draft(event, user, EMAIL, user.email, letter, {}))
    return delivery.queue_all(drafts)


def subscribers(row: EarlyWarning) -> list[User]:
    """Of everything, of this city sector, or of any one when the whole city is concerned."""
    rows = WarningSubscription.objects.filter(user__is_active=True).select_related("user").order_by("pk")
    if row.area_id:
        rows = rows.filter(area_id__in=(0, row.area_id))
    people = [one.user for one in rows]
    read_grants(people)
    return [user for user in people if access.may_see(user, row.area_id)]


def _words(row: EarlyWarning, event: WarningEvent) -> tuple[str, str]:
    kind = str(row.get_kind_display())
    title = _("Grew further: %(what)s") if event.kind == WarningEvent.Kind.GREW else _("Early warning: %(what)s")
    what = titles.public_title(row) if row.kind == EarlyWarning.Kind.GROWTH else kind
    return title % {"what": what}, titles.in_numbers(row)


def _draft(
    event: WarningEvent, user: User, transport: str, address: str, words: list[str], headers: Mapping[str, object]
) -> delivery.Draft:
    return delivery.Draft(
        dedupe_key=f"warning:{event.pk}:{user.pk}:{transport}",
        transport=transport,
        address=address,
        template=TEMPLATE,
        subject=words[0],
        body=words[1],
        language=user.language,
        subject_ref=f"warning:{event.warning_id}",
        headers=headers,
        user=user if transport == INBOX else None,
    )


def subscribe(user: User, *, area_id: int) -> None:
    WarningSubscription.objects.update_or_create(user=user, defaults={"area_id": area_id})


def unsubscribe(user: User) -> None:
    WarningSubscription.objects.filter(user=user).delete()
