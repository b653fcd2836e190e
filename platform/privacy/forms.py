"""Forms of the person, of everybody and of the officer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.phones import normalise_phone
from organizations.models import Area, Department
from privacy.models import Breach, ConsentPurpose, ConsentText, DataRequest, Decision, Ground
from privacy.models.consent import PARTS
from privacy.registries import Held, PersonSource, erasures
from privacy.requests import LONGEST_WISH, Line
from ui.widgets import DateInput, DateTimeInput

MOST_LINES = 200_000  # characters of a pasted or uploaded list of persons
LARGEST_LIST = 5 * 1024 * 1024


class TakedownForm(forms.Form):
    reason = forms.CharField(label=_("What is wrong with it?"), widget=forms.Textarea, max_length=2000)
    contact = forms.CharField(label=_("Phone or e-mail for the answer"), max_length=200, required=False)

    def clean_contact(self) -> str:
        typed: str = self.cleaned_data["contact"].strip()
        if not typed:
            return ""
        if "@" in typed:
            validate_email(typed)
            return typed
        try:
            return str(normalise_phone(typed))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class WishForm(forms.Form):
    wish = forms.CharField(
        label=_("What exactly do you want?"), widget=forms.Textarea, required=False, max_length=LONGEST_WISH
    )


class CorrectionForm(forms.Form):
    wish = forms.CharField(label=_("What is wrong, and what is right?"), widget=forms.Textarea, max_length=LONGEST_WISH)


class DeletionForm(WishForm):
    closes_account = forms.BooleanField(label=_("Close my account as well"), required=False)


def wish_form(kind: str) -> type[forms.Form]:
    return {DataRequest.Kind.DELETE: DeletionForm, DataRequest.Kind.CORRECT: CorrectionForm}.get(
        DataRequest.Kind(kind), WishForm
    )


def grounds(use: str) -> list[tuple[str, str]]:
    rows = Ground.objects.filter(use=use, is_active=True)
    return [(row.slug, f"{row.name} ({row.law})" if row.law else row.name) for row in rows]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Words to the person"), widget=forms.Textarea, required=False, max_length=4000)


class DecisionForm(AnswerForm):
    """A decision and a ground for each kind of record that there is."""

    field_order = ()

    def __init__(self, *args: Any, held: dict[str, Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        chosen = [("", _("no ground needed")), *grounds(Ground.Use.KEEP)]
        labels = dict(Decision.Action.choices)
        for slug, held_ones in held.items():
            kind = erasures.get(slug)
            actions = kind.actions if held_ones.kept < held_ones.count else ()
            keep = Decision.Action.KEEP
            choices = [(action, labels[action]) for action in (*actions, keep)]
            self.fields[f"action-{slug}"] = forms.ChoiceField(
                label=str(kind.title),
                choices=choices,
                widget=forms.RadioSelect,
                initial=choices[0][0] if len(choices) == 1 else None,  # nobody deletes by not looking
            )
            self.fields[f"ground-{slug}"] = forms.ChoiceField(
                label=_("Ground on which records stay"), choices=chosen, required=False, initial=held_ones.ground
            )

    def rows(self) -> list[dict[str, Any]]:
        """For the page: the kinds of record with their fields."""
        return [
            {
                "kind": erasures.get(slug),
                "held": held,
                "action": self[f"action-{slug}"],
                "ground": self[f"ground-{slug}"],
            }
            for slug, held in self.held.items()
        ]

    def lines(self) -> dict[str, Line]:
        data = self.cleaned_data
        return {slug: Line(data[f"action-{slug}"], data[f"ground-{slug}"]) for slug in self.held}


class RegisterForm(forms.Form):
    """A request somebody made on paper or in person."""

    number = forms.CharField(label=_("Number of an appeal of the person"), max_length=40)
    kind = forms.ChoiceField(label=_("What is asked"), choices=DataRequest.Kind.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=[("kk", "Қазақша"), ("ru", "Русский")], widget=forms.RadioSelect,
        initial="kk",
    )  # fmt: skip
    wish = forms.CharField(
        label=_("In the person's words"), widget=forms.Textarea, required=False, max_length=LONGEST_WISH
    )


class TakedownDecisionForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("Take down")), ("no", _("Leave public"))], widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(label=_("Ground"))
    answer = forms.CharField(label=_("Words to whoever asked"), widget=forms.Textarea, required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (_("Take down"), grounds(Ground.Use.TAKE_DOWN)),
            (_("Leave public"), grounds(Ground.Use.LEAVE)),
        ]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=2000)


class HoldForm(forms.Form):
    about = forms.CharField(label=_("Number of the appeal, or name to sign in of the person"), max_length=150)
    ground = forms.ChoiceField(label=_("Ground"))
    note = forms.CharField(label=_("Who asked, and under which number"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = grounds(Ground.Use.KEEP)  # type: ignore[attr-defined]  # a ChoiceField


class BreachForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    discovered_at = forms.DateTimeField(
        label=_("Discovered"),
        widget=DateTimeInput,
        help_text=_(
            "When somebody of the hub or a contractor first knew of it. From this moment the authorised body is to be "
            "told within one working day."
        ),
    )
    kind = forms.ChoiceField(label=_("kind"), choices=lambda: [("", _("Choose the kind")), *Breach.Kind.choices])

    field_order = ("title", "discovered_at")

    class Meta:
        model = Breach
        fields = (
            "title", "kind", "severity", "what", "categories", "measures", "contact_name", "contact_phone",
            "contact_email",
        )  # fmt: skip


class BreachEditForm(BreachForm):
    discovered_at = None  # type: ignore[assignment]  # the clock began with it


class ToldForm(forms.Form):
    notified_at = forms.DateTimeField(label=_("When the authorised body was told"), widget=DateTimeInput)
    how = forms.CharField(label=_("How it was told"), max_length=200)


class ConclusionForm(forms.Form):
    conclusion = forms.CharField(label=_("Conclusion"), widget=forms.Textarea, max_length=4000)


PERSON_FIELDS: dict[str, Any] = {
    "since": lambda: forms.DateTimeField(label=_("From"), required=False, widget=DateTimeInput),
    "until": lambda: forms.DateTimeField(label=_("Until"), required=False, widget=DateTimeInput),
    "account": lambda: forms.CharField(label=_("Name to sign in of the account"), max_length=150),
    "unit": lambda: forms.ModelChoiceField(
        Department.objects.order_by("name_kk"), to_field_name="slug", label=_("Unit"), required=False
    ),
    "area": lambda: forms.ModelChoiceField(
        Area.objects.order_by("name_kk"), to_field_name="slug", label=_("City sector"), required=False
    ),
    "number": lambda: forms.CharField(label=_("Registration number"), required=False, max_length=40),
    "lines": lambda: forms.CharField(
        label=_("Lines: name, IIN, phone"), required=False, widget=forms.Textarea, max_length=MOST_LINES
    ),
}


class PersonsForm(forms.Form):
    """The parameters of one way to find persons; a list may come as a file."""

    def __init__(self, *args: Any, source: PersonSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in source.fields:
            self.fields[name] = PERSON_FIELDS[name]()
        if "lines" in source.fields:
            self.fields["list"] = forms.FileField(label=_("Or a CSV file"), required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        upload = data.get("list")
        if upload:
            if upload.size > LARGEST_LIST:
                raise forms.ValidationError(_("The list is larger than 5 MB."))
            try:
                data["lines"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("The list is not a CSV file in UTF-8.")) from error
        if not self.errors and not self.params():
            raise forms.ValidationError(
                _("Fill in at least one field, or everybody is listed. If that is right, give an early day.")
            )
        return data

    def params(self) -> dict[str, str]:
        """Plain text, for the row of the search."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "list" and value}
        return {name: _as_text(value) for name, value in found.items()}


def _as_text(value: Any) -> str:
    if isinstance(value, Department | Area):
        return value.slug
    return value if isinstance(value, str) else str(value.isoformat())


class CsvForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("What the list names"),
        choices=[("name", _("Name")), ("iin", _("IIN")), ("phone", _("Phone"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["name"],
    )


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = ConsentText
        fields = ("effective_from", *(f"{part}_{language}" for language in ("kk", "ru", "en") for part in PARTS))
        widgets = {"effective_from": DateInput}


class NewDraftForm(forms.Form):
    purpose = forms.ModelChoiceField(label=_("Purpose"), queryset=ConsentPurpose.objects.all())
    version = forms.RegexField(
        label=_("Version"), regex=r"^[0-9A-Za-z.\-]{1,20}$",
        error_messages={"invalid": _("Letters, digits, points and hyphens only, for example 2027-01.")},
    )  # fmt: skip
