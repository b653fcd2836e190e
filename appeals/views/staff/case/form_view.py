"""One action on a case with a form of its own: open, check the right, call one step, back to the case."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.rights import Action
from appeals import casework
from appeals.forms.staff_case import CaseForm
from appeals.models import Appeal
from appeals.views.staff.case.actions import Viewer
from appeals.views.staff.case.opened import open_case, staff_only
from common.errors import DomainError, NotAllowed, NotFound


def add_error(form: CaseForm, error: DomainError, *, seen: int) -> None:
    """A broken rule at its field, or above the form; nothing typed is lost."""
    if error.code == "changed":
        form.look_again(seen)
    name = error.field if error.field in form.fields else None
    form.add_error(name, str(error))


def case_url(appeal: Appeal, fragment: str = "", *, sent: str = "") -> str:
    """The case page; `sent` names the form whose kept text the browser may now forget."""
    url = reverse("appeals:case", args=[appeal.number])
    return f"{url}{f'?sent={sent}' if sent else ''}{f'#{fragment}' if fragment else ''}"


@method_decorator(staff_only, name="dispatch")
class CaseFormView(View):
    """GET shows the form, POST acts. Subclasses say which right, which form, which step."""

    rights: ClassVar[tuple[Action, ...]]
    form_class: ClassVar[type[CaseForm]]
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise] = ""
    button: ClassVar[str | Promise]
    done: ClassVar[str | Promise] = _("Changes saved")
    danger: ClassVar[bool] = False
    fragment: ClassVar[str] = ""
    template: ClassVar[str] = "appeals/staff/case/form.html"
    # Whether the form is refused once when the case has changed since it was opened, as in another tab.
    looks_again: ClassVar[bool] = False

    def get(self, request: HttpRequest, number: str, **ids: Any) -> HttpResponse:
        appeal, viewer = open_case(request, number, *self.rights)
        return self.show(request, appeal, viewer, self.make_form(appeal, viewer))

    def post(self, request: HttpRequest, number: str, **ids: Any) -> HttpResponse:
        appeal, viewer = open_case(request, number, *self.rights)
        form = self.make_form(appeal, viewer, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, appeal, viewer, form, status=422)
        try:
            if self.looks_again:
                casework.check_seen(appeal, form.cleaned_data["seen"])
            self.act(appeal, viewer, form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            appeal.refresh_from_db(fields=["history_seq"])
            add_error(form, error, seen=appeal.history_seq)
            return self.show(request, appeal, viewer, form, status=error.status)
        messages.success(request, str(self.done_for(viewer)))
        return redirect(self.next_url(appeal, viewer))

    def next_url(self, appeal: Appeal, viewer: Viewer) -> str:
        return case_url(appeal, self.lands_on(), sent=self.keep)

    @property
    def keep(self) -> str:
        return type(self).__name__.lower()

    def lands_on(self) -> str:
        return self.fragment

    def done_for(self, viewer: Viewer) -> str | Promise:
        return self.done

    def make_form(self, appeal: Appeal, viewer: Viewer, *bound: Any) -> CaseForm:
        return self.form_class(*bound, seen=appeal.history_seq, **self.form_options(appeal, viewer))

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        """Abstract: each page names the step it calls."""
        raise NotImplementedError

    def extra(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {}

    def show(
        self, request: HttpRequest, appeal: Appeal, viewer: Viewer, form: CaseForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "appeal": appeal,
            "form": form,
            "title": self.title,
            "lead": self.lead,
            "button": self.button,
            "danger": self.danger,
            "cancel_url": case_url(appeal),
            "keep": f"{self.keep}-{appeal.number}",
        }
        return render(request, self.template, context | self.extra(appeal, viewer), status=status)
