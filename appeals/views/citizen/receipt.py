"""The receipt of an appeal, its printed form, and the code that confirms the contact."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import contact_codes
from accounts.contact_codes import CodeState
from appeals import contacts, intake, terms
from appeals.forms.choices import topic_words
from appeals.forms.following import CodeForm
from appeals.models import Appeal, Applicant, Priority
from appeals.suggestions import emergency_lines, suggest_topics
from appeals.views.citizen import access, story
from common.errors import DomainError
from common.limits import network_of, take
from common.masking import mask_email
from common.phones import mask_phone
from ui import dates


@require_GET
@access.of_case
def receipt(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """Number, code, day of the answer; the first look sends the code that confirms the contact."""
    return _page(request, appeal, contacts.send_first_code(appeal.pk), CodeForm())


@require_POST
@access.of_case
def confirm(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """Compare the code; a right one is used in the same transaction as what it brings about."""
    form = CodeForm(request.POST)
    if appeal.applicant.contact_confirmed_at:
        return access.redirect_after_post(reverse("appeals:receipt", args=[appeal.number]))
    if form.is_valid():
        try:
            take("contact-code", network_of(request))
            accepted = contacts.try_code(appeal.pk, form.cleaned_data["code"])
            with transaction.atomic():
                contact_codes.redeem(accepted)
                address = masked(accepted.medium, accepted.address)
                intake.confirm_contact(appeal.pk, address=address, medium=accepted.medium)
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("Thank you, your contact is confirmed."))
            return access.redirect_after_post(reverse("appeals:receipt", args=[appeal.number]))
    return _page(request, appeal, contacts.state_for(appeal), form, status=422)


@require_POST
@access.of_case
def send_again(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    try:
        contacts.send_code_again(appeal.pk, medium=request.POST.get("medium", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new code is on its way."))
    return access.redirect_after_post(reverse("appeals:receipt", args=[appeal.number]) + "#code")


def _page(
    request: HttpRequest, appeal: Appeal, state: CodeState | None, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    who = appeal.applicant
    context = {
        "appeal": appeal,
        "form": form,
        "needs_code": bool(who.phone or who.email) and who.contact_confirmed_at is None,
        "code_state": state,
        "code_address": masked(state.medium, state.address) if state else "",
        "media": contacts.media_of(who),
        "rows": coupon(appeal),
        "lines": lines_to_call(appeal),
        "is_anonymous": who.type == Applicant.Type.ANONYMOUS,
        "track_url": f"{settings.PUBLIC_URL.rstrip('/')}{reverse('appeals:tracking', args=[appeal.number])}",
    }
    return render(request, "appeals/citizen/receipt.html", context, status=status)


def coupon(appeal: Appeal) -> list[tuple[str, object]]:
    """The data of the coupon (APPC art. 64): number, date and time, what was filed, who received it."""
    registered = (
        dates.long_datetime(appeal.registered_at) if appeal.registered_at and appeal.status != "received" else ""
    )
    return story.as_rows(
        [
            (_("Received"), dates.long_datetime(appeal.received_at)),
            (_("Registered"), registered),
            (_("Regime"), appeal.get_regime_display()),
            (_("Kind"), story.kind_label(appeal) if appeal.is_statutory else ""),
            (_("Topic"), appeal.topic.name if appeal.topic else _("The operator will choose it")),
            (_("Place"), ", ".join(part for part in (appeal.area.name if appeal.area else "", appeal.address) if part)),
            (_("Applicant"), appeal.applicant.full_name),
            (_("Files"), dates.number(appeal.attachments.count()) if appeal.attachments.exists() else ""),
            (_("Received by"), _("Halyq Uni, registered automatically by the system")),
            (_("Answer due by"), dates.long_datetime(appeal.due_at)),
        ]
    )


def lines_to_call(appeal: Appeal) -> list[str]:
    """Emergency numbers for the topic, or for the words when the topic was left to the operator."""
    if appeal.topic:
        numbers = appeal.topic.hand_over_to
    elif appeal.priority == Priority.EMERGENCY:
        lines = {topic.pk: topic.hand_over_to for topic in terms.topics().values()}
        numbers = emergency_lines(suggest_topics(appeal.text, topic_words(), most=1), lines)
    else:
        numbers = ""
    return [number.strip() for number in numbers.split(",") if number.strip()]


def masked(medium: str, address: str) -> str:
    return mask_email(address) if medium == contacts.EMAIL else mask_phone(address)
