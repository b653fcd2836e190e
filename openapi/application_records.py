"""What applications and keys hold of a person and how long, told to the duties on personal data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openapi.models import ApiKey, Application, Sandbox
from openapi.models.applications import State
from privacy.models import Decision, RetentionRule
from privacy.registries import Erased, Erasure, ExportPart, Held, RecordType, Row, Subject, erasures, exports, retention


def _applications(subject: Subject) -> QuerySet[Application]:
    if subject.user is None:
        return Application.objects.none()
    return Application.objects.filter(owner=subject.user).order_by("pk")


def _application_rows(subject: Subject) -> Iterator[Row]:
    for row in _applications(subject):
        yield {
            "what": row.name,
            "purpose": row.purpose,
            "organization": row.organization_name,
            "email": row.contact,
            "environment": row.get_environment_display(),
            "state": row.get_state_display(),
            "at": row.created_at,
        }


def _key_rows(subject: Subject) -> Iterator[Row]:
    """The secret is nowhere, and its hash tells nobody anything."""
    keys = ApiKey.objects.filter(application__in=_applications(subject)).select_related("application").order_by("pk")
    for key in keys:
        yield {
            "application": key.application.name,
            "key": str(key),
            "at": key.created_at,
            "until": key.expires_at,
            "revoked": key.revoked_at,
            "last": key.last_used_at,
            "address": key.last_used_address or "",
        }


def _sandbox_rows(subject: Subject) -> Iterator[Row]:
    """Its content is invented; that there is one and when it was used is the person's own."""
    rows = Sandbox.objects.none() if subject.user is None else Sandbox.objects.filter(owner=subject.user)
    for row in rows:
        yield {"at": row.created_at, "reset": row.reset_at, "last": row.last_used_at}


def _open(subject: Subject) -> QuerySet[Application]:
    return _applications(subject).exclude(state=State.REFUSED, contact="", organization_name="")


def _close(subject: Subject, action: str, ground: str) -> Erased:
    """The rows stay without what names a person: appeals point at the application that filed them."""
    applications = list(_open(subject).values_list("pk", flat=True))
    keys = ApiKey.objects.filter(application__in=applications)
    keys.filter(revoked_at__isnull=True).update(revoked_at=timezone.now(), revoked_by=subject.user)
    keys.update(last_used_address=None)
    Application.objects.filter(pk__in=applications).update(state=State.REFUSED, contact="", organization_name="")
    return Erased(len(applications))


def _addresses(older: dt.datetime) -> QuerySet[ApiKey]:
    """From where keys that ended long ago were used last."""
    ended = ApiKey.objects.annotate(ended_at=Coalesce("revoked_at", "expires_at"))
    return ended.filter(ended_at__lt=older, last_used_address__isnull=False)


def _forget_addresses(older: dt.datetime, action: str, limit: int) -> int:
    keys = list(_addresses(older).order_by("pk").values_list("pk", flat=True)[:limit])
    return ApiKey.objects.filter(pk__in=keys).update(last_used_address=None)


def register() -> None:
    exports.register("applications")(
        ExportPart(
            title=_("Applications"),
            columns={
                "what": pgettext_lazy("program", "Application"),
                "purpose": _("what it is for"),
                "organization": _("organization"),
                "email": _("e-mail for technical news"),
                "environment": _("environment"),
                "state": _("State"),
                "at": _("Made"),
            },
            rows=_application_rows,
            order=70,
        )
    )
    exports.register("api_keys")(
        ExportPart(
            title=_("API keys"),
            columns={
                "application": pgettext_lazy("program", "Application"),
                "key": _("begins with"),
                "at": _("Made"),
                "until": _("valid until"),
                "revoked": _("revoked"),
                "last": _("last used"),
                "address": _("last used from"),
            },
            rows=_key_rows,
            order=72,
        )
    )
    exports.register("sandbox")(
        ExportPart(
            title=_("Sandbox"),
            columns={"at": _("Made"), "reset": _("last reset"), "last": _("last used")},
            rows=_sandbox_rows,
            order=74,
        )
    )
    _register_ends()


def _register_ends() -> None:
    erasures.register("applications")(
        Erasure(
            title=_("Applications"),
            actions=(Decision.Action.ANONYMISE,),
            look=lambda subject: Held(_open(subject).count()),
            erase=_close,
            explanation=_("The keys end; what the applications filed stays."),
            order=86,
            is_closing=True,
        )
    )
    retention.register("api_key_addresses")(
        RecordType(
            _("Addresses of keys that have ended"), (RetentionRule.Action.ANONYMISE,),
            lambda older: _addresses(older).count(), _forget_addresses,
            _("From where a revoked or expired key was used last."), order=56,
        )
    )  # fmt: skip
