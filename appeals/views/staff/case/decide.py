"""Decisions about the term and the end of a case: extend, grant or refuse an extension, close without an answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.rights import Action
from appeals import closing, extension, timers
from appeals.forms.staff_case import CloseForm, ExtendForm, RefuseForm
from appeals.models import Appeal, ExtensionProposal
from appeals.views.staff.case.actions import Viewer
from appeals.views.staff.case.form_view import CaseFormView, case_url
from appeals.views.staff.case.opened import open_case, staff_only
from common.errors import NotFound


class Extend(CaseFormView):
    """A head extends at once; anybody else who decides the case proposes, and the head is told."""

    rights = (Action.WORK, Action.EXTEND)
    form_class = ExtendForm
    title = _("Extend the term")
    button = _("Extend the term")
    template = "appeals/staff/case/extend.html"

    def extra(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        decides = viewer.may(Action.EXTEND)
        latest = timers.latest_extension(appeal)
        return {
            "decides": decides,
            "latest": timezone.localtime(latest).date() if latest else None,
            "button": self.button if decides else _("Propose to the head"),
        }

    def done_for(self, viewer: Viewer) -> str | Promise:
        """A proposal has moved no date yet, and nobody was told of one."""
        if viewer.may(Action.EXTEND):
            return _("The term has been extended; the applicant will be told.")
        return _("The extension has been proposed to the head; the present term holds until the decision.")

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        step = extension.extend if viewer.may(Action.EXTEND) else extension.propose
        step(appeal.pk, actor=viewer.user, until=data["until"], ground=data["ground"], seen=data["seen"])


@staff_only
@require_POST
def grant(request: HttpRequest, number: str, proposal_id: int) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.EXTEND)
    extension.grant(_proposal(appeal, proposal_id).pk, actor=viewer.user)
    messages.success(request, str(_("The term has been extended; the applicant will be told.")))
    return redirect(case_url(appeal))


class Refuse(CaseFormView):
    rights = (Action.EXTEND,)
    form_class = RefuseForm
    title = _("Refuse the extension")
    button = _("Refuse")
    done = _("The extension has been refused.")

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        proposal = _proposal(appeal, self.kwargs["proposal_id"])
        extension.refuse(proposal.pk, actor=viewer.user, reason=data["reason"])


def _proposal(appeal: Appeal, proposal_id: int) -> ExtensionProposal:
    found = ExtensionProposal.objects.filter(appeal=appeal, pk=proposal_id).first()
    if found is None:
        raise NotFound
    return found


class Close(CaseFormView):
    rights = (Action.REPLY,)
    form_class = CloseForm
    title = _("Close without an answer")
    lead = _("Only on one of these grounds, with the facts. The applicant is told and may complain.")
    button = _("Close the appeal")
    done = _("The appeal has been closed.")
    danger = True

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {"grounds": [(ground.key, str(ground.label)) for ground in closing.grounds_for(appeal)]}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        closing.close(appeal.pk, actor=viewer.user, ground=data["ground"], reason=data["reason"], seen=data["seen"])
