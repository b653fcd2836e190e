"""What a resident gives when he opens an account, beside e-mail and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import DomainError
from common.phones import normalise_phone

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]


class SignupForm(forms.Form):
    """Mixed into the sign-up form of allauth, which saves e-mail and password itself."""

    last_name = forms.CharField(
        label=_("Surname"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    first_name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=LANGUAGES, initial=lambda: (get_language() or "kk")[:2]
    )

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            return normalise_phone(typed)
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth with the new user; the phone is a statement until a code confirms it."""
        for name in ("last_name", "first_name", "phone", "language"):
            setattr(user, name, self.cleaned_data[name])
        user.save(update_fields=["last_name", "first_name", "phone", "language"])
