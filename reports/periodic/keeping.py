"""How long the contents of lists of appeals are kept: files and data go, digests and the check page stay."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.models import RetentionRule
from privacy.registries import RecordType, retention
from reports.models import PublishedReport
from reports.periodic.form import forms

FILES = ("pdf", "xlsx")


def _old(older: dt.datetime) -> QuerySet[PublishedReport]:
    """Reports of figures tell of nobody and stay."""
    closed = [form.slug for _slug, form in forms if not form.is_public]
    return PublishedReport.objects.filter(
        form__in=closed, state=PublishedReport.State.READY, made_at__lt=older, contents_deleted_at=None
    )


def _empty(older: dt.datetime, action: str, limit: int) -> int:
    rows = list(_old(older).select_for_update().order_by("pk")[:limit])
    for row in rows:
        for name in FILES:
            # After the commit: a killed worker leaves a file that no row names, which `leftovers` finds.
            kept = getattr(row, name)
            transaction.on_commit(partial(kept.storage.delete, kept.name))
            setattr(row, name, "")
        row.data, row.changes, row.contents_deleted_at = {}, [], timezone.now()
    PublishedReport.objects.bulk_update(rows, [*FILES, "data", "changes", "contents_deleted_at"])
    return len(rows)


def register_periods() -> None:
    retention.register("registers")(
        RecordType(
            _("Registers of appeals among the reports: their contents"), (RetentionRule.Action.DELETE,),
            lambda older: _old(older).count(), _empty,
            _("Data and files go; digests and the check page stay. Reports of figures are kept."), order=187,
        )
    )  # fmt: skip
