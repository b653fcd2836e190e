"""What the queue lists, for whom, and in which order."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role, RoleAssignment
from appeals import feedback, replies, routing, workqueue
from appeals.filters import QueueFilters, Tab
from appeals.models import Appeal, Channel, Question, Status
from appeals.selectors import conditions, oversight, queue, words
from appeals.selectors.conditions import QueueTimes
from appeals.selectors.queue import Cursor
from tests.appeals.cases import make_case, make_claimed_case, make_unit
from tests.factories import make_appeal, make_area, make_identified_applicant, make_topic, make_user

pytestmark = pytest.mark.django_db


def times(now=None) -> QueueTimes:
    now = now or timezone.now()
    return QueueTimes(now, now + dt.timedelta(hours=6), now + dt.timedelta(days=3))


def numbers(user, **filters) -> list[str]:
    return [row.number for row in queue.page(user, QueueFilters(**filters), times()).rows]


def set_columns(appeal, **values):
    """States that would need weeks to come about by themselves."""
    Appeal.objects.filter(pk=appeal.pk).update(**values)


@pytest.fixture
def unit():
    return make_unit("utilities")


@pytest.fixture
def other():
    return make_unit("roads")


# Whom


def test_each_role_sees_only_its_scope(unit, other):
    here, there, new = make_case(unit), make_case(other), make_appeal()
    assert numbers(unit.executor) == [here.number]
    assert numbers(unit.head) == [here.number]
    assert numbers(other.head) == [there.number]
    assert set(numbers(unit.inspector)) == {here.number, there.number, new.number}
    assert numbers(make_user()) == []


def test_area_role_sees_its_sector_only(unit):
    yassy, otyrar = make_area("yassy"), make_area("otyrar")
    here, _there = make_appeal(area_id=yassy.pk), make_appeal(area_id=otyrar.pk)
    operator = make_user()
    RoleAssignment.objects.create(user=operator, role=Role.OPERATOR, area=yassy)
    assert numbers(operator) == [here.number]


def test_nobody_sees_the_complaint_about_himself(unit):
    make_appeal(complaint_user_id=unit.inspector.pk)
    assert numbers(unit.inspector) == []
    assert queue.count(unit.inspector, QueueFilters(), times()) == 0


def test_confidential_appeal_is_for_roles_that_may(unit):
    secret = make_case(unit, is_confidential=True)
    assert numbers(unit.executor) == []
    assert numbers(unit.head) == [secret.number]


def test_what_is_assigned_elsewhere_stands_in_the_own_queue(unit, other):
    lent = make_case(other)
    set_columns(lent, executor=unit.executor)
    assert numbers(unit.executor, tab=Tab.MINE) == [lent.number]
    assert numbers(unit.executor, tab=Tab.ALL) == []
    assert numbers(unit.executor, executor="me") == [lent.number]


def test_co_executor_finds_the_case_in_his_queue(unit, other):
    case = make_claimed_case(unit)
    helper = make_user(Role.CO_EXECUTOR, department=other.department)
    workqueue.add_co_executor(case.pk, user_id=helper.pk, actor=unit.executor)
    assert numbers(helper, tab=Tab.MINE) == [case.number]


def test_question_of_the_unit_stands_in_its_queue_until_it_is_dealt_with(unit, other):
    own, case = make_case(unit), make_case(other)
    first, second = routing.split_questions(case.pk, texts=["Су жоқ", "Жол қазылған"], actor=unit.inspector)
    routing.assign_question(first.pk, department=unit.department, actor=unit.inspector)
    routing.assign_question(second.pk, department=unit.department, actor=unit.inspector)
    page = queue.page(unit.head, QueueFilters(tab=Tab.UNIT), times())
    assert [row.number for row in page.rows] == [own.number, case.number]
    assert page.parts == {case.pk}
    assert queue.count(unit.head, QueueFilters(tab=Tab.UNIT), times()) == 2
    assert oversight.tab_counts(unit.head, [Tab.UNIT], times()) == {Tab.UNIT: 2}
    assert numbers(other.head, tab=Tab.UNIT) == [case.number], "once, though a part of it is elsewhere"
    for question in (first, second):
        replies.answer_question(question.pk, actor=unit.head, text="Құбыр ауыстырылды, су берілді.")
    assert numbers(unit.head, tab=Tab.UNIT) == [own.number]


def test_question_of_a_person_stands_in_his_own_queue(unit, other):
    case = make_case(other)
    first, _ = routing.split_questions(case.pk, texts=["Су жоқ", "Жол қазылған"], actor=unit.inspector)
    routing.assign_question(first.pk, department=unit.department, actor=unit.inspector)
    Question.objects.filter(pk=first.pk).update(executor=unit.executor)
    assert numbers(unit.executor, tab=Tab.MINE) == [case.number]
    assert numbers(unit.colleague, tab=Tab.MINE) == []


@pytest.mark.parametrize("tab", [Tab.UNIT, Tab.MINE])
def test_questions_of_withdrawn_appeals_crowd_out_nothing(unit, other, tab, monkeypatch):
    monkeypatch.setattr(conditions, "MOST_IN_PART", 1)
    for is_withdrawn in (True, False):
        case = make_case(other)
        part = {"department": unit.department, "executor": unit.executor if tab == Tab.MINE else None}
        for position in (1, 2):
            Question.objects.create(appeal=case, position=position, text="Су жоқ", **part)
        if is_withdrawn:
            feedback.withdraw(case.pk)
    assert numbers(unit.executor, tab=tab) == [case.number]


def test_confidential_case_is_not_shown_for_the_sake_of_a_question(unit, other):
    case = make_case(other, is_confidential=True)
    first, _ = routing.split_questions(case.pk, texts=["Су жоқ", "Жол қазылған"], actor=unit.inspector)
    routing.assign_question(first.pk, department=unit.department, actor=unit.inspector)
    assert numbers(unit.executor, tab=Tab.UNIT) == []
    assert numbers(unit.head, tab=Tab.UNIT) == [case.number]


@pytest.mark.parametrize("sort", ["due", "newest", "oldest"])
def test_pages_with_parts_of_cases_meet_without_gap_or_overlap(unit, other, sort):
    wanted = [make_case(unit).number for _ in range(5)]
    for _ in range(4):
        case = make_case(other)
        first, _second = routing.split_questions(case.pk, texts=["Су жоқ", "Жол қазылған"], actor=unit.inspector)
        routing.assign_question(first.pk, department=unit.department, actor=unit.inspector)
        wanted.append(case.number)
    filters, seen, cursor = QueueFilters(tab=Tab.UNIT, sort=sort), [], None
    while True:
        page = queue.page(unit.head, filters, times(), after=cursor, size=2)
        seen += [row.number for row in page.rows]
        if page.next is None:
            break
        cursor = page.next
    assert sorted(seen) == sorted(wanted)
    back = queue.page(unit.head, filters, times(), before=Cursor.parse(str(cursor)), size=2)
    assert [row.number for row in back.rows] == seen[seen.index(back.rows[0].number) :][:2]


def test_new_are_not_the_open_cases_of_an_imported_history(unit):
    new, old = make_appeal(), make_appeal()
    set_columns(old, channel=Channel.HISTORY)
    assert numbers(unit.inspector, tab=Tab.NEW) == [new.number]
    assert set(numbers(unit.inspector, tab=Tab.ALL)) == {new.number, old.number}


# Tabs and filters


def test_tabs(unit):
    now = timezone.now()
    new, mine, late, soon, waits = (
        make_appeal(),
        make_claimed_case(unit),
        make_case(unit),
        make_case(unit),
        make_case(unit),
    )
    closed, disputed, told = make_case(unit), make_case(unit), make_case(unit)
    set_columns(late, due_at=now - dt.timedelta(days=1))
    set_columns(soon, due_at=now + dt.timedelta(days=1))
    set_columns(waits, status=Status.AWAITING_INFO, due_at=now - dt.timedelta(days=2))
    set_columns(closed, status=Status.CLOSED, closed_at=now, due_at=now - dt.timedelta(days=9))
    set_columns(disputed, is_disputed=True)
    set_columns(told, has_unread_message=True)
    inspector = unit.inspector
    assert numbers(inspector, tab=Tab.NEW) == [new.number]
    assert numbers(unit.executor, tab=Tab.MINE) == [mine.number]
    assert numbers(inspector, tab=Tab.OVERDUE) == [late.number]
    assert numbers(inspector, tab=Tab.SOON) == [soon.number]
    assert numbers(inspector, tab=Tab.AWAITING) == [waits.number]
    assert numbers(inspector, tab=Tab.DISPUTED) == [disputed.number]
    assert numbers(inspector, tab=Tab.MESSAGES) == [told.number]
    assert closed.number not in numbers(unit.head, tab=Tab.UNIT)
    assert len(numbers(inspector, tab=Tab.ALL)) == 8


def test_filters(unit, other):
    topic, area = make_topic("lamps"), make_area("sauran")
    wanted = make_case(unit, topic_id=topic.pk, area_id=area.pk, channel="telegram", priority="urgent")
    make_case(other)
    table = {
        "status": "assigned", "unit": str(unit.department.pk), "area": str(area.pk), "topic": str(topic.pk),
        "channel": "telegram", "priority": "urgent", "executor": "none", "regime": "request",
        "since": f"{timezone.localdate():%Y-%m-%d}", "until": f"{timezone.localdate():%Y-%m-%d}",
    }  # fmt: skip
    for name, value in table.items():
        assert wanted.number in numbers(unit.inspector, **{name: value}), name
    assert numbers(unit.inspector, **table) == [wanted.number]
    assert numbers(unit.inspector, **table | {"priority": "emergency"}) == []
    assert numbers(unit.inspector, sector=str(topic.sector_id), unit=str(unit.department.pk)) == [wanted.number]
    assert numbers(unit.inspector, until="2020-01-01") == []


def test_waiting_sorts_by_time_left_and_all_by_receipt(unit):
    first, second = make_case(unit), make_case(unit)
    set_columns(first, due_at=timezone.now() + dt.timedelta(days=9))
    set_columns(second, due_at=timezone.now() + dt.timedelta(days=2))
    assert numbers(unit.head, tab=Tab.UNIT) == [second.number, first.number]
    assert numbers(unit.head, tab=Tab.ALL) == [second.number, first.number]
    assert numbers(unit.head, tab=Tab.ALL, sort="oldest") == [first.number, second.number]


# Words


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Көшеде үш күннен бері су жоқ, құбыр жарылған.", "су"),
        ("Көшеде үш күннен бері су жоқ, құбыр жарылған.", "көше"),
        ("Көшеде үш күннен бері су жоқ, құбыр жарылған.", "құбырлар"),
        ("Балабақшаға кезек жылжымайды.", "балабақша кезегі"),
        ("На улице прорвало трубу, нет воды.", "труба"),
        ("На улице прорвало трубу, нет воды.", "вода улица"),
        ("Не горят уличные фонари во дворе.", "фонарь"),
    ],
)
def test_words_are_found_in_other_forms(unit, text, asked):
    wanted = make_case(unit, text=text)
    make_case(unit, text="Жиналыс туралы сұрақ: қашан өтеді?")
    assert numbers(unit.inspector, q=asked) == [wanted.number]
    assert queue.count(unit.inspector, QueueFilters(q=asked), times()) == 1


def test_all_words_must_be_there(unit):
    make_case(unit, text="На улице прорвало трубу, нет воды.")
    assert numbers(unit.inspector, q="труба дерево") == []


def test_number_and_phone_are_looked_up_exactly(unit):
    wanted = make_case(unit, applicant=make_identified_applicant(phone="+77019998877"))
    make_case(unit)
    assert numbers(unit.inspector, q=wanted.number) == [wanted.number]
    assert numbers(unit.inspector, q=wanted.number.lower().replace("-", " ")) == [wanted.number]
    assert numbers(unit.inspector, q="8 (701) 999-88-77") == [wanted.number]
    assert numbers(unit.inspector, q="8 (701) 999-88-76") == []


def test_words_that_say_nothing_find_nothing(unit):
    make_case(unit)
    assert numbers(unit.inspector, q="и не") == []


@pytest.mark.parametrize("tab", [Tab.ALL, Tab.UNIT])
@pytest.mark.parametrize("width", [2, 1000])
def test_words_are_found_within_the_walk_and_beyond_it(unit, monkeypatch, tab, width):
    monkeypatch.setattr(words, "is_rare", lambda text: False)
    monkeypatch.setattr(queue, "TEXT_WALK", width)
    monkeypatch.setattr(queue, "FILTERED_WALK", width)
    wanted = [make_case(unit, text="Саябақта дендропарк ағаштары құлаған.") for _ in range(2)]
    for _ in range(4):
        make_case(unit)
    assert set(numbers(unit.head, tab=tab, q="дендропарк")) == {case.number for case in wanted}
    assert set(numbers(unit.head, tab=tab, q="дендропарк", status="assigned")) == {case.number for case in wanted}


def test_rarity_is_bounded_by_the_rarest_word():
    known = words.Shares({"су": 0.2, "жок": 0.1, "гидрант": 0.0005}, 0.0001, 1_000_000)
    assert known.most_rows("су жоқ") == pytest.approx(100_000, rel=0.01)
    assert 500 <= known.most_rows("су гидранттар") <= 700  # a word may have a stem in each language
    assert known.most_rows("кесене") <= 200
    assert words.Shares({}, 1.0, 1_000_000).most_rows("су") >= 1_000_000


# Pages


def walk(user, filters, size=3):
    """All pages forward, then all pages back."""
    forward, page = [], queue.page(user, filters, times(), size=size)
    forward.append([row.id for row in page.rows])
    while page.next:
        page = queue.page(user, filters, times(), after=page.next, size=size)
        forward.append([row.id for row in page.rows])
    back = [[row.id for row in page.rows]]
    while page.previous:
        page = queue.page(user, filters, times(), before=page.previous, size=size)
        back.append([row.id for row in page.rows])
    return forward, back[::-1]


@pytest.mark.parametrize("sort", ["due", "newest", "oldest"])
@pytest.mark.parametrize("ties", [False, True])
def test_pages_meet_without_gap_or_overlap(unit, sort, ties):
    cases = [make_case(unit) for _ in range(8)]
    if ties:
        Appeal.objects.update(received_at=timezone.now(), due_at=timezone.now() + dt.timedelta(days=3))
    forward, back = walk(unit.head, QueueFilters(tab=Tab.ALL, sort=sort))
    assert [len(page) for page in forward] == [3, 3, 2]
    assert sorted(pk for page in forward for pk in page) == sorted(case.pk for case in cases)
    assert back == forward


def test_new_rows_move_nothing_below_the_cursor(unit):
    for _ in range(5):
        make_case(unit)
    filters = QueueFilters(tab=Tab.ALL)
    first = queue.page(unit.head, filters, times(), size=2)
    before = [row.id for row in queue.page(unit.head, filters, times(), after=first.next, size=2).rows]
    make_case(unit)
    assert [row.id for row in queue.page(unit.head, filters, times(), after=first.next, size=2).rows] == before


def test_cursor_reads_back_and_refuses_nonsense():
    cursor = Cursor(dt.datetime(2026, 11, 23, 10, 30, 0, 123456, dt.UTC), 42)
    assert Cursor.parse(str(cursor)) == cursor
    for text in ("", "x", "!!!!", "MjAyNg", str(cursor)[:-4], "A" * 500):
        assert Cursor.parse(text) is None


def test_count_stops_at_its_bound(unit):
    for _ in range(5):
        make_case(unit)
    assert queue.count(unit.head, QueueFilters(), times(), most=3) == 4


def test_page_takes_the_same_queries_for_one_row_and_for_many(unit, django_assert_num_queries):
    make_case(unit)
    list(unit.head.role_assignments.all())
    queue.page(unit.head, QueueFilters(tab=Tab.UNIT), times())
    for _ in range(6):
        with django_assert_num_queries(2):  # the parts of cases, the rows
            queue.page(unit.head, QueueFilters(tab=Tab.UNIT), times())
        make_case(unit)


def test_clock_of_a_row_is_the_running_leading_timer(unit):
    case = make_case(unit)
    clock = queue.clocks([case.pk])[case.pk]
    assert clock.stopped_at is None
    assert clock.due_at == Appeal.objects.get(pk=case.pk).due_at
    assert queue.clocks([]) == {}
