"""The forms of the team's pages: filter of the rights, a substitution, a roster, one shift."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import rights_table, shifts, substitutions
from accounts.models import Shift, User
from accounts.rights import LABELS, RIGHTS
from organizations.models import Department
from ui.widgets import DateInput


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    """A colleague with his post and, where it was asked for, his unit, since two may bear one name."""

    def label_from_instance(self, obj: User) -> str:
        return ", ".join(filter(None, (str(obj), obj.post, getattr(obj, "unit_name", ""))))


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    def label_from_instance(self, obj: User) -> str:
        return f"{obj}, {obj.post}" if obj.post else str(obj)


class RightsFilterForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role, rights_table.role_label(role)) for role in RIGHTS]
        self.fields["role"].choices = [("", _("All")), *roles]  # type: ignore[attr-defined]  # a choice field
        self.fields["action"].choices = [("", _("All")), *LABELS.items()]  # type: ignore[attr-defined]  # likewise

    def chosen(self) -> dict[str, str]:
        """What is chosen; an address with something unknown shows everything."""
        return {name: self.cleaned_data[name] for name in ("role", "action")} if self.is_valid() else {}


class SubstitutionForm(forms.Form):
    user = PersonField(label=_("Who is away"), queryset=User.objects.none(), empty_label=None)
    substitute = PersonField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        help_text=_(
            "Gets the roles that the one who is away has today, for these days only. An administrator's and a security "
            "officer's rights are never lent."
        ),
    )
    begins_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput(), help_text=_("This day is included."))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: annual leave."))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = substitutions.managed_by(actor)
        self.fields["user"].queryset = mine  # type: ignore[attr-defined]  # a choice field
        self.fields["user"].initial = actor.pk
        self.fields["substitute"].queryset = substitutions.candidates()  # type: ignore[attr-defined]  # likewise
        if not mine.exclude(pk=actor.pk).exists():
            self.fields["user"].widget = forms.HiddenInput()


class RosterForm(forms.Form):
    people = PeopleField(label=_("Who"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple())
    pattern = forms.ChoiceField(label=_("Pattern"), choices=Shift.Pattern.choices, widget=forms.RadioSelect())
    first = forms.DateField(label=_("First day"), widget=DateInput(), help_text=_("The pattern is counted from it."))
    last = forms.DateField(label=_("Last day"), widget=DateInput())
    begins = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    ends = forms.TimeField(
        label=_("Ends at"), widget=TimeInput(), help_text=_("A time before the beginning is that of the next day.")
    )

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = shifts.people_of(department)  # type: ignore[attr-defined]  # a choice field


class ShiftForm(forms.Form):
    user = PersonField(label=_("Person"), queryset=User.objects.none(), empty_label=None)
    day = forms.DateField(label=_("Day"), widget=DateInput())
    begins = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    ends = forms.TimeField(
        label=_("Ends at"), widget=TimeInput(), help_text=_("A time before the beginning is that of the next day.")
    )

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = shifts.people_of(department)  # type: ignore[attr-defined]  # a choice field


class SwapForm(forms.Form):
    other = forms.ChoiceField(label=_("Exchange with"))

    def __init__(self, *args: Any, others: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [(str(pk), words) for pk, words in others]  # type: ignore[attr-defined]
