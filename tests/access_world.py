"""One small city in which every address of the hub leads to something: a case within everybody's scope, one outside.

Every member of the staff has his role in the unit «inside»; the resident has filed the appeal inside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.models import Role, RoleAssignment, Shift, Substitution, User
from appeals.models import Appeal, AppealLink, Attachment, ExtensionProposal, Message, Question, SavedFilter, Status
from audit import trail
from catalogue import seeding
from common.rows import forget_rows
from identity import challenges
from notifications.models import Notification
from openapi.models import ApiKey, Application, Delivery, Subscription
from organizations.models import Department
from privacy.models import (
    Breach,
    CaseEvent,
    ConsentEvent,
    ConsentPurpose,
    ConsentText,
    DataRequest,
    Ground,
    LegalHold,
    RetentionRule,
    RetentionRun,
    TakedownRequest,
    Term,
)
from reports.dimensions import mask
from reports.documents.model import as_data
from reports.models import (
    DatasetVersion,
    EarlyWarning,
    PointCode,
    PointRating,
    PublishedReport,
    RatingComment,
    ReportSchedule,
    Rollup,
    SavedQuestion,
    ServicePoint,
)
from signin.models import OpenSession, TrustedDevice
from sso.models import ConnectedSystem, Connection, OutsideProvider
from tests.factories import (
    make_appeal,
    make_area,
    make_department,
    make_identified_applicant,
    make_organization,
    make_reference,
    make_rule,
    make_topic,
    make_user,
)
from tests.reports.documents.samples import sample

INSIDE, OUTSIDE = "inside", "outside"
ANONYMOUS, RESIDENT = "anonymous", "resident"
DRAFT = 1_000_001  # the key of a text of consent that nobody has published yet


@dataclass
class World:
    people: dict[str, User]
    cases: dict[str, dict[str, Any]]  # inside, outside: what stands in the addresses of the case and its parts
    own: dict[str, dict[str, dict[str, Any]]]  # inside: what is each person's own; outside: the same of somebody else


def build() -> World:
    DatasetVersion.objects.create(dataset="terms", number=1, rows=0)
    make_reference()
    units = {place: make_department(place, organization=make_organization(place)) for place in (INSIDE, OUTSIDE)}
    people = {role: _colleague(role, units[INSIDE]) for role in Role.values}
    people[RESIDENT] = make_user(password="x")
    stranger = make_user(Role.HEAD, department=units[OUTSIDE])
    owners = {INSIDE: people[RESIDENT], OUTSIDE: stranger}
    cases = {place: _case(units[place], owners[place], people[Role.INSPECTOR]) for place in units}
    others = _belongings(stranger)
    for place, values in cases.items():
        values |= _duty(units[place], people[Role.EXECUTOR] if place == INSIDE else stranger)
    own = {role: _belongings(user) for role, user in people.items()} | {ANONYMOUS: others}
    Appeal.objects.update(suggested_rule=make_rule())
    _one_row_of_each_table(people[Role.ADMINISTRATOR])
    reports = _reports(people[Role.ADMINISTRATOR])
    for values in cases.values():
        values |= reports
    OutsideProvider.objects.create(
        slug="state", name_kk="a", name_ru="a", issuer="https://id.example.kz", client_id="a"
    )
    forget_rows()
    return World(people, cases, {INSIDE: own, OUTSIDE: dict.fromkeys(own, others)})


def _duty(unit: Department, person: User) -> dict[str, Any]:
    """A shift in the unit, tomorrow by the clock of the machine."""
    begin = timezone.now() + dt.timedelta(days=1)
    hours = {"starts_at": begin, "ends_at": begin + dt.timedelta(hours=8)}
    shift = Shift.objects.create(user=person, department=unit, created_by=person, **hours)
    return {"shift_id": shift.pk, "department_id": unit.pk}


def _substitution(user: User) -> int:
    """In a month, so that nobody has another's rights meanwhile."""
    first = timezone.localdate() + dt.timedelta(days=30)
    days = {"begins_on": first, "ends_on": first}
    colleague = make_user(Role.CO_EXECUTOR)
    return Substitution.objects.create(user=user, substitute=colleague, reason="a", created_by=user, **days).pk


def _belongings(user: User) -> dict[str, Any]:
    """A filter, a text to sign, every second factor (`pk` is that of the key), a session and a trusted device."""
    secret = get_mfa_adapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": secret, "used_mask": 0})
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "a", "credential": {}})
    later = timezone.now() + dt.timedelta(days=1)
    challenge = challenges.open_challenge(user, "identity")
    request = DataRequest.objects.create(
        user=user, subject_ref=f"user:{user.pk}", kind="correct", language="kk", working_days=1, due_at=timezone.now()
    )
    connection = Connection.objects.create(system=_connected_system(), user=user)
    program = Application.objects.create(
        owner=user, name="a", purpose="a", environment="live", state="approved", scopes=["webhooks:manage"]
    )
    webhook = Subscription.objects.create(application=program, url="https://a.example.kz/", secret="whsec_YWFh")
    message = Delivery.objects.create(subscription=webhook, message_id="a", type="a", body='{"data": {}}')
    return {
        "application_id": program.pk,
        "webhook_id": webhook.pk,
        "delivery_id": message.pk,
        "key_id": ApiKey.objects.create(application=program, prefix=f"s{user.pk}", digest="a", created_by=user).pk,
        "substitution_id": _substitution(user),
        "filter_id": SavedFilter.objects.create(user=user, name="A", query="tab=all").pk,
        "pk": key.pk,
        "challenge_id": challenge.pk,
        "request_id": request.pk,
        "connection_id": connection.pk,
        "session_id": OpenSession.objects.create(user=user, session_key=f"of-{user.pk}", ends_at=later).pk,
        "device_id": TrustedDevice.objects.create(user=user, token_hash=f"of-{user.pk}", expires_at=later).pk,
        "kept_id": SavedQuestion.objects.create(owner=user, name="a", query="rows=area").pk,
        "outside_id": SocialAccount.objects.create(user=user, provider="state", uid=f"s-{user.pk}").pk,
    }


def _connected_system() -> ConnectedSystem:
    values = {"name_kk": "a", "name_ru": "a", "owner": make_organization(), "contact": "a"}
    return ConnectedSystem.objects.get_or_create(client_id="a", defaults=values)[0]


def _colleague(role: str, unit: Department) -> User:
    user = make_user(username=f"the-{role}", password="x", is_staff=role in (Role.ADMINISTRATOR, Role.METHODOLOGIST))
    RoleAssignment.objects.create(user=user, role=role, department=unit)
    return user


def _case(unit: Department, owner: User, inspector: User) -> dict[str, Any]:
    appeal = make_appeal(applicant=make_identified_applicant(contact_confirmed=True, user_id=owner.pk))
    other = make_appeal()
    Appeal.objects.filter(pk__in=(appeal.pk, other.pk)).update(department=unit, status=Status.ASSIGNED)
    message = Message.objects.create(appeal=appeal, direction="in", channel="web", text="Қосымша мәтін")
    file = Attachment(appeal=appeal, name="a.txt", content_type="text/plain", size=1, sha256="0" * 64)
    file.file.save("a.txt", ContentFile(b"a"))
    proposal = ExtensionProposal.objects.create(
        appeal=appeal, ground="x", until=timezone.now() + dt.timedelta(days=20), proposed_by=inspector
    )
    return {
        "number": appeal.number,
        "item": appeal.number,
        "file_id": file.pk,
        "message_id": message.pk,
        "question_id": Question.objects.create(appeal=appeal, position=1, text="x", department=unit).pk,
        "link_id": AppealLink.objects.create(source=appeal, target=other, kind="related", made_by=inspector).pk,
        "proposal_id": proposal.pk,
        "user_id": inspector.pk,
        **_service_point(unit),
        "warning_id": _warning(appeal).pk,
        "record_id": trail.record(actor=inspector, action="exported", subject_ref="a").pk,
        "system_id": _connected_system().pk,
        "program_id": Application.objects.create(
            owner=owner, name="a", purpose="a", environment="live", state="waiting", scopes=["reference:read"]
        ).pk,
    }


def _service_point(unit: Department) -> dict[str, Any]:
    """One that visitors rate, with a comment that waits."""
    point = ServicePoint.objects.create(organization=unit.organization, department=unit, name_kk="a", name_ru="a")
    code = PointCode.objects.create(point=point, code=f"{unit.slug[:4]}aaaa")
    said = {"device": "a", "network": "a", "language": "kk", "given_on": timezone.localdate()}
    rating = PointRating.objects.create(point=point, code=code, score=5, **said)
    comment = RatingComment.objects.create(rating=rating, text="a")
    keys = {"point_id": point.pk, "comment_id": comment.pk, "body": unit.organization.slug}
    return keys | {"qr_code": code.code}


def _warning(appeal: Appeal) -> EarlyWarning:
    """Of the whole city: everybody who oversees sees it, whatever his unit."""
    day = timezone.localdate()
    told = {"observed": 9, "expected": 1, "low": 0, "high": 3, "p_value": 0.001, "first_on": day, "last_on": day}
    return EarlyWarning.objects.create(kind="address", key=f"a{appeal.pk}", appeals=[appeal.pk], **told)


def _one_row_of_each_table(administrator: User) -> None:
    told = {"area_id": make_area().pk, "topic_id": make_topic().pk, "received": 5}
    scope = mask(("topic", "area"))
    Rollup.objects.create(grain="m", start_on=timezone.localdate().replace(day=1), scope=scope, **told)
    rows: dict[str, dict[str, Any]] = {
        "common.CalendarDay": {"date": "2026-01-01", "kind": "holiday", "name_kk": "a", "name_ru": "a"},
        "appeals.KnowledgeArticle": {"slug": "a", "title_kk": "a", "title_ru": "a", "body_kk": "a", "body_ru": "a"},
        "appeals.ReplyTemplate": {"title": "a", "outcome": "resolved", "language": "kk", "body": "a"},
        "appeals.ChannelParameters": {"channel": "web"},
        "appeals.ReplyGateParameters": {},
        "appeals.RawDelivery": {"channel": "web", "external_id": "a", "payload": "a"},
        "appeals.ChannelCounter": {"channel": "web", "day": "2026-01-01", "reason": "forged"},
        "appeals.TermRecalculation": {"reason": "a"},
        "audit.AuditCheckpoint": {"seq": 1, "records": 1, "last_at": timezone.now()},
        "audit.ChainCheck": {"is_whole": True},
        "reports.DisclosureRule": {},
        "reports.WarningThreshold": {"key": "quiet_days", "value": 7},
        "reports.TensionComponent": {"metric": "growth", "weight": 1, "calm": 1, "tense": 2},
    }
    seeding.load()
    _rows_of_personal_data(administrator)
    for label, values in rows.items():
        model = apps.get_model(label)
        if not model.objects.exists():
            model.objects.create(**values)
    Notification.objects.create(dedupe_key="a", transport="inbox", address="", template="a", subject_ref="a", body="a")
    trail.record(actor=administrator, action="exported", subject_ref="a")


def _reports(administrator: User) -> dict[str, Any]:
    """A public report with its files, a schedule, a question."""
    week = {"form": "weekly-akim", "period_kind": "week"}
    days = {"starts_on": "2026-11-16", "ends_on": "2026-11-22"}
    data = as_data(sample())
    report = PublishedReport(**week, **days, language="kk", state="ready", version=1, code="CHECK", data=data)
    report.starts_on = dt.date(2026, 11, 16)
    report.made_at = timezone.now()
    report.pdf.save("a.pdf", ContentFile(b"a"), save=False)
    report.xlsx.save("a.xlsx", ContentFile(b"a"), save=False)
    report.save()
    schedule = ReportSchedule.objects.create(
        **week, day=1, hour=8, languages=["kk"], next_run_at=timezone.now(), created_by=administrator
    )
    SavedQuestion.objects.create(owner=administrator, name="b", query="rows=area", token="kept")
    return {"report_id": report.pk, "schedule_id": schedule.pk}


def _rows_of_personal_data(administrator: User) -> None:
    """One of each, under the key that stands in the addresses."""
    now = timezone.now()
    clock = {"pk": 1, "working_days": 1, "due_at": now}
    Term.objects.create(slug="take_down", working_days=1)
    ground = Ground.objects.create(slug="a", use="keep", name_kk="a", name_ru="a")
    rule = RetentionRule.objects.create(record_type="codes", amount=1, unit="days", action="delete")
    RetentionRun.objects.create(rule=rule, day=now.date())
    LegalHold.objects.create(pk=1, subject_ref="user:0", ground=ground, placed_by=administrator)
    TakedownRequest.objects.create(kind="appeal", item="a", reason="a", language="kk", **clock)
    Breach.objects.create(title="a", kind="other", **clock)
    CaseEvent.objects.create(case_ref="breach:1", kind="opened")
    purpose = ConsentPurpose.objects.get(slug="appeal")
    ConsentText.objects.create(pk=DRAFT, purpose=purpose, version="draft")
    ConsentEvent.objects.create(kind="given", purpose=purpose, subject_ref="user:0", version="1", language="kk")


# The addresses of the site


def patterns(urlconf: str | None = None) -> Iterator[tuple[str, str]]:
    """Every view of the site under the name by which `config.access` knows it, with the pattern of its address."""
    yield from _walk(get_resolver(urlconf), (), "")


def _walk(resolver: URLResolver, spaces: tuple[str, ...], route: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        whole = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, whole)
        else:
            yield ":".join((*spaces, pattern.name or _path_of(pattern.callback))), whole


def _path_of(view: Any) -> str:
    """What `ResolverMatch.view_name` says of a view whose address has no name."""
    view = getattr(view, "view_class", view)
    return f"{view.__module__}.{view.__name__}"
