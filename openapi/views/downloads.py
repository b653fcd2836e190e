"""What a partner's engineer takes along: the data dictionary, the changelog, the collection of requests."""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from openapi import changes as changelog
from openapi import collection, contract, cookbook, documents
from openapi.dictionary import rows

LONGEST_WORD = 60
BOM = "\ufeff"  # without it spreadsheets read Kazakh letters as something else


@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    language, word = get_language() or settings.LANGUAGE_CODE, request.GET.get("q", "").strip()[:LONGEST_WORD]
    found = [(entry, *entry.in_language(language)) for entry in rows.entries()]
    said = [row for row in found if _says(row, word.casefold())]
    fitting = [(entry, cookbook.words(meaning), values) for entry, meaning, values in said]
    return render(request, "openapi/dictionary.html", {"fields": fitting, "word": word})


@require_safe
def dictionary_json(request: HttpRequest) -> HttpResponse:
    return _named(HttpResponse(_dictionary(), content_type="application/json"), "data-dictionary.json")


@require_safe
def dictionary_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    csv.writer(response).writerows(rows.as_table())
    return _named(response, "data-dictionary.csv")


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    operations = [operation for item in documents.load()["paths"].values() for operation in item.values()]
    going = [
        (row["operationId"], date.fromisoformat(row["x-sunset"]), row["x-instead"])
        for row in operations
        if row.get("deprecated")
    ]
    context = {
        "releases": [(release, _added_in().get(release.version, [])) for release in changelog.RELEASES],
        "unreleased": changelog.UNRELEASED,
        "added": _added(),
        "going": going,
    }
    return render(request, "openapi/changes.html", context)


@require_safe
def postman(request: HttpRequest) -> HttpResponse:
    return _named(HttpResponse(_collection(settings.PUBLIC_URL), content_type="application/json"), collection.FILE_NAME)


# What follows from the committed document alone is made once in each process: anybody may ask for it.
@cache
def _added() -> list[str]:
    return contract.added(contract.released(changelog.LAST), contract.facts(documents.load()))


@cache
def _added_in() -> dict[str, list[str]]:
    """What each release has that the one before had not."""
    versions = [release.version for release in changelog.RELEASES]
    facts = {version: contract.released(version) for version in versions}
    return {new: contract.added(facts[old], facts[new]) for new, old in pairwise(versions)}


@cache
def _dictionary() -> bytes:
    return json.dumps(rows.as_data(), ensure_ascii=False).encode()


@cache
def _collection(base: str) -> bytes:
    return json.dumps(collection.build(documents.load(), base=base), ensure_ascii=False, indent=1).encode()


def _says(row: tuple[rows.Entry, str, list[tuple[str, str]]], word: str) -> bool:
    """Whether the word stands in the name of a field, in what it means, in a value or in a component."""
    entry, meaning, values = row
    texts = (entry.name, entry.standard, meaning, *entry.places, *(text for value in values for text in value))
    return any(word in text.casefold() for text in texts)


def _named(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
