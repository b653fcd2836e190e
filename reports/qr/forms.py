"""The forms of QR Score: the visitor's rating, a service point, what the reviewer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import ServicePoint
from reports.models.qr import COMMENT_LENGTH
from reports.qr.points import Description, Owner
from reports.qr.rating import Said
from reports.qr.reasons import SCORES, reasons_for

if TYPE_CHECKING:
    BasePointForm = forms.ModelForm[ServicePoint]
else:
    BasePointForm = forms.ModelForm


class RatingForm(forms.Form):
    """The second page of a rating: the score was tapped on the first one, all else may stay empty."""

    score = forms.TypedChoiceField(
        choices=[(score, words) for score, words in SCORES.items()], coerce=int, widget=forms.HiddenInput
    )
    reasons = forms.MultipleChoiceField(
        label=_("What was it about?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("You may choose several or none."),
        error_messages={"invalid_choice": _("Choose from the list.")},
    )  # fmt: skip
    comment = forms.CharField(
        label=_("A line of your own"), required=False, max_length=COMMENT_LENGTH,
        help_text=_("Please name no persons. It is shown only after somebody has read it."),
        error_messages={"max_length": _("The comment is too long.")},
    )  # fmt: skip

    def __init__(self, *args: Any, score: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["score"].initial = score
        self.fields["reasons"].choices = reasons_for(score)  # type: ignore[attr-defined]  # a choice field

    def said(self, language: str) -> Said:
        data = self.cleaned_data
        return Said(data["score"], tuple(data["reasons"]), data["comment"], language)


class PointForm(BasePointForm):
    """What staff say of a service point."""

    class Meta:
        model = ServicePoint
        fields = ("name_kk", "name_ru", "name_en", "place", "is_active")
        help_texts = {
            "name_kk": _("As visitors know it: “Window 3”, “Reception of citizens”."),
            "place": _("Street and house, floor, room: as it shall stand on the sheet."),
            "is_active": _("Without it the code says that no ratings are taken; the results stay."),
        }

    def given(self) -> Description:
        return Description(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class NewPointForm(PointForm):
    """A new point also says whose it is."""

    owner = forms.ChoiceField(
        label=_("Whose point it is"),
        help_text=_("It cannot be changed later: the ratings are given to this body."),
    )
    field_order = ("owner",)

    def __init__(self, *args: Any, owners: list[tuple[Owner, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {f"{owner.organization_id}-{owner.department_id or 0}": owner for owner, _name in owners}
        names = [name for _owner, name in owners]
        choices = [("", "–"), *zip(self.owners, names, strict=True)]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_owner(self) -> Owner:
        return self.owners[self.cleaned_data["owner"]]


class HeapForm(forms.Form):
    """Which heap of set-aside ratings, and what becomes of it."""

    point = forms.IntegerField(min_value=1)
    day = forms.DateField()
    network = forms.CharField(max_length=32)
    seen = forms.IntegerField(min_value=1)
    decision = forms.ChoiceField(choices=[("count", "count"), ("refuse", "refuse")])
