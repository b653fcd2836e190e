"""Pages of a person's identity: the civic ID, the IIN, the state signature."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common.errors import DomainError
from common.masking import mask_identifier
from identity import card, challenges, iin, levels, proofs
from identity.eds import ncanode
from identity.forms import IinForm, SignatureForm
from identity.models import SignatureChallenge

FILE_NAME = "halyq-{number}.txt"
Purpose = SignatureChallenge.Purpose


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def has_changeable_iin(request: HttpRequest) -> bool:
    """A first IIN is given freely; changing one is for whoever knows the password."""
    user = _me(request)
    return bool(user.iin_hash) and not iin.is_fixed(user)


@never_cache
@require_safe
@login_required
def civic_id(request: HttpRequest) -> HttpResponse:
    return render(request, "identity/civic_id.html", card.context_for(_me(request), timezone.now()))


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required(enabled=lambda request: has_changeable_iin(request))  # type: ignore[untyped-decorator]  # allauth is untyped
def give_iin(request: HttpRequest) -> HttpResponse:
    """A first IIN is given; one that is there already is changed only by whoever knows the password."""
    user = _me(request)
    if iin.is_fixed(user):
        messages.info(request, _("Your IIN is confirmed by your signature and stays as it is."))
        return redirect("identity:civic_id")
    form = IinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            iin.give_iin(user, iin=form.cleaned_data["iin"], request=request)
        except DomainError as error:
            form.add_error("iin", str(error))
        else:
            messages.success(request, _("The IIN is kept. Its digits are right; only a state signature proves it."))
            return _see_other("identity:civic_id")
    context = {
        "form": form,
        "masked_iin": mask_identifier(user.iin) if user.iin else "",
        "can_sign": ncanode.is_available(),
    }
    return render(request, "identity/iin.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped
def start(request: HttpRequest) -> HttpResponse:
    """What is going to happen; the button makes the text that is to be signed."""
    user = _me(request)
    purpose = request.POST.get("purpose") or request.GET.get("purpose") or Purpose.IDENTITY
    if purpose not in Purpose.values:
        purpose = Purpose.IDENTITY
    if request.method == "POST" and ncanode.is_available():
        challenge = challenges.open_challenge(user, purpose)
        return _see_other("identity:hand_in", challenge.pk)
    context = {
        "purpose": purpose,
        "can_sign": ncanode.is_available(),
        "is_proven": levels.standing_of(user).is_proven,
        "has_iin": bool(user.iin_hash),
    }
    return render(request, "identity/start.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def hand_in(request: HttpRequest, challenge_id: int) -> HttpResponse:
    """Download, sign, upload. The signature is kept before it is checked."""
    user = _me(request)
    challenge = challenges.find(user, challenge_id)
    form = SignatureForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _hand_in_page(request, challenge, SignatureForm())
    if not form.is_valid():
        return _hand_in_page(request, challenge, form, status=422)
    try:
        challenges.keep_signature(challenge, form.content())
    except DomainError as error:
        form.add_error("signature", str(error))
        return _hand_in_page(request, challenge, form, status=422)
    return _check(request, user, challenge, form)


@require_POST
@login_required
def check_again(request: HttpRequest, challenge_id: int) -> HttpResponse:
    """The signature came in time; only its check has to be done once more."""
    user = _me(request)
    return _check(request, user, challenges.find(user, challenge_id), SignatureForm())


@never_cache
@require_safe
@login_required
def challenge_file(request: HttpRequest, challenge_id: int) -> HttpResponse:
    challenge = challenges.find(_me(request), challenge_id)
    response = HttpResponse(challenges.text_of(challenge), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME.format(number=challenge.pk)}"'
    return response


def _check(request: HttpRequest, user: User, challenge: SignatureChallenge, form: SignatureForm) -> HttpResponse:
    try:
        signer = proofs.prove(challenge, user=user, request=request)
    except DomainError as error:
        challenge.refresh_from_db()
        return _hand_in_page(request, challenge, form, error=error, status=error.status)
    if challenge.purpose == Purpose.ORGANIZATION:
        messages.success(request, _("You may now act for %(name)s.") % {"name": signer.organization})
    else:
        messages.success(request, _("Your identity is confirmed by your state signature."))
    return _see_other("identity:civic_id")


def _hand_in_page(
    request: HttpRequest,
    challenge: SignatureChallenge,
    form: SignatureForm,
    *,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "challenge": challenge,
        "form": form,
        "error": error,
        "is_open": challenges.is_open(challenge, now),
        "is_used": challenge.used_at is not None,
        "is_waiting": challenges.is_waiting(challenge, now),
        "file_name": FILE_NAME.format(number=challenge.pk),
        "data": base64.b64encode(challenges.text_of(challenge)).decode(),
        "ncalayer": settings.NCALAYER_URL,
        "is_taken": error is not None and error.code == proofs.TakenElsewhere.code,
    }
    response = render(request, "identity/hand_in.html", context, status=status)
    # The one page whose script talks to the signing program on the resident's own computer.
    response._csp_update = {"connect-src": [settings.NCALAYER_URL]}  # type: ignore[attr-defined]  # read by django-csp
    return response


def _see_other(name: str, *arguments: object) -> HttpResponse:
    """303: the browser fetches the next page, and going back never sends the form again."""
    response = HttpResponseRedirect(reverse(name, args=arguments))
    response.status_code = 303
    return response
