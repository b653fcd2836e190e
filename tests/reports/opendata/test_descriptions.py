"""What machines read of the datasets: data packages and DCAT-AP, checked against the rules of the specifications."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from reports.models import DatasetVersion
from reports.opendata import making, storage, versions
from reports.opendata.dataset import Dataset, find, listed
from reports.opendata.graph import Iri, Literal, Node, as_json_ld, as_turtle
from reports.opendata.packages import package
from tests.factories import make_area, make_topic

pytestmark = pytest.mark.django_db

# The rules of the Data Package and Table Schema specifications that hold for what we publish.
NAME = {"type": "string", "pattern": r"^([-a-z0-9._/])+$"}
TABLE_SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "fields": {
            "type": "array", "minItems": 1,
            "items": {
                "type": "object", "required": ["name"],
                "properties": {
                    "name": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"},
                    "type": {"enum": ["string", "number", "integer", "boolean", "date"]},
                    "constraints": {
                        "type": "object",
                        "properties": {
                            "required": {"type": "boolean"},
                            "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
                        },
                    },
                },
            },
        },
        "missingValues": {"type": "array", "items": {"type": "string"}},
        "primaryKey": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    },
}  # fmt: skip
PACKAGE = {
    "type": "object",
    "required": ["resources", "name", "id", "licenses", "version", "created"],
    "properties": {
        "name": NAME,
        "created": {"type": "string", "format": "date-time"},
        "licenses": {
            "type": "array", "minItems": 1,
            "items": {
                "type": "object", "anyOf": [{"required": ["name"]}, {"required": ["path"]}],
                "properties": {"name": {"type": "string", "pattern": r"^([-a-zA-Z0-9._])+$"},
                               "path": {"type": "string", "pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"}},
            },
        },
        "keywords": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "contributors": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["title"]}},
        "resources": {
            "type": "array", "minItems": 1,
            "items": {
                "type": "object", "required": ["name", "path", "bytes", "hash", "schema", "mediatype"],
                "properties": {
                    "name": NAME, "path": {"type": "string", "pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"},
                    "bytes": {"type": "integer", "minimum": 0},
                    "hash": {"type": "string", "pattern": r"^sha256:[a-f0-9]{64}$"},
                    "schema": TABLE_SCHEMA,
                },
            },
        },
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def all_made(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_topic()
    make_area()
    for dataset in listed():
        making.order(dataset.slug)
    making.make_waiting()


def pairs() -> list[tuple[Dataset, DatasetVersion]]:
    newest = versions.newest()
    return [(dataset, newest[dataset.slug]) for dataset in listed()]


def value_fits(text: str, field: dict[str, Any]) -> bool:
    rules = field.get("constraints", {})
    if text == "":
        return not rules.get("required")
    if "enum" in rules and text not in rules["enum"]:
        return False
    kinds = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false", "date": r"\d{4}-\d\d-\d\d"}
    return re.fullmatch(kinds.get(field["type"], r"[\s\S]*"), text) is not None


def test_every_data_package_keeps_the_specification_and_its_table_keeps_the_schema() -> None:
    for dataset, version in pairs():
        found = package(dataset, version, making.terms())
        jsonschema.validate(found, PACKAGE, format_checker=jsonschema.FormatChecker())
        assert {resource["format"] for resource in found["resources"]} >= {"csv", "jsonl", "xlsx"}
        for resource in found["resources"]:
            path = storage.folder_of(dataset.slug, version.number) / resource["path"]
            assert path.stat().st_size == resource["bytes"]
            assert f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" == resource["hash"]
        table(dataset, version, found["resources"][0]["schema"])


def table(dataset: Dataset, version: DatasetVersion, schema: dict[str, Any]) -> None:
    path = storage.folder_of(dataset.slug, version.number) / f"{dataset.slug}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        assert rows.fieldnames == [field["name"] for field in schema["fields"]]
        keys: Counter[tuple[str, ...]] = Counter()
        for row in rows:
            wrong = [field["name"] for field in schema["fields"] if not value_fits(row[field["name"]], field)]
            assert not wrong, (dataset.slug, wrong, row)
            keys[tuple(row[name] for name in schema.get("primaryKey", ()))] += 1
    if schema.get("primaryKey"):
        assert not [key for key, count in keys.items() if count > 1]


def test_every_field_is_explained_in_three_languages() -> None:
    for dataset, version in pairs():
        schema = package(dataset, version, making.terms())["resources"][0]["schema"]
        for field in schema["fields"]:
            assert set(field["titles"]) == {"kk", "ru", "en"}
            assert all(field["titles"].values()), (dataset.slug, field["name"])


# DCAT-AP; the profile itself is in test_dcat_ap.py


def test_distributions_carry_the_checksums_of_the_files(client: Client) -> None:
    text = client.get(reverse("reports:data-jsonld")).content.decode()
    for _dataset, version in pairs():
        for file in version.files.all():
            assert file.sha256 in text


def test_signs_are_escaped_in_both_spellings() -> None:
    node = Node("https://example.kz/a b").a("dcat:Dataset").say("dct:title", Literal('He said "no"\\\n', language="en"))
    node.say("dct:issued", Literal("2026-01-01", type="xsd:date")).say("dct:license", Iri("https://x.kz/<y>"))
    turtle = as_turtle([node])
    assert '"He said \\"no\\"\\\\\\n"@en' in turtle
    assert "<https://example.kz/a\\u0020b>" in turtle
    assert "<https://x.kz/\\u003Cy\\u003E>" in turtle
    assert '"2026-01-01"^^xsd:date' in turtle
    assert json.loads(as_json_ld([node]))["@graph"][0]["dct:title"]["@value"] == 'He said "no"\\\n'


def test_dates_of_the_catalogue_are_those_of_the_versions(client: Client) -> None:
    dataset = find("terms")
    assert dataset is not None
    version = versions.newest()["terms"]
    assert version.made_at.isoformat(timespec="seconds") in client.get(reverse("reports:data-jsonld")).content.decode()
    assert version.made_at.tzinfo is not None
    assert version.made_at <= dt.datetime.now(dt.UTC)
