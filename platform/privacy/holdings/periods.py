"""Retention of codes, notices, sessions, devices and of the records of these duties themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactChallenge
from audit import checkpoints, checks
from audit.models import AuditRecord
from common.errors import Conflict
from identity.models import IdentityRecord
from notifications.models import Notification
from privacy import exporting, holds
from privacy.models import AffectedPerson, Breach, DataRequest, ExportFile, RetentionRule, TakedownRequest
from privacy.registries import Label, RecordType, refs_of_users, retention
from signin.models import KnownDevice, OpenSession

A = RetentionRule.Action
Rows = Callable[[dt.datetime], QuerySet[Model]]
GONE = ("sent", "failed", "cancelled")
YOUNGEST_LOG = dt.timedelta(days=365)
CODES = Q(template__contains="code")


def _keys(rows: QuerySet[Model], limit: int, *order: str) -> list[object]:
    return list(rows.order_by(*order, "pk").values_list("pk", flat=True)[:limit])


def _deleting(slug: str, title: Label, rows: Rows, *, order: int, explanation: Label = "") -> None:
    def batch(older: dt.datetime, action: str, limit: int) -> int:
        model = rows(older).model
        keys = _keys(rows(older), limit)
        model._default_manager.filter(pk__in=keys).delete()
        return len(keys)

    retention.register(slug)(
        RecordType(title, (A.DELETE,), lambda older: rows(older).count(), batch, explanation, order=order)
    )


def _emptying(
    slug: str, title: Label, rows: Rows, blank: dict[str, object], *, order: int, is_urgent: bool = False,
    explanation: Label = "", by: str = "pk",
) -> None:  # fmt: skip
    """`by` is the column of the index that knows what has still to be emptied."""

    def batch(older: dt.datetime, action: str, limit: int) -> int:
        keys = _keys(rows(older), limit, by)
        return rows(older).model._default_manager.filter(pk__in=keys).update(**blank)

    retention.register(slug)(
        RecordType(
            title, (A.ANONYMISE,), lambda older: rows(older).count(), batch, explanation, is_urgent=is_urgent,
            order=order,
        )
    )  # fmt: skip


def _codes(older: dt.datetime) -> QuerySet[ContactChallenge]:
    """A confirmed contact of an account is known by its challenge, so that one stays."""
    kept = Q(purpose="account", confirmed_at__isnull=False)
    return ContactChallenge.objects.filter(expires_at__lt=older).exclude(kept)


def _code_texts(older: dt.datetime) -> QuerySet[Notification]:
    return Notification.objects.filter(CODES, status__in=GONE, created_at__lt=older).exclude(body="")


def _notices(older: dt.datetime) -> QuerySet[Notification]:
    rows = Notification.objects.filter(status__in=GONE, created_at__lt=older).exclude(body="")
    held = [f"{kind}:{key}" for kind in holds.KINDS for key in holds.held_ids(kind)]
    persons = holds.held_ids("user")
    if persons:
        held += (ref for _slug, refs_of in refs_of_users for ref in refs_of(persons))
        held += (f"request:{pk}" for pk in DataRequest.objects.filter(user__in=persons).values_list("pk", flat=True))
    return rows.exclude(subject_ref__in=held)


def _sessions(older: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=older)


def _requests(older: dt.datetime) -> QuerySet[DataRequest]:
    return DataRequest.objects.filter(done_at__lt=older).exclude(wish="", answer="")


def _takedowns(older: dt.datetime) -> QuerySet[TakedownRequest]:
    return TakedownRequest.objects.filter(done_at__lt=older).exclude(reason="", contact="")


def _affected(older: dt.datetime) -> QuerySet[AffectedPerson]:
    return AffectedPerson.objects.filter(breach__state=Breach.State.CLOSED, breach__closed_at__lt=older)


def _delete_exports(older: dt.datetime, action: str, limit: int) -> int:
    keys = _keys(_exports(older), limit)
    for key in keys:
        exporting.expire(int(str(key)))
    return len(keys)


def _exports(older: dt.datetime) -> QuerySet[ExportFile]:
    return ExportFile.objects.filter(state=ExportFile.State.READY, ready_at__lt=older)


def _delete_log(older: dt.datetime, action: str, limit: int) -> int:
    """All of it or nothing, up to a checkpoint that the rest hangs on; never younger than a year, never unproved."""
    older = min(older, timezone.now() - YOUNGEST_LOG)
    if not _log(older).exists():
        return 0
    if checks.check_whole().problem:
        raise Conflict
    point = checkpoints.make(before=older, actor=None, reason="retention")
    return checkpoints.remove_before(point, actor=None, reason="retention")


def _identity_records(older: dt.datetime) -> QuerySet[IdentityRecord]:
    """How a closed account proved its identity: it proves what was done with it, until nobody can dispute that."""
    closed = IdentityRecord.objects.filter(at__lt=older, user__is_active=False, user__username__startswith="closed-")
    return closed.exclude(user__in=holds.held_ids("user"))


def _log(older: dt.datetime) -> QuerySet[AuditRecord]:
    return AuditRecord.objects.filter(seq__isnull=False, at__lt=older)


BLANK_NOTICE: dict[str, object] = {
    "address": "", "subject": "", "body": "", "headers": {}, "error": "", "provider_id": "", "secret_body": "",
}  # fmt: skip


def register() -> None:
    _emptying(
        "code_texts", _("One-time codes in messages sent"), _code_texts, BLANK_NOTICE, order=60, is_urgent=True,
        explanation=_("Done every quarter of an hour, not only at night."), by="created_at",
    )  # fmt: skip
    _deleting("codes", _("One-time codes that have run out"), _codes, order=70)
    _emptying("notices", _("Texts and addresses of messages sent"), _notices, BLANK_NOTICE, order=80, by="created_at")
    _deleting("sessions", _("Sessions that have ended"), _sessions, order=90)
    _deleting(
        "session_records", _("Records of sessions that have ended"),
        lambda older: OpenSession.objects.filter(ends_at__lt=older), order=100,
    )  # fmt: skip
    _deleting(
        "devices", _("Devices that nobody has used"),
        lambda older: KnownDevice.objects.filter(last_seen_at__lt=older), order=110,
    )  # fmt: skip
    retention.register("export_files")(
        RecordType(
            _("Copies of personal data"), (A.DELETE,), lambda older: _exports(older).count(), _delete_exports,
            _("No copy is kept longer than seven days, whatever stands here."), is_urgent=True, order=120,
        )
    )  # fmt: skip
    _emptying(
        "data_requests", _("Texts of finished requests about personal data"), _requests,
        {"wish": "", "answer": "", "reply_to": ""}, order=130,
    )  # fmt: skip
    _emptying(
        "takedowns", _("Texts and contacts of finished requests to take down"), _takedowns,
        {"reason": "", "contact": ""}, order=140,
    )  # fmt: skip
    _deleting(
        "identity_records", _("How closed accounts proved an identity"), _identity_records, order=155,
        explanation=_("Only of accounts that are closed: of an open one they prove its level."),
    )  # fmt: skip
    retention.register("audit_log")(
        RecordType(
            _("Audit log"), (A.DELETE,), lambda older: _log(older).count(), _delete_log,
            _("Removed up to a checkpoint, so that the rest is still proved; nothing younger than a year."), order=160,
        )
    )  # fmt: skip
    _deleting("affected_persons", _("Persons on the lists of closed breaches"), _affected, order=150)
