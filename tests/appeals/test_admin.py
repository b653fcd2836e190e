"""The administration site: who may enter, what may be edited, and what an edit leaves behind."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from appeals.models import AppealEvent, RoutingRule, SlaPolicy, TermRecalculation, Topic
from appeals.reference.loader import load_all
from audit.models import AuditRecord
from common.admin import LogAdmin
from common.models import CalendarDay
from organizations.models import Department
from tests.factories import make_appeal, make_user


@pytest.fixture
def methodologist(client, db):
    load_all()
    user = make_user(Role.METHODOLOGIST)
    client.force_login(user)
    return client


@pytest.fixture
def administrator(client, db):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.METHODOLOGIST, Role.ADMINISTRATOR)])
def test_other_roles_are_kept_out(client, db, role):
    user = make_user(role)
    user.is_staff = True
    user.save()
    client.force_login(user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_visitor_signs_in_on_the_page_of_the_hub(client, db):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_every_list_and_form_opens_in_three_languages(methodologist, administrator, client):
    make_appeal()
    TermRecalculation.objects.create(reason="x")
    user = User.objects.get(role_assignments__role=Role.ADMINISTRATOR)
    RoleAssignment.objects.create(user=user, role=Role.METHODOLOGIST)
    client.force_login(user)
    for language in ("kk", "ru", "en"):
        client.cookies["django_language"] = language
        for model in admin.site._registry:
            if model._meta.app_label in ("account", "mfa"):
                continue
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            assert client.get(reverse(f"{name}_changelist"), {"q": "а"}).status_code == 200, model
            row = model._default_manager.first()
            if row is not None:
                assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, model


def test_logs_cannot_be_changed(methodologist):
    make_appeal()
    for model, page in admin.site._registry.items():
        if isinstance(page, LogAdmin):
            assert (
                methodologist.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")).status_code
                == 403
            )
    event = AppealEvent.objects.first()
    url = reverse("admin:appeals_appealevent_change", args=[event.pk])
    assert methodologist.post(url, {"reason": "x"}).status_code == 403


def test_a_changed_rule_is_a_new_version(methodologist):
    rule = RoutingRule.objects.get(topic__slug="waste")
    utilities = Department.objects.get(slug="utilities")
    values = {
        "topic": rule.topic_id,
        "department": utilities.pk,
        "note": "жаңа",
        "category": "",
        "sector": "",
        "area": "",
    }
    answer = methodologist.post(reverse("admin:appeals_routingrule_change", args=[rule.pk]), values)
    assert answer.status_code == 302
    rule.refresh_from_db()
    newer = RoutingRule.objects.get(replaces=rule)
    assert rule.valid_until is not None
    assert rule.department.slug == "improvement"
    assert (newer.department, newer.version, newer.note) == (utilities, 2, "жаңа")


def test_a_rule_saved_without_a_change_stays(methodologist):
    rule = RoutingRule.objects.get(topic__slug="waste")
    values = {"topic": rule.topic_id, "department": rule.department_id, "note": rule.note, "category": ""}
    methodologist.post(reverse("admin:appeals_routingrule_change", args=[rule.pk]), values)
    rule.refresh_from_db()
    assert rule.valid_until is None


def test_an_ended_version_is_only_looked_at(methodologist):
    rule = RoutingRule.objects.get(topic__slug="waste")
    url = reverse("admin:appeals_routingrule_changelist")
    methodologist.post(url, {"action": "end_now", "_selected_action": [rule.pk]})
    rule.refresh_from_db()
    assert rule.valid_until is not None
    page = reverse("admin:appeals_routingrule_change", args=[rule.pk])
    assert methodologist.get(page).status_code == 200
    assert methodologist.post(page, {"note": "x"}).status_code == 403


def test_an_edited_day_leaves_a_trace_and_asks_for_new_terms(methodologist):
    day = CalendarDay.objects.get(date=dt.date(2026, 12, 16))
    before = TermRecalculation.objects.count()
    values = {"date": "2026-12-16", "kind": "holiday", "name_kk": "Тәуелсіздік күні!", "name_ru": "День независимости"}
    answer = methodologist.post(reverse("admin:common_calendarday_change", args=[day.pk]), values)
    assert answer.status_code == 302, answer.context["errors"]
    assert LogEntry.objects.filter(object_id=str(day.pk)).count() == 1
    record = AuditRecord.objects.get(action=AuditRecord.Action.CONFIGURED)
    assert record.subject_ref == f"common.CalendarDay:{day.pk}"
    assert record.fields[0] == "changed"
    assert TermRecalculation.objects.count() == before + 1


def test_a_term_is_edited_and_a_topic_found(methodologist):
    policy = SlaPolicy.objects.get(code="CC-URGENT")
    page = methodologist.get(reverse("admin:appeals_slapolicy_change", args=[policy.pk]))
    assert page.status_code == 200
    found = methodologist.get(reverse("admin:appeals_topic_changelist"), {"q": "қоқыс"})
    assert Topic.objects.get(slug="waste") in found.context["cl"].queryset


def test_only_an_administrator_gives_roles_and_the_mark_follows(administrator):
    other = make_user()
    values = {
        "username": other.username, "email": other.email, "first_name": "А", "last_name": "Б", "language": "kk",
        "is_active": "on", "role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0",
        "role_assignments-0-user": other.pk, "role_assignments-0-role": Role.METHODOLOGIST,
    }  # fmt: skip
    answer = administrator.post(reverse("admin:accounts_user_change", args=[other.pk]), values)
    assert answer.status_code == 302, answer.context["errors"]
    other.refresh_from_db()
    assert other.is_staff
    administrator.force_login(make_user(Role.METHODOLOGIST))
    assert administrator.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_a_contact_that_an_administrator_writes_is_not_confirmed(administrator):
    """Else an administrator's typing mistake would be the second factor of somebody else's phone."""
    other = make_user(email="old@example.kz", phone="+77010000001", phone_confirmed_at=timezone.now())
    EmailAddress.objects.create(user=other, email="old@example.kz", verified=True, primary=True)
    values = {
        "username": other.username, "email": "new@example.kz", "phone": "+77010000002", "first_name": "А",
        "last_name": "Б", "language": "kk", "is_active": "on",
        "role_assignments-TOTAL_FORMS": "0", "role_assignments-INITIAL_FORMS": "0",
    }  # fmt: skip
    address = reverse("admin:accounts_user_change", args=[other.pk])
    assert administrator.post(address, values | {"phone": other.phone, "email": other.email}).status_code == 302
    other.refresh_from_db()
    assert other.phone_confirmed_at is not None
    assert administrator.post(address, values).status_code == 302
    other.refresh_from_db()
    assert (other.phone, other.phone_confirmed_at) == ("+77010000002", None)
    assert not EmailAddress.objects.filter(user=other).exists()


def test_a_confidential_case_is_not_in_the_log_of_events(methodologist):
    make_appeal()
    make_appeal(is_confidential=True)
    page = methodologist.get(reverse("admin:appeals_appealevent_changelist"))
    assert len(page.context["cl"].result_list) == 1


def test_a_form_says_what_an_edit_changes(methodologist):
    policy = SlaPolicy.objects.get(code="CC-URGENT")
    methodologist.cookies["django_language"] = "ru"
    page = methodologist.get(reverse("admin:appeals_slapolicy_change", args=[policy.pk])).content.decode()
    assert "уже идущие сроки не меняются" in page
    assert "Пусто – любое значение." in page
    assert "vendor/golos" in page
