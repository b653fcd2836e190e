"""The filter of the log as a form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.actions import Action, Category, Outcome
from ui.widgets import DateInput

ANY = ("", _("Any"))


class LogFilterForm(forms.Form):
    since = forms.CharField(label=_("From"), required=False, widget=DateInput())
    until = forms.CharField(label=_("Until"), required=False, widget=DateInput())
    actor = forms.CharField(label=_("User name"), required=False, max_length=150)
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[ANY, *Category.choices])
    action = forms.ChoiceField(label=_("Action"), required=False, choices=[ANY, *Action.choices])
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ANY, *Outcome.choices])
    subject = forms.CharField(
        label=_("Object"),
        required=False,
        max_length=120,
        help_text=_("The number of an appeal, or as a record names it «For programs»: user:13; * stands for anything."),
    )
    address = forms.CharField(
        label=_("Network address"),
        required=False,
        max_length=50,
        help_text=_("One address, or a network: 10.1.0.0/16."),
    )
