"""Tags of the pages on personal data: a part of a text of consent, a period, names out of registries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.models import ConsentText, RetentionRule, RetentionRun
from privacy.registries import person_sources, retention

register = template.Library()
U = RetentionRule.Unit


@register.simple_tag
def said(text: ConsentText, part: str, language: str = "") -> str:
    """A part of a text of consent; without a language in the one of the page."""
    return text.said(part, language or None)


@register.simple_tag
def period(rule: RetentionRule) -> str:
    """«3 years» in the right form of the noun."""
    count = rule.amount
    words = {
        U.HOURS: ngettext("%(count)s hour", "%(count)s hours", count),
        U.DAYS: ngettext("%(count)s day", "%(count)s days", count),
        U.MONTHS: ngettext("%(count)s month", "%(count)s months", count),
        U.YEARS: ngettext("%(count)s year", "%(count)s years", count),
    }
    return words[U(rule.unit)] % {"count": count}


@register.simple_tag
def record_type(slug: str) -> str:
    return str(retention.get(slug).title) if slug in retention else slug


@register.simple_tag
def source_title(slug: str) -> str:
    return str(person_sources.get(slug).title) if slug in person_sources else slug


@register.simple_tag
def took(run: RetentionRun) -> str:
    seconds = run.duration.total_seconds() if run.duration else 0.0
    return _("%(seconds)s s") % {"seconds": f"{seconds:.1f}"}


@register.filter
def cell(value: Any) -> str:
    """A value in a page of the copy: times by the clock of the city."""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return str(value)
