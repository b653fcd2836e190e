"""Whether a file is one that the hub made, and what of its figures is different today. Nothing given is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext as _

from common import limits
from common.errors import ValidationFailed
from reports.documents.model import Document, as_data, from_data
from reports.models import PublishedReport
from reports.periodic import comparing
from reports.periodic.comparing import Change
from reports.periodic.form import compose, forms
from reports.periods import Period

LARGEST_FILE = 40 * 1024 * 1024
KEPT_SECONDS = 600
MOST_SHOWN = 100


class Found(Enum):
    """What the digest turned out to be."""

    GENUINE = "genuine"  # the file itself, of this very report
    DATA = "data"  # the digest of the data: the figures, not a file
    OTHER = "other"  # genuine, of another report or version
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """`is_of_file`: the digest was computed here. A digest that was typed proves nothing of the paper it stands on."""

    found: Found
    digest: str
    report: PublishedReport | None = None
    is_of_file: bool = True


def digest_of(upload: UploadedFile[bytes]) -> str:
    """Computed here and from the pieces: the file is never held whole and never kept."""
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationFailed(_("The file is larger than any report of the hub."), code="file_too_large", field="file")
    made = hashlib.sha256()
    for piece in upload.chunks():
        made.update(piece)
    return made.hexdigest()


def read_digest(typed: str) -> str:
    """As it was copied, in pieces or in capitals; what can be no digest is refused instead of being called unknown."""
    found = "".join(typed.split()).lower()
    if len(found) != 64 or set(found) - set("0123456789abcdef"):
        raise ValidationFailed(_("A digest has 64 hexadecimal signs."), field="digest")
    return found


def verdict(digest: str, report: PublishedReport | None = None, *, is_of_file: bool = True) -> Verdict:
    """Compared with every report there is; `report` is the one whose page was asked."""
    rows = PublishedReport.objects.filter(state=PublishedReport.State.READY)
    files = list(rows.filter(Q(pdf_sha256=digest) | Q(xlsx_sha256=digest)).order_by("-id")[:5])
    if files:
        own = next((one for one in files if report is None or one.pk == report.pk), None)
        return Verdict(Found.GENUINE if own else Found.OTHER, digest, own or files[0], is_of_file)
    data = list(rows.filter(data_sha256=digest).order_by("-id")[:5])
    if data:
        own = next((one for one in data if report is None or one.pk == report.pk), None)
        return Verdict(Found.DATA if own else Found.OTHER, digest, own or data[0], is_of_file)
    return Verdict(Found.UNKNOWN, digest, None, is_of_file)


def changes_since(report: PublishedReport, last: PublishedReport) -> list[Change]:
    """The figures as frozen beside those of today; computed no more often than every ten minutes, but anew after each
    version: what was computed before it would be told as different from it. `last` is the newest version."""
    key = f"report-today:{report.form}:{report.period_kind}:{report.starts_on}:{report.language}:{last.pk}"
    data = cache.get(key)
    if data is None:
        period = Period(report.starts_on, report.ends_on)
        data = as_data(compose(forms.get(report.form), report.period_kind, period, report.language))
        cache.set(key, data, KEPT_SECONDS)
    return comparing.changes(from_data(report.data), from_data(data))


def count_try(network: str) -> None:
    limits.count("report-check", network, limit=30, seconds=600)


def newer(report: PublishedReport, versions: Iterable[PublishedReport]) -> PublishedReport | None:
    """The last version, where the report is not it."""
    last = next(iter(versions), None)
    return last if last and last.pk != report.pk else None


def frozen(report: PublishedReport) -> Document:
    return from_data(report.data)
