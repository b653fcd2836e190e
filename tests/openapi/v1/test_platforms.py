"""The catalogue through the open API."""

from __future__ import annotations

import pytest

from catalogue import seeding
from openapi.scopes import Scope
from tests.openapi.api import make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def systems(db: None) -> None:
    seeding.load()


def test_systems_are_reference_data() -> None:
    program = make_program(None, Scope.REFERENCE_READ)
    found = {row["key"]: row for row in program.get("platforms").json()}
    assert found["e-otinish"]["name"] == "e-Otinish portal"
    assert found["e-otinish"]["names"]["kk"] == "«е-Өтініш» порталы"
    assert "virus-scanner" not in found
    one = program.get("platforms/e-otinish")
    assert one.json() == found["e-otinish"]
    assert {fact["aspect"] for fact in one.json()["facts"]} >= {"purpose", "owner", "interfaces"}


def test_the_language_of_the_request_is_that_of_the_texts() -> None:
    program = make_program(None, Scope.REFERENCE_READ)
    texts = {
        language: program.get("platforms/smsc", **{"Accept-Language": language}).json()["flows"][0]["content"]
        for language in ("kk", "ru", "en")
    }
    assert texts == {
        "kk": "Телефон, мәтін, жеткізу күйі",
        "ru": "Телефон, текст, статус доставки",
        "en": "Phone, text, state of delivery",
    }


def test_they_are_filtered_by_state() -> None:
    program = make_program(None, Scope.REFERENCE_READ)
    found = program.get("platforms", {"state": "planned"}).json()
    assert {row["state"] for row in found} == {"planned"}
    refused = program.get("platforms", {"state": "nonsense"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/state")


@pytest.mark.parametrize("key", ["virus-scanner", "no-such-key"])
def test_what_is_not_public_does_not_exist(key: str) -> None:
    assert make_program(None, Scope.REFERENCE_READ).get(f"platforms/{key}").status_code == 404


def test_the_scope_is_needed() -> None:
    assert make_program(None, Scope.APPEALS_READ).get("platforms").json()["code"] == "scope_missing"
