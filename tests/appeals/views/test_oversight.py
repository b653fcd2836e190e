"""The first page of the staff, and the figures of those who answer for others."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.rights import Action
from appeals import consultation
from appeals.filters import Tab
from appeals.models import Appeal, Feedback, Reply, Status, Timer
from appeals.policies import visible_to
from appeals.selectors import oversight, queue
from appeals.views.staff.base import queue_times
from audit.models import AuditRecord
from notifications.models import Notification
from tests.appeals.cases import make_case, make_claimed_case, make_unit
from tests.factories import make_appeal, make_user

pytestmark = pytest.mark.django_db


def answer(appeal, *, author, department, late=False, at=None, **values) -> Reply:
    """An answer as the step leaves it: the clock stopped at the moment of sending."""
    at = at or timezone.now()
    Timer.objects.filter(appeal=appeal, code="answer").update(stopped_at=at, outcome="missed" if late else "met")
    Appeal.objects.filter(pk=appeal.pk).update(status=Status.ANSWERED, answered_at=at)
    return Reply.objects.create(
        appeal=appeal, author=author, department=department, language="kk", sent_at=at, text="Жөнделді.", **values
    )


@pytest.fixture
def unit():
    return make_unit("utilities")


def test_load_counts_each_waiting_case_once(unit):
    now = timezone.now()
    cases = [make_case(unit) for _ in range(4)]
    make_claimed_case(unit)
    late, soon, paused, closed = cases
    Appeal.objects.filter(pk=late.pk).update(due_at=now - dt.timedelta(days=1), received_at=now - dt.timedelta(days=8))
    Appeal.objects.filter(pk=soon.pk).update(due_at=now + dt.timedelta(hours=1))
    Appeal.objects.filter(pk=paused.pk).update(status=Status.AWAITING_INFO, due_at=now - dt.timedelta(days=3))
    Appeal.objects.filter(pk=closed.pk).update(status=Status.CLOSED, due_at=now - dt.timedelta(days=3))
    rows = visible_to(unit.head, Action.OVERSEE, elsewhere=False)
    (load,) = oversight.loads(rows, queue_times(now), by="department_id")
    assert (load.key, load.waiting, load.overdue, load.soon, load.paused, load.unclaimed) == (
        unit.department.pk,
        4,
        1,
        1,
        1,
        3,
    )
    assert load.mean_age == pytest.approx(2, abs=0.01)
    assert load.overdue_share == 0.25
    by_person = {one.key: one.waiting for one in oversight.loads(rows, queue_times(now), by="executor_id")}
    assert by_person == {None: 3, unit.executor.pk: 1}


def test_results_keep_late_not_done_disputed_and_forwarded_apart(unit):
    other = make_unit("roads")
    people = {"author": unit.executor, "department": unit.department}
    good, late, refused, interim, old = (make_claimed_case(unit) for _ in range(5))
    answer(good, **people)
    reply = answer(late, late=True, **people)
    answer(refused, outcome="not_done", **people)
    answer(interim, is_interim=True, **people)
    answer(old, at=timezone.now() - dt.timedelta(days=40), **people)
    Feedback.objects.create(appeal=late, reply=reply, verdict="not_solved", is_dispute=True)
    Appeal.objects.filter(pk=late.pk).update(department=other.department)  # a second look elsewhere
    since, until = timezone.now() - dt.timedelta(days=30), timezone.now() + dt.timedelta(minutes=1)
    (found,) = oversight.results(since, until, by="department_id")
    assert (found.key, found.answered, found.late, found.not_done, found.disputed) == (unit.department.pk, 3, 1, 1, 1)
    assert found.on_time_share == pytest.approx(2 / 3)
    assert oversight.results(since, until, by="department_id", department_ids=[other.department.pk]) == []
    assert oversight.forwarded(since, until) == 0


def test_trend_counts_by_week(unit):
    make_case(unit)
    now = timezone.now()
    (week,) = oversight.trend(now - dt.timedelta(days=7), now + dt.timedelta(minutes=1))
    assert (week.received, week.answered, week.starts_on.weekday()) == (1, 0, 0)


def test_counts_of_the_tabs_equal_their_lists(unit):
    for _ in range(3):
        make_case(unit)
    make_claimed_case(unit)
    make_appeal()
    from appeals.filters import QueueFilters

    times = queue_times()
    for user in (unit.inspector, unit.head, unit.executor):
        counts = oversight.tab_counts(user, list(Tab), times)
        assert Tab.ALL not in counts
        for tab, number in counts.items():
            assert number == queue.count(user, QueueFilters(tab=tab), times), tab


# Pages


@pytest.mark.parametrize("role", list(Role))
def test_home_greets_every_role(client, role, unit):
    make_case(unit)
    client.force_login(make_user(role))
    assert client.get(reverse("appeals:staff-home")).status_code == 200


def test_home_shows_notices_until_they_are_read(client, unit):
    case = make_case(unit)
    Notification.objects.create(
        dedupe_key="t1", transport="inbox", address="", template="x", subject="Мерзім өтіп барады", body="Ескерту.",
        subject_ref=f"appeal:{case.pk}", user=unit.executor,
    )  # fmt: skip
    client.force_login(unit.executor)
    html = client.get(reverse("appeals:staff-home")).content.decode()
    assert "Мерзім өтіп барады" in html
    assert reverse("appeals:case", args=[case.number]) in html
    client.post(reverse("appeals:staff-notices-read"))
    assert Notification.objects.get(dedupe_key="t1").read_at is not None


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.AKIM, 200), (Role.HEAD, 200), (Role.ANALYST, 200), (Role.EXECUTOR, 403), (Role.OPERATOR, 403)],
)
def test_oversight_is_for_those_who_answer_for_others(client, unit, role, code):
    user = make_user(role, department=unit.department if role in (Role.HEAD, Role.EXECUTOR) else None)
    client.force_login(user)
    assert client.get(reverse("appeals:oversight")).status_code == code


def test_head_sees_his_people_and_no_other_unit(client, unit):
    make_claimed_case(unit)
    other = make_unit("roads")
    make_claimed_case(other)
    client.force_login(unit.head)
    for query in ("", f"?unit={other.department.pk}", "?unit=x&days=5"):
        html = client.get(reverse("appeals:oversight") + query).content.decode()
        assert "Әбенов" in html
        assert f"executor={other.executor.pk}&" not in html


def test_akim_sees_units_and_goes_one_click_down(client, unit):
    make_claimed_case(unit)
    client.force_login(make_user(Role.AKIM))
    html = client.get(reverse("appeals:oversight")).content.decode()
    assert unit.department.name in html
    html = client.get(reverse("appeals:oversight") + f"?unit={unit.department.pk}").content.decode()
    assert "Әбенов" in html
    link = f"/staff/appeals/?tab=all&amp;unit={unit.department.pk}&amp;executor={unit.executor.pk}&amp;sort=due"
    assert link in html
    assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_figures_are_downloaded_as_csv(client, unit):
    make_case(unit)
    client.force_login(make_user(Role.AKIM))
    text = client.get(reverse("appeals:oversight-export")).content.decode()
    assert unit.department.name in text
    assert text.startswith("\ufeff")
    assert AuditRecord.objects.get(action=AuditRecord.Action.EXPORTED).subject_ref == "oversight"


@pytest.mark.parametrize(("role", "shown"), [("administrator", True), ("methodologist", True), ("akim", False)])
def test_the_way_to_the_reference_data_is_in_the_menu_of_those_who_keep_them(client, role, shown):
    client.force_login(make_user(role))
    page = client.get(reverse("appeals:staff-home")).content.decode()
    assert (f'href="{reverse("admin:index")}"' in page) is shown


def test_consultations_at_first_contact_are_not_taken_for_cases_without_a_unit(client, unit):
    operator = make_user(Role.OPERATOR)
    consultation.resolve_at_first_contact(make_appeal().pk, answer="Су бүгін сағат 18-де қосылады.", actor=operator)
    make_appeal()  # waits for an inspector
    client.force_login(make_user(Role.AKIM))
    lines = client.get(reverse("appeals:oversight")).context["lines"]
    found = {line.name: (line.load.waiting, line.results.answered) for line in lines}
    assert sorted(found.values()) == [(0, 1), (1, 0)]
    assert "Бірінші хабарласқандағы кеңестер" in found
