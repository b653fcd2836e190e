"""Register in under a minute: one form, help beside it while typing, one page with what to tell the caller."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.rights import Action
from appeals import consultation, intake, policies, terms
from appeals.channels import desk
from appeals.forms.choices import topic_words
from appeals.forms.desk import DeskForm
from appeals.models import Appeal, Category, Channel, Kind, KnowledgeArticle, Priority, Regime, Status
from appeals.selectors.knowledge import find_consultations
from appeals.selectors.similar import earlier_by_phone, similar_open
from appeals.suggestions import emergency_lines, suggest_topics
from appeals.views.staff.case.opened import staff_only
from common import cookies
from common.errors import DomainError, NotFound
from common.reference_numbers import parse_number

REMEMBERED = "desk_channel"
SHORTEST_LOOKED_UP = 6


@staff_only
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """GET the empty form; POST registers, closes at first contact, or only looks up (without JavaScript)."""
    user = cast(User, request.user)
    policies.require(user, Action.REGISTER)
    if request.method == "GET":
        return _page(request, DeskForm(initial=_initial(request)))
    form = DeskForm(_picked(request.POST))
    action = request.POST.get("action")
    valid = form.is_valid()
    if action == "look" or "pick" in request.POST:
        form.errors.clear()
        return _page(request, form)
    if not valid:
        return _page(request, form, status=422)
    try:
        appeal = _register(form, user, solved=action == "solved")
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, form, status=error.status)
    response = redirect("appeals:desk-done", number=appeal.number)
    cookies.write(response, REMEMBERED, appeal.channel, max_age=30 * 86_400)
    return response


def _picked(given: QueryDict) -> QueryDict:
    """A suggested topic pressed without scripts: the form comes back with it chosen."""
    if "pick" not in given:
        return given
    data = given.copy()
    data["topic"] = str(given["pick"])
    return data


def _register(form: DeskForm, user: User, *, solved: bool) -> Appeal:
    answer = form.answer_text() if solved else ""
    if solved:
        consultation.check_answer(answer, regime=Regime(form.cleaned_data["regime"]))
    appeal = intake.submit_appeal(desk.parse(_filing(form)), actor=user).appeal
    if solved:
        chosen = form.cleaned_data["article"]
        article = KnowledgeArticle.objects.filter(pk=chosen).first() if chosen else None
        consultation.resolve_at_first_contact(appeal.pk, answer=answer, actor=user, article=article)
    return appeal


def _filing(form: DeskForm) -> desk.DeskFiling:
    data = form.cleaned_data
    statutory = data["regime"] == Regime.APPEAL
    return desk.DeskFiling(
        token=form.form_token,
        channel=Channel(data["channel"]),
        text=data["text"],
        received_at=data["received_at"] or timezone.now(),
        answer_language=data["answer_language"],
        regime=Regime(data["regime"]),
        kind=Kind(data["kind"]) if statutory and data["kind"] else None,
        category=Category(data["category"]) if data["category"] else None,
        topic_id=data["topic"],
        priority=Priority(data["priority"]) if data["priority"] else None,
        area_id=data["area"],
        address=data["address"],
        applicant_type=data["applicant_type"],
        full_name=data["full_name"],
        phone=data["phone"],
        email=data["email"],
        identifier=data["identifier"],
        postal_address=data["postal_address"],
        representative_name=data["representative_name"],
        representative_ground=data["representative_ground"],
        is_confidential=data["is_confidential"],
        complaint_department_id=data["complaint_department"],
    )


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The channel of the operator's last call, and the phone when the telephone system opens the page with it."""
    remembered = cookies.read(request, REMEMBERED)
    channel = request.GET.get("channel") or remembered
    known = {item.value for item in desk.DESKS}
    return {
        "channel": channel if channel in known else Channel.CALL109.value,
        "phone": request.GET.get("phone", "")[:40],
    }


def _page(request: HttpRequest, form: DeskForm, *, status: int = 200) -> HttpResponse:
    values = form.data if form.is_bound else form.initial
    context = {"form": form, "token": form.form_token} | _beside(cast(User, request.user), values)
    return render(request, "appeals/staff/desk/register.html", context, status=status)


@staff_only
@require_POST
def beside(request: HttpRequest) -> HttpResponse:
    """The column beside the form while the operator types. By POST: what is typed never stands in an address."""
    policies.require(request.user, Action.REGISTER)
    return render(request, "appeals/staff/desk/beside.html", _beside(cast(User, request.user), request.POST))


def _beside(user: User, values: Any) -> dict[str, Any]:
    text = str(values.get("text", ""))[:4000]
    topic_id, area_id = _id(values.get("topic")), _id(values.get("area"))
    by_words = suggest_topics(text, topic_words())
    likely = [topic_id] if topic_id else by_words
    enough = len(text.strip()) >= SHORTEST_LOOKED_UP
    lines = {pk: topic.hand_over_to for pk, topic in terms.topics().items()}
    departments, topics = terms.departments(), terms.topics()
    seen = policies.visible_to(user)
    earlier = earlier_by_phone(str(values.get("phone", ""))[:40], among=seen)
    address = str(values.get("address", ""))[:300]
    similar = similar_open(text, area_id, topic_id, address=address, among=seen) if enough else []
    return {
        "earlier": [_line(row, departments, topics) for row in earlier],
        "similar": [_line(row, departments, topics) for row in similar],
        "consultations": find_consultations(text, topic_id=topic_id) if enough or topic_id else [],
        "chosen_article": _id(values.get("article")),
        "suggested": [topics[pk] for pk in by_words if pk in topics],
        "topic_id": topic_id,
        "emergency_lines": emergency_lines(likely, lines),
        "typed": enough,
        "phone": values.get("phone", ""),
    }


def _line(row: Any, departments: Any, topics: Any) -> dict[str, Any]:
    unit, topic = departments.get(row.department_id), topics.get(row.topic_id)
    return {
        "row": row,
        "status": Status(row.status).label,
        "unit": unit.name if unit else "",
        "topic": topic.name if topic else "",
    }


def _id(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@staff_only
@require_GET
@never_cache
def done(request: HttpRequest, number: str) -> HttpResponse:
    """What the operator reads out: number, code, day due; and on to the next call."""
    user = cast(User, request.user)
    policies.require(user, Action.REGISTER)
    parsed = parse_number(number)
    appeal = Appeal.objects.select_related("topic", "department").filter(number=str(parsed)).first()
    # Who has just registered it reads out the number, though a confidential case is not his to open any more.
    own = appeal is not None and appeal.events.filter(seq=1, actor=user).exists()
    may_open = appeal is not None and policies.may(user, Action.SEE, appeal)
    if appeal is None or not (own or may_open):
        raise NotFound
    return render(request, "appeals/staff/desk/done.html", {"appeal": appeal, "show_code": own, "may_open": may_open})
