"""What everybody sees of the catalogue, and what nobody does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from catalogue import running, seeding
from catalogue.models import Certainty, DataFlow, Platform, PlatformFact, Source
from common.connectors import ConnectionTrouble, Reason
from tests.catalogue.conftest import Example

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("systems")]
LIST = "/platforms/"
KNOWN = (
    "ikomek-109 centre-1310 e-otinish open-akimat telegram whatsapp instagram facebook email epetition egov"
    " digital-civic-id national-certification-centre smsc"
)


def page(client: Client, path: str = LIST, language: str = "en", **query: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def data(client: Client, language: str = "en") -> dict[str, Any]:
    answer = client.get(reverse("catalogue:json"), {"language": language})
    assert answer.json()["language"] == language
    return {row["key"]: row for row in answer.json()["platforms"]}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("«е-Өтініш» порталы", "Жоспарланған")),
        ("ru", ("Портал «е-Өтініш»", "Планируется")),
        ("en", ("e-Otinish portal", "Planned")),
    ],
)
def test_systems_are_listed_in_the_language_of_the_reader(
    client: Client, language: str, words: tuple[str, ...]
) -> None:
    found = page(client, language=language)
    assert all(word in found for word in words)


def test_the_list_is_filtered_by_state_and_shows_the_picture_only_as_a_whole(client: Client) -> None:
    planned = page(client, state="planned")
    assert "WhatsApp" in planned
    assert "Mobizon" not in planned
    assert '<svg class="flow-picture' not in planned
    assert '<svg class="flow-picture' in page(client, state="nonsense")


def test_every_line_of_the_picture_is_a_row_of_the_table(client: Client) -> None:
    found = page(client)
    numbers = re.findall(r'class="flow-number.*?>(\d+)</text>', found)
    rows = re.findall(r'<td data-label="№" class="ui-num">(\d+)</td>', found)
    assert sorted(map(int, numbers)) == list(map(int, rows)) != []


def test_pages_hold_neither_style_nor_script_of_their_own(client: Client) -> None:
    for path in (LIST, "/platforms/telegram/"):
        found = page(client, path).partition("<main")[2]
        assert " style=" not in found
        assert not re.search(r"\son\w+=", found)


def test_what_is_not_known_is_said(client: Client) -> None:
    found = page(client, "/platforms/amazing-turkestan/")
    assert found.count("Not known") >= 4
    Platform.objects.create(key="new", kind="portal", name_kk="Жаңа", name_ru="Новый", name_en="New")
    assert "Not verified" in page(client, "/platforms/new/")


def test_facts_name_their_certainty_and_source(client: Client) -> None:
    found = page(client, "/platforms/ikomek-109/")
    assert "Reported by one source" in found
    assert "Study of the" in found
    assert "Some of what stands here nobody has verified yet" in found


def test_a_system_that_is_not_public_is_nowhere(client: Client) -> None:
    assert Platform.objects.filter(key="virus-scanner", is_public=False).exists()
    assert client.get("/platforms/virus-scanner/").status_code == 404
    assert "ClamAV" not in page(client)
    assert "virus-scanner" not in client.get(reverse("catalogue:json")).content.decode()


def test_the_data_are_those_of_the_page(client: Client) -> None:
    found = data(client, "ru")
    telegram = found["telegram"]
    assert telegram["names"] == {"kk": "Telegram", "ru": "Telegram", "en": "Telegram"}
    assert (telegram["state"], telegram["website"], telegram["health"]) == ("in_test", None, None)
    [flow] = telegram["flows"]
    assert flow["content"] == "Сообщения, файлы, уведомления"
    assert (flow["origin"], flow["target"], flow["personal_data"]) == ("telegram", "halyq-uni", "yes")
    assert data(client, "kk")["telegram"]["flows"][0]["content"] == "Хабарламалар, файлдар, хабарландырулар"


def test_everybody_learns_that_a_connection_is_disturbed_and_not_why(client: Client, example: Example) -> None:
    def fails() -> str:
        raise ConnectionTrouble(Reason.REFUSED, "10.20.30.40 says 535")

    assert data(client)["partners"]["health"] == "unknown"
    running.due(running.timezone.now())
    running.perform("example", "run")
    running.perform("example", "check")
    assert data(client)["partners"]["health"] == "works"
    example.checks = fails
    running.perform("example", "check", trigger="hand")
    assert data(client)["partners"]["health"] == "disturbed"
    shown = page(client, "/platforms/partners/") + page(client) + client.get(reverse("catalogue:json")).content.decode()
    assert "Disturbed" in shown
    assert not re.search(r"10\.20\.30\.40|says 535|refuse", shown)
    example.set_up = False
    assert data(client)["partners"]["health"] is None


def test_a_page_costs_few_queries_however_many_systems(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        page(client)


# What the hub starts with


def test_known_systems_are_there_in_three_languages_with_sources() -> None:
    keys = set(Platform.objects.values_list("key", flat=True))
    assert set(KNOWN.split()) <= keys
    for fact in [*PlatformFact.objects.all(), *DataFlow.objects.all()]:
        assert fact.text_kk and fact.text_ru and fact.text_en
        assert len({fact.text_kk, fact.text_ru, fact.text_en}) > 1
        is_sure = fact.certainty != Certainty.UNVERIFIED
        assert is_sure == (fact.source_kind != Source.NONE), fact


def test_what_was_edited_or_deleted_does_not_come_back() -> None:
    Platform.objects.filter(key="telegram").update(name_en="Edited")
    DataFlow.objects.filter(origin__key="email").delete()
    PlatformFact.objects.filter(platform__key="egov").delete()
    Platform.objects.filter(key="mobizon").delete()
    assert seeding.load() == 1
    assert seeding.load() == 0
    assert Platform.objects.get(key="telegram").name_en == "Edited"
    assert not DataFlow.objects.filter(origin__key="email").exists()
    assert not PlatformFact.objects.filter(platform__key="egov").exists()
    assert Platform.objects.get(key="mobizon").facts.exists()
