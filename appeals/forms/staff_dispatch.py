"""Forms of the inspector: what an appeal is about, who answers it, what it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleAssignment, User
from appeals import terms
from appeals.forms.choices import RowChoiceField, area_field, by_name, topic_field, unit_choices, unit_field
from appeals.forms.staff_case import CaseForm
from appeals.models import Category, Incident, Kind, LinkKind, Priority, Question

LONGEST = 4000
NEW_INCIDENT = "new"


def body_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Bodies outside the hub first, then the units of the hub: an appeal may be passed to either."""
    units = terms.departments().values()
    outside = by_name(unit for unit in units if unit.is_active and unit.is_external)
    return [(str(_("External bodies")), [(unit.pk, unit.name) for unit in outside]), *unit_choices()]


def body_field(**kwargs: Any) -> RowChoiceField:
    return RowChoiceField(rows=terms.departments, choices=body_choices, **kwargs)


class ClassifyForm(CaseForm):
    topic = topic_field(label=_("Topic"), required=False, empty=_("Not chosen"))
    kind = forms.ChoiceField(label=_("Kind of appeal"), choices=Kind.choices)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    area = area_field(label=_("City sector"), required=False, empty=_("Not known"))
    complaint_department = unit_field(
        label=_("Unit complained about"),
        required=False,
        empty=_("None"),
        help_text=_("The appeal never goes to this unit."),
    )
    complaint_user = forms.ModelChoiceField(
        label=_("Official complained about"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("This person will not see the appeal at all."),
    )
    is_confidential = forms.BooleanField(label=_("Confidential"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=LONGEST, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        working = RoleAssignment.objects.values("user_id")
        officials = User.objects.filter(pk__in=working, is_active=True).order_by("last_name", "first_name", "pk")
        self.fields["complaint_user"].queryset = officials  # type: ignore[attr-defined]  # a model field


def _part_field(questions: Sequence[Question]) -> forms.ChoiceField:
    choices: list[tuple[str, Any]] = [("", _("The whole appeal"))]
    choices += [(str(row.pk), f"{row.position}. {row.text[:80]}") for row in questions]
    return forms.ChoiceField(label=_("What is passed on"), required=False, choices=choices)


class RouteForm(CaseForm):
    department = unit_field(label=_("Unit"), empty=_("Choose a unit"))
    reason = forms.CharField(
        label=_("Instruction (resolution)"), required=False, max_length=LONGEST, widget=forms.Textarea
    )
    field_order = ("part", "department", "reason")

    def __init__(self, *args: Any, questions: Sequence[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if questions:
            self.fields["part"] = _part_field(questions)
            self.order_fields(self.field_order)


class ForwardForm(CaseForm):
    department = body_field(label=_("Competent body"), empty=_("Choose a body"))
    ground = forms.CharField(
        label=_("Ground"),
        max_length=LONGEST,
        widget=forms.Textarea,
        help_text=_("Why the matter is in the competence of this body. The applicant reads this."),
    )
    field_order = ("part", "department", "ground")

    def __init__(self, *args: Any, questions: Sequence[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if questions:
            self.fields["part"] = _part_field(questions)
            self.order_fields(self.field_order)


class SplitForm(CaseForm):
    texts = forms.CharField(
        label=_("Questions"),
        max_length=20_000,
        widget=forms.Textarea,
        help_text=_("One question a paragraph, with an empty line between them."),
    )

    def questions(self) -> list[str]:
        text = self.cleaned_data["texts"].replace("\r\n", "\n")
        return [part.strip() for part in text.split("\n\n") if part.strip()]


class LinkForm(CaseForm):
    number = forms.CharField(label=_("Number of the other appeal"), max_length=40)
    kind = forms.ChoiceField(
        label=_("How they belong together"),
        choices=[choice for choice in LinkKind.choices if choice[0] != LinkKind.PROMOTED],
        initial=LinkKind.RELATED.value,
        widget=forms.RadioSelect,
    )


class IncidentForm(CaseForm):
    incident = forms.ChoiceField(label=_("Incident"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Name of the new incident"), required=False, max_length=250)

    def __init__(self, *args: Any, incidents: Iterable[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), row.title) for row in incidents]
        self.fields["incident"].choices = [*choices, (NEW_INCIDENT, _("A new incident"))]  # type: ignore[attr-defined]  # a choice field
        self.fields["incident"].initial = choices[0][0] if choices else NEW_INCIDENT


class RegisterForm(CaseForm):
    reason = forms.CharField(
        label=_("How the applicant was identified"),
        max_length=LONGEST,
        widget=forms.Textarea,
        help_text=_("For example: he came with his identity card; his data were checked in the register."),
    )


class PromoteForm(CaseForm):
    kind = forms.ChoiceField(
        label=_("Kind of appeal"), choices=[choice for choice in Kind.choices if choice[0] != Kind.GRATITUDE]
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        widget=forms.Textarea,
        help_text=_("For example: the applicant asked for it."),
    )
