"""The account, consents, requests, devices and the log in the copy of a person's data."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import AuditRecord
from identity.models import IdentityRecord, Representation
from notifications.models import Notification
from privacy import consents
from privacy.models import DataRequest
from privacy.registries import ExportPart, Row, Subject, exports
from signin.models import KnownDevice, OpenSession
from sso.models import Connection
from sso.scopes import described

CHUNK = 500
SECRET = "code"  # templates whose text is a one-time code


def _account(subject: Subject) -> Iterator[Row]:
    user = subject.user
    if user is None:
        return
    yield {
        "username": user.username,
        "last_name": user.last_name,
        "first_name": user.first_name,
        "patronymic": user.patronymic,
        "phone": user.phone,
        "email": user.email,
        "iin": user.iin,
        "postal_address": user.postal_address,
        "language": user.get_language_display(),
        "joined": user.date_joined,
        "last_login": user.last_login,
    }


def _identity(subject: Subject) -> Iterator[Row]:
    """How the level of the account came about, and for whom it may act."""
    if subject.user is None:
        return
    for record in IdentityRecord.objects.filter(user=subject.user).order_by("pk"):
        yield {
            "at": record.at, "what": record.get_method_display(), "certificate": record.certificate_serial,
            "until": record.valid_until,
        }  # fmt: skip
    for right in Representation.objects.filter(user=subject.user).order_by("pk"):
        what = f"{right.organization}, {right.bin}, {right.get_post_display()}"
        yield {"at": right.proven_at, "what": what, "certificate": "", "until": right.valid_until}


def _consents(subject: Subject) -> Iterator[Row]:
    for held in consents.held_by(subject.user) if subject.user else ():
        yield {
            "purpose": held.purpose,
            "version": held.version,
            "language": held.language,
            "at": held.given_at,
            "channel": held.channel,
            "about": held.about,
            "withdrawn": held.withdrawn_at,
        }


def _requests(subject: Subject) -> Iterator[Row]:
    for request in DataRequest.objects.filter(subject_ref=subject.ref).order_by("pk"):
        yield {
            "at": request.received_at,
            "what": request.get_kind_display(),
            "state": request.get_state_display(),
            "text": request.wish,
            "answer": request.answer,
        }


def _devices(subject: Subject) -> Iterator[Row]:
    if subject.user is None:
        return
    for device in KnownDevice.objects.filter(user=subject.user).order_by("pk"):
        yield {"what": device.kind, "at": device.first_seen_at, "last": device.last_seen_at, "address": ""}
    for session in OpenSession.objects.filter(user=subject.user).order_by("pk"):
        yield {
            "what": session.user_agent, "at": session.started_at, "last": session.seen_at,
            "address": session.address or "",
        }  # fmt: skip


def _systems(subject: Subject) -> Iterator[Row]:
    """Where he has signed in with this account, and the outside accounts that open it."""
    if subject.user is None:
        return
    for row in Connection.objects.filter(user=subject.user).select_related("system").order_by("pk"):
        scopes = ", ".join(str(scope.title) for scope in described(row.scopes))
        yield {"what": row.system.name, "at": row.created_at, "last": row.last_used_at, "gets": scopes,
               "number": row.subject}  # fmt: skip
    for link in SocialAccount.objects.filter(user=subject.user).order_by("pk"):
        yield {"what": link.provider, "at": link.date_joined, "last": link.last_login, "gets": "", "number": link.uid}


def _notices(subject: Subject) -> Iterator[Row]:
    """About the account itself; a code that was sent is not told again."""
    if subject.user is None:
        return
    rows = Notification.objects.filter(subject_ref__in=_refs(subject.user)).exclude(template=FOR_STAFF).order_by("pk")
    for sent in rows.iterator(chunk_size=CHUNK):
        yield {
            "at": sent.sent_at or sent.created_at,
            "transport": sent.get_transport_display(),
            "address": sent.address,
            "text": "" if SECRET in sent.template else sent.body,
        }


def _refs(user: User) -> list[str]:
    """Under which names logs and notices know him."""
    return [f"user:{user.pk}", *(f"request:{pk}" for pk in user.data_requests.values_list("pk", flat=True))]


def _log(subject: Subject) -> Iterator[Row]:
    """What was done with the account, and what its owner did; others are named by their office."""
    if subject.user is None:
        return
    about = AuditRecord.objects.filter(subject_ref__in=_refs(subject.user))
    rows = about | AuditRecord.objects.filter(actor=subject.user)
    for record in rows.select_related("actor").order_by("pk").iterator(chunk_size=CHUNK):
        own = record.actor_id == subject.user.pk
        yield {
            "at": record.at,
            "what": record.get_action_display(),
            "who": subject.user.full_name if own else (record.actor.post if record.actor else ""),
            "address": (record.address or "") if own else "",
        }


FOR_STAFF = "privacy_staff"
AT = {"at": _("Time")}
PARTS: dict[str, ExportPart] = {
    "account": ExportPart(
        title=_("Account"), rows=_account, order=10,
        columns={
            "username": _("Name to sign in"), "last_name": _("Surname"), "first_name": _("First name"),
            "patronymic": _("Patronymic"), "phone": _("Phone"), "email": _("E-mail"), "iin": _("IIN"),
            "postal_address": _("Postal address"), "language": _("Language"), "joined": _("Account opened"),
            "last_login": _("Last sign-in"),
        },
    ),
    "identity": ExportPart(
        title=_("Identity"), rows=_identity, order=15,
        columns=AT | {"what": _("What was done"), "certificate": _("Certificate"), "until": _("Valid until")},
    ),
    "consents": ExportPart(
        title=_("Consents"), rows=_consents, order=100,
        columns={
            "purpose": _("Purpose"), "version": _("Version"), "language": _("Language"), "at": _("Given"),
            "channel": _("Channel"), "about": _("Appeal"), "withdrawn": _("Withdrawn"),
        },
    ),
    "requests": ExportPart(
        title=_("Requests about personal data"), rows=_requests, order=110,
        columns=AT | {"what": _("What is asked"), "state": _("State"), "text": _("Text"), "answer": _("Answer")},
    ),
    "devices": ExportPart(
        title=_("Devices and sessions"), rows=_devices, order=120,
        columns={"what": _("Device"), "at": _("First seen"), "last": _("Last seen"), "address": _("Network address")},
    ),
    "connected_systems": ExportPart(
        title=_("Connected systems"), rows=_systems, order=125,
        columns={
            "what": _("System"), "at": _("First seen"), "last": _("Last seen"), "gets": _("What it gets"),
            "number": _("Number or name there"),
        },
    ),
    "account_notices": ExportPart(
        title=_("Notices about the account"), rows=_notices, order=130,
        columns=AT | {"transport": _("Way"), "address": _("Address"), "text": _("Text")},
    ),
    "log": ExportPart(
        title=_("Log of the account"), rows=_log, order=140,
        columns=AT | {"what": _("What was done"), "who": _("Who"), "address": _("Network address")},
    ),
}  # fmt: skip


def register() -> None:
    for slug, part in PARTS.items():
        exports.register(slug)(part)
