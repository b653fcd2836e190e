"""Keep a person's own views of the queue: save under a name, open first, delete and give back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals.models import SavedFilter
from common.errors import Conflict, NotFound, ValidationFailed

MOST_FILTERS = 30
LONGEST_NAME = 80
LONGEST_QUERY = 1000


@dataclass(frozen=True)
class DeletedFilter:
    """What is needed to give a deleted filter back."""

    name: str
    query: str
    is_default: bool


@transaction.atomic
def save_filter(*, user: User, name: str, query: str, is_default: bool = False) -> SavedFilter:
    """Keep a view under a name; the same name again replaces what was kept under it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationFailed(_("Give the filter a name of at most 80 characters."), code="name", field="name")
    if len(query) > LONGEST_QUERY:
        raise ValidationFailed(_("This filter is too long to be saved."), code="too_long", field="query")
    _lock(user)
    kept = SavedFilter.objects.filter(user=user, name=name).first()
    if kept is None and SavedFilter.objects.filter(user=user).count() >= MOST_FILTERS:
        raise Conflict(_("You have 30 saved filters. Delete one first."), code="too_many_filters")
    if is_default:
        SavedFilter.objects.filter(user=user, is_default=True).update(is_default=False)
    kept = kept or SavedFilter(user=user, name=name)
    kept.query = query
    kept.is_default = is_default or kept.is_default
    kept.save()
    return kept


@transaction.atomic
def open_first(filter_id: int, *, user: User, wanted: bool = True) -> SavedFilter:
    """Make one of the person's filters the first thing he sees in the queue, or stop that; at most one is."""
    _lock(user)
    kept = _own(filter_id, user)
    SavedFilter.objects.filter(user=user, is_default=True).update(is_default=False)
    kept.is_default = wanted
    kept.save(update_fields=["is_default"])
    return kept


@transaction.atomic
def delete_filter(filter_id: int, *, user: User) -> DeletedFilter:
    """Delete a filter of one's own; what comes back is enough to undo it."""
    kept = _own(filter_id, user)
    deleted = DeletedFilter(kept.name, kept.query, kept.is_default)
    kept.delete()
    return deleted


def _own(filter_id: int, user: User) -> SavedFilter:
    kept = SavedFilter.objects.filter(pk=filter_id, user=user).first()
    if kept is None:
        raise NotFound
    return kept


def _lock(user: User) -> None:
    """Two windows of one person must not both pass the check."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
