"""Reports on their way to their readers: each version once to each of them, and failures to whoever set it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import read_grants, users_who_may
from accounts.rights import Action
from common.crypto import keyed_hash
from notifications import delivery
from notifications.delivery import Draft
from notifications.models import Notification
from reports import spans
from reports.documents.model import FILE_TYPES
from reports.models import PublishedReport, ScheduleRecipient, ScheduleRun
from reports.periodic import making, rights
from reports.periodic.form import Form, forms
from reports.periods import Period

INBOX, EMAIL = Notification.Transport.INBOX, Notification.Transport.EMAIL
TEMPLATE = "report.ready"
MOST_ATTACHED = 8 * 1024 * 1024  # what mail servers still take once it is written as text


def send(run: ScheduleRun, reports: Sequence[PublishedReport]) -> int:
    """Queue the messages in the present transaction; the number of new ones."""
    if not reports:
        return 0
    form = forms.get(run.schedule.form)
    recipients = list(run.schedule.recipients.select_related("user").order_by("id"))
    read_grants(recipient.user for recipient in recipients if recipient.user)
    drafts = [draft for recipient in recipients for draft in _drafts(recipient, form, reports)]
    return delivery.queue_all(drafts)


def _drafts(recipient: ScheduleRecipient, form: Form, reports: Sequence[PublishedReport]) -> Iterator[Draft]:
    """Members of the staff get their language; an address outside gets every language that was made."""
    user = recipient.user
    if user is None:
        if form.is_public:
            yield from (_draft(report, EMAIL, recipient.email, form) for report in reports)
        return
    if not user.is_active or not rights.may_see(user, form):
        return
    report = next((one for one in reports if one.language == user.language), reports[0])
    yield _draft(report, INBOX, str(user.pk), form, user)
    if user.email:
        yield _draft(report, EMAIL, user.email, form, user)


def _draft(report: PublishedReport, transport: str, address: str, form: Form, user: User | None = None) -> Draft:
    who = f"user:{user.pk}" if user else keyed_hash(address.lower(), purpose="report-recipient")[:24]
    with override(report.language):
        subject = f"{form.title}, {period_words(report)}"
        return Draft(
            dedupe_key=f"report:{report.pk}:{who}:{transport}",
            transport=transport,
            address=address,
            template=TEMPLATE,
            subject=subject,
            body=render_to_string("notices/report.txt", _context(report, form, subject, transport)).strip(),
            language=report.language,
            subject_ref=f"report:{report.pk}",
            headers={"files": list(_files(report, form))} if transport == EMAIL else {},
            user=user,
        )


def _context(report: PublishedReport, form: Form, subject: str, transport: str) -> dict[str, Any]:
    page = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('reports:published', args=[report.pk])}"
    return {
        "subject": subject,
        "version": report.version,
        "changes": len(report.changes),
        "digest": report.data_sha256,
        "check": making.check_address(report),
        "page": page if transport == INBOX or not form.is_public else "",
        "attached": transport == EMAIL and any(_files(report, form)),
    }


def _files(report: PublishedReport, form: Form) -> Iterator[dict[str, str]]:
    """A list of appeals leaves the hub by download alone, where it is recorded who took it."""
    if not form.is_public or report.pdf_size + report.xlsx_size > MOST_ATTACHED:
        return
    for kind, content_type in FILE_TYPES.items():
        yield {"path": getattr(report, kind).name, "name": file_name(report, kind), "content_type": content_type}


def file_name(report: PublishedReport, kind: str) -> str:
    return f"{report.form}-{report.starts_on:%Y-%m-%d}-{report.language}-v{report.version}.{kind}"


def period_words(report: PublishedReport) -> str:
    return spans.words(report.period_kind, Period(report.starts_on, report.ends_on))


def tell_of_failure(run: ScheduleRun) -> None:
    """To whoever set the schedule up, by inbox and e-mail; when he has left, to those who could have."""
    form = rights.form_named(run.schedule.form)
    for user in _responsible(run, form):
        _tell_of_failure(run, form, user)


def _responsible(run: ScheduleRun, form: Form | None) -> list[User]:
    owner = run.schedule.created_by
    if owner.is_active:
        return [owner]
    found = users_who_may(Action.MANAGE_REPORTS)
    read_grants(found)
    return [user for user in found if form is None or rights.may_make(user, form)]


def _tell_of_failure(run: ScheduleRun, form: Form | None, user: User) -> None:
    with override(user.language):
        name = str(form.title) if form else run.schedule.form
        link = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('reports:schedule', args=[run.schedule_id])}"
        body = render_to_string("notices/report_failed.txt", {"name": name, "why": run.error, "link": link}).strip()
        drafts = [
            Draft(
                dedupe_key=f"report-run:{run.pk}:{user.pk}:{transport}",
                transport=transport,
                address=address,
                template="report.failed",
                subject=_("A report could not be made"),
                body=body,
                language=user.language,
                subject_ref=f"report_schedule:{run.schedule_id}",
                user=user,
            )
            for transport, address in ((INBOX, str(user.pk)), (EMAIL, user.email))
            if address
        ]
    delivery.queue_all(drafts)
