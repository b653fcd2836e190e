"""The endpoints that systems call themselves, and signing out: allauth's views with our rules around them."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc.forms import RPInitiatedLogoutForm
from allauth.idp.oidc.internal.oauthlib.utils import extract_headers, get_validator_context
from allauth.idp.oidc.models import Client, Token
from allauth.idp.oidc.views import LogoutView, RevokeView, TokenView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from common import limits
from sso import clients, records
from sso.provider import families, handover
from sso.provider.adapter import ProviderAdapter
from sso.provider.switch import provided, system_of

GRANTS = {families.CODE, families.REFRESH}
FAILURES, FAILURE_SECONDS = 30, 600


def problem(error: str, description: str, status: int = 400) -> JsonResponse:
    answer = JsonResponse({"error": error, "error_description": description}, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def know_client(request: HttpRequest) -> str:
    """Give the library the row of the system, whose secret of before is good for a day; returns the identifier."""
    client_id, _secret = extract_basic_auth(extract_headers(request))
    client_id = client_id or request.POST.get("client_id", "")
    system = system_of(client_id)
    client = Client.objects.filter(pk=client_id).first()
    if system is not None and client is not None:
        client.check_secret = lambda secret: clients.is_secret_of(system, secret)
        get_validator_context().clients[client_id] = client
    return str(client_id)


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(provided, name="dispatch")
class TokenEndpoint(TokenView):  # type: ignore[misc]  # allauth is untyped
    """Codes and refresh tokens are exchanged once; whoever tries secrets is stopped before they are compared."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("grant_type") not in GRANTS:
            return problem("unsupported_grant_type", "only authorization_code and refresh_token")
        if "resource" in request.POST:
            return problem("invalid_target", "resource is not supported")
        client_id = know_client(request)
        who = f"{client_id} {limits.client_address(request)}"
        if limits.is_spent("sso-secret", who, limit=FAILURES, seconds=FAILURE_SECONDS):
            return problem("temporarily_unavailable", "too many failures", 429)
        response = self._exchange(request)
        if response.status_code == 401:
            limits.count("sso-secret", who, limit=FAILURES + 1, seconds=FAILURE_SECONDS)
        return response

    @transaction.atomic
    def _exchange(self, request: HttpRequest) -> HttpResponse:
        """Nothing is raised in here once a misuse is noted: its consequences must be committed."""
        if not families.admit(request):
            return problem("invalid_grant", "unknown, expired or used before")
        response: HttpResponse = super().post(request)
        return families.keep(request, response)


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(provided, name="dispatch")
class RevocationEndpoint(RevokeView):  # type: ignore[misc]  # as above
    """A system gives a token back."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        know_client(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class EndSessionForm(RPInitiatedLogoutForm):  # type: ignore[misc]  # as above
    """The address to go to afterwards is one that was registered for it, letter by letter."""

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        if cleaned and cleaned.get("post_logout_redirect_uri"):
            client = cleaned.get("client")
            if client is None or cleaned["post_logout_redirect_uri"] not in client.get_post_logout_redirect_uris():
                self.add_error("post_logout_redirect_uri", ValidationError(_("The address is not registered.")))
        return cleaned


@method_decorator(csrf_exempt, name="dispatch")  # the library checks the token of its own page
@method_decorator(provided, name="dispatch")
class EndSessionEndpoint(LogoutView):  # type: ignore[misc]  # as above
    """A system signs a person out; of the hub, too, unless he wants to stay."""

    form_class = EndSessionForm
    template_name = "sso/sign_out.html"

    def form_invalid(self, form: EndSessionForm) -> HttpResponse:
        reason = _("The system asks to lead you to an address that is not registered.")
        return render(self.request, "sso/refused.html", {"reason": reason}, status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        client = form.cleaned_data.get("client") if form is not None and form.is_bound else None
        kwargs["system"] = system_of(client.pk) if client is not None else None
        page: dict[str, Any] = super().get_context_data(**kwargs)
        return page

    def _handle(self, form: EndSessionForm, op_logout: bool) -> HttpResponse:
        client, hint = form.cleaned_data["client"], form.cleaned_data["id_token_hint"]
        system = system_of(client.pk) if client is not None else None
        if client is not None and hint:  # also when the session of the hub ended before
            hinted = ProviderAdapter().get_user_by_sub(client, hint.get("sub", ""))
            Token.objects.filter(client=client, user=hinted).delete() if hinted else None
        if isinstance(self.request.user, User):
            records.signed_out_at(system, self.request.user, of_the_hub=op_logout)
        response: HttpResponse = super()._handle(form, op_logout)
        return handover.lead_to(self.request, response["Location"], name=str(system or ""))


def not_offered(request: HttpRequest) -> HttpResponse:
    """The library's discovery names this address; ours takes it out again."""
    raise Http404
