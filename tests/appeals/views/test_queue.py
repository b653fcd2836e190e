"""The queue page, its bulk steps, saved filters and files."""

from urllib.parse import parse_qs

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role, RoleAssignment
from appeals import routing
from appeals.models import Appeal, SavedFilter, Status
from appeals.selectors.queue import QueueRow
from appeals.views.staff.queue_rows import RowView
from appeals.views.staff.tabs import LABELS, OF_ROLE
from audit.models import AuditRecord
from common.rows import forget_rows
from tests.appeals.cases import fresh, make_case, make_claimed_case, make_unit
from tests.factories import make_appeal, make_topic, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/staff/appeals/"


@pytest.fixture
def unit():
    return make_unit("utilities")


@pytest.fixture
def inspector(client, unit):
    client.force_login(unit.inspector)
    return client


def page(client, query="tab=all") -> str:
    response = client.get(f"{QUEUE}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_strangers_are_sent_to_sign_in_and_residents_refused(client):
    assert client.get(QUEUE).status_code == 302
    assert client.get(reverse("appeals:queue-count"), HTTP_HX_REQUEST="true").status_code == 401
    client.force_login(make_user())
    assert client.get(QUEUE).status_code == 403
    assert client.post(reverse("appeals:queue-bulk")).status_code in (302, 403)


@pytest.mark.parametrize("role", list(OF_ROLE))
def test_bare_address_opens_the_first_tab_of_the_role(client, role):
    client.force_login(make_user(role))
    response = client.get(QUEUE)
    assert response.status_code == 302
    assert response.url == f"{QUEUE}?tab={OF_ROLE[role][0]}"
    assert client.get(response.url).status_code == 200


def test_every_tab_has_a_label():
    assert {tab for tabs in OF_ROLE.values() for tab in tabs} <= set(LABELS)


def test_list_shows_the_row_and_its_marks(inspector, unit):
    case = make_case(unit, priority="urgent")
    Appeal.objects.filter(pk=case.pk).update(is_disputed=True, has_unread_message=True)
    html = page(inspector)
    for part in (
        case.number,
        reverse("appeals:case", args=[case.number]),
        "Дауланған",
        "Жаңа хабар",
        "Шұғыл",
        "күн қалды",
    ):
        assert part in html


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_speaks_the_language(client, unit, language):
    make_case(unit)
    client.force_login(unit.head)
    client.cookies["django_language"] = language
    with override(language):
        assert str(LABELS["unit"]) in page(client, "tab=unit")


def test_senseless_filters_are_named_and_lose_nothing(inspector, unit):
    case = make_case(unit)
    html = page(inspector, "tab=all&area=x&status=late")
    assert case.number in html
    assert "түсініксіз" in html


def test_empty_view_says_so(inspector):
    assert "Мұнда күтіп тұрған өтініш жоқ" in page(inspector, "tab=overdue")


def test_pages_link_to_each_other(inspector, unit, monkeypatch):
    from appeals.selectors import queue

    for _ in range(3):
        make_case(unit)
    small = queue.page
    monkeypatch.setattr(queue, "page", lambda *args, **given: small(*args, **given | {"size": 2}))
    first = page(inspector, "tab=all&sort=newest")
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = inspector.get(link).content.decode()
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_page_takes_the_same_queries_for_one_row_and_for_many(inspector, unit, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("common.rows.SECONDS", 600)  # a slow machine must not read the kept tables anew in between
    forget_rows()
    make_case(unit)
    page(inspector)
    with django_assert_num_queries(7):
        page(inspector)
    for _ in range(5):
        make_case(unit)
    page(inspector)
    with django_assert_num_queries(7):
        page(inspector)


def test_count_is_a_piece_for_htmx_and_a_page_without_scripts(inspector, unit):
    make_case(unit)
    address = reverse("appeals:queue-count") + "?tab=all"
    piece = inspector.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert piece.strip() == "1 өтініш"
    assert "<h1>" in inspector.get(address).content.decode()


# Bulk steps


def bulk(client, action, numbers, **values):
    data = {"action": action, "rows": numbers, "query": "tab=all"} | values
    return client.post(reverse("appeals:queue-bulk"), data)


def test_ticked_appeals_are_given_to_a_unit(inspector, unit):
    cases = [make_appeal(), make_appeal()]
    response = bulk(inspector, "unit", [case.number for case in cases], unit=unit.department.pk)
    assert response.url == f"{QUEUE}?tab=all"
    assert {fresh(case).department_id for case in cases} == {unit.department.pk}
    assert "2 өтініш бойынша орындалды" in page(inspector)
    assert "2 өтініш бойынша орындалды" not in page(inspector)


def test_what_is_refused_is_named_with_the_reason_and_the_rest_is_done(client, unit):
    free, taken = make_case(unit), make_claimed_case(unit)
    client.force_login(unit.colleague)
    bulk(client, "claim", [free.number, taken.number, "TRK-26-0000000-0"])
    assert fresh(free).executor_id == unit.colleague.pk
    assert fresh(taken).executor_id == unit.executor.pk
    html = page(client)
    assert "1 өтініш бойынша орындалды" in html
    assert taken.number in html
    assert "2 өтініш бойынша орындалмады" in html


def test_person_topic_and_priority(client, unit):
    case, topic = make_case(unit), make_topic("lamps")
    client.force_login(unit.inspector)
    bulk(client, "person", [case.number], person=unit.colleague.pk)
    bulk(client, "topic", [case.number], topic=topic.pk)
    bulk(client, "priority", [case.number], priority="urgent")
    case = fresh(case)
    assert (case.executor_id, case.topic_id, case.priority) == (unit.colleague.pk, topic.pk, "urgent")


@pytest.mark.parametrize("action", ["unit", "topic", "priority"])
def test_bulk_steps_ask_for_the_right(client, unit, action):
    case, topic = make_case(unit), make_topic("lamps")
    before = fresh(case)
    client.force_login(unit.executor)
    bulk(client, action, [case.number], unit=make_unit("roads").department.pk, topic=topic.pk, priority="urgent")
    after = fresh(case)
    assert (after.department_id, after.topic_id, after.priority) == (
        before.department_id,
        before.topic_id,
        before.priority,
    )


def test_appeals_of_others_cannot_be_touched(client, unit):
    case = make_case(make_unit("roads"))
    client.force_login(unit.executor)
    bulk(client, "claim", [case.number])
    assert fresh(case).status == Status.ASSIGNED


@pytest.mark.parametrize(
    ("action", "values"),
    [("", {}), ("explode", {}), ("unit", {}), ("unit", {"unit": "x"}), ("priority", {"priority": "high"})],
)
def test_senseless_step_changes_nothing_and_says_why(inspector, unit, action, values):
    case = make_case(unit)
    before = fresh(case).version
    response = bulk(inspector, action, [case.number], **values)
    assert response.status_code == 302
    assert "не істеу керегін таңдаңыз" in page(inspector)
    assert fresh(case).version == before


def test_nothing_ticked_is_said(inspector):
    bulk(inspector, "claim", [])
    assert "кемінде бір өтінішті белгілеңіз" in page(inspector)


# Print and export


def test_ticked_rows_are_printed_with_their_texts(inspector, unit):
    case = make_case(unit, text="Ауладағы шам үш күннен бері жанбайды.")
    html = bulk(inspector, "print", [case.number]).content.decode()
    assert case.number in html
    assert "Ауладағы шам үш күннен бері жанбайды." in html


def test_export_is_recorded_and_safe_for_spreadsheets(inspector, unit):
    case = make_case(unit, subject="=cmd|' /C calc'!A0")
    response = inspector.get(reverse("appeals:queue-export") + "?tab=all")
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert case.number in text
    assert "'=cmd" in text
    assert AuditRecord.objects.filter(action=AuditRecord.Action.EXPORTED).count() == 1


def test_export_reads_every_page_once(inspector, unit, monkeypatch):
    from appeals.views.staff import export

    monkeypatch.setattr(export, "CHUNK", 2)
    cases = [make_case(unit) for _ in range(5)]
    text = b"".join(inspector.get(reverse("appeals:queue-export") + "?tab=all").streaming_content).decode()
    assert sorted(line.split(",")[0] for line in text.splitlines()[1:]) == sorted(case.number for case in cases)


def test_what_is_searched_for_does_not_get_into_the_log(inspector, unit):
    inspector.get(reverse("appeals:queue-export") + "?tab=all&q=Құпиябеков&status=assigned")
    record = AuditRecord.objects.get(action=AuditRecord.Action.EXPORTED)
    assert parse_qs(record.reason)["q"] == ["*"]


def test_printed_texts_are_recorded(inspector, unit):
    bulk(inspector, "print", [make_case(unit).number])
    assert AuditRecord.objects.get(action=AuditRecord.Action.EXPORTED).reason == "print, rows=1"


def test_export_reaches_as_far_as_the_right_to_export_and_not_as_far_as_one_sees(client, unit):
    other = make_unit("parks")
    own, seen = make_case(unit), make_case(other)
    RoleAssignment.objects.create(user=unit.head, role=Role.OPERATOR)
    client.force_login(unit.head)
    assert seen.number in page(client)
    text = b"".join(client.get(reverse("appeals:queue-export") + "?tab=all").streaming_content).decode()
    assert own.number in text and seen.number not in text
    ticked = b"".join(bulk(client, "export", [own.number, seen.number]).streaming_content).decode()
    assert own.number in ticked and seen.number not in ticked


def test_export_asks_for_the_right(client, unit):
    case = make_case(unit)
    client.force_login(unit.executor)
    assert client.get(reverse("appeals:queue-export") + "?tab=all").status_code == 403
    assert bulk(client, "export", [case.number]).status_code in (302, 403)
    assert not AuditRecord.objects.filter(category__in=["access", "export"]).exists()


# Saved filters


def test_saved_filter_lives_through_first_place_deletion_and_undo(inspector, unit):
    save = {"name": "Судың бәрі", "query": "tab=all&q=су&evil=1"}
    inspector.post(reverse("appeals:filter-save"), save)
    kept = SavedFilter.objects.get()
    assert (kept.user, kept.query) == (unit.inspector, "tab=all&q=%D1%81%D1%83")
    inspector.post(reverse("appeals:filter-open-first", args=[kept.pk]), {"wanted": "1", "query": "tab=all"})
    assert inspector.get(QUEUE).url == f"{QUEUE}?{kept.query}"
    inspector.post(reverse("appeals:filter-delete", args=[kept.pk]), {"query": "tab=all"})
    assert not SavedFilter.objects.exists()
    assert "«Судың бәрі» сүзгісі жойылды" in page(inspector)
    inspector.post(reverse("appeals:filter-undo"))
    assert SavedFilter.objects.get().is_default
    assert "сүзгісі жойылды" not in page(inspector)


def test_filter_of_somebody_else_is_not_found(inspector):
    other = SavedFilter.objects.create(user=make_user(Role.HEAD), name="A", query="tab=all")
    assert inspector.post(reverse("appeals:filter-delete", args=[other.pk])).status_code == 404
    assert SavedFilter.objects.filter(pk=other.pk).exists()


def test_nameless_filter_is_refused_in_words(inspector):
    inspector.post(reverse("appeals:filter-save"), {"name": " ", "query": "tab=all"})
    assert "атау беріңіз" in page(inspector)
    assert not SavedFilter.objects.exists()


def test_the_line_says_nothing_twice():
    def row(subject, text):
        names = dict.fromkeys(QueueRow.__dataclass_fields__)
        made = QueueRow(**names | {"subject": subject, "excerpt": text})
        return RowView(made, *[""] * 9, term=None, received="", is_late=False)

    same = row("Су жоқ", "Сәлеметсіз бе! Су жоқ үш күннен бері")
    assert (same.title, same.excerpt) == ("Су жоқ", "")
    other = row("Су жоқ", "Үш күннен бері құбыр құрғақ")
    assert other.excerpt == "Үш күннен бері құбыр құрғақ"
    nameless = row("", "Үш күннен бері құбыр құрғақ")
    assert (nameless.title, nameless.excerpt) == ("Үш күннен бері құбыр құрғақ", "")


def test_part_of_a_case_is_marked_in_the_queue_of_the_unit(client, unit):
    case = make_case(make_unit("roads"))
    first, _second = routing.split_questions(case.pk, texts=["Су жоқ", "Жол қазылған"], actor=unit.inspector)
    routing.assign_question(first.pk, department=unit.department, actor=unit.inspector)
    client.force_login(unit.head)
    html = client.get(reverse("appeals:queue") + "?tab=unit").content.decode()
    assert case.number in html
    assert "Мұнда бір бөлігі ғана" in html
