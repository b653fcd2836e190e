"""Every operation of the API against a hand-written table: its scope, and that nothing opens without it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from drf_spectacular.validation import validate_schema

from openapi import documents
from openapi.schema import HubGenerator
from openapi.scopes import Scope
from tests.openapi.api import Program, make_application
from tests.openapi.operations_expected import EXPECTED, OPEN_TO_ALL

METHODS = ("get", "post", "put", "patch", "delete")


def operations(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Operation -> method, path, description."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return HubGenerator().get_schema(request=None, public=True)


def test_committed_document_is_the_generated_one(document):
    """Write it anew with `make schema`."""
    assert documents.load() == document


def test_document_is_valid_openapi(document):
    validate_schema(document)
    assert document["openapi"].startswith("3.1")


def test_every_operation_has_its_expectation(document):
    found = {name: operation["x-scope"] for name, (_, _, operation) in operations(document).items()}
    assert found == {name: scope.value for name, scope in EXPECTED.items()}


def test_every_operation_says_what_it_does(document):
    for name, (_, _, operation) in operations(document).items():
        assert operation.get("summary"), name
        assert operation["tags"], name
        assert {"401", "403", "429"} <= set(operation["responses"]), name


def test_document_introduces_itself_and_its_parts(document):
    """To a stranger who has nothing but the file."""
    said = document["info"]["description"]
    assert not [
        word for word in ("Authorization: Bearer", "X-API-Key", "Idempotency-Key", "RFC 9457") if word not in said
    ]
    assert document["info"]["license"] == {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    used = {tag for _, _, operation in operations(document).values() for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"]} == used
    assert all(tag["description"] for tag in document["tags"])
    assert "X-API-Key" in document["components"]["securitySchemes"]["key"]["description"]


def test_document_names_the_headers_of_answers(document):
    """What a program must look at beside the body: the version for If-Match, how long to wait."""
    found = operations(document)
    for name, (_, _, operation) in found.items():
        answers = operation["responses"]
        assert set(answers["429"]["headers"]) == {"Retry-After", "RateLimit-Policy", "RateLimit"}, name
        if any(row["name"] == "Idempotency-Key" for row in operation.get("parameters", [])):
            assert all("Idempotency-Replayed" in row["headers"] for status, row in answers.items() if status < "3"), (
                name
            )
    for name in ("read_case", "read_appeal", "claim_case", "file_appeal", "list_topics"):
        assert "ETag" in found[name][2]["responses"]["201" if name == "file_appeal" else "200"]["headers"], name
    assert "ETag" in found["list_topics"][2]["responses"]["304"]["headers"]
    assert "headers" not in found["list_cases"][2]["responses"]["200"]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", sorted(EXPECTED))
def test_operation_opens_with_its_scope_and_with_no_other(document, operation):
    """With every scope but its own it is refused for lack of the scope; with its own alone it is not."""
    method, path, _ = operations(document)[operation]
    others = [scope for scope in Scope if scope != EXPECTED[operation]]
    assert _call(Program(make_application(None, *others)), method, path).json()["code"] == "scope_missing"
    answer = _call(Program(make_application(None, EXPECTED[operation])), method, path)
    assert b"scope_missing" not in b"".join(answer)
    assert answer.status_code not in (401, 500)


@pytest.mark.django_db
@pytest.mark.parametrize("operation", sorted(EXPECTED))
def test_operation_is_closed_without_a_key_unless_it_is_open_to_all(document, client, operation):
    method, path, described = operations(document)[operation]
    answer = getattr(client, method)(_filled(path), content_type="application/json")
    assert (answer.status_code == 401) == (operation not in OPEN_TO_ALL)
    assert described["security"] == ([{"key": []}, {}] if operation in OPEN_TO_ALL else [{"key": []}])
    wrong = getattr(client, method)(_filled(path), headers={"Authorization": "Bearer hub_x_y"})
    assert wrong.status_code == 401


def _call(program: Program, method: str, path: str) -> Any:
    headers = {"Authorization": f"Bearer {program.key}", "Idempotency-Key": "k-1", "If-Match": "*"}
    return getattr(program.client, method)(_filled(path), content_type="application/json", headers=headers)


def _filled(path: str) -> str:
    assert path.startswith(settings.SPECTACULAR_SETTINGS["SCHEMA_PATH_PREFIX"])
    return re.sub(r"\{\w+\}", "1", path)


def test_no_description_is_meant_for_those_who_write_operations(document):
    told = {name: described["description"] for name, (_method, _path, described) in operations(document).items()}
    assert not [name for name, text in told.items() if "open_to_all" in text or "`scopes`" in text]
