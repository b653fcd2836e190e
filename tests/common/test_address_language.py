"""A file speaks the language of its address, whoever opens it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from common.address_language import with_language


def test_an_address_of_a_file_takes_the_language_along() -> None:
    with override("ru"):
        assert with_language("/a.csv") == "/a.csv?lang=ru"
        assert with_language("/a.csv?by=area") == "/a.csv?by=area&lang=ru"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "language"), [("?lang=ru", "ru"), ("?lang=en", "en"), ("", "kk"), ("?lang=xx", "kk"), ("?lang=", "kk")]
)
def test_whoever_has_chosen_no_language_reads_that_of_the_address(query: str, language: str) -> None:
    answer = Client().get(f"/statistics/metrics.json{query}")
    assert answer.headers["Content-Language"] == language
    name = answer.json()["metrics"][0]["name"]
    assert name == {"kk": "Келіп түскен өтініштер", "ru": "Поступило обращений", "en": "Appeals received"}[language]


@pytest.mark.django_db
def test_a_chart_offers_its_files_in_the_language_of_its_reader() -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get("/statistics/terms/").content.decode()
    assert "/statistics/reports/term-keeping.csv?" in page
    assert page.count("lang=en") >= 3 * 5
    assert "lang=kk" not in page
