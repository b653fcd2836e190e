"""Write, check and send the answer; answer single questions. Nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST

from accounts.rights import Action
from appeals import dialogue, policies, replies, reply_templates, workflow
from appeals.forms.staff_case import QuestionForm, ReplyForm
from appeals.models import Appeal, Attachment, Question, Reply, ReplyTemplate, Status
from appeals.replies import DraftChanged, GateRefused, ReplyContent
from appeals.selectors import case as case_rows
from appeals.views.staff.case import show
from appeals.views.staff.case.actions import Viewer
from appeals.views.staff.case.form_view import CaseFormView, add_error, case_url
from appeals.views.staff.case.opened import open_case, record_restricted_view, staff_only
from common.errors import Conflict, DomainError, NotAllowed, NotFound
from common.files import read_uploads


@dataclass
class Desk:
    """The answer being written: the case, its writer, the form and what stands around it."""

    appeal: Appeal
    viewer: Viewer
    draft: Reply | None
    templates: list[ReplyTemplate]
    form: ReplyForm
    findings: list[dict[str, Any]] | None = None
    theirs: Reply | None = None


def _desk(appeal: Appeal, viewer: Viewer, *bound: Any) -> Desk:
    draft = replies.draft_of(appeal)
    templates = reply_templates.fitting(appeal)
    choices = [(str(row.pk), f"{row.get_outcome_display()}: {row.title}") for row in templates]
    form = ReplyForm(*bound, seen=appeal.history_seq, templates=choices, initial=_initial(appeal, draft))
    return Desk(appeal, viewer, draft, templates, form)


def _initial(appeal: Appeal, draft: Reply | None) -> dict[str, Any]:
    if draft is None:
        text = replies.text_of_questions(list(Question.objects.filter(appeal=appeal)))
        return {"language": appeal.answer_language, "version": 0, "text": text}
    kept = {name: getattr(draft, name) for name in replies.CONTENT}
    return kept | {"reply": draft.pk, "version": draft.version}


def _content(data: dict[str, Any]) -> ReplyContent:
    return ReplyContent(
        text=data["text"],
        outcome=data["outcome"],
        measures=data["measures"],
        done_on=data["done_on"],
        done_by=data["done_by"],
        language=data["language"],
        is_interim=data["is_interim"],
    )


@method_decorator(staff_only, name="dispatch")
class WriteReply(View):
    """One page for the whole answer. A POST says by `action` what to do; without one it checks, which harms nothing."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        appeal, viewer = open_case(request, number, Action.WORK)
        record_restricted_view(request, appeal)
        return _show(request, _desk(appeal, viewer))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        appeal, viewer = open_case(request, number, Action.WORK)
        desk = _desk(appeal, viewer, request.POST, request.FILES)
        if not desk.form.is_valid():
            return _show(request, desk, status=422)
        acts = {"save": _save, "template": _insert, "send": _send, "discard": _discard}
        act = _leave_out if "leave_out" in request.POST else acts.get(request.POST.get("action", ""), _check)
        try:
            return act(request, desk)
        except (NotAllowed, NotFound):
            raise
        except DraftChanged as error:
            return _both_texts(request, desk, error.current)
        except GateRefused as error:
            desk.findings = replies.as_rows(error.findings)
            return _refused(request, desk, error)
        except DomainError as error:
            return _refused(request, desk, error)


def _refused(request: HttpRequest, desk: Desk, error: DomainError) -> HttpResponse:
    _keep_what_was_typed(desk)
    desk.appeal.refresh_from_db(fields=["history_seq", "status"])
    if desk.findings is None and error.field in desk.form.fields:
        desk.findings = replies.as_rows(replies.check(desk.appeal, _content(desk.form.cleaned_data)))
    add_error(desk.form, error, seen=desk.appeal.history_seq)
    return _show(request, desk, status=error.status)


def _keep_what_was_typed(desk: Desk) -> None:
    """Who leaves the page after a refusal finds his text in the draft; where no draft may be, it stays in the form."""
    data = desk.form.cleaned_data
    if not (data["text"].strip() or data["measures"].strip()):
        return
    version = data["version"] or 0
    try:
        desk.draft = replies.save_draft(desk.appeal.pk, actor=desk.viewer.user, content=_content(data), version=version)
    except DomainError:
        return
    _set(desk.form, version=str(desk.draft.version), reply=str(desk.draft.pk))


def _both_texts(request: HttpRequest, desk: Desk, current: Reply) -> HttpResponse:
    """The writer keeps his text in the form and sees the other one below; saving again is then his decision."""
    desk.theirs = current
    _set(desk.form, version=str(current.version), reply=str(current.pk))
    desk.form.add_error(None, str(DraftChanged.default_message))
    return _show(request, desk, status=409)


def _set(form: ReplyForm, **values: str) -> None:
    if isinstance(form.data, QueryDict):
        data = form.data.copy()
        for name, value in values.items():
            data[name] = value
        form.data = data


def _keep(request: HttpRequest, desk: Desk) -> Reply:
    """The draft and the files that were chosen with it."""
    data = desk.form.cleaned_data
    files = read_uploads(data["uploads"], field="uploads")
    draft = replies.save_draft(
        desk.appeal.pk, actor=desk.viewer.user, content=_content(data), version=data["version"] or 0
    )
    if files:
        dialogue.add_files(desk.appeal.pk, actor=desk.viewer.user, files=files, purpose=Attachment.Purpose.EVIDENCE)
    return draft


def _save(request: HttpRequest, desk: Desk) -> HttpResponse:
    _keep(request, desk)
    messages.success(request, _("The draft has been saved."))
    return redirect(_url(desk.appeal, sent=True))


def _insert(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Put a ready text below what is written; its places are filled as far as the case knows them."""
    chosen = next((row for row in desk.templates if str(row.pk) == desk.form.cleaned_data["template"]), None)
    if chosen is None:
        desk.form.add_error("template", _("Choose a ready text"))
        return _show(request, desk, status=422)
    data = desk.form.cleaned_data
    data["text"] = "\n\n".join(filter(None, (data["text"].strip(), chosen.body)))
    data["outcome"] = data["outcome"] or chosen.outcome
    content = _content(data)
    data["text"] = replies.filled(desk.appeal, content)
    _keep(request, desk)
    return redirect(f"{_url(desk.appeal, sent=True)}#id_text")


def _leave_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A file stays with the case and does not go out with the answer."""
    wanted = request.POST["leave_out"]
    rows = Attachment.objects.filter(appeal=desk.appeal, pk=int(wanted) if wanted.isdecimal() else 0)
    if not rows.exists():
        raise NotFound
    _keep(request, desk)
    dialogue.remove_evidence(rows[0].pk, actor=desk.viewer.user)
    messages.success(request, _("The file stays here and is not sent."))
    return redirect(_url(desk.appeal, sent=True))


def _check(request: HttpRequest, desk: Desk) -> HttpResponse:
    draft = _keep(request, desk)
    checked = _desk(desk.appeal, desk.viewer)
    checked.draft = draft
    checked.findings = replies.as_rows(replies.check(desk.appeal, _content(desk.form.cleaned_data)))
    return _show(request, checked, sent=True)


def _send(request: HttpRequest, desk: Desk) -> HttpResponse:
    data = desk.form.cleaned_data
    if data["uploads"]:
        data["version"] = _keep(request, desk).version
        _set(desk.form, version=str(data["version"]))
    reply = replies.send_reply(
        desk.appeal.pk,
        actor=desk.viewer.user,
        content=_content(data),
        version=data["version"] or 0,
        reply_id=data["reply"],
        ground=data["override_ground"],
        seen=data["seen"],
    )
    done = (
        _("The interim answer is on its way.") if reply.is_interim else _("The answer is on its way to the applicant.")
    )
    messages.success(request, done)
    return redirect(case_url(desk.appeal, "answers", sent="reply"))


def _discard(request: HttpRequest, desk: Desk) -> HttpResponse:
    version = desk.form.cleaned_data["version"] or 0
    if replies.discard_draft(desk.appeal.pk, actor=desk.viewer.user, version=version):
        messages.success(request, _("The draft has been thrown away."))
    return redirect(case_url(desk.appeal, sent="reply"))


@require_POST
def autosave(request: HttpRequest, number: str) -> HttpResponseBase:
    """Keep the draft while it is written; whose session is over is told so beside the text, which the browser keeps."""
    if request.user.is_authenticated:
        return _autosave(request, number)
    writing = reverse("appeals:case-reply", args=[number])
    return render(request, "appeals/staff/case/draft_state.html", {"sign_in_for": writing})


@staff_only
def _autosave(request: HttpRequest, number: str) -> HttpResponse:
    """The answer is one line below the text and the new version of the draft."""
    appeal, viewer = open_case(request, number, Action.WORK)
    desk = _desk(appeal, viewer, request.POST)
    context: dict[str, Any] = {"appeal": appeal}
    if desk.form.is_valid() and (desk.draft or request.POST.get("text", "").strip() or request.POST.get("measures")):
        try:
            version = desk.form.cleaned_data["version"] or 0
            content = _content(desk.form.cleaned_data)
            context["saved"] = replies.save_draft(appeal.pk, actor=viewer.user, content=content, version=version)
        except DraftChanged as error:
            context["theirs"] = error.current
        except Conflict as error:
            context["problem"] = str(error)
    return render(request, "appeals/staff/case/draft_state.html", context)


def _url(appeal: Appeal, *, sent: bool = False) -> str:
    return reverse("appeals:case-reply", args=[appeal.number]) + ("?sent=reply" if sent else "")


def _show(request: HttpRequest, desk: Desk, status: int = 200, *, sent: bool = False) -> HttpResponse:
    appeal = desk.appeal
    files = Attachment.objects.filter(appeal=appeal)
    evidence = [row for row in files if row.purpose == Attachment.Purpose.EVIDENCE and not row.message_id]
    in_draft = [row for row in evidence if desk.draft is not None and row.reply_id == desk.draft.pk]
    unsent = in_draft or [row for row in evidence if row.reply_id is None]
    context = {
        "appeal": appeal,
        "form": desk.form,
        "draft": desk.draft,
        "findings": desk.findings,
        "has_ground": bool(desk.findings) or "override_ground" in desk.form.errors,
        "theirs": desk.theirs,
        "templates": desk.templates,
        "evidence": [show.file_line(appeal, row) for row in unsent],
        "own_files": [
            show.file_line(appeal, row)
            for row in files
            if row.purpose == Attachment.Purpose.APPEAL and not row.message_id
        ],
        "questions": list(Question.objects.filter(appeal=appeal).select_related("department")),
        "last_messages": case_rows.last_messages(appeal),
        "may_send": desk.viewer.may(Action.REPLY) and desk.viewer.decides(appeal),
        "is_answerable": workflow.allows(appeal, Status.ANSWERED),
        "sent": f"reply-{appeal.number}" if sent or request.GET.get("sent") == "reply" else "",
    }
    return render(request, "appeals/staff/case/reply.html", context, status=status)


class AnswerQuestion(CaseFormView):
    rights = (Action.WORK,)
    form_class = QuestionForm
    title = gettext_lazy("Answer to the question")
    button = gettext_lazy("Keep the answer")
    done = gettext_lazy("The question has been answered; it goes out with the answer to the whole appeal.")
    template = "appeals/staff/case/question.html"

    def _question(self, appeal: Appeal) -> Question:
        found = Question.objects.filter(appeal=appeal, pk=self.kwargs["question_id"]).first()
        if found is None:
            raise NotFound
        return found

    def extra(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {"question": self._question(appeal)}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        replies.answer_question(self._question(appeal).pk, actor=viewer.user, text=data["text"])

    def next_url(self, appeal: Appeal, viewer: Viewer) -> str:
        """A unit that had only this question no longer sees the case; it goes back to its queue."""
        if policies.may(viewer.user, Action.SEE, appeal):
            return super().next_url(appeal, viewer)
        return reverse("appeals:queue")
