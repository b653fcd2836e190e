"""The inspector's pages: every action by its page, with its undo, for those who may."""

import pytest
from django.test import Client
from django.urls import reverse

from appeals import routing
from appeals.models import Appeal, AppealLink, EventKind, Incident, Message, Outcome, Regime, Status
from tests.factories import (
    make_appeal,
    make_area,
    make_department,
    make_identified_applicant,
    make_reference,
    make_rule,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(client: Client) -> Client:
    make_reference()
    client.force_login(make_user("inspector"))
    return client


def post(client: Client, name: str, appeal: Appeal, *ids: int, **values: object) -> int:
    url = reverse(f"appeals:{name}", args=[appeal.number, *ids])
    response = client.post(url, {key: value for key, value in values.items() if value is not None}, follow=True)
    appeal.refresh_from_db()
    return response.status_code


@pytest.mark.parametrize(
    "name", ["case-classify", "case-route", "case-forward", "case-split", "case-link", "case-incident", "case-promote",
             "case-move-messages"]
)  # fmt: skip
def test_pages_open_for_the_inspector_and_not_for_an_executor(inspector: Client, name: str) -> None:
    unit = make_department()
    appeal = make_appeal()
    assert inspector.get(reverse(f"appeals:{name}", args=[appeal.number])).status_code == 200
    routing.assign_unit(appeal.pk, department=unit, actor=make_user("inspector"))
    inspector.force_login(make_user("executor", department=unit))
    assert inspector.get(reverse(f"appeals:{name}", args=[appeal.number])).status_code == 403


def test_suggestion_is_accepted_with_one_click_and_shows_its_rule(inspector: Client) -> None:
    topic = make_topic()
    rule = make_rule(topic=topic, version=3)
    appeal = make_appeal(topic_id=topic.pk)
    routing.suggest_route(appeal.pk)
    page = inspector.get(reverse("appeals:case", args=[appeal.number])).content.decode()
    assert rule.department.name in page
    assert reverse("appeals:case-accept-suggestion", args=[appeal.number]) in page
    assert post(inspector, "case-accept-suggestion", appeal) == 200
    assert (appeal.status, appeal.department) == (Status.ASSIGNED, rule.department)
    event = appeal.events.get(kind=EventKind.ASSIGNED)
    assert event.data["rule"] == rule.pk


def test_classification_by_the_page(inspector: Client) -> None:
    topic, area = make_topic("road"), make_area()
    appeal = make_appeal()
    values = {"topic": topic.pk, "area": area.pk, "kind": "message", "category": "incident", "priority": "urgent"}
    post(inspector, "case-classify", appeal, **values)
    assert (appeal.topic, appeal.area, appeal.priority, appeal.sector) == (topic, area, "urgent", topic.sector)


def test_a_topic_brings_the_priority_that_its_term_hangs_on(inspector: Client) -> None:
    topic = make_topic("manhole", default_priority="emergency")
    appeal = make_appeal()
    post(inspector, "case-classify", appeal, topic=topic.pk, kind="message", category="incident", priority="normal")
    assert appeal.priority == "emergency"
    post(inspector, "case-classify", appeal, topic=topic.pk, kind="message", category="incident", priority="normal")
    assert appeal.priority == "normal"  # whoever knows better has the last word


def test_a_wrong_duplicate_is_undone_where_it_is_noticed(inspector: Client) -> None:
    appeal, other = make_appeal(), make_appeal()
    post(inspector, "case-link", appeal, number=other.number, kind="duplicate")
    assert appeal.closed_at is not None
    page = inspector.get(reverse("appeals:case", args=[appeal.number])).content.decode()
    assert "/remove/" in page


def test_official_complained_about_loses_sight_of_the_appeal(inspector: Client) -> None:
    unit = make_department()
    head = make_user("head", department=unit)
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=make_user("inspector"))
    values = {"kind": "complaint", "category": "staff_complaint", "priority": "normal", "complaint_user": head.pk}
    post(inspector, "case-classify", appeal, **values)
    assert appeal.complaint_user == head
    inspector.force_login(head)
    assert inspector.get(reverse("appeals:case", args=[appeal.number])).status_code == 404


def test_forwarding_needs_a_ground_and_keeps_what_was_typed(inspector: Client) -> None:
    police = make_department("police_ext", is_external=True)
    appeal = make_appeal()
    assert post(inspector, "case-forward", appeal, department=police.pk, ground="жоқ") == 422
    assert appeal.status == Status.REGISTERED
    post(inspector, "case-forward", appeal, department=police.pk, ground="Қоғамдық тәртіп мәселесі")
    assert (appeal.status, appeal.outcome) == (Status.FORWARDED, Outcome.FORWARDED)


def test_split_and_pass_one_question_on(inspector: Client) -> None:
    unit, clinic = make_department(), make_department("health_ext", is_external=True)
    appeal = make_appeal(regime=Regime.APPEAL)
    post(inspector, "case-split", appeal, texts="Жол туралы\r\n\r\nЕмхана туралы")
    road, health = appeal.questions.all()
    post(inspector, "case-route", appeal, part=road.pk, department=unit.pk)
    post(inspector, "case-forward", appeal, part=health.pk, department=clinic.pk, ground="Облыстың құзыреті")
    road.refresh_from_db()
    health.refresh_from_db()
    assert (road.department, health.department, bool(health.forwarded_at)) == (unit, clinic, True)
    assert appeal.status == Status.REGISTERED
    page, asks_for_the_lead = reverse("appeals:case", args=[appeal.number]), 'id="lead"'
    assert asks_for_the_lead in inspector.get(page).content.decode()
    post(inspector, "case-route", appeal, department=unit.pk)
    assert asks_for_the_lead not in inspector.get(page).content.decode()


def test_duplicate_is_closed_and_the_undo_opens_it_with_its_clock(inspector: Client) -> None:
    first, later = make_appeal(), make_appeal()
    due = later.due_at
    assert post(inspector, "case-link", later, number="no such", kind="duplicate") == 422
    post(inspector, "case-link", later, number=first.number.lower(), kind="duplicate")
    assert (later.status, later.outcome) == (Status.CLOSED, Outcome.DUPLICATE)
    post(inspector, "case-unlink", later, AppealLink.objects.get().pk)
    assert (later.status, later.outcome, later.closed_at, later.due_at) == (Status.REGISTERED, "", None, due)
    assert later.timers.filter(code="answer", stopped_at__isnull=True).count() == 1


def test_incident_gathers_appeals_and_lets_them_go(inspector: Client) -> None:
    one, two = make_appeal(), make_appeal()
    assert post(inspector, "case-incident", one, incident="new", title="") == 422
    post(inspector, "case-incident", one, incident="new", title="Тәуке хан көшесіндегі апат")
    incident = Incident.objects.get()
    post(inspector, "case-incident", two, incident=incident.pk)
    assert set(incident.appeals.all()) == {one, two}
    post(inspector, "case-incident-leave", two)
    assert two.incident is None


def test_promotion_without_identity_says_what_is_missing(inspector: Client) -> None:
    appeal = make_appeal()
    values = {"kind": "application", "reason": "Өтініш иесі сұрады"}
    assert post(inspector, "case-promote", appeal, **values) == 422
    known = make_appeal(applicant=make_identified_applicant())
    assert post(inspector, "case-promote", known, **values) == 200
    assert known.regime == Regime.APPEAL


def test_message_is_moved_with_one_click_and_back(inspector: Client) -> None:
    person = make_identified_applicant()
    here, there = make_appeal(applicant=person), make_appeal(applicant=person)
    message = Message.objects.create(appeal=here, direction="in", channel="telegram", text="Бұл басқа мәселе туралы")
    page = inspector.get(reverse("appeals:case-move-messages", args=[here.number])).content.decode()
    assert there.number in page
    post(inspector, "case-move-message", here, message.pk, to=there.number)
    message.refresh_from_db()
    assert message.appeal == there
    post(inspector, "case-move-message", there, message.pk, to="undo")
    message.refresh_from_db()
    assert message.appeal == here


def test_appeal_whose_author_never_confirmed_is_registered_by_an_official(inspector: Client) -> None:
    appeal = make_appeal(regime=Regime.APPEAL, applicant=make_identified_applicant())
    assert appeal.status == Status.RECEIVED
    assert post(inspector, "case-register", appeal, reason="жоқ") == 422
    assert post(inspector, "case-register", appeal, reason="Жеке куәлігімен өзі келді") == 200
    assert appeal.status == Status.REGISTERED
    assert appeal.events.get(kind=EventKind.REGISTERED).data["ground"] == "Жеке куәлігімен өзі келді"
    assert appeal.timers.get(code="register").outcome == "met"


@pytest.mark.parametrize("is_confidential", [False, True])
def test_name_of_an_incident_is_not_begun_with_a_confidential_subject(inspector: Client, is_confidential: bool) -> None:
    appeal = make_appeal(subject="Дәрігердің қорлауы", is_confidential=is_confidential)
    page = inspector.get(reverse("appeals:case-incident", args=[appeal.number])).content.decode()
    assert ('value="Дәрігердің қорлауы"' in page) is not is_confidential


def test_page_offers_each_question_to_a_unit_of_its_own(inspector: Client) -> None:
    appeal, unit = make_appeal(), make_department()
    post(inspector, "case-split", appeal, texts="Жол туралы\n\nЕмхана туралы")
    road, health = appeal.questions.all()
    page = reverse("appeals:case", args=[appeal.number])
    give = f"{reverse('appeals:case-route', args=[appeal.number])}?question={health.pk}"
    forward = f"{reverse('appeals:case-forward', args=[appeal.number])}?question={road.pk}"
    html = inspector.get(page).content.decode()
    assert f'href="{give}"' in html
    assert f'href="{forward}"' in html

    form = inspector.get(give).context["form"]
    assert form["part"].value() == str(health.pk)
    response = inspector.post(give, {"part": str(health.pk), "department": unit.pk, "seen": form["seen"].value()})
    assert response.url.endswith("#questions")
    health.refresh_from_db()
    assert health.department == unit

    routing.forward_question(road.pk, department=unit, ground="Сол органның құзыретінде", actor=make_user("inspector"))
    assert f'href="{forward}"' not in inspector.get(page).content.decode()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("case-route", {"reason": "Екінші бөлім шешсін, жолды қараңыз"}),
        ("case-forward", {"ground": "Бұл облыстық органның құзыретінде"}),
        ("case-classify", {"kind": "complaint", "category": "personal", "priority": "urgent", "reason": "Маңызды"}),
    ],
)
def test_form_of_an_older_tab_is_refused_once_and_keeps_what_was_typed(inspector: Client, name, values) -> None:
    appeal, first, second = make_appeal(), make_department(), make_department("roads")
    url = reverse(f"appeals:{name}", args=[appeal.number])
    seen = inspector.get(url).context["form"]["seen"].value()
    routing.assign_unit(appeal.pk, department=first, actor=make_user("inspector"))
    data = values | {"seen": seen, "department": second.pk}

    refused = inspector.post(url, data)

    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Сіз бетті ашқалы бері" in html
    assert all(str(value) in html for value in values.values())
    appeal.refresh_from_db()
    assert (appeal.department, appeal.priority) == (first, "normal")
    again = inspector.post(url, data | {"seen": refused.context["form"]["seen"].value()})
    assert again.status_code == 302


def test_suggestion_of_an_older_tab_does_not_move_what_was_given_meanwhile(inspector: Client) -> None:
    unit, other = make_department(), make_department("roads")
    make_rule(department=unit, topic=make_topic())
    appeal = make_appeal(topic_id=make_topic().pk)
    routing.suggest_route(appeal.pk)
    routing.assign_unit(appeal.pk, department=other, actor=make_user("inspector"))
    assert post(inspector, "case-accept-suggestion", appeal) == 200
    assert appeal.department == other
