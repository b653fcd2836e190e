"""Programs of partners go on working: what breaks them is refused unless the changelog says so."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
from django.urls import path
from django.utils import translation
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from openapi import changes, contract, deprecation, documents
from openapi.schema import HubGenerator
from openapi.scopes import Scope
from openapi.v1.base import Resource
from openapi.v1.reference import EntrySerializer
from tests.openapi.api import make_program
from tools import release_api

JSON = "application/json"
K = {"$ref": "#/components/schemas/K"}
BEFORE = {
    "paths": {
        "/x": {
            "post": {
                "operationId": "make",
                "x-scope": "a:b",
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 9}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ARequest"}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
            }
        }
    },
    "components": {
        "schemas": {
            "A": {"properties": {"n": {"type": "integer"}, "s": {"type": "string", "x-extensible-enum": ["1"]}, "k": K,
                                 "m": {"type": "array", "items": {"type": "string", "x-extensible-enum": ["1"]}},
                                 "o": {"type": "object", "properties": {"p": {"type": "string"}}, "required": ["p"]}},
                  "required": ["n"]},
            "ARequest": {"properties": {"n": {"type": "integer", "minimum": 0}, "k": K}},
            "K": {"type": "string", "enum": ["x", "y"]},
        }
    },
}  # fmt: skip


def _changed(*steps: Any) -> dict[str, Any]:
    """The document after a change: the way to a place, and what stands there now; None when nothing does."""
    found = copy.deepcopy(BEFORE)
    *way, last, value = steps
    place: Any = found
    for name in way:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return found


A, SENT = ("components", "schemas", "A"), ("components", "schemas", "ARequest")
OPERATION = ("paths", "/x", "post")


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ((*A, "properties", "n", None), ["A.n"]),
        ((*A, "properties", "n", {"type": "string"}), ["A.n"]),
        ((*A, "required", []), ["A.n"]),
        ((*A, "properties", "s", {"type": "string", "x-extensible-enum": ["1", "2"]}), []),
        ((*A, "properties", "s", {"type": "string", "x-extensible-enum": ["2"]}), ["A.s"]),
        ((*A, "properties", "m", "items", "x-extensible-enum", ["1", "2"]), []),
        ((*A, "properties", "m", "items", "x-extensible-enum", ["2"]), ["A.m"]),
        ((*A, "properties", "m", "items", {"type": "integer"}), ["A.m"]),
        ((*A, "properties", "o", "properties", "p", None), ["A.o.p"]),
        ((*A, "properties", "o", "properties", "p", {"type": "integer"}), ["A.o.p"]),
        ((*A, "properties", "o", "required", []), ["A.o.p"]),
        ((*A, "properties", "more", {"type": "string"}), []),
        ((*SENT, "properties", "more", {"type": "string"}), []),
        ((*SENT, "required", ["n"]), ["ARequest.n"]),
        ((*SENT, "properties", "n", {"type": "integer", "minimum": 1}), ["ARequest.n"]),
        ((*SENT, "properties", "n", {"type": "integer"}), []),
        (("components", "schemas", "K", "enum", ["x"]), ["A.k", "ARequest.k"]),
        (("components", "schemas", "K", "enum", ["x", "y", "z"]), ["A.k"]),
        ((*OPERATION, "x-scope", "c:d"), ["make"]),
        ((*OPERATION, "parameters", []), ["make.query:q"]),
        (("paths", "/x", None), ["make", f"make.answer:200:{JSON}", f"make.body:{JSON}", "make.query:q"]),
        (("paths", "/y", {"get": {"operationId": "read", "responses": {"200": {}}}}), []),
    ],
)  # fmt: skip
def test_what_breaks_programs_is_recognised(change, broken):
    assert contract.breaking(contract.facts(BEFORE), contract.facts(_changed(*change))) == broken


def test_new_field_that_is_demanded_breaks():
    after = _changed(*SENT, "properties", "more", {"type": "string"})
    after["components"]["schemas"]["ARequest"]["required"] = ["more"]
    assert contract.breaking(contract.facts(BEFORE), contract.facts(after)) == ["ARequest.more"]


def test_present_interface_breaks_nothing_that_the_changelog_does_not_name():
    """Name it in UNRELEASED of openapi/changes.py as BREAKING, or better: leave the old and add the new beside it."""
    broken = contract.breaking(contract.released(changes.LAST), contract.facts(documents.load()))
    named = {name for change in changes.UNRELEASED if change.kind == changes.Kind.BREAKING for name in change.names}
    assert set(broken) - named == set()


def test_releases_are_in_order_and_each_has_its_facts():
    versions = [tuple(int(part) for part in release.version.split(".")) for release in changes.RELEASES]
    assert versions == sorted(versions, reverse=True)
    assert documents.load()["info"]["version"] == changes.LAST
    assert all(contract.released(release.version) for release in changes.RELEASES)


def test_what_was_published_is_never_written_again(monkeypatch, tmp_path):
    """The promise would bend to whatever the interface is now."""
    monkeypatch.setattr(contract, "RELEASED", tmp_path)
    assert release_api.main(["9.9.9"]) == 1  # not the version of the document
    assert release_api.main([changes.LAST]) == 0
    written = (tmp_path / f"{changes.LAST}.json").read_text(encoding="utf-8")
    assert json.loads(written) == contract.facts(documents.load())
    assert release_api.main([changes.LAST]) == 1


def test_new_operations_are_listed_by_themselves():
    after = _changed("paths", "/y", {"get": {"operationId": "read", "responses": {"200": {}}}})
    assert contract.added(contract.facts(BEFORE), contract.facts(after)) == ["read"]


class Going(Resource):
    """An operation that only this test has."""

    tag = "test"
    scopes = {"read": Scope.REFERENCE_READ}
    serializer_class = EntrySerializer

    @deprecation.deprecated(since=dt.date(2026, 12, 1), sunset=dt.date(2028, 1, 1), instead="list_topics")
    def read(self, request: Any) -> Response:
        return Response({})


@pytest.mark.django_db
def test_answers_of_an_operation_that_goes_say_so():
    view = Going.as_view({"get": "read"})
    program = make_program()
    request = APIRequestFactory().get("/", headers={"Authorization": f"Bearer {program.key}"})
    for answer in (view(request), view(APIRequestFactory().get("/"))):
        assert answer["Deprecation"] == "@1796083200"
        assert answer["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
        assert 'rel="deprecation"' in answer["Link"]
        assert "/developers/changes/" in answer["Link"]
    assert "Deprecation" not in program.get("reference/topics").headers


def test_document_says_that_an_operation_goes():
    with translation.override("en"):
        found = HubGenerator(patterns=[path("api/v1/going", Going.as_view({"get": "read"}))])
        operation = found.get_schema(request=None, public=True)["paths"]["/api/v1/going"]["get"]
    assert operation["deprecated"] is True
    assert (operation["x-sunset"], operation["x-instead"]) == ("2028-01-01", "list_topics")


def test_short_notice_is_refused():
    with pytest.raises(ValueError, match="365"):
        deprecation.deprecated(since=dt.date(2026, 12, 1), sunset=dt.date(2027, 6, 1), instead="list_topics")


@pytest.mark.parametrize(("language", "word"), [("kk", "Неге сенуге болады"), ("ru", "На что можно полагаться")])
def test_changelog_is_a_page(client, language, word):
    client.cookies["django_language"] = language
    page = client.get("/developers/changes/").content.decode()
    assert word in page
    assert f'id="v{changes.LAST}"' in page
    assert "#list_metrics" in page.partition('id="v1.1.0"')[2].partition('id="v1.0.0"')[0]
