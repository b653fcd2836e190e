"""Notice when an account gets its first confirmed contact or loses its last one, whoever changes it."""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from accounts.models import User
from identity import levels, records
from identity.models import IdentityRecord

CONTACT_FIELDS = {"phone", "phone_confirmed_at", "email"}
Method = IdentityRecord.Method


@transaction.atomic
def note_contact(user_id: int) -> None:
    """Write a record when the answer to «is there a confirmed contact?» has changed."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        return
    has_contact = levels.read_standing(user.pk).has_contact
    about = [Method.CONTACT_CONFIRMED, Method.CONTACT_GONE]
    last = IdentityRecord.objects.filter(user=user, method__in=about).order_by("-id").values_list("method", flat=True)
    had_contact = last.first() == Method.CONTACT_CONFIRMED
    if has_contact != had_contact:
        records.write(user, Method.CONTACT_CONFIRMED if has_contact else Method.CONTACT_GONE)


def _note_later(user: User) -> None:
    """After the commit: a step may take the old contact away before it writes the new one."""
    levels.forget(user)
    transaction.on_commit(partial(note_contact, user.pk))


def user_saved(instance: User, raw: bool = False, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if not raw and (update_fields is None or CONTACT_FIELDS & set(update_fields)):
        _note_later(instance)


def address_changed(instance: EmailAddress, raw: bool = False, **_: Any) -> None:
    if not raw:
        _note_later(instance.user)


def watch() -> None:
    post_save.connect(user_saved, sender=User, dispatch_uid="identity-user")
    post_save.connect(address_changed, sender=EmailAddress, dispatch_uid="identity-address")
    post_delete.connect(address_changed, sender=EmailAddress, dispatch_uid="identity-address-gone")
