"""Forms of the case page: each is checked for shape here, the rules of the field are the steps'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appeals.models import Attachment, Outcome
from appeals.models.choices import LANGUAGES
from appeals.workqueue import BackTo
from common.files import ACCEPT
from ui.widgets import DateInput, FilesField, FilesInput

LONGEST = 20_000
# How an answer on the substance may end; the other outcomes come about by other steps.
ANSWER_OUTCOMES = (
    Outcome.SATISFIED,
    Outcome.SATISFIED_PARTLY,
    Outcome.REFUSED,
    Outcome.EXPLAINED,
    Outcome.NOT_DONE,
)


def _text() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 5})


def _files() -> FilesField:
    return FilesField(
        label=_("Attachments"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_("Photos (JPEG, PNG, WebP) and documents (PDF, DOCX, XLSX, ODT), up to 20 MB each."),
    )


class CaseForm(forms.Form):
    """A form on a case: remembers how much of the history its reader had seen."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seen: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("seen", seen)
        super().__init__(*args, **kwargs)

    def look_again(self, seen: int) -> None:
        """After a conflict the reader is told what is new; sending once more is then his decision."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data[self.add_prefix("seen")] = str(seen)
            self.data = data


class AssignForm(CaseForm):
    user = forms.ChoiceField(label=_("Person"))
    reason = forms.CharField(label=_("Instruction (resolution)"), required=False, widget=_text(), max_length=LONGEST)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(person.pk), f"{person}, {person.post}" if person.post else str(person)) for person in people]
        self.fields["user"].choices = [("", _("Choose a person")), *choices]  # type: ignore[attr-defined]  # a choice field


class CoExecutorForm(CaseForm):
    user = forms.ChoiceField(label=_("Person"))

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped: dict[str, list[tuple[str, str]]] = {}
        for person in people:
            unit = next((str(row.department) for row in person.role_assignments.all() if row.department), "")
            grouped.setdefault(unit, []).append((str(person.pk), str(person)))
        self.fields["user"].choices = [("", _("Choose a person")), *sorted(grouped.items())]  # type: ignore[attr-defined]  # a choice field


class HandBackForm(CaseForm):
    to = forms.ChoiceField(
        label=_("Where to"),
        choices=[
            (BackTo.UNIT.value, _("To the queue of our unit")),
            (BackTo.INSPECTOR.value, _("To the inspector: another unit should answer")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=_text(), max_length=LONGEST)


class TextForm(CaseForm):
    """A text that goes into the conversation."""

    text = forms.CharField(label=_("Text"), widget=_text(), max_length=LONGEST)


class MessageForm(TextForm):
    uploads = _files()


class AskForm(MessageForm):
    until = forms.DateField(
        label=_("Answer until"),
        required=False,
        widget=DateInput(attrs={"class": "ui-w-10"}),
        help_text=_("Empty: the usual time for an answer. The clock stands still until then."),
    )

    def clean_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise forms.ValidationError(_("Give a day that is still to come."))
        return until


class FilesForm(CaseForm):
    purpose = forms.ChoiceField(
        label=_("What the files are for"),
        choices=[
            (Attachment.Purpose.EVIDENCE.value, _("Evidence of what was done: the applicant gets it with the answer")),
            (Attachment.Purpose.INTERNAL.value, _("Internal: the applicant does not see it")),
        ],
        widget=forms.RadioSelect,
        initial=Attachment.Purpose.EVIDENCE.value,
    )
    uploads = FilesField(label=_("Files"), widget=FilesInput(attrs={"accept": ACCEPT}))


class ExtendForm(CaseForm):
    until = forms.DateField(label=_("New due date"), widget=DateInput(attrs={"class": "ui-w-10"}))
    ground = forms.CharField(
        label=_("Grounds for extension"),
        widget=_text(),
        max_length=LONGEST,
        help_text=_("Which facts have to be established. The applicant reads this."),
    )


class RefuseForm(CaseForm):
    reason = forms.CharField(label=_("Why the extension is refused"), widget=_text(), max_length=LONGEST)


class CloseForm(CaseForm):
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("The facts"),
        widget=_text(),
        max_length=LONGEST,
        help_text=_("What makes the ground true here. The applicant reads this."),
    )

    def __init__(self, *args: Any, grounds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = list(grounds)  # type: ignore[attr-defined]  # a choice field


class QuestionForm(CaseForm):
    text = forms.CharField(label=_("Answer to the question"), widget=_text(), max_length=LONGEST)


class ReplyForm(CaseForm):
    """The draft of an answer. Nothing is required while it is being written; the gate and the step ask for the rest."""

    reply = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=0)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(outcome.value, outcome.label) for outcome in ANSWER_OUTCOMES],
    )
    measures = forms.CharField(label=_("What was done"), required=False, widget=_text(), max_length=4000)
    done_on = forms.DateField(label=_("When it was done"), required=False, widget=DateInput(attrs={"class": "ui-w-10"}))
    done_by = forms.CharField(label=_("By whom it was done"), required=False, max_length=250)
    language = forms.ChoiceField(label=_("Language of the answer"), choices=LANGUAGES)
    text = forms.CharField(label=_("Text of the answer"), required=False, widget=_text(), max_length=LONGEST)
    uploads = _files()
    is_interim = forms.BooleanField(label=_("This is an interim answer: the clock runs on"), required=False)
    override_ground = forms.CharField(
        label=_("Why it is sent all the same"), required=False, widget=_text(), max_length=2000
    )
    template = forms.ChoiceField(label=_("Ready text"), required=False)

    def __init__(self, *args: Any, templates: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [("", _("Choose a ready text")), *templates]  # type: ignore[attr-defined]  # a choice field
