"""What everybody may see: no texts, no names, no confidential appeals; filters, pages by key, a bounded download."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from appeals.models import Appeal
from appeals.selectors import public
from appeals.selectors.public import PublicFilter, public_page
from tests.appeals.test_feedback import answered
from tests.factories import make_appeal, make_area, make_identified_applicant, make_reference, make_topic

pytestmark = pytest.mark.django_db

SECRET = "Құпия мәтін: көрші туралы айтқым келмейді."


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def on_day(days_ago, **values):
    with time_machine.travel(timezone.now() - timedelta(days=days_ago), tick=False):
        return make_appeal(**values)


def numbers(page):
    return [row.number for row in page.rows]


def test_no_page_shows_text_author_or_code(client):
    appeal = make_appeal(
        text=SECRET, applicant=make_identified_applicant(full_name="Серікова Айгүл"), topic_id=make_topic().pk
    )
    for path in ("/", "/appeals/", f"/appeals/{appeal.number}/", "/appeals/appeals.csv"):
        response = client.get(path)
        page = b"".join(response.streaming_content if response.streaming else [response.content]).decode()
        assert appeal.number in page
        for secret in (SECRET[:20], "Серікова", "7010000000", appeal.tracking_code):
            assert secret not in page


def test_confidential_appeal_is_nowhere(client):
    appeal = make_appeal(is_confidential=True)
    for path in ("/", "/appeals/"):
        assert appeal.number not in client.get(path).content.decode()
    assert client.get(f"/appeals/{appeal.number}/").status_code == 404
    assert appeal.number not in b"".join(client.get("/appeals/appeals.csv").streaming_content).decode()
    assert "govuk" in client.get("/appeals/", {"number": appeal.number}).content.decode()


def test_pages_by_key_show_everything_once_and_lead_back(monkeypatch):
    monkeypatch.setattr(public, "PAGE", 3)
    same_moment = timezone.now()
    with time_machine.travel(same_moment, tick=False):
        made = [make_appeal().number for _ in range(8)]
    seen, pages, after = [], [], ""
    while True:
        page = public_page(PublicFilter(), after=after)
        pages.append(page)
        seen += numbers(page)
        if not page.after:
            break
        after = page.after
    assert seen == made[::-1]
    assert [len(page.rows) for page in pages] == [3, 3, 2]
    assert pages[0].before == ""
    back = public_page(PublicFilter(), before=pages[2].before)
    assert numbers(back) == numbers(pages[1])
    assert numbers(public_page(PublicFilter(), before=back.before)) == numbers(pages[0])


@pytest.mark.parametrize("key", ["x", "AAAA", "e30", "MjAyNi0xMS0yM3w1", "💥"])
def test_broken_key_is_the_first_page(client, key):
    appeal = make_appeal()
    assert appeal.number in client.get("/appeals/", {"after": key}).content.decode()


def test_filters_narrow_the_list():
    water, waste, area = make_topic(), make_topic("waste"), make_area()
    first = on_day(40, topic_id=water.pk, area_id=area.pk)
    second = on_day(2, topic_id=waste.pk)
    done, reply = answered(topic_id=waste.pk)
    now = timezone.now()
    cases = [
        (PublicFilter(topic_id=water.pk), [first]),
        (PublicFilter(topic_id=waste.pk), [done, second]),
        (PublicFilter(area_id=area.pk), [first]),
        (PublicFilter(days=7), [done, second]),
        (PublicFilter(status="answered"), [done]),
        (PublicFilter(department_id=reply.department_id), [done]),
        (PublicFilter(topic_id=water.pk, days=7), []),
    ]
    for chosen, expected in cases:
        assert numbers(public_page(chosen, now=now)) == [appeal.number for appeal in expected]


@pytest.mark.parametrize(
    "query", ["topic=999", "topic=x", "status=nonsense", "unit=-1", "period=abc", "area=" + "9" * 50]
)
def test_unknown_filter_is_passed_over(client, query):
    appeal = make_appeal()
    response = client.get(f"/appeals/?{query}")
    assert response.status_code == 200
    assert appeal.number in response.content.decode()


def test_number_leads_to_its_card(client):
    appeal = make_appeal()
    response = client.get("/appeals/", {"number": appeal.number.lower().replace("-", " ")})
    assert response["Location"] == f"/appeals/{appeal.number}/"
    assert client.get("/appeals/", {"number": "TRK-26-0000000-0"}).status_code == 200


def test_words_of_the_text_find_nothing(client):
    appeal = make_appeal(text=SECRET)
    assert client.get("/appeals/", {"number": "көрші"}).status_code == 200
    assert appeal.number in client.get("/appeals/", {"q": "көрші"}).content.decode()


def test_download_has_the_filtered_rows(client, monkeypatch):
    monkeypatch.setattr(public, "MOST_DOWNLOADED", 2)
    topic = make_topic()
    for _ in range(3):
        make_appeal(topic_id=topic.pk)
    make_appeal()
    response = client.get("/appeals/appeals.csv", {"topic": topic.pk})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert {row["topic"] for row in rows} == {topic.name_kk}
    assert set(rows[0]) == {
        "number", "regime", "topic", "city_sector", "status", "status_code", "outcome", "unit",
        "received_at", "due_at", "answered_at", "closed_at", "disputed", "invented",
    }  # fmt: skip


def test_list_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    topic, area = make_topic(), make_area()
    for _ in range(12):
        make_appeal(topic_id=topic.pk, area_id=area.pk)
    client.get("/appeals/")
    with django_assert_max_num_queries(1):
        client.get("/appeals/")


def test_figures_can_be_recounted():
    on_day(40)
    on_day(20)
    answered()
    counted = public.figures()
    assert (counted.received, counted.answered, counted.overdue, counted.disputed) == (2, 1, 1, 0)


def test_invented_rows_are_marked(client):
    appeal = make_appeal()
    Appeal.objects.filter(pk=appeal.pk).update(is_demo=True)
    client.cookies["django_language"] = "en"
    assert "Invented" in client.get("/appeals/").content.decode()
