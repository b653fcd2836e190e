"""The collection of requests: valid in its form, complete, without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from openapi import collection, documents
from openapi.examples import EXAMPLES
from tests.openapi.test_operations import operations

TEXT = {"type": "string"}
PAIRS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "value"],
        "properties": {"key": TEXT, "value": TEXT, "disabled": {"type": "boolean"}},
        "additionalProperties": False,
    },
}
# The part of Postman's form 2.1 that is used here, and nothing beyond it.
FORM = {
    "type": "object",
    "required": ["info", "item", "auth", "variable"],
    "properties": {
        "info": {
            "type": "object",
            "required": ["name", "schema"],
            "properties": {"schema": {"const": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}},
        },
        "auth": {"type": "object", "required": ["type", "bearer"], "properties": {"type": {"const": "bearer"}}},
        "item": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "item"],
                "properties": {"name": TEXT, "item": {"type": "array", "items": {"$ref": "#/$defs/request"}}},
                "additionalProperties": False,
            },
        },
    },
    "$defs": {
        "request": {
            "type": "object",
            "required": ["name", "request", "response"],
            "properties": {
                "name": TEXT,
                "request": {
                    "type": "object",
                    "required": ["method", "header", "url"],
                    "properties": {
                        "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
                        "header": PAIRS,
                        "description": TEXT,
                        "body": {"type": "object", "properties": {"mode": {"enum": ["raw", "formdata"]}, "raw": TEXT}},
                        "url": {
                            "type": "object",
                            "required": ["raw", "host", "path"],
                            "properties": {
                                "raw": TEXT,
                                "host": {"const": ["{{base}}"]},
                                "path": {"type": "array", "items": TEXT},
                                "query": PAIRS,
                                "variable": PAIRS,
                            },
                            "additionalProperties": False,
                        },
                    },
                    "additionalProperties": False,
                },
                "response": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"code": {"type": "integer"}, "body": TEXT}},
                },
            },
            "additionalProperties": False,
        }
    },
}


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    return collection.build(documents.load(), base="https://uni.example.kz/")


def requests(built: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for folder in built["item"]:
        yield from folder["item"]


def test_collection_is_valid_in_its_form(built):
    jsonschema_rs.validator_for(FORM).validate(built)


def test_every_operation_is_in_it_under_its_address(built):
    listed = {(row["request"]["method"], "/" + "/".join(row["request"]["url"]["path"])) for row in requests(built)}
    wanted = {
        (method.upper(), path.replace("{", ":").replace("}", ""))
        for method, path, _ in operations(documents.load()).values()
    }
    assert listed == wanted


def test_values_of_addresses_and_bodies_come_from_the_examples(built):
    filed = next(row for row in requests(built) if row["name"] == "File an appeal")
    assert json.loads(filed["request"]["body"]["raw"]) == EXAMPLES["file_appeal"].body
    assert json.loads(filed["response"][0]["body"]) == EXAMPLES["file_appeal"].answer
    assert {"key": "Idempotency-Key", "value": "{{$guid}}", "disabled": False} in filed["request"]["header"]
    for row in requests(built):
        url = row["request"]["url"]
        named = {part[1:] for part in url["path"] if part.startswith(":")}
        assert {variable["key"] for variable in url.get("variable", [])} == named, row["name"]
        assert all(variable["value"] for variable in url.get("variable", [])), row["name"]


def test_address_and_key_are_variables_and_the_key_is_left_out(built):
    values = {row["key"]: row["value"] for row in built["variable"]}
    assert values == {"base": "https://uni.example.kz", "key": "", "language": "kk"}
    assert built["auth"]["bearer"][0]["value"] == "{{key}}"
    assert "hub_" not in json.dumps(built["item"]).replace("hub_<prefix>", "")


def test_it_is_to_be_had_on_the_page_for_developers(client, settings):
    settings.PUBLIC_URL = "https://uni.example.kz"
    page = client.get("/developers/").content.decode()
    assert 'href="/developers/collection.json"' in page
    answer = client.get("/developers/collection.json")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.json() == collection.build(documents.load(), base="https://uni.example.kz")
