"""A version as a Frictionless data package: every file with size and checksum, every column with its meaning."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from reports.models import DatasetFile, DatasetVersion, OpenDataTerms
from reports.opendata import addresses
from reports.opendata.dataset import Dataset, Field, Type, Words
from reports.opendata.formats import FORMATS
from reports.opendata.languages import LANGUAGES
from reports.opendata.publisher import publisher_names

PACKAGE_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"


def in_languages(words: Words) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(words)
    return found


def described(name: str, words: Words) -> dict[str, Any]:
    """The property in the state language, as programs read it, and beside it in all three."""
    found = in_languages(words)
    return {name: found["kk"], f"{name}s": found} if found["kk"] else {}


def package(dataset: Dataset, version: DatasetVersion, terms: OpenDataTerms) -> dict[str, Any]:
    schema = table_schema(dataset)
    return {
        "$schema": PACKAGE_SCHEMA,
        "profile": "data-package",
        "name": dataset.slug,
        "id": addresses.package(dataset.slug, version.number),
        **described("title", dataset.title),
        **described("description", dataset.description),
        "homepage": addresses.dataset(dataset.slug),
        "version": str(version.number),
        "created": version.made_at.isoformat(timespec="seconds"),
        "keywords": [keyword for word in dataset.keywords for keyword in in_languages(word).values()],
        "licenses": [
            {"name": terms.licence_title.replace(" ", "-"), "title": terms.licence_title, "path": terms.licence_url}
        ],
        "contributors": [
            {"title": publisher_names()["kk"], "roles": ["publisher"], "path": addresses.catalogue()}
            | ({"email": terms.contact_email} if terms.contact_email else {})
        ],
        "resources": [_resource(dataset, file, schema) for file in version.files.all()],
    }


def _resource(dataset: Dataset, file: DatasetFile, schema: dict[str, Any]) -> dict[str, Any]:
    entry = FORMATS[file.format]
    tabular = file.format in ("csv", "xlsx")
    return {
        "name": f"{dataset.slug}-{file.format}",
        "path": entry.file_name(dataset.slug),
        "format": entry.slug,
        "mediatype": entry.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        **({"profile": "tabular-data-resource"} if tabular else {}),
        **({"encoding": "utf-8"} if file.format in ("csv", "jsonl") else {}),
        "schema": schema,
    }


def table_schema(dataset: Dataset) -> dict[str, Any]:
    return {
        "fields": [_field(column) for column in dataset.fields],
        "missingValues": [""],
        **({"primaryKey": list(dataset.key)} if dataset.key else {}),
    }


def _field(column: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.codes and column.type == Type.STRING:
        constraints["enum"] = [code for code, _words in column.codes]
    return {
        "name": column.name,
        "type": str(column.type),
        **described("title", column.title),
        **described("description", column.description),
        **({"constraints": constraints} if constraints else {}),
        **({"codes": {code: in_languages(words) for code, words in column.codes}} if column.codes else {}),
        **({"list": column.refers_to} if column.refers_to else {}),
    }
