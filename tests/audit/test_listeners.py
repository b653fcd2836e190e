"""What the log is told of by itself: sign-in, accounts, roles, configuration."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleAssignment
from audit.models import AuditRecord
from tests.factories import make_department, make_reference, make_user
from tests.signin.by_form import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "сауран-самал-2026"
Action = AuditRecord.Action


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def of(action):
    return AuditRecord.objects.filter(action=action).order_by("pk")


def test_sign_in_and_sign_out_are_recorded_with_address_and_browser(client):
    user = make_user(password=PASSWORD)
    sign_in(client, user.username, PASSWORD, headers={"user-agent": "Probe/1"})
    signed_in = of(Action.SIGNED_IN).get()
    assert (signed_in.actor, signed_in.subject_ref, signed_in.address) == (user, f"user:{user.pk}", "127.0.0.1")
    assert (signed_in.user_agent, signed_in.details["steps"]) == ("Probe/1", ["password", "code"])
    assert len(signed_in.request_id) == 36
    client.post("/accounts/logout/")
    assert of(Action.SIGNED_OUT).get().actor == user


@pytest.mark.parametrize("is_known", [True, False])
def test_refused_sign_in_names_the_account_as_subject_and_never_what_was_typed(client, is_known):
    user = make_user(password=PASSWORD)
    typed = user.username if is_known else "nobody-of-that-name"
    client.post("/accounts/login/", {"login": typed, "password": "wrong-password-77"})
    row = of(Action.SIGN_IN_FAILED).get()
    assert (row.actor, row.outcome, row.category) == (None, "failure", "authentication")
    assert row.subject_ref == (f"user:{user.pk}" if is_known else "")
    assert typed not in str(row.details)
    assert "wrong-password" not in str(row.details)


def test_tries_with_one_login_belong_together(client):
    for login in ("ghost", "GHOST ", "other"):
        client.post("/accounts/login/", {"login": login, "password": "x"})
    first, second, third = [row.details["login"] for row in of(Action.SIGN_IN_FAILED)]
    assert first == second != third


def test_changed_password_is_recorded_without_it(client):
    user = make_user(password=PASSWORD)
    sign_in(client, user.username, PASSWORD)
    new = "өзен-тау-2027-қыс"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    row = of(Action.PASSWORD_CHANGED).get()
    assert row.actor == user
    assert new not in str(vars(row))


def test_role_is_recorded_when_given_changed_and_taken_in_code():
    user, unit = make_user(), make_department()
    role = RoleAssignment.objects.create(user=user, role=Role.EXECUTOR, department=unit)
    role.role = Role.HEAD
    role.save()
    role.save()
    role.delete()
    given, changed, taken = of(Action.ROLE_GIVEN).get(), of(Action.ROLE_CHANGED).get(), of(Action.ROLE_TAKEN).get()
    assert given.details == {"role": "executor", "department_id": unit.pk}
    assert changed.details == {"values": {"role": ["executor", "head"]}}
    assert (taken.fields, taken.subject_ref) == (["head"], f"user:{user.pk}")


def test_deleting_many_roles_at_once_is_recorded_one_by_one():
    users = [make_user(Role.OPERATOR) for _ in range(3)]
    RoleAssignment.objects.filter(user__in=users).delete()
    assert {row.subject_ref for row in of(Action.ROLE_TAKEN)} == {f"user:{user.pk}" for user in users}


def test_role_given_in_the_administration_names_who_gave_it(client):
    administrator = make_user(Role.ADMINISTRATOR, is_staff=True)
    user = make_user()
    client.force_login(administrator)
    values = {
        "username": user.username, "language": "kk", "is_active": "on",
        "role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0",
        "role_assignments-0-user": user.pk, "role_assignments-0-role": "operator",
    }  # fmt: skip
    answer = client.post(reverse("admin:accounts_user_change", args=[user.pk]), values)
    assert answer.status_code == 302, answer.context["errors"]
    row = of(Action.ROLE_GIVEN).filter(subject_ref=f"user:{user.pk}").get()
    assert (row.actor, row.address, row.fields) == (administrator, "127.0.0.1", ["operator"])


def test_closed_account_and_new_contacts_are_recorded_masked():
    user = make_user(phone="+77010000000", email="aigul@example.kz")
    user.is_active, user.phone, user.email = False, "+77020000001", "saule@example.kz"
    user.save()
    assert of(Action.ACCOUNT_CHANGED).get().details == {"values": {"is_active": [True, False]}}
    phone, email = of(Action.PHONE_CHANGED).get(), of(Action.EMAIL_CHANGED).get()
    assert phone.details["values"]["phone"][1] == "••••••••0001"
    assert email.details["values"]["email"] == ["a•••@example.kz", "s•••@example.kz"]


def test_saving_what_changes_nothing_asks_and_records_nothing(django_assert_num_queries):
    user = make_user()
    before = AuditRecord.objects.count()
    user.post = "Инспектор"
    with django_assert_num_queries(1):
        user.save(update_fields=["post"])
    assert AuditRecord.objects.count() == before


def test_new_superuser_is_recorded():
    make_user(is_superuser=True)
    assert of(Action.ACCOUNT_CHANGED).get().details == {"values": {"is_superuser": [False, True]}}


def test_edit_of_a_table_is_recorded_with_the_values_before_and_after(client):
    client.force_login(make_user(Role.ADMINISTRATOR, is_staff=True))
    unit = make_department()
    page = reverse("admin:organizations_department_change", args=[unit.pk])
    form = client.get(page).context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value not in (None, "")} | {"name_ru": "Новое имя"}
    empty = {
        f"{inline.formset.prefix}-{name}": "0"
        for inline in client.get(page).context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    answer = client.post(page, values | empty)
    assert answer.status_code == 302, answer.context["errors"]
    row = of(Action.CONFIGURED).get()
    assert row.details["values"]["name_ru"] == ["Отдел utilities", "Новое имя"]


def test_edit_of_an_account_tells_no_personal_values(client):
    client.force_login(make_user(Role.ADMINISTRATOR, is_staff=True))
    user = make_user(post="Оператор")
    values = {
        "username": user.username, "language": "ru", "is_active": "on", "last_name": "Ахметова", "post": "Инспектор",
        "role_assignments-TOTAL_FORMS": "0", "role_assignments-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert client.post(reverse("admin:accounts_user_change", args=[user.pk]), values).status_code == 302
    row = of(Action.CONFIGURED).get()
    assert row.details["values"]["post"] == ["Оператор", "Инспектор"]
    assert "Ахметова" not in str(row.details)


def test_methodologist_sees_no_log_in_the_administration(client):
    page = reverse("admin:audit_auditrecord_changelist")
    client.force_login(make_user(Role.METHODOLOGIST, is_staff=True))
    assert client.get(page).status_code == 403
    client.force_login(make_user(Role.ADMINISTRATOR, is_staff=True))
    assert client.get(page).status_code == 200


def test_refused_sign_in_by_phone_names_the_account_too(client):
    user = make_user(phone="+77010000077", phone_confirmed_at=timezone.now())
    client.post("/accounts/login/", {"login": "8 701 000 00 77", "password": "қате-құпиясөз"})
    assert AuditRecord.objects.get(action="sign_in_failed").subject_ref == f"user:{user.pk}"
