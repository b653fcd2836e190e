"""The forms of the way in: applications, keys, decisions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from appeals.models import Channel
from common.errors import DomainError
from openapi import keys, scopes
from openapi.applications import HIGHEST_RATE, Allowance, Description
from openapi.models import Application
from openapi.models.applications import Environment
from ui.widgets import DateInput

OVERLAPS = ((0, _("At once")), (1, _("In a day")), (7, _("In a week")), (30, _("In 30 days")), (90, _("In 90 days")))


class ApplicationForm(forms.Form):
    """What the owner says of his application; live and sandbox differ in one field and in the scopes."""

    name = forms.CharField(label=_("Name of the application"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who uses it, which data it reads and what it does with them."),
    )  # fmt: skip
    organization_name = forms.CharField(label=_("Organization"), max_length=250, required=False)
    contact = forms.EmailField(
        label=_("E-mail for technical news"), required=False, help_text=_("Changes and breakdowns are announced here.")
    )
    acts_as = forms.ChoiceField(
        label=_("In whose name it calls"), required=False,
        help_text=_("The sandbox has one invented person for each role. What the role may not, the key cannot."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple, help_text=_("Choose only what it needs.")
    )
    networks = forms.CharField(
        label=_("Allowed networks"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Addresses or networks from which its keys work, one in a line. Empty: from everywhere."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, environment: str, owner: User, application: Application | None = None, **kwargs: Any
    ):
        kwargs["initial"] = _initial(application) if application else {"scopes": [*scopes.USUAL]}
        super().__init__(*args, **kwargs)
        offered = scopes.Scope if environment == Environment.SANDBOX else scopes.offered_in(environment, owner)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # a choice field
            (scope.value, f"{scopes.LABELS[scope]} ({scope.value})") for scope in scopes.Scope if scope in set(offered)
        ]
        if environment == Environment.SANDBOX:
            roles = [("", _("A resident")), *Role.choices]
            self.fields["acts_as"].choices = roles  # type: ignore[attr-defined]  # likewise
        else:
            del self.fields["acts_as"]

    def clean_networks(self) -> list[str]:
        try:
            return keys.check_networks(self.cleaned_data["networks"].splitlines())
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from None

    def description(self) -> Description:
        return Description(**self.cleaned_data)


def _initial(application: Application) -> dict[str, Any]:
    names = ("name", "purpose", "organization_name", "contact", "acts_as", "scopes")
    return {name: getattr(application, name) for name in names} | {"networks": "\n".join(application.networks)}


class KeyForm(forms.Form):
    """A key has no end unless one is asked for."""

    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=DateInput,
        help_text=_("Without a date the key does not expire and needs no renewal."),
    )  # fmt: skip

    def expires_at(self) -> datetime | None:
        """The end of that day by the clock of the city."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class RotateForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("When the old key ends"), choices=OVERLAPS, coerce=int, initial=7, widget=forms.RadioSelect,
        help_text=_("Until then both keys work: time enough to change it everywhere."),
    )  # fmt: skip

    def overlap(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class ClockForm(forms.Form):
    """How much time passes in the sandbox; days and hours add up."""

    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=400, initial=1)
    hours = forms.IntegerField(label=_("Hours"), min_value=0, max_value=400 * 24, initial=0)

    def passing(self) -> timedelta:
        return timedelta(**self.cleaned_data)


class ApprovalForm(forms.Form):
    """What the hub allows a live application."""

    channel = forms.ChoiceField(
        label=_("Channel"), choices=Channel.choices, initial=Channel.MOBILE,
        help_text=_("Under which channel the appeals it files are counted."),
    )  # fmt: skip
    files_for_others = forms.BooleanField(
        label=_("Files for others"), required=False,
        help_text=_("May file appeals of other people, as a portal or a contact centre does; else the owner's only."),
    )  # fmt: skip
    rate = forms.IntegerField(label=_("Requests per minute"), min_value=1, max_value=HIGHEST_RATE, initial=600)

    def allowance(self) -> Allowance:
        return Allowance(**self.cleaned_data)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The owner reads it.")
    )
