"""Forms of the staff for open data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from reports.models import OpenDataTerms


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Licence, contact and periods. They hold for what is made and shown from now on."""

    licence_url = forms.URLField(label=_("text of the licence"), assume_scheme="https", max_length=200)
    versions_kept = forms.IntegerField(
        label=_("versions kept of each dataset"), min_value=2, max_value=1000,
        help_text=_("Older ones lose their files; their line in the history stays. At least 2."),
    )  # fmt: skip
    settling_days = forms.IntegerField(
        label=_("days after the end of a quarter until its appeals are published"), min_value=1, max_value=400,
        help_text=_("Most are answered by then. What is published of a quarter does not change any more."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # they have the names of the model, which begin small
            field.label = capfirst(str(field.label))

    class Meta:
        model = OpenDataTerms
        fields = (
            "licence_title", "licence_url", "is_confirmed", "contact_email", "versions_kept", "settling_days",
        )  # fmt: skip


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search in titles, descriptions and columns"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip


class WithholdForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea, max_length=2000,
        help_text=_("Everybody reads this on the page of the dataset. Name nobody."),
    )  # fmt: skip


class MakeForm(forms.Form):
    afresh = forms.BooleanField(
        label=_("Count quarters that are published already anew"), required=False,
        help_text=_("Only to mend an error: who compares the versions sees what changed in between."),
    )  # fmt: skip
