"""Make reports that were asked for: compose, freeze, set as files, give the next version. The only writer of them."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from common.errors import DomainError
from common.events import publish
from reports.documents import pdf, xlsx
from reports.documents.model import Document, Seal, as_data, digest, from_data
from reports.documents.pdf import RenderingFailed
from reports.models import PublishedReport
from reports.periodic import comparing
from reports.periodic.form import Form, compose, forms
from reports.periods import Period

logger = logging.getLogger(__name__)

TASK = "reports.periodic.tasks.make_reports"
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
AT_ONCE_SECONDS = 60.0
STATE = PublishedReport.State


def ask(form: Form, kind: str, period: Period, language: str, *, by: User | None = None) -> PublishedReport:
    """Have the report made; while one of the same period is on its way, that one is the answer."""
    same = {"form": form.slug, "starts_on": period.start, "ends_on": period.end, "language": language}
    with transaction.atomic():
        found = PublishedReport.objects.filter(**same, state__in=PublishedReport.UNFINISHED).first()
        if found:
            return found
        try:
            with transaction.atomic():
                report = PublishedReport.objects.create(**same, period_kind=kind, asked_by=by)
        except IntegrityError:
            found = PublishedReport.objects.filter(**same, state__in=PublishedReport.UNFINISHED).first()
            if found is None:
                raise
            return found  # somebody asked at the same moment
        publish(TASK)
    return report


def period_of(report: PublishedReport) -> Period:
    return Period(report.starts_on, report.ends_on)


def versions(report: PublishedReport) -> QuerySet[PublishedReport]:
    """All versions of the same form, period and language, the newest first."""
    return PublishedReport.objects.filter(
        form=report.form, starts_on=report.starts_on, ends_on=report.ends_on, language=report.language,
        state=STATE.READY,
    ).order_by("-version")  # fmt: skip


def make_due() -> int:
    """Make what waits, one after the other; what is not reached within a minute waits for the next tick."""
    made, began = 0, time.monotonic()
    while time.monotonic() - began < AT_ONCE_SECONDS and (report := _claim()) is not None:
        _make_or_fail(report)
        made += 1
    return made


@transaction.atomic
def _claim() -> PublishedReport | None:
    """One whose maker was killed is begun again when its lease is over, but not for ever."""
    now = timezone.now()
    rows = PublishedReport.objects.select_for_update(skip_locked=True, of=("self",))
    dead = rows.filter(state=STATE.MAKING, leased_until__lt=now, attempts__gte=MOST_ATTEMPTS)
    for one in dead:
        _end(one, STATE.FAILED, error=_("Making it was broken off several times."))
    free = Q(state=STATE.WAITING) & (Q(leased_until=None) | Q(leased_until__lt=now))
    report = rows.filter(free | Q(state=STATE.MAKING, leased_until__lt=now)).order_by("id").first()
    if report is not None:
        report.state, report.leased_until = STATE.MAKING, now + LEASE
        report.attempts += 1
        report.save(update_fields=["state", "leased_until", "attempts"])
    return report


def _make_or_fail(report: PublishedReport) -> None:
    try:
        _make(report)
    except (DomainError, RenderingFailed) as error:  # it would be the same the next time
        logger.warning("report_not_made", extra={"report": report.pk, "why": str(error)})
        with override(report.language):
            _fail(report, str(error), is_final=True)
    except Exception:  # whatever is wrong with one, the others are made
        logger.exception("report_not_made", extra={"report": report.pk})
        with override(report.language):
            _fail(report, _("An unexpected error; the log of the hub says more."), is_final=False)


@transaction.atomic
def _fail(report: PublishedReport, why: str, *, is_final: bool) -> None:
    row = _ours(report)
    if row is None:
        return
    if is_final or row.attempts >= MOST_ATTEMPTS:
        _end(row, STATE.FAILED, error=why)
        return
    row.state, row.leased_until = STATE.WAITING, timezone.now() + timedelta(minutes=row.attempts)
    row.save(update_fields=["state", "leased_until"])


def _ours(report: PublishedReport) -> PublishedReport | None:
    """The row under lock; None when another process has taken it over."""
    row = PublishedReport.objects.select_for_update().get(pk=report.pk)
    return row if row.state == STATE.MAKING and row.attempts == report.attempts else None


def _end(row: PublishedReport, state: str, *, error: str = "") -> None:
    row.state, row.error, row.leased_until = state, error[:2000], None
    row.save(update_fields=["state", "error", "leased_until"])


@dataclass(frozen=True)
class _Made:
    seal: Seal
    pdf: bytes
    xlsx: bytes


def _make(report: PublishedReport) -> None:
    """The slow part runs without a lock: figures, PDF and workbook of the version that would come next."""
    form = forms.get(report.form)
    document = compose(form, report.period_kind, period_of(report), report.language)
    data = as_data(document)
    found = digest(data)
    last = versions(report).first()
    is_same = last is not None and last.has_contents and last.data_sha256 == found
    made = None if is_same else _rendered(report, document, found, last)
    _finish(report, document, made, last)


def _rendered(report: PublishedReport, document: Document, found: str, last: PublishedReport | None) -> _Made:
    version = (last.version or 0) + 1 if last else 1
    seal = Seal(report.code, check_address(report), found, version, timezone.localtime())
    with override(report.language):
        return _Made(seal, pdf.render(document, seal), xlsx.render(document, seal))


def check_address(report: PublishedReport) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('reports:check', args=[report.code])}"


@transaction.atomic
def _finish(report: PublishedReport, document: Document, made: _Made | None, last: PublishedReport | None) -> None:
    row = _ours(report)
    if row is None:
        return
    row.previous = last
    if made is None:
        row.state, row.leased_until = STATE.SAME, None
        row.save(update_fields=["state", "leased_until", "previous"])
        return
    row.state, row.leased_until, row.error = STATE.READY, None, ""
    row.made_at, row.version = made.seal.made_at, made.seal.version
    row.data, row.data_sha256 = as_data(document), made.seal.digest
    row.changes = _changes(document, last)
    row.pdf_sha256, row.pdf_size = hashlib.sha256(made.pdf).hexdigest(), len(made.pdf)
    row.xlsx_sha256, row.xlsx_size = hashlib.sha256(made.xlsx).hexdigest(), len(made.xlsx)
    row.pdf.save("report.pdf", ContentFile(made.pdf), save=False)
    row.xlsx.save("report.xlsx", ContentFile(made.xlsx), save=False)
    row.save()


def _changes(document: Document, last: PublishedReport | None) -> list[dict[str, str]]:
    if last is None or not last.has_contents:
        return []
    with override(document.language):
        found = comparing.changes(from_data(last.data), document)
    return [change.as_data() for change in found[: comparing.MOST_KEPT]]
