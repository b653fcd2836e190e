"""How long the use of keys is kept: by the rules of retention, as everything else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from openapi import usage_hours
from privacy.models import RetentionRule
from privacy.registries import RecordType, retention


def announce() -> None:
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
