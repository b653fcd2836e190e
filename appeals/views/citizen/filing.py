"""File an appeal: one page, one POST, and on to the receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from appeals import contacts, intake, terms
from appeals.channels import web
from appeals.forms.choices import topic_words
from appeals.forms.citizen import FilingForm
from appeals.models import Applicant, Kind, Priority, Regime, TimerCode, Topic
from appeals.suggestions import suggest_topics
from appeals.views.citizen import access
from appeals.views.citizen.term_words import term_of
from common.errors import DomainError, RateLimited
from common.limits import network_of, take
from identity import levels
from privacy import consents
from signin import contacts as account_contacts


@never_cache
@require_http_methods(["GET", "POST"])
def file_appeal(request: HttpRequest) -> HttpResponse:
    """The whole way in: look, check, submit once, give the browser the right to see the receipt."""
    user = access.signed_in(request)
    if request.method == "GET":
        return _page(request, FilingForm(initial=_known(request, user)), user)
    form = FilingForm(request.POST, request.FILES)
    if request.POST.get("action") == "suggest":
        return _suggestion(request, form, user)
    if not form.is_valid():
        return _page(request, form, user, status=422)
    try:
        take("filing", network_of(request))
        submitted = intake.submit_appeal(web.parse(_filing(form, user), received_at=timezone.now()))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, form, user, status=429 if isinstance(error, RateLimited) else 422)
    form.forget_files()
    appeal = submitted.appeal
    if appeal.is_statutory:
        # Its clock starts with the confirmation, so the code goes out even when the receipt is never looked at.
        contacts.send_first_code(appeal.pk)
    response = access.redirect_after_post(reverse("appeals:receipt", args=[appeal.number]))
    access.open_case(request, response, appeal.pk)
    return response


def _filing(form: FilingForm, user: User | None) -> web.WebFiling:
    data = form.cleaned_data
    statutory = data["regime"] == Regime.APPEAL
    return web.WebFiling(
        token=form.form_token,
        text=data["text"],
        language=get_language() or "kk",
        answer_language=data["answer_language"],
        regime=Regime(data["regime"]),
        topic_id=data["topic"],
        priority=_priority(data, statutory),
        area_id=data["area"],
        address=data["address"],
        point=form.point(),
        files=form.checked_files,
        is_confidential=data["is_confidential"],
        has_consented=bool(data["consent"]) and consents.is_asked(consents.FILING) and not data["is_anonymous"],
        consent_version=data["consent_version"],
        user_id=user.pk if user and not data["is_anonymous"] else None,
        **(_complaint(data) if data["is_complaint"] else {}),
        **(_nobody() if data["is_anonymous"] else _somebody(data, user, statutory)),
    )


def _nobody() -> dict[str, Any]:
    return {"applicant_type": Applicant.Type.ANONYMOUS}


def _somebody(data: dict[str, Any], user: User | None, statutory: bool) -> dict[str, Any]:
    who: dict[str, Any] = {
        "full_name": data["full_name"],
        "phone": data["phone"],
        "email": data["email"],
        "contact_confirmed": user is not None
        and account_contacts.is_confirmed_for(user, phone=data["phone"], email=data["email"]),
    }
    if statutory:
        who |= {
            "full_name": data["applicant_name"],
            "applicant_type": data["applicant_type"] or Applicant.Type.INDIVIDUAL,
            "identifier": data["identifier"],
            "postal_address": data["postal_address"],
            "representative_name": data["representative_name"],
            "representative_ground": data["representative_ground"],
            "kind": Kind(data["kind"]) if data["kind"] else None,
        }
    return who


def _complaint(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "is_complaint": True,
        "complaint_department_id": data["complaint_department"],
        "complaint_about": data["complaint_about"],
    }


def _priority(data: dict[str, Any], statutory: bool) -> Priority | None:
    """Words of danger without a topic are not left to wait for the operator's choice."""
    if data["topic"] or statutory:
        return None
    likely = suggest_topics(data["text"], topic_words(), most=1)
    urgent = likely and terms.topics()[likely[0]].default_priority == Priority.EMERGENCY
    return Priority.EMERGENCY if urgent else None


def _known(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What the account knows is not typed again."""
    initial: dict[str, Any] = {"topic": request.GET.get("topic", ""), "area": request.GET.get("area", "")}
    if user is not None:
        initial |= {
            "full_name": user.full_name,
            "applicant_name": user.full_name,
            "phone": user.phone,
            "email": user.email,
            "identifier": user.iin if levels.allows(user, "prefill_official") else "",
            "postal_address": user.postal_address,
        }
    return initial


def _suggestion(request: HttpRequest, form: FilingForm, user: User | None) -> HttpResponse:
    """The same form with topics that its words point to; of the checks only that of the files is shown."""
    form.is_valid()
    for name in [name for name in form.errors if name != "attachments"]:
        del form.errors[name]
    likely = suggest_topics(str(request.POST.get("text", "")), topic_words())
    suggested = [terms.topics()[pk] for pk in likely]
    if suggested:
        chosen = request.POST.copy()
        chosen["topic"] = str(suggested[0].pk)
        form.data = chosen
    return _page(request, form, user, suggested=suggested)


def _page(
    request: HttpRequest,
    form: FilingForm,
    user: User | None,
    *,
    status: int = 200,
    suggested: list[Topic] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "kept": form.keep_files(),
        "suggested": suggested,
        "emergency_lines": _lines(suggested or []),
        "regime_hints": _regime_hints(),
        **_consent(),
        "account": user,
        "max_files": intake.MAX_FILES,
    }
    return render(request, "appeals/citizen/filing.html", context, status=status)


def _consent() -> dict[str, Any]:
    """The words in force; nothing where the akimat acts by law and asks for no consent."""
    if not consents.is_asked(consents.FILING):
        return {"consent_asked": False}
    text = consents.text_of(consents.FILING)
    version = text.version if text else ""
    return {"consent_asked": True, "consent_text": text.said("summary") if text else "", "consent_version": version}


def _lines(topics: list[Topic]) -> list[str]:
    numbers = next((topic.hand_over_to for topic in topics if topic.hand_over_to), "")
    return [number.strip() for number in numbers.split(",") if number.strip()]


def _regime_hints() -> dict[str, str]:
    request = term_of(TimerCode.ANSWER, Regime.REQUEST)
    appeal = term_of(TimerCode.ANSWER, Regime.APPEAL)
    return {
        Regime.REQUEST: _("For repairs and order in the city. No documents. Usual term: %(term)s.") % {"term": request},
        Regime.APPEAL: _(
            "By law (APPC), with a reasoned answer that you can complain against. Term: %(term)s. "
            "Needs your full name, IIN or BIN and postal address."
        )
        % {"term": appeal},
    }
