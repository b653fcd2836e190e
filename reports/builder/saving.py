"""Keep questions: the only writer of them. Whoever shares one shares the question; the answer is always of today."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import Conflict, NotFound, ValidationFailed
from common.text import storable
from reports.models import SavedQuestion

MOST_KEPT = 200


def own(user: User) -> QuerySet[SavedQuestion]:
    return SavedQuestion.objects.filter(owner=user).order_by("name")


def shared_with(user: User) -> QuerySet[SavedQuestion]:
    return (
        SavedQuestion.objects.filter(is_shared=True).exclude(owner=user).select_related("owner").order_by("-changed_at")
    )


def visible(user: User, kept_id: int) -> SavedQuestion:
    """One's own, or one that is shared."""
    row = SavedQuestion.objects.filter(Q(owner=user) | Q(is_shared=True), pk=kept_id).first()
    if row is None:
        raise NotFound
    return row


def by_token(token: str) -> SavedQuestion:
    row = SavedQuestion.objects.filter(token=storable(token)).first()
    if row is None:
        raise NotFound
    return row


def save(user: User, name: str, query: str) -> SavedQuestion:
    """Under a name that this person has not used yet."""
    name = " ".join(name.split())
    if not name:
        raise ValidationFailed(_("Give the question a name."), code="name_missing", field="name")
    if SavedQuestion.objects.filter(owner=user).count() >= MOST_KEPT:
        raise Conflict(_("You keep very many questions already. Delete some first."), code="too_many_questions")
    try:
        with transaction.atomic():
            return SavedQuestion.objects.create(owner=user, name=name[:120], query=query)
    except IntegrityError as error:
        raise _taken() from error


def _taken() -> Conflict:
    return Conflict(_("You have a question of this name already. Choose another one."), code="name_taken", field="name")


def rename(user: User, kept_id: int, name: str) -> SavedQuestion:
    row, name = owned(user, kept_id), " ".join(name.split())
    if not name:
        raise ValidationFailed(_("Give the question a name."), code="name_missing", field="name")
    row.name, row.changed_at = name[:120], timezone.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "changed_at"])
    except IntegrityError as error:
        raise _taken() from error
    return row


def share(user: User, kept_id: int, *, shared: bool) -> SavedQuestion:
    row = owned(user, kept_id)
    row.is_shared, row.changed_at = shared, timezone.now()
    row.save(update_fields=["is_shared", "changed_at"])
    return row


def copy(user: User, kept_id: int) -> SavedQuestion:
    """A question of one's own beside the one that is shared, under the first free name."""
    found = visible(user, kept_id)
    taken = set(own(user).values_list("name", flat=True))
    name, number = found.name, 2
    while name in taken:
        name, number = f"{found.name[:110]} ({number})", number + 1
    return save(user, name, found.query)


def delete(user: User, kept_id: int) -> None:
    owned(user, kept_id).delete()


def owned(user: User, kept_id: int) -> SavedQuestion:
    row = SavedQuestion.objects.filter(owner=user, pk=kept_id).first()
    if row is None:
        raise NotFound
    return row
