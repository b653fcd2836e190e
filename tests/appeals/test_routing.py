"""Who answers: the most specific rule, never the unit complained about, and what follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appeals import events, intake, routing, tasks, workqueue
from appeals.models import (
    Appeal,
    Category,
    EventKind,
    Feedback,
    Kind,
    Outcome,
    Regime,
    Reply,
    RoutingRule,
    SlaPolicy,
    Status,
    Timer,
    TimerCode,
)
from common.errors import Conflict, ValidationFailed
from common.rows import forget_rows
from organizations.models import Department
from tests.factories import (
    make_appeal,
    make_area,
    make_department,
    make_identified_applicant,
    make_organization,
    make_rule,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def dispute(appeal: Appeal, unit: Department) -> None:
    """The unit has answered and the applicant disputes it."""
    row = Appeal.objects.get(pk=appeal.pk)
    row.status, row.is_disputed, row.answered_at = Status.ANSWERED, True, timezone.now()
    reply = Reply.objects.create(appeal=appeal, department=unit, language="kk", text="Жауап", sent_at=timezone.now())
    Feedback.objects.create(appeal=appeal, reply=reply, verdict="not_solved", is_dispute=True)
    events.record(row, EventKind.DISPUTED, changed=["status", "is_disputed", "answered_at"])


def rule(**values: object) -> RoutingRule:
    return RoutingRule(pk=values.pop("pk", 1), **({"version": 1, "department_id": 1} | values))


@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        ([rule(pk=1), rule(pk=2, topic_id=5)], 2),
        ([rule(pk=1, topic_id=5), rule(pk=2, topic_id=5, area_id=3)], 2),
        ([rule(pk=1, sector_id=4, area_id=3), rule(pk=2, topic_id=5)], 2),
        ([rule(pk=1, topic_id=6), rule(pk=2)], 2),
        ([rule(pk=1, topic_id=5), rule(pk=2, topic_id=5, version=2)], 2),
        ([rule(pk=1, topic_id=5, off_hours_only=True), rule(pk=2)], 2),
        ([rule(pk=1, topic_id=5, department_id=9), rule(pk=2)], 2),
        ([rule(pk=1, category=Category.STAFF_COMPLAINT), rule(pk=2)], 2),
        ([rule(pk=1, topic_id=6)], None),
    ],
)
def test_most_specific_rule_wins(rules: list[RoutingRule], chosen: int | None) -> None:
    appeal = Appeal(topic_id=5, sector_id=4, area_id=3, category=Category.INCIDENT, complaint_department_id=9)
    found = routing.choose_rule(rules, appeal, is_open=True)
    assert (found.pk if found else None) == chosen


def test_rule_of_the_night_counts_only_at_night() -> None:
    appeal = Appeal(topic_id=5)
    rules = [rule(pk=1), rule(pk=2, off_hours_only=True)]
    assert routing.choose_rule(rules, appeal, is_open=False).pk == 2
    assert routing.choose_rule(rules, appeal, is_open=True).pk == 1


def test_suggestion_is_shown_and_not_assigned() -> None:
    topic = make_topic()
    wanted = make_rule(topic=topic)
    appeal = make_appeal(topic_id=topic.pk)
    assert routing.suggest_route(appeal.pk) == wanted
    assert routing.suggest_route(appeal.pk) == wanted
    appeal.refresh_from_db()
    assert (appeal.status, appeal.suggested_rule, appeal.department) == (Status.REGISTERED, wanted, None)
    assert appeal.events.filter(kind=EventKind.ROUTE_SUGGESTED).count() == 1


def test_rule_that_may_assigns_but_for_complaints_about_staff() -> None:
    topic = make_topic()
    make_rule(topic=topic, auto_assign=True)
    plain = make_appeal(topic_id=topic.pk)
    complaint = make_appeal(topic_id=topic.pk, category=Category.STAFF_COMPLAINT)
    for appeal in (plain, complaint):
        routing.suggest_route(appeal.pk)
        appeal.refresh_from_db()
    assert (plain.status, plain.department.slug) == (Status.ASSIGNED, "utilities")
    assert (complaint.status, complaint.department) == (Status.REGISTERED, None)


def test_outdated_rule_is_not_used() -> None:
    topic = make_topic()
    make_rule(topic=topic, valid_until=timezone.now() - timedelta(days=1))
    appeal = make_appeal(topic_id=topic.pk)
    assert routing.suggest_route(appeal.pk) is None


def test_complaint_never_goes_to_the_unit_it_names() -> None:
    unit, inspector = make_department(), make_user("inspector")
    appeal = make_appeal(complaint_department_id=unit.pk)
    with pytest.raises(Conflict) as refused:
        routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    assert refused.value.code == "complained_about"
    with pytest.raises(Conflict):
        routing.forward_appeal(appeal.pk, department=unit, ground="По компетенции", actor=inspector)


def test_forwarded_appeal_is_neither_late_nor_unanswered() -> None:
    police = make_department("police_ext", is_external=True, organization=make_organization("police", kind="external"))
    inspector = make_user("inspector")
    appeal = make_appeal(regime=Regime.APPEAL)
    with pytest.raises(ValidationFailed):
        routing.forward_appeal(appeal.pk, department=police, ground="", actor=inspector)
    routing.forward_appeal(appeal.pk, department=police, ground="Вопрос общественного порядка", actor=inspector)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.outcome) == (Status.FORWARDED, Outcome.FORWARDED)
    outcomes = dict(appeal.timers.values_list("code", "outcome"))
    assert outcomes[TimerCode.FORWARD] == Timer.Outcome.MET
    assert outcomes[TimerCode.ANSWER] == Timer.Outcome.CANCELLED
    event = appeal.events.get(kind=EventKind.FORWARDED)
    assert (event.reason, event.is_public) == ("Вопрос общественного порядка", True)


def test_external_body_is_forwarded_to_not_assigned() -> None:
    police = make_department("police_ext", is_external=True)
    with pytest.raises(ValidationFailed):
        routing.assign_unit(make_appeal().pk, department=police, actor=make_user("inspector"))


def test_question_is_forwarded_alone() -> None:
    inspector, unit = make_user("inspector"), make_department()
    clinic = make_department("health_ext", is_external=True)
    appeal = make_appeal(regime=Regime.APPEAL)
    first, second = routing.split_questions(appeal.pk, texts=["Жол туралы", "Емхана туралы", " "], actor=inspector)
    routing.assign_question(first.pk, department=unit, actor=inspector)
    routing.forward_question(second.pk, department=clinic, ground="Облыстық басқарманың құзыреті", actor=inspector)
    appeal.refresh_from_db()
    assert appeal.status == Status.REGISTERED
    assert Timer.objects.get(question=first).due_at == appeal.due_at
    with pytest.raises(Conflict):
        routing.forward_question(second.pk, department=clinic, ground="Тағы бір рет жолдау", actor=inspector)


def test_new_priority_takes_the_term_of_an_emergency() -> None:
    appeal = make_appeal()
    before = appeal.due_at
    routing.classify_appeal(appeal.pk, actor=make_user("operator"), priority="emergency")
    appeal.refresh_from_db()
    assert appeal.due_at - appeal.registered_at == timedelta(hours=24)
    assert appeal.due_at < before
    assert appeal.timers.get(code=TimerCode.ANSWER).due_at == appeal.due_at


def test_classification_without_a_change_leaves_no_trace() -> None:
    area = make_area()
    appeal = make_appeal(area_id=area.pk)
    routing.classify_appeal(appeal.pk, actor=make_user("operator"), area=area)
    assert appeal.events.count() == 1


def test_promotion_starts_the_statutory_clock_on_the_day_of_promotion() -> None:
    poor = make_appeal()
    with pytest.raises(ValidationFailed):
        routing.promote_appeal(poor.pk, kind=Kind.APPLICATION, actor=None)
    appeal = make_appeal(applicant=make_identified_applicant(), received_at=timezone.now() - timedelta(days=6))
    with pytest.raises(ValidationFailed) as refused:
        routing.promote_appeal(appeal.pk, kind=Kind.GRATITUDE, actor=None)
    assert refused.value.code == "gratitude"
    routing.promote_appeal(appeal.pk, kind=Kind.APPLICATION, actor=make_user("operator"))
    appeal.refresh_from_db()
    assert appeal.regime == Regime.APPEAL
    assert appeal.due_at - timezone.now() > timedelta(days=14)
    assert appeal.timers.filter(code=TimerCode.ANSWER, stopped_at__isnull=True).count() == 1


def test_second_look_goes_to_another_unit_with_its_own_term_and_once() -> None:
    unit = make_department()
    control = make_department("appeals_control", reviews_disputes=True)
    appeal = make_appeal()
    inspector = make_user("inspector")
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    dispute(appeal, unit)
    for _repeat in range(2):
        routing.open_second_look(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.department, appeal.executor) == (Status.REOPENED, control, None)
    running = appeal.timers.filter(stopped_at__isnull=True)
    assert [timer.code for timer in running] == [TimerCode.SECOND_LOOK]
    assert appeal.due_at == running[0].due_at
    assert appeal.events.filter(kind=EventKind.REOPENED).count() == 1


def test_words_suggest_a_unit_where_no_topic_is_chosen_but_never_assign() -> None:
    topic = make_topic("dogs", keywords="қаңғыбас ит, бродячие собаки")
    wanted = make_rule(topic=topic, auto_assign=True, department=make_department("veterinary"))
    appeal = make_appeal(text="Бродячие собаки возле детского сада")
    routing.suggest_route(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.suggested_rule, appeal.status, appeal.topic) == (wanted, Status.REGISTERED, None)
    assert appeal.events.get(kind=EventKind.ROUTE_SUGGESTED).data["topic_by_words"] == topic.pk


def test_disputed_answer_without_another_unit_goes_to_an_inspector_and_never_back() -> None:
    unit, other = make_department(), make_department("other")
    appeal, inspector = make_appeal(), make_user("inspector")
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    dispute(appeal, unit)
    routing.open_second_look(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.department) == (Status.REGISTERED, None)
    assert [timer.code for timer in appeal.timers.filter(stopped_at__isnull=True)] == [TimerCode.SECOND_LOOK]
    with pytest.raises(Conflict):
        routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    assert routing.assign_unit(appeal.pk, department=other, actor=inspector).department == other


def test_rules_never_lead_back_to_the_unit_whose_answer_is_disputed() -> None:
    """Else its task would be refused for ever: by hand the unit cannot have it either."""
    unit, other, inspector = make_department(), make_department("roads"), make_user("inspector")
    topic = make_topic("lamps")
    make_rule(department=unit, topic=topic, auto_assign=True)
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    dispute(appeal, unit)
    routing.open_second_look(appeal.pk)
    routing.classify_appeal(appeal.pk, actor=inspector, topic=topic)
    assert routing.suggest_route(appeal.pk) is None
    wanted = make_rule(department=other)
    assert routing.suggest_route(appeal.pk) == wanted


def test_a_late_repeat_of_the_task_does_not_reopen_what_was_answered_anew() -> None:
    unit, control = make_department(), make_department("appeals_control", reviews_disputes=True)
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=make_user("inspector"))
    dispute(appeal, unit)
    routing.open_second_look(appeal.pk)
    Reply.objects.create(appeal=appeal, department=control, language="kk", text="Жауап", sent_at=timezone.now())
    Appeal.objects.filter(pk=appeal.pk).update(status=Status.ANSWERED)
    routing.open_second_look(appeal.pk)
    appeal.refresh_from_db()
    assert appeal.status == Status.ANSWERED


def test_a_body_with_terms_of_its_own_gets_them_when_it_gets_the_appeal() -> None:
    unit = make_department("gas", organization=make_organization("gas"))
    appeal = make_appeal()
    SlaPolicy.objects.create(
        code="GAS", timer_code="answer", organization=unit.organization, amount=2, unit="calendar_days"
    )
    forget_rows()
    routing.assign_unit(appeal.pk, department=unit, actor=make_user("inspector"))
    appeal.refresh_from_db()
    assert appeal.due_at < timezone.now() + timedelta(days=3)
    assert appeal.timers.get(code=TimerCode.ANSWER).due_at == appeal.due_at


def test_promotion_of_an_unassigned_request_restarts_its_clock_of_forwarding() -> None:
    make_appeal()  # the reference data
    SlaPolicy.objects.create(code="CC-FWD", timer_code="forward", regime="request", amount=3, unit="working_days")
    forget_rows()
    actor, unit = make_user("inspector"), make_department()
    waiting, given = (make_appeal(applicant=make_identified_applicant()) for _ in range(2))
    routing.assign_unit(given.pk, department=unit, actor=actor)
    for appeal, running in ((waiting, 1), (given, 0)):
        routing.promote_appeal(appeal.pk, kind=Kind.APPLICATION, actor=actor)
        assert appeal.timers.filter(code=TimerCode.FORWARD, stopped_at__isnull=True).count() == running


def test_what_was_handed_back_is_not_given_again_by_the_rules() -> None:
    unit = make_department()
    make_rule(department=unit, topic=make_topic(), auto_assign=True)
    appeal, head = make_appeal(topic_id=make_topic().pk), make_user("head", department=unit)
    received = appeal.events.get()
    tasks.suggest_route(received.pk)
    workqueue.hand_back(appeal.pk, actor=head, reason="Бұл біздің құзыретте емес", to=workqueue.BackTo.INSPECTOR)
    before = appeal.events.count()
    tasks.suggest_route(received.pk)
    assert appeal.events.count() == before, "an old task comes to nothing"
    assert routing.suggest_route(appeal.pk) is not None, "a new classification still suggests"
    appeal.refresh_from_db()
    assert (appeal.status, appeal.department) == (Status.REGISTERED, None)


def test_a_text_is_not_split_into_any_number_of_questions() -> None:
    with pytest.raises(ValidationFailed):
        routing.split_questions(make_appeal().pk, texts=["Су жоқ"] * 21, actor=make_user("inspector"))


def test_ladder_without_a_unit_tells_the_inspectors() -> None:
    from appeals import events, staff_notices

    inspector = make_user("inspector")
    appeal = make_appeal()
    data = {"timer": "answer", "share": 50, "roles": ["executor", "head"]}
    event = events.record(appeal, EventKind.REMINDED, data=data)
    assert staff_notices.recipients_of(event) == [inspector]


def test_complaint_about_the_unit_that_has_it_takes_it_back_to_the_inspector() -> None:
    unit, other = make_department(), make_department("roads")
    inspector, operator = make_user("inspector"), make_user("operator")
    make_rule(department=unit, topic=make_topic(), auto_assign=True)
    appeal = make_appeal(topic_id=make_topic().pk, regime=Regime.APPEAL, applicant=make_identified_applicant())
    intake.register_appeal(appeal.pk, actor=operator, reason="Жеке куәлігімен келді")
    routing.suggest_route(appeal.pk)
    workqueue.claim(appeal.pk, actor=make_user("executor", department=unit))

    routing.classify_appeal(appeal.pk, actor=operator, complaint_department=unit)

    appeal.refresh_from_db()
    assert (appeal.status, appeal.department, appeal.executor) == (Status.REGISTERED, None, None)
    assert (appeal.complaint_department, appeal.suggested_rule) == (unit, None)
    last_two = list(appeal.events.order_by("-seq").values_list("kind", flat=True)[:2])
    assert last_two == [EventKind.CLASSIFIED, EventKind.HANDED_BACK]
    assert Timer.objects.filter(appeal=appeal, code=TimerCode.FORWARD, stopped_at=None).exists()
    assert routing.suggest_route(appeal.pk) is None, "no rule leads back"
    routing.assign_unit(appeal.pk, department=other, actor=inspector)


def test_complaint_about_an_official_takes_it_from_him_alone() -> None:
    unit, inspector = make_department(), make_user("inspector")
    executor, helper = make_user("executor", department=unit), make_user("executor", department=unit)
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    workqueue.claim(appeal.pk, actor=executor)
    workqueue.add_co_executor(appeal.pk, user_id=helper.pk, actor=executor)

    routing.classify_appeal(appeal.pk, actor=inspector, complaint_user=helper)
    appeal.refresh_from_db()
    assert (appeal.executor, appeal.assignments.filter(ended_at=None, user=helper).count()) == (executor, 0)

    routing.classify_appeal(appeal.pk, actor=inspector, complaint_user=executor)
    appeal.refresh_from_db()
    assert (appeal.executor, appeal.department) == (None, None)


def test_question_is_taken_from_the_unit_the_appeal_complains_about() -> None:
    unit, blamed, inspector = make_department(), make_department("roads"), make_user("inspector")
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    first, _second = routing.split_questions(appeal.pk, texts=["Жол қазылған", "Су жоқ"], actor=inspector)
    routing.assign_question(first.pk, department=blamed, actor=inspector)

    routing.classify_appeal(appeal.pk, actor=inspector, complaint_department=blamed)

    first.refresh_from_db()
    appeal.refresh_from_db()
    assert (first.department, appeal.department) == (None, unit)
    assert not Timer.objects.filter(question=first, stopped_at=None).exists()
    routing.assign_question(first.pk, department=unit, actor=inspector)
    assert Timer.objects.filter(question=first, stopped_at=None).exists()


def test_complaint_found_after_the_answer_takes_nothing_back() -> None:
    unit, inspector = make_department(), make_user("inspector")
    appeal = make_appeal()
    routing.assign_unit(appeal.pk, department=unit, actor=inspector)
    Appeal.objects.filter(pk=appeal.pk).update(status=Status.ANSWERED)
    routing.classify_appeal(appeal.pk, actor=inspector, complaint_department=unit)
    appeal.refresh_from_db()
    assert appeal.department == unit
