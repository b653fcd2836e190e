"""The forms of the administrator: connected systems, outside providers, linked accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.models import Organization
from sso import addresses, scopes
from sso.clients import SystemDescription
from sso.models import ConnectedSystem, OutsideProvider

if TYPE_CHECKING:
    BaseSystemForm = forms.ModelForm[ConnectedSystem]
    BaseProviderForm = forms.ModelForm[OutsideProvider]
else:
    BaseSystemForm = BaseProviderForm = forms.ModelForm

MOST_ADDRESSES = 20
# Names that a person can change at many providers, or that are given to somebody else when he leaves.
NO_IDENTIFIERS = {"email", "name", "preferred_username", "nickname", "phone_number", "given_name", "family_name"}
CLAIM = re.compile(r"[A-Za-z0-9_.:/-]{1,60}")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class LinesField(forms.CharField):
    """One value a line."""

    widget = forms.Textarea(attrs={"rows": 4})  # a few addresses or words, one a line

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class SystemForm(BaseSystemForm):
    """What the administrator says of a connected system."""

    redirect_uris = LinesField(
        label=_("Redirect addresses"), help_text=_("One a line, complete, as the system sends them: letter by letter.")
    )
    logout_uris = LinesField(
        label=_("Addresses after signing out"),
        required=False,
        help_text=_("One a line. Empty: people stay here."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the system may ask for"),
        choices=scopes.CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what its task needs. The person is asked all the same."),
    )
    owner = forms.ModelChoiceField(queryset=Organization.objects.filter(is_active=True), label=_("Owner"))

    class Meta:
        model = ConnectedSystem
        fields = ("name_kk", "name_ru", "name_en", "owner", "contact", "kind", "redirect_uris", "logout_uris", "scopes",
                  "for_staff_only")  # fmt: skip
        help_texts = {
            "contact": _("Who runs the system: name, phone or e-mail. Shown to administrators only."),
            "kind": _("A secret in an app or in a page of the browser is none."),
            "for_staff_only": _("Residents are turned away at the door."),
        }
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["kind"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        apps = cleaned.get("kind") == ConnectedSystem.Kind.PUBLIC
        for name in ("redirect_uris", "logout_uris"):
            given = cleaned.get(name, [])
            if len(given) > MOST_ADDRESSES:
                self.add_error(name, _("Too many addresses."))
            for address in given:
                problem = addresses.redirect_problem(address, loopback=settings.SSO_LOOPBACK, apps=apps)
                if problem:
                    self.add_error(name, f"{problem} ({address[:100]})")
        return cleaned

    def description(self) -> SystemDescription:
        return SystemDescription(**{name: self.cleaned_data[name] for name in self._meta.fields or ()})


LISTS = frozenset({"email_domains", "strong_methods", "strong_levels"})  # one entry a line


class ProviderForm(BaseProviderForm):
    """What the administrator says of an outside provider."""

    field_order = ("name_kk", "name_ru", "name_en", "slug", "issuer", "client_id", "secret", "identifier_claim")

    secret = forms.CharField(
        label=_("Client secret"), widget=forms.PasswordInput, max_length=300, required=False, strip=True
    )
    email_domains = LinesField(
        label=_("Allowed e-mail domains"), required=False,
        help_text=_("One a line. If given, the provider must name a confirmed address of one of them."),
    )  # fmt: skip
    strong_methods = LinesField(
        label=_("Methods that count as two factors (amr)"), required=False,
        help_text=_("One a line, such as mfa. Else the hub asks for its own second factor."),
    )  # fmt: skip
    strong_levels = LinesField(label=_("Levels that count as two factors (acr)"), required=False)

    class Meta:
        model = OutsideProvider
        fields = ("name_kk", "name_ru", "name_en", "slug", "issuer", "client_id", "identifier_claim",
                  "email_domains", "strong_methods", "strong_levels")  # fmt: skip
        help_texts = {
            "slug": _("Stands in the address to which the provider leads back; cannot be changed later."),
            "issuer": _("As it stands in the provider's discovery document; cannot be changed later."),
            "identifier_claim": _("Usually sub. An e-mail address is no identifier; cannot be changed later."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["secret"].help_text = _("Leave it empty to keep the present one.")
            for name in ("slug", "issuer", "identifier_claim"):
                self.fields[name].disabled = True

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        problem = addresses.issuer_problem(issuer, loopback=settings.SSO_LOOPBACK)
        if problem:
            raise forms.ValidationError(str(problem))
        return issuer

    def clean_identifier_claim(self) -> str:
        claim: str = self.cleaned_data["identifier_claim"]
        if not CLAIM.fullmatch(claim) or claim in NO_IDENTIFIERS:
            raise forms.ValidationError(_("This claim does not name a person for good."))
        return claim

    def clean_email_domains(self) -> list[str]:
        domains = [domain.lower() for domain in self.cleaned_data["email_domains"]]
        if not all(DOMAIN.fullmatch(domain) for domain in domains):
            raise forms.ValidationError(_("A domain looks like example.kz."))
        return domains


class LinkForm(forms.Form):
    """An administrator says in advance who comes by which identifier."""

    username = forms.CharField(label=_("User name in the hub"), max_length=150)
    identifier = forms.CharField(label=_("Identifier at the provider"), max_length=191)

    def clean_username(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("There is no such account."))
        return user
