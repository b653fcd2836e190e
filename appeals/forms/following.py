"""The short forms of the resident's other pages: track, confirm, write, judge, withdraw, search, profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals.forms.choices import area_field, topic_field, unit_field
from appeals.forms.kept_files import KeptFilesForm
from appeals.models import Feedback, Status, Verdict
from common.reference_numbers import normalise_tracking_code, parse_number

RATINGS = (
    ("5", _("5, excellent")),
    ("4", _("4, good")),
    ("3", _("3, fair")),
    ("2", _("2, poor")),
    ("1", _("1, very poor")),
)


class TrackForm(forms.Form):
    """Number and code as people type them: any keyboard, with or without dashes."""

    number = forms.CharField(
        label=_("Number of the appeal"), max_length=60, error_messages={"required": _("Give the number of the appeal.")}
    )
    code = forms.CharField(
        label=_("Tracking code"), max_length=60, error_messages={"required": _("Give the tracking code.")}
    )

    def clean_number(self) -> str:
        return str(parse_number(self.cleaned_data["number"]) or "")

    def clean_code(self) -> str:
        return normalise_tracking_code(self.cleaned_data["code"]) or ""


class CodeForm(forms.Form):
    """The six digits that were sent to the contact."""

    code = forms.CharField(
        label=_("Enter the code"), max_length=20, error_messages={"required": _("Enter the six digits of the message.")}
    )


class MessageForm(KeptFilesForm):
    """Something to add to the appeal: words, files or both."""

    field_order = ("token", "text")

    text = forms.CharField(label=_("Your message"), widget=forms.Textarea, required=False, max_length=10_000)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not cleaned.get("text", "").strip() and not self.checked_files and "attachments" not in self.errors:
            self.add_error("text", _("Write a message or add a file."))
        return cleaned


class RatingForm(forms.Form):
    """What may follow a judgement by one tap."""

    rating = forms.TypedChoiceField(
        label=_("How good was the answer?"),
        choices=RATINGS,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a rating, or go back without one.")},
    )
    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea, required=False, max_length=4000)


class JudgementForm(forms.Form):
    """Solved, partly or not; what was wrong; and whether another unit should look at it."""

    verdict = forms.ChoiceField(
        label=_("Is the matter solved?"),
        choices=[(code, label) for code, label in Verdict.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the matter is solved.")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("What is wrong with the answer?"),
        choices=Feedback.Reason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rating = forms.TypedChoiceField(
        label=_("Rate the answer"),
        choices=RATINGS,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea, required=False, max_length=4000)
    wants_second_look = forms.BooleanField(label=_("I dispute the answer: let another unit look at it"), required=False)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you withdraw it?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )


PERIODS = (
    ("", _("All time")),
    ("7", _("Last 7 days")),
    ("30", _("Last 30 days")),
    ("90", _("Last 90 days")),
    ("365", _("Last year")),
)


class PublicFilterForm(forms.Form):
    """What the public list can be narrowed to; anything unknown in the address is passed over."""

    topic = topic_field(label=_("Topic"), required=False, empty=_("All topics"))
    area = area_field(label=_("City sector"), required=False, empty=_("All city sectors"))
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any status")), *Status.choices])
    unit = unit_field(label=_("Unit"), required=False, empty=_("All units"))
    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)


class ProfileForm(forms.Form):
    last_name = forms.CharField(
        label=_("Surname"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    first_name = forms.CharField(
        label=_("Name"), required=False, max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    patronymic = forms.CharField(label=_("Patronymic"), required=False, max_length=150)
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=[("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, names_are_fixed: bool = False, **kwargs: Any) -> None:
        """Names from a certificate are shown and not changed, whatever is sent."""
        super().__init__(*args, **kwargs)
        for name in ("last_name", "first_name", "patronymic"):
            self.fields[name].disabled = names_are_fixed
