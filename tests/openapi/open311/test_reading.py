"""What everybody reads over Open311: services, their attributes, the public list; nothing of a person."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from appeals.models import Appeal, Status, Topic
from openapi.open311.trees import NOT_IN_XML, Tree, as_xml
from tests.factories import make_appeal, make_area, make_reference, make_topic

pytestmark = pytest.mark.django_db
SECRET = "Көршім Серік түнде шулайды, пәтері 12"


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def get(path: str, query: dict[str, Any] | None = None, language: str = "en") -> Any:
    return Client(raise_request_exception=False).get(
        f"/open311/{path}", query, headers={"Accept-Language": language, "Accept": "text/html"}
    )


def ids(query: dict[str, Any] | None = None) -> list[str]:
    answer = get("v2/requests.json", query)
    assert answer.status_code == 200, answer.content
    return [row["service_request_id"] for row in answer.json()]


def make_old(days: float, **values: Any) -> Appeal:
    appeal = make_appeal()
    Appeal.objects.filter(pk=appeal.pk).update(received_at=timezone.now() - timedelta(days=days), **values)
    return appeal


@pytest.mark.parametrize("path", ["discovery", "v2/discovery"])
def test_discovery_leads_to_the_endpoint(path):
    answer = get(f"{path}.json")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    (endpoint,) = answer.json()["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    answer = get(f"{path}.xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "discovery"
    assert [kind.text for kind in root.findall("endpoints/endpoint/formats/format")] == endpoint["formats"]


def test_services_are_the_active_topics_in_the_callers_language():
    topic = make_topic("gas", hand_over_to="104, 112", keywords="газ иісі, газ; запах газа", name_ru="Запах газа")
    make_topic("closed", is_active=False)
    (row,) = get("v2/services.json", language="ru").json()
    assert row["service_code"] == topic.slug
    assert row["service_name"] == "Запах газа"
    assert row["type"] == "realtime"
    assert row["metadata"] is True
    assert row["keywords"] == "газ иісі, газ, запах газа"
    assert "104, 112" in row["description"]
    assert row["group"]
    root = ElementTree.fromstring(get("v2/services.xml").content)
    assert [service.findtext("service_code") for service in root.findall("service")] == ["gas"]
    assert root.findtext("service/metadata") == "true"


def test_definition_asks_what_the_topic_asks():
    area = make_area()
    make_topic("gas", hand_over_to="104")
    make_topic("land", default_regime="appeal")
    asked = {row["code"]: row for row in get("v2/services/gas.json").json()["attributes"]}
    assert list(asked) == ["emergency", "area", "answer_language", "confidential"]
    assert asked["emergency"]["variable"] is False
    assert asked["area"]["values"] == [{"key": area.slug, "name": area.name_en}]
    root = ElementTree.fromstring(get("v2/services/land.xml").content)
    assert root.tag == "service_definition"
    codes = [row.findtext("code") for row in root.findall("attributes/attribute")]
    assert codes == ["area", "answer_language", "confidential", "regime", "kind", "identifier", "postal_address"]
    orders = [row.findtext("order") for row in root.findall("attributes/attribute")]
    assert orders == [str(place) for place in range(1, 8)]
    assert [one.text for one in root.findall("attributes/attribute[4]/values/value/key")] == ["request", "appeal"]


def test_a_request_shows_what_the_public_list_shows_and_no_more():
    topic, area = make_topic(), make_area()
    appeal = make_appeal(
        text=SECRET, subject=SECRET, address="Тәуке хан, 12", topic_id=topic.pk, area_id=area.pk,
        latitude=Decimal("43.29730"), longitude=Decimal("68.25180"),
    )  # fmt: skip
    appeal.refresh_from_db()
    answer = get(f"v2/requests/{appeal.number}.json")
    (row,) = answer.json()
    assert row.pop("requested_datetime") == appeal.received_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert row.pop("expected_datetime") == appeal.due_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    row.pop("updated_datetime")
    empty = ("description", "agency_responsible", "service_notice", "zipcode", "lat", "long", "media_url")
    assert row == dict.fromkeys(empty) | {
        "service_request_id": appeal.number,
        "status": "open",
        "status_notes": "Registered",
        "service_name": topic.name_en,
        "service_code": topic.slug,
        "address": area.name_en,
        "address_id": area.slug,
    }
    listed = get("v2/requests.xml").content.decode()
    for hidden in (SECRET, "Тәуке", "43.2", "68.2", appeal.tracking_code, "+7701"):
        assert hidden not in listed + answer.content.decode()


@pytest.mark.parametrize("values", [{"is_confidential": True}, {"is_taken_down": True}])
def test_what_is_not_in_the_public_list_is_not_here(values):
    appeal = make_old(1, **values)
    assert ids() == []
    assert ids({"service_request_id": appeal.number}) == []
    assert get(f"v2/requests/{appeal.number}.json").status_code == 404


def test_numbers_override_the_rest_and_ninety_days_are_the_rule():
    old, young = make_old(91), make_old(2)
    assert ids() == [young.number]
    assert ids({"service_request_id": f"{old.number}, {young.number},x", "status": "closed"}) == [
        young.number,
        old.number,
    ]
    since = (timezone.now() - timedelta(days=100)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ids({"start_date": since}) == [old.number]
    assert ids({"end_date": since}) == []


@pytest.mark.parametrize(
    ("status", "as_told"),
    [
        (Status.RECEIVED, "open"),
        (Status.FORWARDED, "open"),
        (Status.REOPENED, "open"),
        (Status.ANSWERED, "closed"),
        (Status.CLOSED, "closed"),
    ],
)
def test_every_status_is_open_or_closed(status, as_told):
    appeal = make_old(1, status=status)
    other = "closed" if as_told == "open" else "open"
    assert ids({"status": as_told}) == ids({"status": "open,closed"}) == [appeal.number]
    assert ids({"status": other}) == []
    assert get(f"v2/requests/{appeal.number}.json").json()[0]["status"] == as_told


def test_services_and_pages_narrow_the_list():
    water, gas = make_topic(), make_topic("gas")
    rows = [make_old(days, topic_id=pk) for days, pk in ((1, water.pk), (2, gas.pk), (3, water.pk))]
    assert ids({"service_code": "water"}) == [rows[0].number, rows[2].number]
    assert ids({"service_code": "water, gas", "page_size": 2}) == [rows[0].number, rows[1].number]
    assert ids({"page_size": 2, "page": 2}) == [rows[2].number]
    Topic.objects.filter(pk=gas.pk).update(is_active=False)
    assert ids({"service_code": "gas"}) == [rows[1].number]


def test_time_with_a_lost_plus_and_with_an_offset_is_understood():
    appeal = make_old(1)
    now = timezone.now()
    span = {"start_date": (now - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S 05:00"), "end_date": _at(now, "+00:00")}
    assert ids(span) == [appeal.number]


def _at(moment: Any, zone: str) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + zone


WRONG_QUESTIONS = [
    ({"status": "done"}, 400, "status"),
    ({"status": "open;closed"}, 400, "status"),
    ({"start_date": "2026-01-01"}, 400, "start_date"),
    ({"start_date": "2026-01-01T00:00:00"}, 400, "start_date"),
    ({"start_date": "2026-13-01T00:00:00Z"}, 400, "start_date"),
    ({"end_date": "9999-12-31T23:59:59Z"}, 400, "end_date"),
    ({"end_date": "2026-01-01T00:00:00+99:99"}, 400, "end_date"),
    ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}, 400, "end_date"),
    ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400, "end_date"),
    ({"page": "0"}, 400, "page"),
    ({"page": "-1"}, 400, "page"),
    ({"page": "1e3"}, 400, "page"),
    ({"page": "٣"}, 400, "page"),
    ({"page": "100000"}, 400, "page"),
    ({"page_size": "1001"}, 400, "page_size"),
    ({"service_request_id": "1," * 1001}, 400, "service_request_id"),
    ({"service_code": "nothing"}, 404, "service_code"),
    ({"service_code": "water\0"}, 404, "service_code"),
    ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"),
    ({"api_key": "hub_lxxxxxxxxx_wrong"}, 403, ""),
]


def test_wrong_questions_are_refused_in_the_form_of_open311():
    for query, status, field in WRONG_QUESTIONS:
        answer = get("v2/requests.json", query)
        assert answer.status_code == status, query
        (error,) = answer.json()
        assert set(error) == {"code", "description"}
        assert error["code"] == status
        assert field in error["description"], query
        root = ElementTree.fromstring(get("v2/requests.xml", query).content)
        assert (root.tag, root.findtext("error/code")) == ("errors", str(status))
        assert root.findtext("error/description") == error["description"].replace("\0", "")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("v2/nothing.json", 404),
        ("v2/services.yaml", 404),
        ("v2/requests", 404),
        ("v3/services.xml", 404),
        ("v2/services/nothing.json", 404),
        ("v2/requests/TRK-26-9999999-0.xml", 404),
        ("v2/requests/%00.json", 404),
        ("v2/tokens/1-abc.json", 404),
        ("v2/tokens/99999999999999999999-0123456789012345678901234567890123456789.json", 404),
    ],
)
def test_what_is_not_there_is_told_in_the_format_of_the_address(path, status):
    answer = get(path)
    assert answer.status_code == status
    if path.endswith(".json"):
        assert answer.json()[0]["code"] == status
    else:
        assert ElementTree.fromstring(answer.content).findtext("error/code") == str(status)


def test_errors_are_in_the_callers_language():
    told = {language: get("v2/services/x.json", language=language).json()[0]["description"] for language in LANGUAGES}
    assert len(set(told.values())) == 3
    assert get("v2/services/x.json", language="kk")["Content-Language"] == "kk"


LANGUAGES = ("kk", "ru", "en")


def test_other_methods_are_refused():
    client = Client(raise_request_exception=False)
    for method in ("put", "delete", "patch", "options"):
        answer = getattr(client, method)("/open311/v2/requests.json")
        assert (answer.status_code, answer.json()[0]["code"]) == (405, 405)
    assert client.post("/open311/v2/services.json").status_code == 405
    assert client.head("/open311/v2/services.json").status_code == 200


def test_visitors_are_counted_by_network(monkeypatch):
    monkeypatch.setattr("openapi.open311.entry.VISITORS", 3)
    assert [get("v2/services.json").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = get("v2/services.json")
    assert refused.json()[0]["code"] == 429
    assert int(refused["Retry-After"]) > 0


def test_city_is_named_by_the_host_of_the_hub(settings):
    settings.PUBLIC_URL = "https://Hub.Turkistan.example/"
    assert get("v2/services.json", {"jurisdiction_id": "hub.turkistan.example"}).status_code == 200
    assert get("v2/services.json", {"jurisdiction_id": "other.example"}).status_code == 404
    assert get("v2/services.json", {"jurisdiction_id": ""}).status_code == 200


# The shapes of the standard's own examples


GOLDEN = {
    "services": [
        {"service_code": "001", "service_name": "Cans & bins", "metadata": True, "keywords": "a, b", "group": "x"}
    ],
    "service_requests": [{"service_request_id": "638344", "token": "12345", "account_id": None, "lat": None}],
    "errors": [{"code": 403, "description": "Invalid api_key received -- can't proceed with create_request."}],
}
XML = {
    "services": "<services><service><service_code>001</service_code><service_name>Cans &amp; bins</service_name>"
    "<metadata>true</metadata><keywords>a, b</keywords><group>x</group></service></services>",
    "service_requests": "<service_requests><request><service_request_id>638344</service_request_id>"
    "<token>12345</token><account_id/><lat/></request></service_requests>",
    "errors": "<errors><error><code>403</code><description>Invalid api_key received -- can&#x27;t proceed with "
    "create_request.</description></error></errors>",
}


@pytest.mark.parametrize("root", sorted(GOLDEN))
def test_lists_have_the_elements_of_the_standard(root):
    assert as_xml(Tree(root, GOLDEN[root])) == f'<?xml version="1.0" encoding="utf-8"?>\n{XML[root]}'


def test_signs_that_xml_does_not_know_are_left_out():
    told = as_xml(Tree("errors", [{"code": 400, "description": "a\x00\x0b\ufffe<b>\r\n\U0001f600"}]))
    assert ElementTree.fromstring(told.encode()).findtext("error/description") == "a<b>\r\n\U0001f600"


@bounds(max_examples=30)
@given(st.text())
def test_every_text_makes_readable_xml(text):
    told = as_xml(Tree("errors", [{"description": text}])).encode()
    assert (ElementTree.fromstring(told).findtext("error/description") or "") == NOT_IN_XML.sub("", text)


def test_json_of_a_list_has_no_wrapper():
    make_topic()
    assert isinstance(json.loads(get("v2/services.json").content), list)
