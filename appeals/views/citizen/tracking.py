"""Follow an appeal: open it by number and code, see where it stands, write to those who work on it."""

from __future__ import annotations

import hmac
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from appeals import feedback, threads
from appeals.forms.following import MessageForm, TrackForm
from appeals.models import Appeal, Channel, EventKind, Message
from appeals.selectors.tracking import CitizenCase, citizen_case
from appeals.views import term_views
from appeals.views.citizen import access, story
from appeals.views.citizen.asked import asked_of
from common.errors import DomainError, RateLimited
from common.limits import network_of, take
from common.reference_numbers import AppealNumber

GIVEN = frozenset({EventKind.ASSIGNED, EventKind.CLAIMED, EventKind.REOPENED})  # name the unit that has it from then on
NO_CODE = "-" * 11  # compared when there is no such number, so that both refusals take the same time


@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code open the case in this browser; a wrong number and a wrong code are answered alike."""
    if request.method == "GET":
        return _track_page(request, TrackForm(initial={"number": request.GET.get("number", "")[:60]}))
    form = TrackForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            appeal = _by_code(request, form.cleaned_data["number"], form.cleaned_data["code"])
        except RateLimited as error:
            form.add_error(None, str(error))
            status = 429
        else:
            if appeal is not None:
                response = access.redirect_after_post(reverse("appeals:tracking", args=[appeal.number]))
                access.open_case(request, response, appeal.pk)
                return response
            form.add_error("number", _("There is no appeal with this number and this code. Check both."))
    return _track_page(request, form, status=status)


def _track_page(request: HttpRequest, form: TrackForm, *, status: int = 200) -> HttpResponse:
    example = AppealNumber(sequence=1234, year=timezone.localdate().year)
    hint = _("For example: %(number)s. Small letters and spaces do no harm.") % {"number": example}
    context = {"form": form, "number_hint": hint}
    return render(request, "appeals/citizen/track.html", context, status=status)


def _by_code(request: HttpRequest, number: str, code: str) -> Appeal | None:
    take("track", network_of(request))
    if number:
        take("track-number", number)
    appeal = Appeal.objects.filter(number=number or "-").only("number", "tracking_code").first()
    kept = appeal.tracking_code if appeal else NO_CODE
    return appeal if hmac.compare_digest(kept.encode(), code.encode()) and appeal else None


@access.of_case
def tracking(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    return case_page(request, appeal)


def case_page(
    request: HttpRequest, appeal: Appeal, *, message_form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    """Where it stands, who has it, what happened, what was said, what can be done now."""
    now = timezone.now()
    case = citizen_case(appeal)
    clock = term_views.leading(case.timers)
    reply = feedback.answer_of(appeal)
    asked = asked_of(appeal, case.timers, now)
    upcoming = story.next_line(appeal, now, asked.until if asked and asked.stands else None)
    context = {
        "appeal": appeal,
        "term": term_views.view_of(clock, now) if clock else None,
        "holder": appeal.department.name if appeal.department else "",
        "lines": story.lines(case.events, [upcoming] if upcoming else [], nameable=case.nameable),
        "thread": _thread(case),
        "own_files": _files(appeal, [file for file in case.files if file.message_id is None and file.reply_id is None]),
        "answers": [_answer(case, reply) for reply in case.replies],
        "questions": case.questions,
        "needs_code": _needs_code(appeal),
        "may_complain": story.can_be_complained_about(appeal, now),
        "can_judge": feedback.can_judge(appeal, reply),
        "can_dispute": feedback.can_dispute(appeal, reply, now),
        "dispute_until": feedback.dispute_until(appeal, reply),
        "can_withdraw": feedback.can_withdraw(appeal),
        "asked": asked,
        "question": _last_question(case) if asked else "",
        "kept": message_form.keep_files() if message_form else [],
        "message_form": message_form or (MessageForm() if appeal.is_open else None),
        "account": access.signed_in(request),
    }
    return render(request, "appeals/citizen/tracking.html", context, status=status)


def _last_question(case: CitizenCase) -> str:
    """What was asked last; it stands in the conversation, too."""
    asked = [event.reason for event in case.events if event.kind == EventKind.INFO_REQUESTED]
    return asked[-1] if asked else ""


def _needs_code(appeal: Appeal) -> bool:
    who = appeal.applicant
    return bool(who.phone or who.email) and who.contact_confirmed_at is None


def _thread(case: CitizenCase) -> list[dict[str, Any]]:
    """The first text and every message after it; the staff write in the name of the unit that had the appeal then."""
    now = case.appeal.department.name if case.appeal.department else _("Halyq Uni")
    senders = _senders(case)
    first = {"direction": "out", "author": _("You"), "at": case.appeal.received_at, "text": case.appeal.text}
    first["files"] = _files(
        case.appeal, [file for file in case.files if file.message_id is None and file.reply_id is None]
    )
    said = [
        {
            "direction": "out" if message.direction == Message.Direction.IN else "in",
            "author": _("You") if message.direction == Message.Direction.IN else senders.get(message.pk, now),
            "at": message.at,
            "text": message.text,
            "files": _files(case.appeal, [file for file in case.files if file.message_id == message.pk]),
        }
        for message in case.messages
    ]
    return [first, *said]


def _senders(case: CitizenCase) -> dict[int, str]:
    """Which unit wrote which message: what one unit asked is not put into the mouth of the next."""
    senders: dict[int, str] = {}
    unit = ""
    for event in case.events:
        if event.kind in GIVEN and not event.data.get("question"):
            unit = story.unit_name(event.data.get("department"))
        if event.data.get("message"):
            senders[event.data["message"]] = unit or _("Halyq Uni")
    return senders


def _answer(case: CitizenCase, reply: Any) -> dict[str, Any]:
    return {
        "reply": reply,
        "unit": reply.department.name if reply.department else "",
        "files": _files(case.appeal, [file for file in case.files if file.reply_id == reply.pk]),
        "judged": getattr(reply, "feedback", None),
    }


def _files(appeal: Appeal, rows: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "size": row.size,
            "content_type": row.content_type,
            "url": reverse("appeals:citizen_file", args=[appeal.number, row.pk]),
        }
        for row in rows
    ]


@require_POST
@access.of_case
def add_message(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """Add words or files; the form's token makes a double click one message."""
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        parts = threads.MessageParts(
            channel=Channel.WEB,
            external_id=f"{appeal.pk}-{form.form_token}",
            received_at=timezone.now(),
            text=form.cleaned_data["text"].strip(),
            files=form.checked_files,
        )
        try:
            take("message", network_of(request))
            threads.join_message(appeal.pk, parts=parts)
            form.forget_files()
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Your message has been added to the appeal."))
            return access.redirect_after_post(reverse("appeals:tracking", args=[appeal.number]) + "#thread")
    return case_page(request, appeal, message_form=form, status=422)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """On a shared computer: close the cases that were opened here."""
    response = access.redirect_after_post(reverse("appeals:track"))
    access.forget_cases(response)
    messages.success(request, _("The appeals opened in this browser are closed. Keep the number and the code."))
    return response
