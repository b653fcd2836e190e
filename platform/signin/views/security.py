"""One page of everything by which a person proves that it is he, and what he should do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import is_staff_member
from common.errors import NotFound
from common.masking import mask_email
from common.phones import mask_phone
from signin import factors, passwords, recovery_codes, second_factor, sessions, trusted_devices
from signin.device_words import ICONS, DeviceWords, describe
from signin.factors import GOOD, STRONG, WEAK, Factors
from signin.models import TrustedDevice
from signin.places import place_of
from signin.views.visitor import get_user
from ui.dates import long_date

STRENGTH: dict[str, tuple[str, str | Promise, str | Promise]] = {
    WEAK: ("bad", gettext_lazy("Weak"), gettext_lazy("Only a password stands between your account and a stranger.")),
    GOOD: (
        "info",
        gettext_lazy("Good"),
        gettext_lazy(
            "A stranger needs more than your password. An app or a passkey is safer than a code by SMS or e-mail."
        ),
    ),
    STRONG: ("good", gettext_lazy("Strong"), gettext_lazy("A stranger cannot sign in with your password alone.")),
}


@dataclass(frozen=True)
class Way:
    """One row of the page: a way, its state, and what can be done with it."""

    title: str
    text: str
    state: str
    tone: str
    icon: str
    url: str
    action: str


@dataclass(frozen=True)
class TrustedView:
    """A browser that is not asked for a code, as its owner reads it."""

    row: TrustedDevice
    words: DeviceWords
    place: str

    @property
    def icon(self) -> str:
        return ICONS[self.words.kind]


@dataclass(frozen=True)
class Advice:
    """What to do next."""

    text: str
    url: str
    action: str


@login_required
@never_cache
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    user = get_user(request)
    found = factors.factors_of(user)
    tone, name, words = STRENGTH[found.strength]
    context = {
        "strength": {"tone": tone, "name": name, "words": words},
        "ways": list(_ways(user, found)),
        "advice": list(_advice(user, found)),
        "trusted_devices": None if second_factor.needs_second_factor_always(user) else _trusted(user),
        "sessions_count": sessions.open_sessions(user).count(),
        "data_url": _url_of("privacy:export"),
    }
    return render(request, "signin/security.html", context)


@login_required
@require_POST
def forget_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """The device is asked for a code again: safer, so nothing need be confirmed."""
    if not trusted_devices.forget(get_user(request), device_id):
        raise NotFound
    messages.success(request, _("This device will be asked for a code again."))
    return redirect("signin:security")


def _trusted(user: User) -> list[TrustedView]:
    rows = TrustedDevice.objects.filter(user=user, expires_at__gt=timezone.now())
    return [TrustedView(row, describe(row.label), place_of(row.address)) for row in rows]


def _url_of(name: str) -> str:
    """Empty for a page that this installation does not have."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _ways(user: User, found: Factors) -> Iterator[Way]:
    yield _password(user)
    yield _phone(user, found)
    yield _email(user, found)
    yield _app(found)
    yield _passkeys(found)
    yield _codes(found)


def _password(user: User) -> Way:
    at = passwords.changed_at(user)
    words = (
        _("Changed on %(date)s.") % {"date": long_date(at)} if at else _("Not changed since the account was opened.")
    )
    return Way(
        _("Password"), words, _("In use"), "good", "lock", reverse("account_change_password"), _("Change the password")
    )


def _phone(user: User, found: Factors) -> Way:
    url = reverse("signin:contacts")
    text = _("Codes for signing in can come there by SMS.")
    if found.phone:
        return Way(_("Phone"), f"{mask_phone(found.phone)}. {text}", _("Confirmed"), "good", "phone", url, _("Change"))
    if user.phone:
        words = f"{mask_phone(user.phone)}. {text}"
        return Way(_("Phone"), words, _("Not confirmed"), "warn", "phone", url, _("Confirm"))
    return Way(_("Phone"), text, _("None"), "calm", "phone", url, _("Add"))


def _email(user: User, found: Factors) -> Way:
    url = reverse("signin:contacts")
    text = _("Codes for signing in and notices about your account come there.")
    if found.email:
        return Way(_("E-mail"), f"{mask_email(found.email)}. {text}", _("In use"), "good", "mail", url, _("Change"))
    if user.email:
        words = f"{mask_email(user.email)}. {text}"
        return Way(_("E-mail"), words, _("Not confirmed"), "warn", "mail", url, _("Confirm"))
    return Way(_("E-mail"), text, _("None"), "calm", "mail", url, _("Add"))


def _app(found: Factors) -> Way:
    title, text = _("App that makes codes"), _("Works without a network: a new code of six digits every half minute.")
    if found.totp is not None:
        since = _("Added on %(date)s.") % {"date": long_date(found.totp.created_at)}
        return Way(title, since, _("On"), "good", "clock", reverse("mfa_deactivate_totp"), _("Remove"))
    return Way(title, text, _("Off"), "calm", "clock", reverse("mfa_activate_totp"), _("Add"))


def _passkeys(found: Factors) -> Way:
    title, text = (
        _("Passkeys"),
        _("Sign in with the fingerprint, the face or the PIN of your device, without a password."),
    )
    if not found.passkeys:
        return Way(title, text, _("None"), "calm", "user", reverse("mfa_add_webauthn"), _("Add"))
    names = ", ".join(row.wrap().name for row in found.passkeys)
    count = len(found.passkeys)
    words = ngettext("%(count)s passkey", "%(count)s passkeys", count) % {"count": count}
    return Way(title, names, words, "good", "user", reverse("mfa_list_webauthn"), _("Manage"))


def _codes(found: Factors) -> Way:
    title, text = _("Recovery codes"), _("Printed codes for the day when your phone is lost. Each is good once.")
    url = reverse("mfa_generate_recovery_codes")
    if not found.has_codes:
        return Way(title, text, _("None"), "calm", "document", url, _("Make codes"))
    left = found.codes_left
    words = ngettext("%(count)s code left", "%(count)s codes left", left) % {"count": left}
    tone = "good" if left > recovery_codes.FEW else "warn" if left else "bad"
    return Way(title, text, words, tone, "document", url, _("Make new codes"))


def _advice(user: User, found: Factors) -> Iterator[Advice]:
    """The most useful first; a person with everything is left in peace."""
    if not found.email and not found.phone:
        yield Advice(
            _("Confirm your e-mail address or phone: without it nobody can help you back in."),
            reverse("signin:contacts"),
            _("Confirm"),
        )
    if not found.has_device:
        text = (
            _("Your work needs a second step of its own: add an app that makes codes or a passkey.")
            if is_staff_member(user)
            else _(
                "Add an app that makes codes or a passkey: safer than a code by SMS, and it works without a network."
            )
        )
        yield Advice(text, reverse("mfa_activate_totp"), _("Add the app"))
    if not found.has_codes:
        yield Advice(
            _("Print recovery codes and keep them at home: they let you in when the phone is lost."),
            reverse("mfa_generate_recovery_codes"),
            _("Make codes"),
        )
    elif found.codes_left <= recovery_codes.FEW:
        words = ngettext(
            "Only %(count)s recovery code is left.", "Only %(count)s recovery codes are left.", found.codes_left
        )
        yield Advice(words % {"count": found.codes_left}, reverse("mfa_generate_recovery_codes"), _("Make new codes"))
