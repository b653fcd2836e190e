"""Which notices go to somebody by which ways: groups that apps announce, and what a person has chosen of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from accounts.permissions import is_staff_member
from common.registry import Registry
from notifications.models import Preference

STAFF, RESIDENT = "staff", "resident"


@dataclass(frozen=True)
class NoticeGroup:
    """Notices that one chooses together. `is_owed`: the law or the work wants them told, so one way always stays."""

    slug: str
    audience: str
    order: int
    title: str | Promise
    text: str | Promise
    templates: frozenset[str]
    media: tuple[str, ...]
    default: frozenset[str]
    is_owed: bool = False


groups: Registry[NoticeGroup] = Registry("group of notices")


def announce(*announced: NoticeGroup) -> None:
    for group in announced:
        groups.register(group.slug)(group)


def groups_for(user: User) -> list[NoticeGroup]:
    """What this person can choose, in the order of the page."""
    audience = STAFF if is_staff_member(user) else RESIDENT
    return sorted((group for _slug, group in groups if group.audience == audience), key=lambda group: group.order)


def group_of(template: str, audience: str) -> NoticeGroup | None:
    return next((row for _slug, row in groups if row.audience == audience and template in row.templates), None)


def chosen(stored: Mapping[str, object], group: NoticeGroup) -> frozenset[str]:
    """The ways of a group; what is stored and not known any more is passed over."""
    ways = stored.get(group.slug)
    found = frozenset(ways) & frozenset(group.media) if isinstance(ways, list) else group.default
    return group.default if group.is_owed and not found else found


def media_of(user_ids: Iterable[int], group: NoticeGroup) -> dict[int, frozenset[str]]:
    """The ways by which each of these people wants the notices of a group, in one query."""
    wanted = set(user_ids)
    rows = Preference.objects.filter(user_id__in=wanted).values_list("user_id", "media") if wanted else ()
    stored = dict(rows)
    return {pk: chosen(stored.get(pk, {}), group) for pk in wanted}


def choices_of(user: User) -> dict[str, frozenset[str]]:
    """What the page shows as chosen."""
    row = Preference.objects.filter(user=user).first()
    return {group.slug: chosen(row.media if row else {}, group) for group in groups_for(user)}


def save_choices(user: User, ways: Mapping[str, Iterable[str]]) -> None:
    """Keep the choice for the groups of this person; those he has in another part stay as they are."""
    kept = {group.slug: sorted(set(ways.get(group.slug, ())) & set(group.media)) for group in groups_for(user)}
    row, _created = Preference.objects.get_or_create(user=user)
    row.media = {**row.media, **kept}
    row.save(update_fields=["media"])
