"""The form of the desk: a call, a paper or a visitor, typed in under a minute."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals import intake
from appeals.channels.desk import DESKS
from appeals.consultation import SHORTEST_ANSWER
from appeals.forms.choices import answer_language, area_field, topic_field, unit_field
from appeals.models import Applicant, Category, Channel, Kind, Priority, Regime
from appeals.selectors.knowledge import consultations
from common.errors import DomainError
from common.identifiers import check_bin, check_iin
from common.phones import normalise_phone
from ui.widgets import DateTimeInput, PhoneInput

EARLIEST = timedelta(days=366)
TOKEN = re.compile(r"[0-9a-f]{32}")
STATUTORY_KINDS = (Kind.APPLICATION, Kind.COMPLAINT, Kind.MESSAGE, Kind.PROPOSAL, Kind.RESPONSE, Kind.INQUIRY)


class DeskForm(forms.Form):
    """Ordered as a call goes: who, what, where; the rest has sensible defaults."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[(desk.value, desk.label) for desk in DESKS])
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40, widget=PhoneInput)
    full_name = forms.CharField(label=_("Full name"), required=False, max_length=250)
    text = forms.CharField(
        label=_("What happened?"), widget=forms.Textarea, error_messages={"required": _("Write down what happened.")}
    )
    topic = topic_field(label=_("Topic"), required=False, empty=_("Not chosen"))
    area = area_field(label=_("City sector"), required=False, empty=_("Not known"))
    address = forms.CharField(label=_("Address or landmark"), required=False, max_length=300)
    answer_language = forms.ChoiceField(
        label=_("Language of the answer"),
        choices=[("kk", "Қазақша"), ("ru", "Русский")],
        widget=forms.RadioSelect,
        initial=answer_language,
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("By the topic")), *Category.choices]
    )
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("By the topic")), *Priority.choices]
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=200)
    is_confidential = forms.BooleanField(label=_("Keep the appeal confidential"), required=False)
    complaint_department = unit_field(label=_("Unit complained about"), required=False, empty=_("None"))

    regime = forms.ChoiceField(
        label=_("Legal regime"), choices=Regime.choices, widget=forms.RadioSelect, initial=Regime.REQUEST.value
    )
    kind = forms.ChoiceField(
        label=_("Kind of appeal"), required=False, choices=[(kind.value, kind.label) for kind in STATUTORY_KINDS]
    )
    applicant_type = forms.ChoiceField(
        label=_("Applicant"),
        choices=[choice for choice in Applicant.Type.choices if choice[0] != Applicant.Type.ANONYMOUS],
        initial=Applicant.Type.INDIVIDUAL.value,
    )
    identifier = forms.CharField(label=_("IIN or BIN"), required=False, max_length=30)
    postal_address = forms.CharField(label=_("Postal address"), required=False, max_length=300)
    representative_name = forms.CharField(label=_("Representative: full name"), required=False, max_length=250)
    representative_ground = forms.CharField(label=_("Ground of representation"), required=False, max_length=250)
    received_at = forms.DateTimeField(label=_("Received"), required=False, widget=DateTimeInput)

    article = forms.IntegerField(required=False)
    answer = forms.CharField(label=_("What the caller was told"), required=False, widget=forms.Textarea)

    @property
    def form_token(self) -> str:
        """The token the form came with, or a new one: a double click registers once."""
        given = str(self.data.get("token", "")) if self.is_bound else ""
        return given if TOKEN.fullmatch(given) else uuid.uuid4().hex

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if len(text) < intake.SHORTEST_TEXT:
            raise forms.ValidationError(_("Describe the matter in a few words: at least 10 characters."))
        return text

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            return normalise_phone(typed)
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def clean_received_at(self) -> Any:
        """Paper may have come earlier than it is typed; never later than now, nor in another age."""
        received = self.cleaned_data["received_at"]
        if received is not None and received < timezone.now() - EARLIEST:
            raise forms.ValidationError(_("This is more than a year ago. Check the year."))
        if received is not None and received > timezone.now():
            raise forms.ValidationError(_("This time is still to come."))
        return received

    def clean_article(self) -> int | None:
        chosen: int | None = self.cleaned_data["article"]
        return chosen if chosen in consultations() else None

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        typed = cleaned.get("identifier")
        if typed:
            check = check_bin if cleaned.get("applicant_type") == Applicant.Type.LEGAL_ENTITY else check_iin
            try:
                cleaned["identifier"] = check(typed, today=timezone.localdate()).value
            except DomainError as error:
                self.add_error("identifier", forms.ValidationError(str(error), code=error.code))
        if cleaned.get("channel") in (Channel.CALL109, Channel.CALL1310):
            cleaned["received_at"] = None
        return cleaned

    def answer_text(self) -> str:
        """What the operator wrote, or the ready consultation he ticked in the caller's language."""
        written = str(self.cleaned_data.get("answer", "")).strip()
        chosen = self.cleaned_data.get("article")
        if len(written) >= SHORTEST_ANSWER or chosen is None:
            return written
        return consultations()[chosen].body_in(self.cleaned_data["answer_language"])
