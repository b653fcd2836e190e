"""Closing an account and forgetting what belongs to it alone."""

from __future__ import annotations

from functools import partial

from django.apps import apps
from django.db import transaction
from django.db.models import CASCADE, ForeignKey, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactChallenge, User
from accounts.permissions import is_staff_member
from identity import proofs
from notifications.models import Notification
from privacy import exporting, holds
from privacy.models import Decision, ExportFile
from privacy.notices import FOR_STAFF
from privacy.registries import Erased, Erasure, Held, Subject, erasures

STAFF, HOLD, OPEN = "staff_account", "legal_hold", "open_appeal"
A = Decision.Action


def _account(subject: Subject) -> Held:
    user = subject.user
    if user is None or _is_closed(user):
        return Held(0)
    if is_staff_member(user):
        return Held(1, kept=1, ground=STAFF)
    if holds.is_held(subject.ref):
        return Held(1, kept=1, ground=HOLD)
    return Held(1)


def _is_closed(user: User) -> bool:
    return not user.is_active and user.username.startswith("closed-")


def _close(subject: Subject, action: str, ground: str) -> Erased:
    """Sign-in is impossible from now on, every session ends, nothing in the row names the person any more."""
    user = subject.user
    held = _account(subject)
    if user is None or held.count == 0 or held.kept:
        return Erased(0, held.kept)
    close_account(user)
    return Erased(1)


def close_account(user: User) -> None:
    row = User.objects.select_for_update().get(pk=user.pk)
    proofs.forget(row)
    for model in _of_an_account():
        model._default_manager.filter(user=row).delete()
    row.username, row.is_active = f"closed-{row.pk}", False
    for name in (
        "first_name",
        "last_name",
        "patronymic",
        "phone",
        "email",
        "iin",
        "iin_hash",
        "postal_address",
        "post",
    ):
        setattr(row, name, "")
    row.phone_confirmed_at = None
    row.set_unusable_password()  # the hash of a session no longer fits: every session ends
    row.save()
    ContactChallenge.objects.filter(subject_ref=f"user:{row.pk}").delete()
    # Nobody can fetch a copy any more. After the commit, for no transaction brings a file back.
    for export_id in ExportFile.objects.filter(request__user=row, state=ExportFile.State.READY).values_list("pk"):
        transaction.on_commit(partial(exporting.expire, export_id[0]))


def _of_an_account() -> list[type[Model]]:
    """Rows that mean nothing without their account: those that would go with it, whatever app they are of."""
    found = []
    for model in apps.get_models():
        field = next((field for field in model._meta.concrete_fields if field.name == "user"), None)
        if isinstance(field, ForeignKey) and field.related_model is User and field.remote_field.on_delete is CASCADE:
            found.append(model)
    return found


def _notices(subject: Subject) -> QuerySet[Notification]:
    """About the account, and the answers to what its owner has asked before."""
    mine = Q(subject_ref=subject.ref)
    if subject.user:
        asked = [f"request:{pk}" for pk in subject.user.data_requests.values_list("pk", flat=True)]
        mine |= Q(user=subject.user) | Q(subject_ref__in=asked) & ~Q(template=FOR_STAFF)
    return Notification.objects.filter(mine, status__in=("sent", "failed", "cancelled")).exclude(body="")


def _forget_notices(subject: Subject, action: str, ground: str) -> Erased:
    rows = _notices(subject)
    inbox = rows.filter(transport=Notification.Transport.INBOX).delete()[0]
    return Erased(
        inbox + rows.update(address="", subject="", body="", headers={}, error="", provider_id="", secret_body="")
    )


def register() -> None:
    erasures.register("account")(
        Erasure(
            title=_("Account"),
            actions=(A.ANONYMISE,),
            look=_account,
            erase=_close,
            explanation=_("The account is closed: sign-in becomes impossible and all sessions end."),
            order=90,
            is_closing=True,
        )
    )
    erasures.register("account_notices")(
        Erasure(
            title=_("Notices about the account"),
            actions=(A.ANONYMISE,),
            look=lambda subject: Held(_notices(subject).count()) if subject.user else Held(0),
            erase=_forget_notices,
            order=80,
        )
    )
