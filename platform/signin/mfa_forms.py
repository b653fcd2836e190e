"""allauth's forms of second factors, stricter: codes of apps are good once, passkeys answer from our address only."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from signin import limits, second_factor, totp_codes
from signin.forms import trust_field
from signin.limits import Counted, TooManyTries
from signin.mfa_adapter import is_own_origin

NAME_LENGTH = 60
FLAGS_AT, USER_VERIFIED = 32, 0x04  # in what an authenticator signs: after the hash of the address


class CodesOnce:
    """Codes of an app by `totp_codes`, recovery codes by `recovery_codes`, which locks their row."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        counted = _take_try(self.user)
        code: str = self.cleaned_data["code"]
        rows = list(Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN))
        for row in sorted(rows, key=lambda row: row.type != Authenticator.Type.TOTP):
            is_app = row.type == Authenticator.Type.TOTP
            if totp_codes.use(row, code) if is_app else row.wrap().validate_code(code):
                row.refresh_from_db()
                row.user = self.user
                self.authenticator = row
                limits.give_back(counted)
                return code
        if rows:
            self._emit_authentication_failed(rows[0])
        self.after_failure()
        raise get_adapter().validation_error("incorrect_code")

    def after_failure(self) -> None:
        """What a wrong code brings about beside its record."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]  # of the form it is mixed into


class MayTrust:
    """Residents may have this device trusted; `signin.adapter` does it when the sign-in is through."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not second_factor.needs_second_factor_always(self.user):  # type: ignore[attr-defined]  # of the form
            self.fields["trust"] = trust_field()  # type: ignore[attr-defined]


class CodeForm(MayTrust, CodesOnce, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """At signing in."""

    def after_failure(self) -> None:
        second_factor.warn_when_full(context.request, self.user)


def _take_try(user: Any) -> list[Counted]:
    """Where codes that are sent are counted too: in the database, and strangers apart from the owner's browser."""
    try:
        return second_factor.take_try(context.request, user)
    except TooManyTries as error:
        raise forms.ValidationError(str(error), code=error.code) from error


class CodeAgainForm(CodesOnce, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """Before a sensitive act."""


class AddAppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth is untyped
    """Adds an app; the code it was added with is remembered as spent."""

    step: int | None = None

    def clean_code(self) -> str:
        forget_tries = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        self.step = totp_codes.step_of(self.secret, code)
        if self.step is None:
            raise forms.ValidationError(
                _("The app shows another code. Enter the one it shows now, and let the phone set its clock by itself."),
                code="incorrect_code",
            )
        forget_tries()
        return code


class FromOurAddress:
    """A passkey's answer says for which address it was made; another one is refused before anything is checked."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["credential"]  # type: ignore[attr-defined]
        field.validators.append(refuse_foreign_origin)


def refuse_unverified(credential: Any) -> None:
    """Who signs in with a passkey alone has shown a PIN or a finger, whatever the session had asked for.

    The question of a pending sign-in asks for less, and the session keeps one question at a time: without this a
    stolen key that is a second step only would open its owner's account.
    """
    try:
        encoded = credential["response"]["authenticatorData"]
        flags = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))[FLAGS_AT]
    except (TypeError, KeyError, IndexError, ValueError, binascii.Error):
        raise get_adapter().validation_error("incorrect_code") from None
    if not flags & USER_VERIFIED:
        raise get_adapter().validation_error("incorrect_code")


def refuse_foreign_origin(credential: Any) -> None:
    try:
        encoded = credential["response"]["clientDataJSON"]
        origin = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))["origin"]
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise get_adapter().validation_error("incorrect_code") from None
    if not isinstance(origin, str) or not is_own_origin(origin):
        raise get_adapter().validation_error("incorrect_code")


class AddPasskeyForm(FromOurAddress, AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A passkey by itself, or a key that is a second step only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of the passkey"),
            max_length=NAME_LENGTH,
            required=False,
            help_text=_("So that you know it again: «My phone», «Key on the ring»."),
        )
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in with it without a password"),
            required=False,
            initial=True,
            help_text=_("Take the tick away for a key without fingerprint or PIN: it is then a second step only."),
        )


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=_("Name of the passkey"), max_length=NAME_LENGTH)


class PasskeyForm(MayTrust, FromOurAddress, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """As a second step. It stands beside the form of codes, so its box needs a name of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "trust" in self.fields:
            self.fields["trust"].widget.attrs["id"] = "id_passkey_trust"


class PasskeyAgainForm(FromOurAddress, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Before a sensitive act."""


class PasskeySignInForm(FromOurAddress, LoginWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Instead of the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].validators.append(refuse_unverified)
