"""Who has the case: claim, give to a person, hand back, co-executors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.rights import Action
from appeals import workqueue
from appeals.forms.staff_case import AssignForm, CoExecutorForm, HandBackForm
from appeals.models import Appeal
from appeals.selectors import case as case_rows
from appeals.views.staff.case.actions import Viewer
from appeals.views.staff.case.form_view import CaseFormView, case_url
from appeals.views.staff.case.opened import open_case, staff_only
from appeals.workqueue import BackTo
from common.errors import DomainError


@staff_only
@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.CLAIM)
    try:
        workqueue.claim(appeal.pk, actor=viewer.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(_("The appeal is yours now.")))
    return redirect(case_url(appeal))


class Assign(CaseFormView):
    rights = (Action.ASSIGN,)
    form_class = AssignForm
    title = _("Give to a person")
    lead = _("People of the unit that has the appeal. The applicant sees who has it now.")
    button = _("Give")
    done = _("The appeal has been given to the person.")

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        people = case_rows.people_of(appeal.department_id)
        return {"people": [person for person in people if person.pk != appeal.executor_id]}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        workqueue.assign(
            appeal.pk, user_id=int(data["user"]), actor=viewer.user, reason=data["reason"].strip(), seen=data["seen"]
        )


class HandBack(CaseFormView):
    rights = (Action.WORK,)
    form_class = HandBackForm
    title = _("Hand back")
    button = _("Hand back")
    done = _("The appeal has been handed back.")

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        target = BackTo.UNIT if appeal.executor_id else BackTo.INSPECTOR
        return {"initial": {"to": target.value}}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        workqueue.hand_back(
            appeal.pk, actor=viewer.user, reason=data["reason"], to=BackTo(data["to"]), seen=data["seen"]
        )


class CoExecutors(CaseFormView):
    rights = (Action.WORK,)
    form_class = CoExecutorForm
    title = _("Co-executors")
    lead = _("A co-executor sees the case, writes notes and prepares the answer; the executor decides and sends it.")
    button = _("Call in")
    done = _("The co-executor has been called in.")
    template = "appeals/staff/case/co_executors.html"

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        organization = appeal.department.organization_id if appeal.department else None
        people = case_rows.colleagues_of(organization)
        return {"people": [person for person in people if person.pk != appeal.executor_id]}

    def extra(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {"co_executors": case_rows.co_executors_of(appeal)}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        workqueue.add_co_executor(appeal.pk, user_id=int(data["user"]), actor=viewer.user)


@staff_only
@require_POST
def release_co_executor(request: HttpRequest, number: str, user_id: int) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.WORK)
    if workqueue.remove_co_executor(appeal.pk, user_id=user_id, actor=viewer.user):
        messages.success(request, str(_("The co-executor has been released.")))
    return redirect(case_url(appeal))
