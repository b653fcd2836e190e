"""The authorization endpoint: sign in, agree, and go back to the system with a code."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.idp.oidc.internal.oauthlib.server import get_server
from allauth.idp.oidc.internal.tokens import decode_jwt_token
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from oauthlib.oauth2.rfc6749.errors import FatalClientError

from accounts.models import User
from accounts.permissions import is_staff_member
from signin import second_factor
from sso import connections
from sso.authentication import proof_of
from sso.connections import hash_of
from sso.models import Connection
from sso.provider import gate, handover
from sso.provider.adapter import public_url
from sso.provider.gate import Asked, RefusedHere, SentBack
from sso.provider.switch import provided, system_of
from sso.scopes import described

CONSENT_SALT = "sso.consent"
CONSENT_SECONDS = 600
STAMPS = "sso_sign_in_asked"
MOST_STAMPS = 10


@csrf_exempt  # a system may send its request as a form; nothing is done before it is read again by GET
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@provided
def authorize(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
    system = system_of(request.GET.get("client_id", ""))
    try:
        asked = gate.read(request.GET, system)
        return _in_the_language_of(asked, request, _answer(request, asked))
    except RefusedHere as refusal:
        return refused(request, refusal)
    except SentBack as problem:
        return handover.tell_system(request, problem, name=str(system or ""))


@never_cache
@require_POST
@provided
def consent(request: HttpRequest) -> HttpResponse:
    """What the person answered on the page of consent; the request is read anew, for much may have changed."""
    try:
        asked = _asked_on_the_page(request)
    except RefusedHere as refusal:
        return refused(request, refusal)
    try:
        user = _person(request)
        if user is None or request.POST.get("action") != "allow":
            raise asked.back("access_denied", "the person did not agree")
        _check_person(asked, user)
        connections.agree(asked.system, user, asked.scopes, remember="remember" in request.POST)
        return _issue(request, asked, user)
    except SentBack as problem:
        return handover.tell_system(request, problem, name=str(asked.system))


def refused(request: HttpRequest, refusal: RefusedHere) -> HttpResponse:
    return render(request, "sso/refused.html", {"reason": refusal.message}, status=400)


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    user = _person(request)
    response = _sign_in_first(request, asked, user)
    if response is not None or user is None:
        return response or redirect_to_login(request.get_full_path())
    _check_person(asked, user)
    if "consent" not in asked.prompts and connections.is_agreed(asked.system, user, asked.scopes):
        return _issue(request, asked, user)
    if asked.is_silent:
        raise asked.back("consent_required", "the person has not agreed yet, or not to all of this")
    return _ask(request, asked, user)


def _person(request: HttpRequest) -> User | None:
    """Somebody who is still passing the steps of signing in is nobody yet."""
    user = request.user
    return user if isinstance(user, User) and second_factor.passed(request, user) else None


def _sign_in_first(request: HttpRequest, asked: Asked, user: User | None) -> HttpResponse | None:
    """To the sign-in page, or to prove oneself again if the system wants that; None when it may go on."""
    key = hash_of(request.META.get("QUERY_STRING", ""))
    asked_at = _stamps(request).get(key)
    if user is not None and not _is_stale(request, asked, user, asked_at):
        if asked_at is not None:
            request.session[STAMPS] = {k: at for k, at in _stamps(request).items() if k != key}
        return None
    if asked.is_silent:
        raise asked.back("login_required", "nobody is signed in, or not recently enough")
    if asked_at is None and ("login" in asked.prompts or asked.max_age is not None):
        kept = sorted(_stamps(request).items(), key=lambda item: item[1])[1 - MOST_STAMPS :]
        request.session[STAMPS] = dict(kept) | {key: time.time()}
    if user is None:
        return redirect_to_login(request.get_full_path())
    ways = get_account_adapter(request).get_reauthentication_methods(user)
    if not ways:
        raise asked.back("login_required", "the person cannot prove himself again here")
    return HttpResponseRedirect(f"{ways[0]['url']}?{urlencode({'next': request.get_full_path()})}")


def _is_stale(request: HttpRequest, asked: Asked, user: User, asked_at: float | None) -> bool:
    """Whether he must prove himself again; having done so after this very request began is enough."""
    proved_at = proof_of(request, user).at.timestamp()
    if asked_at is not None and proved_at >= asked_at:
        return False
    if "login" in asked.prompts:
        return True
    return asked.max_age is not None and time.time() - proved_at > asked.max_age


def _stamps(request: HttpRequest) -> dict[str, float]:
    return dict(request.session.get(STAMPS, {}))


def _check_person(asked: Asked, user: User) -> None:
    """The system may be for the staff, and may have named whom it expects."""
    if asked.system.for_staff_only and not is_staff_member(user):
        raise asked.back("access_denied", "this system is for the staff only")
    hint = asked.parameters.get("id_token_hint")
    if not hint:
        return
    said = decode_jwt_token(hint, client_id=asked.system.client_id, verify_exp=False, verify_iss=True)
    if said is None:
        raise asked.back("invalid_request", "the id_token_hint is none of ours")
    if not Connection.objects.filter(system=asked.system, user=user, subject=said.get("sub")).exists():
        raise asked.back("login_required", "somebody else is signed in")


def _ask(request: HttpRequest, asked: Asked, user: User) -> HttpResponse:
    """The page of consent carries the request signed, for this person and for ten minutes."""
    page = {
        "system": asked.system,
        "scopes": described(asked.scopes),
        "asked": signing.dumps({"user": user.pk, "asked": dict(asked.parameters)}, salt=CONSENT_SALT),
        "host": urlsplit(asked.redirect_uri).netloc or urlsplit(asked.redirect_uri).scheme,
    }
    return render(request, "sso/consent.html", page)


def _asked_on_the_page(request: HttpRequest) -> Asked:
    try:
        kept = signing.loads(request.POST.get("asked", ""), salt=CONSENT_SALT, max_age=CONSENT_SECONDS)
    except signing.BadSignature:
        raise RefusedHere(_("This page has expired. Go back to the system and sign in again.")) from None
    user = _person(request)
    if user is not None and kept["user"] != user.pk:
        raise RefusedHere(_("Somebody else has signed in meanwhile. Go back to the system and sign in again."))
    try:
        return gate.read(kept["asked"], system_of(kept["asked"]["client_id"]))
    except SentBack as problem:
        raise RefusedHere(problem.description) from problem


def _issue(request: HttpRequest, asked: Asked, user: User) -> HttpResponse:
    """The library makes the code; we tie it to the person, to the way he proved himself and to the later tokens."""
    connection = connections.connection_of(asked.system, user)
    uri = f"{public_url('idp:oidc:authorization')}?{asked.query()}"
    try:
        headers, _body, _status = get_server().create_authorization_response(
            uri, "GET", "", {}, scopes=list(asked.scopes), credentials={"user": user}
        )
    except FatalClientError as error:
        raise RefusedHere(str(error.description)) from error
    location = str(headers["Location"])
    codes = parse_qs(urlsplit(location).query).get("code", [])
    if codes:
        connections.start_sign_in(connection, code=codes[-1], proof=proof_of(request, user))
    return handover.lead_to(request, handover.with_parameters(location, iss=public_url()), name=str(asked.system))


def _in_the_language_of(asked: Asked, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody who comes here for the first time goes on in the language in which he used the system."""
    known = {code for code, _name in settings.LANGUAGES}
    wanted = [tag.split("-")[0] for tag in asked.parameters.get("ui_locales", "").split()]
    first = next((tag for tag in wanted if tag in known), None)
    if first and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            first,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
