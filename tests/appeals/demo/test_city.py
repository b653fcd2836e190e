"""The demo city: every state, marked as invented, by the workflow, with chains that hold and nothing to send."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from appeals import events
from appeals.demo.accounts import plan_accounts
from appeals.demo.city import _subject
from appeals.demo.people import identifier_of, invent_person
from appeals.models import (
    Appeal,
    AppealEvent,
    AppealLink,
    Applicant,
    Attachment,
    ExtensionProposal,
    Feedback,
    Incident,
    Question,
    Reply,
    Status,
    Timer,
)
from appeals.reference.loader import load_all
from common.identifiers import check_identifier
from privacy.models import Breach, DataRequest, TakedownRequest


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """One city for all tests that only look at it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_all()
        call_command("make_demo", appeals=500, days=60)
        yield
        transaction.set_rollback(True)


def test_every_appeal_is_marked_as_invented(city):
    assert Appeal.objects.filter(is_demo=True).count() == Appeal.objects.count() == 500


def test_duties_on_personal_data_have_something_to_show(city):
    assert DataRequest.objects.get(is_demo=True).state == "new"
    assert TakedownRequest.objects.get(is_demo=True).is_open
    breach = Breach.objects.get(is_demo=True)
    assert breach.state == "closed" and not breach.is_late


def test_all_important_states_are_there(city):
    states = set(Appeal.objects.values_list("status", flat=True))
    assert {Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED, Status.FORWARDED} <= states
    assert Feedback.objects.filter(is_dispute=True).exists()
    assert Incident.objects.filter(appeals__isnull=False).exists()
    outcomes = set(Appeal.objects.values_list("outcome", flat=True))
    assert {"satisfied", "explained", "first_contact", "forwarded"} <= outcomes


def test_chains_hold_and_nothing_is_sent(city):
    assert list(events.broken_links()) == []
    assert events.changed_texts(Appeal.objects.values_list("pk", flat=True)) == []
    assert not AppealEvent.objects.filter(reacted_at__isnull=True).exists()
    now = timezone.now()
    assert not AppealEvent.objects.filter(occurred_at__gt=now).exists()
    assert not Timer.objects.filter(stopped_at__isnull=True, next_step_at__lt=now).exists()


def test_every_side_of_the_work_is_there(city):
    kinds = set(AppealEvent.objects.values_list("kind", flat=True))
    assert {"reminder_sent", "appeal_escalated", "clock_paused", "clock_resumed", "info_requested"} <= kinds
    assert {"questions_split", "question_answered", "appeal_linked", "incident_joined", "attachment_added"} <= kinds
    assert {"extension_proposed", "term_extended", "answer_disputed", "appeal_reopened"} <= kinds
    assert set(Appeal.objects.values_list("language", flat=True)) == {"kk", "ru", "en"}
    assert set(Applicant.objects.values_list("type", flat=True)) == set(Applicant.Type.values)
    assert Applicant.objects.exclude(representative_ground="").exists()
    assert ExtensionProposal.objects.exclude(decision="").exists()


def test_a_split_appeal_has_questions_with_units_of_their_own(city):
    split = Appeal.objects.filter(questions__isnull=False).distinct()
    assert split.exists()
    for appeal in split:
        assert [row.position for row in appeal.questions.all()] == [1, 2]
    assert not Question.objects.filter(answered_at__isnull=False, answer="").exists()
    assert not Timer.objects.filter(question__answered_at__isnull=False, stopped_at__isnull=True).exists()


def test_files_are_those_the_usual_checks_let_in(city):
    types = set(Attachment.objects.values_list("content_type", flat=True))
    assert types == {"image/jpeg", "application/pdf"}
    evidence = Attachment.objects.filter(purpose=Attachment.Purpose.EVIDENCE)
    assert evidence.filter(reply__sent_at__isnull=False).exists()
    row = evidence.first()
    assert len(row.file.read()) == row.size < 60_000


def test_a_duplicate_is_closed_and_both_histories_name_the_other(city):
    link = AppealLink.objects.select_related("source", "target").first()
    assert (link.source.outcome, link.source.incident_id) == ("duplicate", link.target.incident_id)
    told = AppealEvent.objects.filter(kind="appeal_linked")
    assert told.get(appeal=link.source).data["target"] == link.target.number
    assert told.get(appeal=link.target).data["source"] == link.source.number


def test_the_ladder_was_climbed_in_time_order(city):
    rungs = AppealEvent.objects.filter(kind__in=["reminder_sent", "appeal_escalated"])
    assert {50, 80, 100} <= {row.data["share"] for row in rungs}
    for appeal in Appeal.objects.prefetch_related("events")[:200]:
        times = [event.occurred_at for event in sorted(appeal.events.all(), key=lambda event: event.seq)]
        assert times == sorted(times)


def test_an_open_appeal_has_a_clock_and_a_closed_one_none(city):
    waiting = [Status.REGISTERED, Status.ASSIGNED, Status.IN_PROGRESS]
    for appeal in Appeal.objects.filter(status__in=waiting).prefetch_related("timers"):
        running = [timer.code for timer in appeal.timers.all() if timer.stopped_at is None]
        assert {"answer", "second_look"} & set(running)
    assert not Timer.objects.filter(appeal__status=Status.CLOSED, stopped_at__isnull=True).exists()


def test_late_answers_are_few(city):
    answers = Timer.objects.filter(code="answer", stopped_at__isnull=False)
    assert answers.filter(outcome="missed").count() < 0.1 * answers.count()


def test_a_complaint_is_not_answered_by_the_unit_it_names(city):
    from django.db.models import F

    assert not Appeal.objects.filter(complaint_department_id=F("department_id")).exists()


def test_the_work_lies_with_the_demo_accounts(city):
    executors = Appeal.objects.filter(status=Status.IN_PROGRESS).values_list("executor__email", flat=True)
    assert all(email.endswith("@demo.example") for email in executors)
    for resident in ("resident", "resident2"):
        assert Appeal.objects.filter(applicant__user__username=resident).exists()


def test_a_second_run_adds_nothing_and_a_cut_off_one_is_finished(db):
    load_all()
    call_command("make_demo", appeals=30, days=30)
    before = AppealEvent.objects.count()
    call_command("make_demo", appeals=30, days=30)
    assert AppealEvent.objects.count() == before
    call_command("make_demo", appeals=40, days=30)
    assert Appeal.objects.count() == 40
    assert Reply.objects.filter(appeal__is_demo=False).count() == 0


def test_invented_identifiers_are_valid_and_of_nobody_living():
    for number in range(50):
        person = invent_person(1, number, language="kk")
        identifier = identifier_of(person)
        assert identifier.startswith("000101")
        assert identifier[6] in "34"
        assert check_identifier(identifier, today=timezone.localdate()).value == identifier


# Accounts


def test_accounts_cover_every_role_and_are_made_once(db, capsys):
    load_all()
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    assert set(RoleAssignment.objects.values_list("role", flat=True)) == set(Role.values)
    assert User.objects.filter(role_assignments__isnull=True).count() == 2
    assert User.objects.get(username="executor.land").check_password(settings.DEMO_PASSWORD)
    assert settings.DEMO_PASSWORD in printed
    assert "executor.water-supply" in printed
    User.objects.filter(username="akim").update(last_name="Жаңа")
    call_command("demo_accounts", all=True)
    assert User.objects.count() == len(plan_accounts())
    assert User.objects.get(username="akim").last_name == "Жаңа"


def test_only_administrator_and_methodologist_reach_the_admin(db):
    load_all()
    call_command("demo_accounts")
    staff = User.objects.filter(is_staff=True).values_list("role_assignments__role", flat=True)
    assert set(staff) == {Role.ADMINISTRATOR, Role.METHODOLOGIST}
    assert not User.objects.filter(is_superuser=True).exists()


def test_demo_data_is_refused_in_production(db, settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="refused"):
        call_command("demo_accounts")
    with pytest.raises(CommandError, match="known to everybody"):
        call_command("demo_accounts", force=True, password=settings.DEMO_PASSWORD)
    load_all()
    call_command("demo_accounts", force=True, password="another-long-secret")
    assert User.objects.get(username="akim").check_password("another-long-secret")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Автобус № 12 3 дн. подряд опаздывает. Примите меры.", "Автобус № 12 3 дн. подряд опаздывает"),
        ("Көшеде түнде жарық жоқ, қараңғы! Шамдарды жөндеңіз.", "Көшеде түнде жарық жоқ, қараңғы"),
    ],
)
def test_subject_is_a_whole_sentence(text, subject):
    assert _subject(text) == subject
