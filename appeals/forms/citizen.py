"""The form by which a resident files an appeal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals import intake
from appeals.forms.choices import answer_language, area_field, topic_field, unit_field
from appeals.forms.kept_files import KeptFilesForm
from appeals.models import Applicant, Kind, Regime
from common.errors import DomainError
from common.identifiers import check_bin, check_iin
from common.phones import normalise_phone
from privacy import consents
from ui.widgets import PhoneInput

KINDS = (Kind.APPLICATION, Kind.COMPLAINT, Kind.MESSAGE, Kind.PROPOSAL, Kind.RESPONSE, Kind.INQUIRY)


def text_input(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class FilingForm(KeptFilesForm):
    """One page: what, where, who. Identity is asked for only when a statutory appeal is chosen."""

    # Errors are listed in the order of the page.
    field_order = ("token", "text", "topic", "area", "address", "latitude", "longitude")

    text = forms.CharField(
        label=_("What happened?"), widget=forms.Textarea, error_messages={"required": _("Describe what happened.")}
    )
    topic = topic_field(label=_("Topic"), required=False, empty=_("Let the operator choose"))
    area = area_field(label=_("City sector"), required=False, empty=_("I do not know"))
    address = forms.CharField(
        label=_("Address or landmark"), required=False, max_length=300, widget=text_input(autocomplete="street-address")
    )
    latitude = forms.CharField(widget=forms.HiddenInput, required=False)
    longitude = forms.CharField(widget=forms.HiddenInput, required=False)

    is_anonymous = forms.BooleanField(label=_("I do not want to give my name or contact"), required=False)
    full_name = forms.CharField(
        label=_("Your name"), required=False, max_length=250, widget=text_input(autocomplete="name")
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40, widget=PhoneInput)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=200,
        error_messages={"invalid": _("The e-mail address is not valid")},
    )
    answer_language = forms.ChoiceField(
        label=_("Language of the answer"),
        choices=[("kk", "Қазақша"), ("ru", "Русский")],
        widget=forms.RadioSelect,
        initial=answer_language,
    )

    regime = forms.ChoiceField(
        label=_("How should it be considered?"),
        choices=[(Regime.REQUEST.value, _("As a service request")), (Regime.APPEAL.value, _("As an official appeal"))],
        widget=forms.RadioSelect,
        initial=Regime.REQUEST.value,
    )
    kind = forms.ChoiceField(
        label=_("Kind of appeal"), required=False, choices=[(kind.value, kind.label) for kind in KINDS]
    )
    applicant_type = forms.ChoiceField(
        label=_("Who is filing?"),
        choices=[
            (Applicant.Type.INDIVIDUAL.value, _("A person")),
            (Applicant.Type.LEGAL_ENTITY.value, _("An organization")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial=Applicant.Type.INDIVIDUAL.value,
    )
    applicant_name = forms.CharField(
        label=_("Full name, or the name of the organization"),
        required=False,
        max_length=250,
        widget=text_input(autocomplete="name"),
    )
    identifier = forms.CharField(
        label=_("IIN, or the BIN of the organization"),
        required=False,
        max_length=30,
        widget=text_input(inputmode="numeric", autocomplete="off"),
    )
    postal_address = forms.CharField(
        label=_("Postal address"), required=False, max_length=300, widget=text_input(autocomplete="street-address")
    )
    representative_name = forms.CharField(label=_("Representative: full name"), required=False, max_length=250)
    representative_ground = forms.CharField(label=_("Ground of representation"), required=False, max_length=250)

    is_complaint = forms.BooleanField(label=_("This is a complaint about an official or a unit"), required=False)
    complaint_department = unit_field(label=_("Unit"), required=False, empty=_("I do not know"))
    complaint_about = forms.CharField(label=_("Whom is it about?"), required=False, max_length=250)
    is_confidential = forms.BooleanField(label=_("Keep the appeal confidential"), required=False)
    consent = forms.BooleanField(
        label=_("I consent to the collection and processing of my personal data"), required=False
    )
    consent_version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if len(text) < intake.SHORTEST_TEXT:
            raise forms.ValidationError(
                _("Describe the matter in a few words: at least 10 characters."), code="too_short"
            )
        if len(text) > intake.LONGEST_TEXT:
            raise forms.ValidationError(_("The text is longer than 20,000 characters."), code="too_long")
        return text

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        return _checked(normalise_phone, typed) if typed and not self.cleaned_data.get("is_anonymous") else ""

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("regime") == Regime.APPEAL:
            self._check_identity(cleaned)
        if cleaned.get("is_anonymous"):
            self._check_anonymous(cleaned)
        else:
            self._check_contact(cleaned)
        return cleaned

    def _check_anonymous(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("regime") == Regime.APPEAL:
            self.add_error(
                "is_anonymous", _("A statutory appeal cannot be anonymous. Send it as a service request instead.")
            )

    def _check_contact(self, cleaned: dict[str, Any]) -> None:
        given = cleaned.get("phone") or cleaned.get("email")
        if not given and "phone" not in self.errors and "email" not in self.errors:
            self.add_error("phone", _("Give a phone number or an e-mail address, or choose to stay anonymous."))
        if consents.is_asked(consents.FILING) and not cleaned.get("consent"):
            self.add_error(
                "consent",
                _("Without your consent we cannot take personal data. You can also send the request anonymously."),
            )

    def _check_identity(self, cleaned: dict[str, Any]) -> None:
        """What art. 63 of the APPC asks for: who, which number, which address."""
        for name, message in IDENTITY:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
            elif name == "identifier" and cleaned.get(name):
                self._check_identifier(cleaned)

    def _check_identifier(self, cleaned: dict[str, Any]) -> None:
        """The error says which number it is about: in the list above the form it stands alone."""
        is_legal = cleaned.get("applicant_type") == Applicant.Type.LEGAL_ENTITY
        check, name = (check_bin, _("BIN")) if is_legal else (check_iin, _("IIN"))
        try:
            cleaned["identifier"] = check(cleaned["identifier"], today=timezone.localdate()).value
        except DomainError as error:
            self.add_error("identifier", forms.ValidationError(f"{name}: {error}", code=error.code))

    def point(self) -> tuple[Decimal, Decimal] | None:
        """The point the browser gave; it is not typed, so a broken one is passed over."""
        try:
            latitude = Decimal(self.cleaned_data["latitude"]).quantize(Decimal("0.00001"))
            longitude = Decimal(self.cleaned_data["longitude"]).quantize(Decimal("0.00001"))
        except (InvalidOperation, KeyError):
            return None
        if not (latitude.is_finite() and longitude.is_finite()):
            return None
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


IDENTITY = (
    ("applicant_name", _("Give the full name of the applicant.")),
    ("identifier", _("Give the IIN, or the BIN of the organization.")),
    ("postal_address", _("Give your postal address.")),
)


def _checked(check: Any, typed: str) -> str:
    try:
        return str(check(typed))
    except DomainError as error:
        raise forms.ValidationError(str(error), code=error.code) from error


class _SharedFields(dict[str, forms.Field]):
    """Django copies every field for every request; this form never changes one, so all requests share them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


FilingForm.base_fields = _SharedFields(FilingForm.base_fields)
