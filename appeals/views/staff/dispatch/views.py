"""Each action of the inspector on a case: one form, one step, back to the case."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Action
from appeals import intake, links, routing, terms, threads
from appeals.forms import staff_dispatch as forms
from appeals.models import Appeal, AppealLink, Kind, LinkKind, Message, Priority, Question
from appeals.policies import may
from appeals.selectors import case as case_rows
from appeals.selectors import dispatch as rows
from appeals.views.staff.case.actions import Viewer
from appeals.views.staff.case.form_view import CaseFormView, case_url
from appeals.views.staff.case.opened import open_case, staff_only
from common.errors import DomainError, NotFound, ValidationFailed
from common.reference_numbers import parse_number
from organizations.models import Department


class Classify(CaseFormView):
    rights = (Action.CLASSIFY,)
    looks_again = True
    form_class = forms.ClassifyForm
    title = _("Topic, kind and priority")
    lead = _("The term follows the new values; the history keeps the old ones.")
    button = _("Save")
    taken_back = False

    def done_for(self, viewer: Viewer) -> str | Promise:
        if self.taken_back:
            return _("The appeal was taken from the unit it complains about and waits for an inspector.")
        return self.done

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        values = {name: getattr(appeal, name) for name in routing.CLASSIFIED}
        return {"initial": {name: getattr(value, "pk", value) for name, value in values.items()}}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        values: dict[str, object] = {name: data[name] for name in routing.CLASSIFIED}
        values["topic"] = topic = terms.topics().get(data["topic"])
        if topic and topic.pk != appeal.topic_id and values["priority"] == appeal.priority == Priority.NORMAL:
            values["priority"] = topic.default_priority  # a manhole found open does not wait for seven days
        values["area"] = terms.areas().get(data["area"])
        values["complaint_department"] = terms.departments().get(data["complaint_department"])
        now = routing.classify_appeal(appeal.pk, actor=viewer.user, reason=data["reason"].strip(), **values)
        if appeal.department_id and not now.department_id:
            self.taken_back = True


class PassOn(CaseFormView):
    """The whole appeal or one question of it goes to somebody; the page of the case offers each question by itself."""

    rights = (Action.ROUTE,)
    looks_again = True
    template = "appeals/staff/dispatch/route.html"
    outside: ClassVar[bool]  # whether the rules' suggestion fits when it is a body outside the hub
    done_part: ClassVar[str | Promise]
    question: Question | None = None

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        questions, wanted = _open_questions(appeal), self.request.GET.get("question", "")
        initial: dict[str, Any] = {"part": wanted} if wanted in {str(row.pk) for row in questions} else {}
        rule = appeal.suggested_rule
        if not initial and rule and rule.department.is_external == self.outside:
            initial["department"] = rule.department_id
        return {"questions": questions, "initial": initial}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        self.question = _question(appeal, data.get("part"))
        self.pass_on(appeal, self.question, terms.departments()[data["department"]], viewer, data)

    def pass_on(
        self, appeal: Appeal, question: Question | None, unit: Department, viewer: Viewer, data: dict[str, Any]
    ) -> None:
        """Abstract: each page names the step it calls."""
        raise NotImplementedError

    def done_for(self, viewer: Viewer) -> str | Promise:
        return self.done_part if self.question else self.done

    def lands_on(self) -> str:
        return "questions" if self.question else ""


class Route(PassOn):
    """To a unit of the hub."""

    form_class = forms.RouteForm
    title = _("Give to a unit")
    button = _("Give to the unit")
    done = _("The appeal has been given to the unit.")
    done_part = _("The question has been given to the unit.")
    outside = False

    def extra(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {"can_route": True}

    def pass_on(
        self, appeal: Appeal, question: Question | None, unit: Department, viewer: Viewer, data: dict[str, Any]
    ) -> None:
        if question is not None:
            routing.assign_question(question.pk, department=unit, actor=viewer.user)
        else:
            routing.assign_unit(appeal.pk, department=unit, actor=viewer.user, reason=data["reason"].strip())


@staff_only
@require_POST
def accept_suggestion(request: HttpRequest, number: str) -> HttpResponse:
    """One click: the unit that the rule suggests."""
    appeal, viewer = open_case(request, number, Action.ROUTE)
    rule = appeal.suggested_rule
    if rule is None:
        raise NotFound
    if rule.department.is_external:
        return redirect("appeals:case-forward", number=appeal.number)
    if appeal.department_id and appeal.department_id != rule.department_id:  # an older tab still offers it
        messages.error(request, str(_("The appeal has been given to a unit already. Look at it again.")))
        return redirect(case_url(appeal))
    try:
        routing.assign_unit(appeal.pk, department=rule.department, actor=viewer.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(_("The appeal has been given to the unit.")))
    return redirect(case_url(appeal))


class Forward(PassOn):
    """To a body outside the hub, or to a unit of it by competence."""

    form_class = forms.ForwardForm
    title = _("Forward by competence")
    lead = _("The applicant is told at once where the appeal went and why. It is not counted as late or unanswered.")
    button = _("Forward")
    done = _("The appeal has been forwarded; the applicant will be told.")
    done_part = _("The question has been forwarded; the applicant will be told.")
    outside = True

    def pass_on(
        self, appeal: Appeal, question: Question | None, unit: Department, viewer: Viewer, data: dict[str, Any]
    ) -> None:
        if question is not None:
            routing.forward_question(question.pk, department=unit, ground=data["ground"], actor=viewer.user)
        else:
            routing.forward_appeal(appeal.pk, department=unit, ground=data["ground"], actor=viewer.user)


def _open_questions(appeal: Appeal) -> list[Question]:
    return list(appeal.questions.filter(forwarded_at__isnull=True, answered_at__isnull=True))


def _question(appeal: Appeal, part: object) -> Question | None:
    return Question.objects.get(pk=int(str(part)), appeal=appeal) if part else None


class Split(CaseFormView):
    rights = (Action.ROUTE,)
    looks_again = True
    form_class = forms.SplitForm
    title = _("Split the appeal into questions")
    lead = _("Each question gets its own unit, executor and clock and can be forwarded by itself.")
    button = _("Split")
    done = _("The appeal has been split. Now give each question to a unit.")
    fragment = "questions"

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        return {"initial": {"texts": appeal.text}}

    def make_form(self, appeal: Appeal, viewer: Viewer, *bound: Any) -> forms.SplitForm:
        self.form = forms.SplitForm(*bound, seen=appeal.history_seq, **self.form_options(appeal, viewer))
        return self.form

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        routing.split_questions(appeal.pk, texts=self.form.questions(), actor=viewer.user)


class Link(CaseFormView):
    rights = (Action.ROUTE,)
    form_class = forms.LinkForm
    title = _("Link with another appeal")
    lead = _("A duplicate is closed here and lives on in the other appeal; the link can be undone.")
    button = _("Link")
    done = _("The appeals are linked.")

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        number = parse_number(data["number"])
        other = case_rows.appeal_by_number(str(number)) if number else None
        if other is None or not may(viewer.user, Action.SEE, other):
            raise ValidationFailed(_("No appeal with this number"), field="number")
        links.link_appeals(appeal.pk, other.pk, kind=LinkKind(data["kind"]), actor=viewer.user)


@staff_only
@require_POST
def unlink(request: HttpRequest, number: str, link_id: int) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.ROUTE)
    link = AppealLink.objects.filter(pk=link_id).first()
    if link is not None and appeal.pk in (link.source_id, link.target_id):
        links.unlink_appeals(link.pk, actor=viewer.user)
        messages.success(request, str(_("The link has been removed.")))
    return redirect(case_url(appeal))


class JoinIncident(CaseFormView):
    rights = (Action.ROUTE,)
    form_class = forms.IncidentForm
    title = _("Join to an incident")
    lead = _("Appeals about one event are worked on together; each keeps its own clock and gets its own answer.")
    button = _("Join")
    done = _("The appeal belongs to the incident now.")

    def form_options(self, appeal: Appeal, viewer: Viewer) -> dict[str, Any]:
        # The name of an incident is read by everybody who may see one of its appeals.
        title = "" if appeal.is_confidential else appeal.subject
        return {"incidents": rows.incidents_for(appeal), "initial": {"title": title}}

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        if data["incident"] == forms.NEW_INCIDENT:
            links.open_incident([appeal.pk], title=data["title"], actor=viewer.user)
        else:
            links.join_incident(appeal.pk, int(data["incident"]), actor=viewer.user)


@staff_only
@require_POST
def leave_incident(request: HttpRequest, number: str) -> HttpResponse:
    appeal, viewer = open_case(request, number, Action.ROUTE)
    links.leave_incident(appeal.pk, actor=viewer.user)
    messages.success(request, str(_("The appeal has been taken out of the incident.")))
    return redirect(case_url(appeal))


class Register(CaseFormView):
    """A statutory appeal from the site whose author never entered his code."""

    rights = (Action.REGISTER,)
    form_class = forms.RegisterForm
    title = _("Register without a confirmed contact")
    lead = _("Acceptance may not be refused. The term runs from the day of receipt; the ground stays in the history.")
    button = _("Register")
    done = _("The appeal is registered.")

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        intake.register_appeal(appeal.pk, actor=viewer.user, reason=data["reason"])


class Promote(CaseFormView):
    rights = (Action.ROUTE,)
    looks_again = True
    form_class = forms.PromoteForm
    title = _("Promote to a statutory appeal")
    lead = _("The statutory term starts today. The applicant's name, IIN or BIN and postal address must be known.")
    button = _("Promote")
    done = _("This is a statutory appeal now.")

    def act(self, appeal: Appeal, viewer: Viewer, data: dict[str, Any]) -> None:
        routing.promote_appeal(appeal.pk, kind=Kind(data["kind"]), actor=viewer.user, reason=data["reason"].strip())


# Messages that joined the wrong appeal


@staff_only
@require_GET
def move_messages(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's messages, each with one button for every place it may belong to."""
    appeal, _viewer = open_case(request, number, Action.ROUTE)
    context = {
        "appeal": appeal,
        "cancel_url": case_url(appeal),
        "incoming": rows.incoming_messages(appeal).select_related("moved_from"),
        "others": rows.other_open_appeals(appeal),
    }
    return render(request, "appeals/staff/dispatch/move_messages.html", context)


@staff_only
@require_POST
def move_message(request: HttpRequest, number: str, message_id: int) -> HttpResponse:
    """Move one message, to another appeal or to one of its own; undoing it is the same click on the other side."""
    appeal, viewer = open_case(request, number, Action.ROUTE)
    message = Message.objects.filter(pk=message_id, appeal=appeal).first()
    if message is None:
        raise NotFound
    to = request.POST.get("to", "")
    if to == "undo":
        moved = threads.undo_move(message.pk, actor=viewer.user)
    elif to == "new":
        moved = threads.move_to_new_appeal(message.pk, actor=viewer.user)
    else:
        target = case_rows.appeal_by_number(to)
        if target is None or not may(viewer.user, Action.ROUTE, target):
            raise NotFound
        moved = threads.move_message(message.pk, to_appeal_id=target.pk, actor=viewer.user)
    moved.refresh_from_db()
    messages.success(request, str(_("The message belongs to this appeal now. You can undo it here.")))
    return redirect("appeals:case-move-messages", number=moved.appeal.number)
