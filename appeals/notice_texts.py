"""The words of notices: template, language and what is filled in, for long texts and for SMS."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appeals.models import Appeal
from ui.dates import long_date, long_datetime, short_date

SUBJECTS = {
    "received": _("Your appeal has been received"),
    "registered": _("Your appeal has been registered"),
    "promoted": _("Your request is now an official appeal"),
    "assigned": _("Who deals with your appeal"),
    "info_requested": _("We need information from you"),
    "message": _("A message about your appeal"),
    "forwarded": _("Your appeal has been forwarded"),
    "extended": _("The term has been extended"),
    "recalculated": _("The due date has changed"),
    "interim": _("An interim answer to your appeal"),
    "answered": _("The answer to your appeal"),
    "disputed": _("Your objection has been received"),
    "reopened": _("Your appeal is looked at again"),
    "closed": _("Your appeal has been closed"),
}
# Terms shorter than this are told with the hour.
HOURS_MATTER = timedelta(days=2)
# A Russian date ends with an abbreviation, whose full stop is that of the sentence as well.
YEAR_AT_THE_END = re.compile(r"\bг\.\.(?!\.)")
BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


def tracking_url(number: str = "") -> str:
    """Where the applicant follows his appeal. The code is never part of an address: addresses are logged."""
    path = reverse("appeals:tracking", args=[number]) if number else reverse("appeals:track")
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def due_text(appeal: Appeal) -> str:
    begun = appeal.registered_at or appeal.received_at
    return long_datetime(appeal.due_at) if appeal.due_at - begun < HOURS_MATTER else long_date(appeal.due_at)


def has_sms(kind: str) -> bool:
    """Not everything is worth an SMS."""
    try:
        get_template(f"notices/{kind}.sms.txt")
    except TemplateDoesNotExist:
        return False
    return True


def render(kind: str, appeal: Appeal, context: dict[str, Any], *, sms: bool = False) -> str:
    """The text in the active language, without white space around it."""
    known = {
        "appeal": appeal,
        "number": appeal.number,
        "due": short_date(appeal.due_at) if sms else due_text(appeal),
        "link": tracking_url() if sms else tracking_url(appeal.number),
        "unit": appeal.department.name if appeal.department else "",
    }
    text = render_to_string(f"notices/{kind}{'.sms' if sms else ''}.txt", known | context)
    return YEAR_AT_THE_END.sub("г.", BLANK_LINES.sub("\n\n", text)).strip()
