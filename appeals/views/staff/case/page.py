"""The case page itself: one look at what it is about, who has it, how much time is left and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Action
from appeals import workflow
from appeals.forms.staff_case import AskForm, MessageForm, TextForm
from appeals.models import Appeal, AppealLink, Assignment, Attachment, Feedback, Question, Reply, Status, TimerCode
from appeals.selectors import case as case_rows
from appeals.selectors.case import Case
from appeals.views import term_views
from appeals.views.staff.case import show, story
from appeals.views.staff.case.actions import Viewer, menu_of
from appeals.views.staff.case.opened import open_case, record_restricted_view, staff_only, subject_of
from audit import trail
from audit.models import AuditRecord
from privacy import restrictions
from ui import dates
from ui.badges import TermView


@dataclass(frozen=True)
class SentReply:
    """An answer that has gone out, with the files that went with it."""

    reply: Reply
    author: str
    unit: str
    files: list[show.FileLine]

    @property
    def reasons(self) -> str:
        """Why the applicant was not satisfied, in words."""
        feedback: Feedback | None = getattr(self.reply, "feedback", None)
        labels = dict(Feedback.Reason.choices)
        return ", ".join(str(labels.get(key, key)) for key in (feedback.reasons if feedback else ()))


@dataclass(frozen=True)
class QuestionLine:
    """One of several questions with the names of who has it."""

    row: Question
    unit: str
    executor: str


@dataclass(frozen=True)
class Linked:
    link: AppealLink
    other: Appeal


@staff_only
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    appeal, viewer = open_case(request, number)
    record_restricted_view(request, appeal)
    return render_case(request, appeal, viewer, sent=_sent_form(request, appeal))


def _sent_form(request: HttpRequest, appeal: Appeal) -> str:
    name = request.GET.get("sent", "")
    return f"{name}-{appeal.number}" if name.isalpha() and name.isascii() else ""


@staff_only
@require_POST
def identity(request: HttpRequest, number: str) -> HttpResponse:
    """Show the applicant in full, once: the view is recorded first, and the next page is masked again."""
    appeal, viewer = open_case(request, number, Action.SEE_IDENTITY)
    trail.record(
        actor=viewer.user,
        action=AuditRecord.Action.VIEWED_IDENTITY,
        subject_ref=subject_of(appeal),
        fields=show.fields_shown(appeal.applicant),
        request=request,
    )
    shown = show.identity_of(appeal.applicant, masked=False)
    if request.headers.get("HX-Request"):
        return render(request, "appeals/staff/case/identity.html", {"appeal": appeal, "identity": shown})
    return render_case(request, appeal, viewer, identity=shown)


@staff_only
@require_GET
def print_view(request: HttpRequest, number: str) -> HttpResponse:
    """The case on paper: masked like the page, everything unfolded, nothing to press."""
    appeal, viewer = open_case(request, number)
    record_restricted_view(request, appeal)
    return render(request, "appeals/staff/case/print.html", context_of(appeal, viewer))


def render_case(
    request: HttpRequest,
    appeal: Appeal,
    viewer: Viewer,
    *,
    forms: dict[str, Form] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page, also after a form on it was refused: then with what was typed."""
    context = context_of(appeal, viewer) | _forms(appeal, viewer, forms or {}) | more
    return render(request, "appeals/staff/case/page.html", context, status=status)


def context_of(appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
    now = timezone.now()
    found = case_rows.case_of(appeal, viewer.user)
    leading = term_views.leading(found.timers)
    buttons, groups = menu_of(found, viewer)
    return {
        "appeal": appeal,
        "case": found,
        "viewer": viewer,
        "term": term_views.view_of(leading, now) if leading else TermView(),
        "leading": leading,
        "buttons": buttons,
        "groups": groups,
        "is_restricted": restrictions.is_restricted(appeal.applicant.user_id),
        "can_route": viewer.may(Action.ROUTE) and appeal.is_open,
        "can_pass_on": viewer.may(Action.ROUTE) and appeal.status in workflow.OWED,
        "is_co_executor": any(
            row.user_id == viewer.user.pk and row.ended_at is None and row.part == Assignment.Part.CO_EXECUTOR
            for row in found.assignments
        ),
        "may_unlink": viewer.may(Action.ROUTE),  # a closed duplicate is where a wrong link is noticed
        "identity": show.identity_of(appeal.applicant, masked=True),
        "can_show_identity": viewer.may(Action.SEE_IDENTITY),
        "can_extend": viewer.may(Action.EXTEND),
        "can_work": viewer.may(Action.WORK),
        "can_ask": viewer.may(Action.WORK) and workflow.allows(appeal, Status.AWAITING_INFO),
        "waiting_text": _waiting_text(found),
        "questions": _questions(found),
        "executor": found.name(appeal.executor_id),
        "proposer": found.name(found.proposal.proposed_by_id) if found.proposal else "",
        "draft_author": found.name(found.draft.author_id) if found.draft else "",
        "thread": show.thread_of(found, notes=viewer.may(Action.WORK) or viewer.may(Action.OVERSEE)),
        "history": story.history_of(found, viewer.user),
        "clocks": show.clocks_of(found, now),
        "instants": show.instants_of(appeal),
        **_files(found),
        "sent_replies": _sent(found),
        "links": _links(found),
    }


def _files(found: Case) -> dict[str, list[show.FileLine]]:
    """The applicant's own files, and those the staff has added without sending them yet."""
    lines = {"own_files": [], "evidence": [], "internal_files": []}  # type: dict[str, list[show.FileLine]]
    sent = {reply.pk for reply in found.sent}
    for row in found.files:
        if row.message_id:
            continue
        line = show.file_line(found.appeal, row)
        if row.purpose == Attachment.Purpose.APPEAL:
            lines["own_files"].append(line)
        elif row.purpose == Attachment.Purpose.INTERNAL:
            lines["internal_files"].append(line)
        elif row.reply_id not in sent:
            lines["evidence"].append(line)
    return lines


def _sent(found: Case) -> list[SentReply]:
    return [
        SentReply(
            reply,
            author=found.name(reply.author_id),
            unit=show.unit_name(reply.department_id),
            files=[show.file_line(found.appeal, row) for row in found.files if row.reply_id == reply.pk],
        )
        for reply in found.sent
    ]


def _waiting_text(found: Case) -> str:
    """Until when the applicant has time, for the line above a case that waits for him."""
    waits = [timer for timer in found.timers if timer.code == TimerCode.APPLICANT_INFO and not timer.stopped_at]
    if not waits:
        return ""
    return _("Until %(date)s he has time to answer; then the clock runs on by itself.") % {
        "date": dates.long_date(waits[0].due_at)
    }


def _questions(found: Case) -> list[QuestionLine]:
    return [
        QuestionLine(row, show.unit_name(row.department_id), found.name(row.executor_id)) for row in found.questions
    ]


def _links(found: Case) -> list[Linked]:
    return [Linked(link, link.target if link.source_id == found.appeal.pk else link.source) for link in found.links]


def _forms(appeal: Appeal, viewer: Viewer, given: dict[str, Form]) -> dict[str, Any]:
    """The forms at the foot of the conversation; a refused one comes back as it was filled in."""
    if not viewer.may(Action.WORK):
        return {}
    seen = appeal.history_seq
    forms: dict[str, Form] = {
        "note_form": TextForm(seen=seen, auto_id="note-%s"),
        "message_form": MessageForm(seen=seen, auto_id="message-%s"),
        "ask_form": AskForm(seen=seen, auto_id="ask-%s"),
    }
    return forms | given
