"""What the use of keys tells of their owner, and how long it is kept: by the rules of retention, as everything else."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from openapi import usage_hours
from openapi.models import UsageHour
from openapi.usage_names import name_of
from privacy.models import RetentionRule
from privacy.registries import ExportPart, RecordType, Row, Subject, exports, retention


def _rows(subject: Subject) -> Iterator[Row]:
    if subject.user is None:
        return
    rows = UsageHour.objects.filter(application__owner=subject.user).select_related("application", "key")
    for row in rows.order_by("application", "hour", "pk").iterator(chunk_size=1000):
        yield {
            "application": row.application.name,
            "key": str(row.key),
            "at": row.hour,
            "operation": name_of(row.operation),
            "status": row.status,
            "calls": row.calls,
        }


def announce() -> None:
    exports.register("api_usage")(
        ExportPart(
            title=_("use of keys by the hour"),
            columns={
                "application": pgettext_lazy("program", "Application"),
                "key": _("begins with"),
                "at": _("hour"),
                "operation": _("operation"),
                "status": _("status"),
                "calls": _("calls"),
            },
            rows=_rows,
            order=73,
        )
    )
    retention.register("api_usage")(
        RecordType(
            _("Use of the keys of programs, by the hour"),
            (RetentionRule.Action.DELETE,),
            lambda older: usage_hours.before(older).count(),
            usage_hours.delete_old,
            _("How often a program called and with what result; no content and no applicant."),
            order=170,
        )
    )
