"""What people enter about reports: which period to make, when to send it and to whom, what to check."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import read_grants, users_who_may
from accounts.rights import Action
from common.errors import ValidationFailed
from reports import spans
from reports.models import PeriodKind, ReportSchedule
from reports.periodic import rights
from reports.periodic.checking import read_digest
from reports.periodic.form import Form
from reports.periodic.scheduling import Plan
from reports.periods import Period

SHOWN_PERIODS = {PeriodKind.WEEK: 27, PeriodKind.MONTH: 25, PeriodKind.QUARTER: 13, PeriodKind.YEAR: 6}
LANGUAGES = settings.LANGUAGES
MOST_RECIPIENTS = 50
CODE_SIGNS = frozenset(string.ascii_uppercase + string.digits)
LOOK_ALIKE = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")  # Cyrillic on the left
WEEKDAYS = [
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")), (6, _("Saturday")),
    (7, _("Sunday")),
]  # fmt: skip


def period_key(kind: str, period: Period) -> str:
    return f"{kind}:{period.start.isoformat()}"


def period_choices(form: Form, today: dt.date) -> list[tuple[Any, Any]]:
    """By kind: the running one, which is not over yet, and the last ones that are."""
    groups = []
    for kind in form.kinds:
        running = spans.span(kind, today)
        listed = [(period_key(kind, running), _("%(period)s (not over yet)") % {"period": spans.words(kind, running)})]
        listed += [
            (period_key(kind, one), spans.words(kind, one))
            for one in spans.latest(kind, SHOWN_PERIODS[PeriodKind(kind)], today)
        ]
        groups.append((PeriodKind(kind).label, listed))
    return groups


class MakeForm(forms.Form):
    """Which period, in which languages."""

    period = forms.ChoiceField(label=_("Period"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose a language.")},
    )

    def __init__(self, form: Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = period_choices(form, timezone.localdate())
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices if len(choices) > 1 else choices[0][1]
        self.initial.setdefault("period", choices[0][1][1][0])  # the last one that is over

    def asked(self) -> tuple[str, Period]:
        kind, _colon, day = self.cleaned_data["period"].partition(":")
        return kind, spans.span(kind, dt.date.fromisoformat(day))


class ScheduleForm(forms.Form):
    """When a form is made, in which languages and for whom."""

    period_kind = forms.ChoiceField(label=_("How often"), widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(label=_("Day of the week"), choices=WEEKDAYS, coerce=int, required=False)
    day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=28, required=False,
        help_text=_("Of the month after the period, from 1 to 28."),
    )  # fmt: skip
    hour = forms.TypedChoiceField(
        label=_("Hour"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int, initial=8
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose a language.")},
    )
    users = forms.MultipleChoiceField(
        label=_("Colleagues"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("By inbox and e-mail, in the language of each."),
    )  # fmt: skip
    emails = forms.CharField(
        label=_("Other e-mail addresses"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on a line. They get the report as PDF and as a workbook in every language chosen."),
    )  # fmt: skip

    def __init__(self, form: Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        self.readers = readers(form)
        self._field("period_kind").choices = [(kind, PeriodKind(kind).label) for kind in form.kinds]
        self._field("users").choices = [(str(user.pk), str(user)) for user in self.readers]
        if len(form.kinds) == 1:
            self.initial.setdefault("period_kind", form.kinds[0])
        if PeriodKind.WEEK not in form.kinds:
            del self.fields["weekday"]
        if set(form.kinds) <= {PeriodKind.WEEK}:
            del self.fields["day"]
        if not form.is_public:
            del self.fields["emails"]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_emails(self) -> list[str]:
        found = [line.strip() for line in self.cleaned_data["emails"].replace(",", "\n").splitlines() if line.strip()]
        for address in found:
            try:
                validate_email(address)
            except ValidationError as error:
                message = _("“%(address)s” is no e-mail address.")
                raise ValidationError(message % {"address": address[:60]}) from error
        return list(dict.fromkeys(address.lower() for address in found))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        is_monthly = values.get("period_kind") in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
        if is_monthly and not values.get("day") and "day" not in self.errors:
            self.add_error("day", _("Say on which day."))
        count = len(values.get("users", [])) + len(values.get("emails", []))
        if not self.errors and not count:
            self.add_error("users", _("Choose at least one recipient."))
        elif count > MOST_RECIPIENTS:
            self.add_error("users", _("No more than %(count)d recipients.") % {"count": MOST_RECIPIENTS})
        return values

    def plan(self) -> Plan:
        """Of a form without errors."""
        values = self.cleaned_data
        is_weekly = values["period_kind"] == PeriodKind.WEEK
        chosen = set(values["users"])
        return Plan(
            form=self.form.slug,
            period_kind=values["period_kind"],
            day=int(values.get("weekday") or 1) if is_weekly else values["day"],
            hour=values["hour"],
            languages=values["languages"],
            users=[user for user in self.readers if str(user.pk) in chosen],
            emails=values.get("emails", []),
        )


def readers(form: Form) -> list[User]:
    """Colleagues who may see the form."""
    found = {user.pk: user for action in (Action.OVERSEE, Action.EXPORT) for user in users_who_may(action)}
    read_grants(found.values())
    return sorted((user for user in found.values() if rights.may_see(user, form)), key=str)


def initial_of(schedule: ReportSchedule) -> dict[str, Any]:
    """What the form shows of a schedule that is there."""
    recipients = list(schedule.recipients.all())
    is_weekly = schedule.period_kind == PeriodKind.WEEK
    return {
        "period_kind": schedule.period_kind,
        "weekday": schedule.day if is_weekly else 1,
        "day": None if is_weekly else schedule.day,
        "hour": schedule.hour,
        "languages": schedule.languages,
        "users": [str(one.user_id) for one in recipients if one.user_id],
        "emails": "\n".join(one.email for one in recipients if one.email),
    }


class CheckForm(forms.Form):
    """A file, or what stands in its foot."""

    file = forms.FileField(label=_("The file"), required=False, help_text=_("PDF or XLSX. It is read and not kept."))
    digest = forms.CharField(
        label=_("or its digest (SHA-256)"), required=False, max_length=200,
        help_text=_("64 letters and figures, from the foot of the page or computed from the file."),
    )  # fmt: skip

    def clean_digest(self) -> str:
        typed = str(self.cleaned_data["digest"])
        try:
            return read_digest(typed) if typed.strip() else ""
        except ValidationFailed as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not values.get("file") and not values.get("digest"):
            self.add_error("file", _("Choose a file or give its digest."))
        return values


class CodeForm(forms.Form):
    """The code in the foot of a report."""

    code = forms.CharField(label=_("Code of the report"), max_length=300)

    def clean_code(self) -> str:
        """As it was copied or typed: after an address, in small letters, with Cyrillic ones that look alike."""
        typed = "".join(str(self.cleaned_data["code"]).split()).upper().translate(LOOK_ALIKE)
        code = typed.rstrip("/").rpartition("/")[2]
        if not code or set(code) - CODE_SIGNS:
            raise ValidationError(_("Compare the code with the one in the foot of the report."))
        return code
