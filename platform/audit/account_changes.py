"""Tells the log of changes of accounts and roles wherever they happen, with the values before and after."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from accounts.models import RoleAssignment, User
from audit import trail
from audit.actions import Action
from audit.current import current_user
from common.masking import mask_email, mask_identifier

ROLE = ("role", "organization_id", "department_id", "area_id")
OPENING = ("is_active", "is_staff", "is_superuser")
CONTACTS = ("email", "phone")


def actor_of(instance: Model) -> User | None:
    """Who edits in the administration site, or whose request it is; nobody in commands."""
    edited_by = getattr(instance, "edited_by", None)
    return edited_by if isinstance(edited_by, User) else current_user()


def _before(instance: Model, names: Collection[str], update_fields: Collection[str] | None) -> dict[str, Any]:
    """The stored values of what this save may change; nothing is read when it changes none of them."""
    touched = [name for name in names if update_fields is None or name.removesuffix("_id") in update_fields]
    touched += [name for name in names if update_fields is not None and name in update_fields and name not in touched]
    if instance._state.adding or not instance.pk or not touched:
        return {}
    return type(instance)._default_manager.filter(pk=instance.pk).values(*touched).first() or {}


def _changes(instance: Model) -> dict[str, list[Any]]:
    before: dict[str, Any] = instance.__dict__.pop("_audit_before", {})
    return {
        name: [value, getattr(instance, name)] for name, value in before.items() if value != getattr(instance, name)
    }


@receiver(pre_save, sender=RoleAssignment, dispatch_uid="audit-role-before")
def look_at_role(instance: RoleAssignment, update_fields: Collection[str] | None, raw: bool = False, **_: Any) -> None:
    instance.__dict__["_audit_before"] = {} if raw else _before(instance, ("user_id", *ROLE), update_fields)


@receiver(post_save, sender=RoleAssignment, dispatch_uid="audit-role-saved")
def keep_role(instance: RoleAssignment, created: bool, **_: Any) -> None:
    changes = _changes(instance)
    if created:
        _role(instance, Action.ROLE_GIVEN, _scope(instance))
    elif changes:
        _role(instance, Action.ROLE_CHANGED, {"values": changes})


@receiver(post_delete, sender=RoleAssignment, dispatch_uid="audit-role-deleted")
def keep_role_taken(instance: RoleAssignment, **_: Any) -> None:
    _role(instance, Action.ROLE_TAKEN, _scope(instance))


def _role(instance: RoleAssignment, action: Action, details: dict[str, Any]) -> None:
    trail.record(
        action=action,
        actor=actor_of(instance),
        subject_ref=f"user:{instance.user_id}",
        fields=[instance.role],
        details=details,
    )


def _scope(instance: RoleAssignment) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in ROLE if getattr(instance, name) is not None}


@receiver(pre_save, sender=User, dispatch_uid="audit-account-before")
def look_at_account(instance: User, update_fields: Collection[str] | None, raw: bool = False, **_: Any) -> None:
    instance.__dict__["_audit_before"] = {} if raw else _before(instance, (*OPENING, *CONTACTS), update_fields)


@receiver(post_save, sender=User, dispatch_uid="audit-account-saved")
def keep_account(instance: User, created: bool, **_: Any) -> None:
    """Contacts are told masked; what an account may do from its own marks is told as it is."""
    changes = _changes(instance)
    opening = {name: values for name, values in changes.items() if name in OPENING}
    if created and instance.is_superuser:
        opening = {"is_superuser": [False, True]}
    if opening:
        _account(instance, Action.ACCOUNT_CHANGED, opening)
    if "email" in changes:
        _account(instance, Action.EMAIL_CHANGED, {"email": [mask_email(value) for value in changes["email"]]})
    if "phone" in changes:
        _account(instance, Action.PHONE_CHANGED, {"phone": [mask_identifier(value) for value in changes["phone"]]})


def _account(instance: User, action: Action, values: dict[str, Any]) -> None:
    trail.record(
        action=action,
        actor=actor_of(instance),
        subject_ref=f"user:{instance.pk}",
        fields=sorted(values),
        details={"values": values},
    )
