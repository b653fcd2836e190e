"""The forms of signing in and registering."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.models import Login
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactChallenge, User
from common.errors import DomainError
from common.phones import normalise_phone

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
SMS, EMAIL = ContactChallenge.Medium.SMS, ContactChallenge.Medium.EMAIL


def clean_contact(typed: str) -> tuple[str, str]:
    """Medium and address of what was typed: an e-mail address or a telephone number."""
    typed = typed.strip()
    if "@" in typed:
        check = forms.EmailField(error_messages={"invalid": _("The e-mail address is not valid")})
        return EMAIL, check.clean(typed).lower()
    try:
        return SMS, normalise_phone(typed)
    except DomainError as error:
        raise forms.ValidationError(
            _("Give an e-mail address or a telephone number such as +7 701 123 45 67."), code="wrong_contact"
        ) from error


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth is untyped
    """One login field for user name, e-mail and phone, and one answer to whatever is wrong."""

    def user_credentials(self) -> dict[str, str]:
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data.get("password", "")}

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        user = get_adapter(self.request).authenticate(self.request, **credentials)
        if user is None:
            raise forms.ValidationError(_("The login or the password is wrong."), code="wrong_login")
        self._login, self.user = Login(user=user), user
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]  # allauth is untyped
    """The present password is tried as at signing in: within its limits, whoever holds the session."""

    def clean_oldpassword(self) -> str:
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


def trust_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Do not ask for a code on this device for 30 days"),
        help_text=_("Only on a device of your own."),
        required=False,
    )


class CodeForm(forms.Form):
    """The six digits, and whether this device is to be trusted."""

    code = forms.CharField(
        label=_("Enter the code"), max_length=20, error_messages={"required": _("Enter the six digits of the message.")}
    )
    trust = trust_field()


class RecoveryCodeForm(forms.Form):
    """One of the printed codes."""

    code = forms.CharField(
        label=_("Recovery code"), max_length=40, error_messages={"required": _("Enter one of your recovery codes.")}
    )


class NewPasswordFields(forms.Form):
    """A password typed twice, held against the rules for passwords."""

    password1 = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=_("Password (again)"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def owner(self) -> User:
        """Whom the password must not resemble."""
        return User()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first:
            try:
                get_adapter().clean_password(first, user=self.owner())
            except forms.ValidationError as error:
                self.add_error("password1", error)
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        return cleaned


class RegistrationForm(NewPasswordFields):
    """What a resident gives to open an account."""

    field_order = ("last_name", "first_name", "contact", "password1", "password2", "language")

    last_name = forms.CharField(
        label=_("Surname"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    first_name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    contact = forms.CharField(
        label=_("E-mail or phone"),
        help_text=_("We send a code there. With it you sign in later, too."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=LANGUAGES, initial=lambda: (get_language() or "kk")[:2]
    )

    def clean_contact(self) -> tuple[str, str]:
        return clean_contact(self.cleaned_data["contact"])

    def owner(self) -> User:
        medium, address = self.cleaned_data.get("contact") or (SMS, "")
        names = {name: self.cleaned_data.get(name, "") for name in ("last_name", "first_name")}
        return User(email=address if medium == EMAIL else "", username=address, **names)


class ResetRequestForm(forms.Form):
    """Where the way to a new password shall be sent."""

    contact = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_contact(self) -> tuple[str, str]:
        return clean_contact(self.cleaned_data["contact"])


class NewPasswordForm(NewPasswordFields):
    """The new password of an account whose phone was proven by a code."""

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def owner(self) -> User:
        return self._user or User()


class ContactForm(forms.Form):
    """A new phone or e-mail address of an account."""

    contact = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        error_messages={"required": _("Give a phone number or an e-mail address.")},
    )

    def clean_contact(self) -> tuple[str, str]:
        return clean_contact(self.cleaned_data["contact"])


class FindAccountForm(forms.Form):
    """The exact login of an account."""

    login = forms.CharField(
        label=_("E-mail, phone or user name"),
        max_length=254,
        help_text=_("Exactly as in the account. Each search is recorded."),
        error_messages={"required": _("Enter the login of the account.")},
    )


class LostForm(forms.Form):
    """What was lost, checked against an identity card, with the ground."""

    factors = forms.MultipleChoiceField(
        label=_("What was lost"),
        choices=[
            ("phone", _("Phone number")),
            ("email", _("E-mail address")),
            ("app", _("Authenticator app and passkeys")),
            ("recovery", _("Recovery codes")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what was lost.")},
    )
    new_contact = forms.CharField(
        label=_("New phone or e-mail"),
        help_text=_("A code goes there at the next sign-in."),
        max_length=254,
        required=False,
    )
    ground = forms.CharField(
        label=_("Ground"),
        help_text=_("What happened and which document you looked at, without its number. It stands in the log."),
        widget=forms.Textarea,
        min_length=10,
        max_length=1000,
        error_messages={"required": _("Write the ground.")},
    )
    identity_checked = forms.BooleanField(
        label=_("I have compared the person with the identity card"),
        error_messages={"required": _("Without that nothing may be taken away.")},
    )

    def clean_new_contact(self) -> tuple[str, str] | None:
        typed = self.cleaned_data["new_contact"].strip()
        return clean_contact(typed) if typed else None
