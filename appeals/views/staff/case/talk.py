"""The conversation from the case page: notes, messages, questions that stop the clock, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Action
from appeals import dialogue
from appeals.dialogue import WaitEnd
from appeals.forms.staff_case import AskForm, CaseForm, FilesForm, MessageForm, TextForm
from appeals.models import Appeal, Attachment
from appeals.views.staff.case.actions import Viewer
from appeals.views.staff.case.form_view import CaseFormView, add_error, case_url
from appeals.views.staff.case.opened import open_case, staff_only, subject_of
from appeals.views.staff.case.page import render_case
from audit import trail
from audit.models import AuditRecord
from common import served_files
from common.errors import DomainError, NotAllowed, NotFound
from common.files import read_uploads

Act = Callable[[Appeal, Viewer, dict[str, Any]], object]


def _from_page(
    request: HttpRequest, number: str, *, form_class: type[CaseForm], prefix: str, act: Act, done: str | Promise
) -> HttpResponse:
    """A form that stands on the case page: after a refusal the page comes back with what was typed."""
    appeal, viewer = open_case(request, number, Action.WORK)
    form = form_class(request.POST, request.FILES, seen=appeal.history_seq, auto_id=f"{prefix}-%s")
    status = 422
    if form.is_valid():
        try:
            act(appeal, viewer, form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            appeal.refresh_from_db(fields=["history_seq"])
            add_error(form, error, seen=appeal.history_seq)
            status = error.status
        else:
            messages.success(request, str(done))
            return redirect(case_url(appeal, "conversation", sent=prefix))
    return render_case(request, appeal, viewer, forms={f"{prefix}_form": form}, status=status)


@staff_only
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    def act(appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        dialogue.add_note(appeal.pk, actor=viewer.user, text=data["text"])

    return _from_page(request, number, form_class=TextForm, prefix="note", act=act, done=_("The note has been kept."))


@staff_only
@require_POST
def message(request: HttpRequest, number: str) -> HttpResponse:
    def act(appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        files = read_uploads(data["uploads"], field="uploads")
        dialogue.send_message(appeal.pk, actor=viewer.user, text=data["text"], files=files, seen=data["seen"])

    return _from_page(
        request,
        number,
        form_class=MessageForm,
        prefix="message",
        act=act,
        done=_("The message is on its way to the applicant."),
    )


@staff_only
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    def act(appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        until = dialogue.end_of_day(data["until"]) if data["until"] else None
        files = read_uploads(data["uploads"], field="uploads")
        dialogue.ask(appeal.pk, actor=viewer.user, text=data["text"], until=until, files=files, seen=data["seen"])

    return _from_page(
        request,
        number,
        form_class=AskForm,
        prefix="ask",
        act=act,
        done=_("The question is on its way; the clock stands still."),
    )


@staff_only
@require_POST
def end_wait(request: HttpRequest, number: str) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.WORK)
    dialogue.end_wait(appeal.pk, at=timezone.now(), why=WaitEnd.ENDED, actor=viewer.user)
    messages.success(request, str(_("The clock runs again.")))
    return redirect(case_url(appeal))


@staff_only
@require_POST
def mark_read(request: HttpRequest, number: str) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.WORK)
    dialogue.mark_read(appeal.pk, actor=viewer.user)
    return redirect(case_url(appeal, "conversation"))


class AddFiles(CaseFormView):
    rights = (Action.WORK,)
    form_class = FilesForm
    title = _("Add files")
    button = _("Upload a file")
    done = _("The files have been added.")
    fragment = "files"

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        files = read_uploads(data["uploads"], field="uploads")
        dialogue.add_files(appeal.pk, actor=viewer.user, files=files, purpose=Attachment.Purpose(data["purpose"]))


@staff_only
@require_GET
def file(request: HttpRequest, number: str, file_id: int) -> HttpResponseBase:
    """A file of the case for those who may see the case; the applicant's own files leave a record of access."""
    appeal, viewer = open_case(request, number)
    row = Attachment.objects.filter(appeal=appeal, pk=file_id).exclude(file="").first()
    if row is None or row.scan == Attachment.Scan.INFECTED:
        raise NotFound
    if row.purpose == Attachment.Purpose.APPEAL:
        trail.record(
            actor=viewer.user,
            action=AuditRecord.Action.DOWNLOADED,
            subject_ref=subject_of(appeal),
            fields=[f"file:{row.pk}"],  # people name their files after themselves, and this log forgets nothing
            request=request,
        )
    return served_files.serve(row)
