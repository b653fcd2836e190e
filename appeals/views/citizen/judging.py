"""Judge an answer, dispute it, or withdraw the appeal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appeals import feedback
from appeals.feedback import Judgement
from appeals.forms.following import JudgementForm, RatingForm, WithdrawForm
from appeals.models import Appeal, Verdict
from appeals.views.citizen import access
from common.errors import DomainError


@require_http_methods(["GET", "POST"])
@access.of_case
def judge(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """One tap for «solved»; a reason or a line for anything else; a second look for whoever disputes."""
    reply = feedback.answer_of(appeal)
    can_judge = feedback.can_judge(appeal, reply)
    can_dispute = feedback.can_dispute(appeal, reply, timezone.now())
    if not (can_judge or can_dispute):
        messages.info(request, _("There is no answer to judge at the moment."))
        return access.redirect_after_post(_case_url(appeal))
    form = JudgementForm(request.POST) if request.method == "POST" else JudgementForm(initial=_begun(request))
    if request.method == "POST" and form.is_valid():
        try:
            text = _keep(request, appeal, form.cleaned_data, can_judge=can_judge)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, text)
            return access.redirect_after_post(_case_url(appeal))
    context = {
        "appeal": appeal,
        "form": form,
        "reply": reply,
        "can_judge": can_judge,
        "can_dispute": can_dispute,
        "until": feedback.dispute_until(appeal, reply),
    }
    return render(request, "appeals/citizen/judge.html", context, status=422 if form.errors else 200)


@require_POST
@access.of_case
def solved(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """One tap closes the matter; a rating may follow and need not."""
    feedback.give_feedback(appeal.pk, Judgement(Verdict.SOLVED), actor=access.signed_in(request))
    messages.success(request, _("Thank you for your judgement."))
    return access.redirect_after_post(reverse("appeals:rate", args=[appeal.number]))


@require_http_methods(["GET", "POST"])
@access.of_case
def rate(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    if not feedback.can_complete(feedback.answer_of(appeal)):
        return access.redirect_after_post(_case_url(appeal))
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        feedback.complete_feedback(
            appeal.pk, rating=data["rating"], comment=data["comment"], actor=access.signed_in(request)
        )
        messages.success(request, _("Thank you for your judgement."))
        return access.redirect_after_post(_case_url(appeal))
    context = {"appeal": appeal, "form": form}
    return render(request, "appeals/citizen/rate.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """The button pressed on the tracking page."""
    verdict = request.GET.get("verdict", "")
    initial: dict[str, Any] = {"verdict": verdict if verdict in Verdict.values else ""}
    return initial | ({"wants_second_look": True} if request.GET.get("dispute") else {})


def _keep(request: HttpRequest, appeal: Appeal, data: dict[str, Any], *, can_judge: bool) -> str:
    judgement = Judgement(
        verdict=Verdict(data["verdict"]), rating=data["rating"], reasons=tuple(data["reasons"]), comment=data["comment"]
    )
    user = access.signed_in(request)
    if (data["wants_second_look"] and judgement.verdict != Verdict.SOLVED) or not can_judge:
        feedback.dispute_answer(appeal.pk, judgement, actor=user)
        return _("Your dispute is registered. Another unit will look at the matter.")
    feedback.give_feedback(appeal.pk, judgement, actor=user)
    return _("Thank you for your judgement.")


@require_http_methods(["GET", "POST"])
@access.of_case
def withdraw(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    if request.method == "POST" and form.is_valid():
        feedback.withdraw(appeal.pk, reason=form.cleaned_data["reason"], actor=access.signed_in(request))
        messages.success(request, _("The appeal is withdrawn."))
        return access.redirect_after_post(_case_url(appeal))
    context = {
        "title": _("Withdraw the appeal?"),
        "text": _(
            "Nobody will work on it any more. A withdrawn appeal cannot be brought back; you may file a new one."
        ),
        "action": request.path,
        "confirm": _("Withdraw the appeal"),
        "cancel_url": _case_url(appeal),
        "danger": True,
        "rows": [(_("Number"), appeal.number)],
        "form": form,
    }
    return render(request, "ui/confirm.html", context)


def _case_url(appeal: Appeal) -> str:
    return reverse("appeals:tracking", args=[appeal.number])
