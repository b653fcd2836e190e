"""The team's pages: who may do what, who stands in, who is on duty."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from accounts.models import Role, RoleAssignment, Shift, Substitution, User
from accounts.rights import LABELS, Action
from accounts.substitutions import roles_to_lend
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def label(action: Action) -> str:
    with translation.override("en"):
        return escape(str(LABELS[action]))


def page_of(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"accounts:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def head(client: Client) -> User:
    user = make_user(Role.HEAD, department=make_department())
    signed_in(client, user)
    return user


def test_my_rights_stand_on_top_with_their_place(client: Client, head: User) -> None:
    Substitution.objects.create(
        user=(away := make_user(Role.ANALYST)),
        substitute=head,
        begins_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        reason="x",
        created_by=away,
        lent=roles_to_lend(away),
    )
    RoleAssignment.objects.create(user=head, role=Role.EXECUTOR)
    client = signed_in(Client(), head)  # a new role ends the sessions that were open
    page = page_of(client, "rights")
    mine = page[: page.index("The table of rights")]
    assert "Department utilities" in mine
    assert f"in place of {away}" in mine
    assert "no unit was given" in mine


def test_the_table_is_narrowed_to_a_role_or_an_action(client: Client, head: User) -> None:
    table = lambda page: page[page.index("The table of rights") :]  # noqa: E731
    everything, of_role = table(page_of(client, "rights")), table(page_of(client, "rights", role="security_officer"))
    assert [action for action in Action if f'<th scope="row">{label(action)}</th>' not in everything] == []
    assert f'<th scope="row">{label(Action.AUDIT)}</th>' in of_role
    assert f'<th scope="row">{label(Action.REPLY)}</th>' not in of_role
    assert "own organization:</strong> Head of department" in table(page_of(client, "rights", action="extend"))
    assert "This role may not do this." in page_of(client, "rights", role="operator", action="audit")
    assert everything.count("<tr>") == table(page_of(client, "rights", role="no-such-role")).count("<tr>")


def test_the_table_as_a_file_has_a_row_for_each_action(client: Client, head: User) -> None:
    answer = client.get(reverse("accounts:rights-csv"))
    lines = b"".join(answer).decode().splitlines()
    assert len(lines) == 1 + len(Action)
    assert "Security officer" in lines[0]


def test_a_substitution_is_set_ended_after_a_question_and_stays_in_the_list(client: Client, head: User) -> None:
    colleague = make_user(Role.EXECUTOR, department=make_department())
    today = timezone.localdate()
    data = {"user": head.pk, "substitute": colleague.pk, "begins_on": today, "ends_on": today + DAY, "reason": "Leave"}
    answer = client.post(reverse("accounts:substitutions"), data)
    assert answer.status_code == 302
    row = Substitution.objects.get()
    assert f"{colleague}" in page_of(client, "substitutions")
    assert "End it now" in page_of(client, "substitution-end", row.pk)
    row.refresh_from_db()
    assert row.ended_at is None  # looking at the question ends nothing
    assert client.post(reverse("accounts:substitution-end", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.ended_by == head


def test_a_refused_substitution_keeps_what_was_typed(client: Client, head: User) -> None:
    colleague = make_user(Role.EXECUTOR, department=make_department())
    today = timezone.localdate()
    data = {"user": head.pk, "substitute": colleague.pk, "begins_on": today, "ends_on": today - DAY, "reason": "Келесі"}
    answer = client.post(reverse("accounts:substitutions"), data)
    assert answer.status_code == 422
    assert "Келесі" in answer.content.decode()
    assert "The last day lies before the first one." in answer.content.decode()


def test_nobody_sets_a_substitution_for_somebody_he_does_not_answer_for(client: Client, head: User) -> None:
    stranger = make_user(Role.EXECUTOR, department=make_department("far"))
    today = timezone.localdate()
    data = {"user": stranger.pk, "substitute": head.pk, "begins_on": today, "ends_on": today, "reason": "x"}
    assert client.post(reverse("accounts:substitutions"), data).status_code == 422
    assert not Substitution.objects.exists()


def test_the_home_page_says_who_stands_in_for_whom(client: Client, head: User) -> None:
    away = make_user(Role.ANALYST)
    today = timezone.localdate()
    Substitution.objects.create(
        user=away,
        substitute=head,
        begins_on=today,
        ends_on=today,
        reason="x",
        created_by=away,
        lent=roles_to_lend(away),
    )
    assert f"You stand in for {away}" in client.get(reverse("appeals:staff-home")).content.decode()
    signed_in(client, away)
    assert f"{head} stands in for you" in client.get(reverse("appeals:staff-home")).content.decode()


def test_a_roster_is_made_shown_copied_and_a_shift_deleted_and_put_back(client: Client, head: User) -> None:
    unit = make_department()
    person = make_user(Role.EXECUTOR, department=unit)
    monday = dt.date(2026, 11, 2)
    form = {"people": [person.pk], "pattern": "2/2", "first": monday, "last": monday + 6 * DAY}
    assert "of the next day" in page_of(client, "roster", unit.pk)
    answer = client.post(reverse("accounts:roster", args=[unit.pk]), form | {"begins": "20:00", "ends": "07:00"})
    assert answer["Location"].endswith(f"?unit={unit.pk}&week=2026-11-02")
    assert Shift.objects.count() == 4
    week = page_of(client, "shifts", unit=str(unit.pk), week="2026-11-05")
    assert week.count("20:00–07:00") == 4
    client.post(reverse("accounts:week-copy", args=[unit.pk]), {"week": "2026-11-02"})
    assert Shift.objects.count() == 8
    again = client.post(reverse("accounts:roster", args=[unit.pk]), form | {"begins": "22:00", "ends": "23:00"})
    assert (again.status_code, Shift.objects.count()) == (409, 8)
    client.post(reverse("accounts:shift-delete", args=[Shift.objects.earliest("starts_at").pk]))
    assert Shift.objects.count() == 7
    assert "The shift was deleted" in page_of(client, "shifts", unit=str(unit.pk))
    client.post(reverse("accounts:shift-undo"))
    assert Shift.objects.count() == 8


def test_a_shift_is_changed_and_exchanged(client: Client, head: User) -> None:
    unit = make_department()
    one, two = make_user(Role.EXECUTOR, department=unit), make_user(Role.EXECUTOR, department=unit)
    begin = dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)
    rows = [
        Shift.objects.create(
            user=user, department=unit, starts_at=at, ends_at=at + dt.timedelta(hours=11), created_by=head
        )
        for user, at in ((one, begin), (two, begin + DAY))
    ]
    assert "08:00" in page_of(client, "shift", rows[0].pk)
    data = {"user": one.pk, "day": "2026-11-04", "begins": "09:00", "ends": "18:00"}
    assert client.post(reverse("accounts:shift", args=[rows[0].pk]), data).status_code == 302
    assert str(two) in page_of(client, "shift-swap", rows[0].pk)
    client.post(reverse("accounts:shift-swap", args=[rows[0].pk]), {"other": rows[1].pk})
    assert [Shift.objects.get(pk=row.pk).user for row in rows] == [two, one]


def test_colleagues_look_and_heads_change(client: Client, head: User) -> None:
    unit = make_department()
    person = make_user(Role.EXECUTOR, department=unit)
    now = timezone.now()
    Shift.objects.create(
        user=person, department=unit, starts_at=now, ends_at=now + dt.timedelta(hours=8), created_by=head
    )
    assert "Copy this week" in page_of(client, "shifts")
    signed_in(client, person)
    page = page_of(client, "shifts")
    assert "On duty now" in page
    assert str(person) in page
    assert "Copy this week" not in page


def test_the_administration_site_shows_the_table_and_links_to_it(client: Client) -> None:
    signed_in(client, make_user(Role.METHODOLOGIST))
    assert reverse("admin:rights") in client.get(reverse("admin:index")).content.decode()
    assert label(Action.AUDIT) in client.get(reverse("admin:rights")).content.decode()


def test_a_role_without_its_unit_is_refused_in_the_administration_site(client: Client) -> None:
    signed_in(client, make_user(Role.ADMINISTRATOR))
    user = make_user()
    form = {
        "username": user.username,
        "last_name": "A",
        "first_name": "B",
        "email": user.email,
        "language": "kk",
        "is_active": "on",
        "role_assignments-TOTAL_FORMS": "1",
        "role_assignments-INITIAL_FORMS": "0",
        "role_assignments-0-role": "executor",
    }
    address = reverse("admin:accounts_user_change", args=[user.pk])
    answer = client.post(address, form)
    assert "without one it reaches nothing" in answer.content.decode()
    assert client.post(address, form | {"role_assignments-0-role": "operator"}).status_code == 302
    assert user.role_assignments.get().role == Role.OPERATOR


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "x"])
def test_a_week_beyond_the_calendar_is_this_week(client: Client, week: str) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert client.get(f"/staff/shifts/?week={week}").status_code == 200


NARROW = [
    (Role.SECURITY_OFFICER, "opens nothing"),
    (Role.ADMINISTRATOR, "without the rights over the whole hub"),
    (Role.METHODOLOGIST, "without the rights over the whole hub"),
]


@pytest.mark.parametrize(("role", "words"), NARROW)
def test_my_rights_say_what_a_role_for_a_part_of_the_city_lacks(client: Client, role: str, words: str) -> None:
    user = make_user(role, department=make_department())
    RoleAssignment.objects.create(user=user, role=Role.OPERATOR)
    assert words in page_of(signed_in(client, user), "rights")
    whole = make_user(role)
    assert words not in page_of(signed_in(Client(), whole), "rights")
