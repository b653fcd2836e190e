"""The data dictionary explains every field of the document in three languages."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.translation import trans_real

from openapi import documents
from openapi.dictionary import rows
from openapi.dictionary.explaining import fields_of
from openapi.dictionary.meanings import MEANINGS
from openapi.dictionary.rows import Entry

LANGUAGES = ("kk", "ru", "en")


def told(text: str, language: str) -> bool:
    catalogue = trans_real.translation(language)._catalog
    return text in catalogue or f"unit\x04{text}" in catalogue


def test_every_field_of_the_document_is_in_the_dictionary():
    listed = {(place, entry.name) for entry in rows.entries() for place in entry.places}
    assert listed == {(component, name) for component, name, _ in fields_of(documents.load())}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_is_explained(language):
    """Say `help_text=_(...)` on the serializer or write the name into openapi/dictionary/meanings.py; translate it."""
    silent = {
        (entry.name, entry.places, entry.meaning) for entry in rows.entries() if not told(entry.meaning, language)
    }
    assert not silent


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_that_has_a_name_has_it_in_each_language(language):
    labels = {label for entry in rows.entries() for _, label in entry.values if label}
    own = {"Қазақша", "Русский"}  # languages are called by their own names everywhere
    assert {label for label in labels - own if not told(label, language)} == set()


def test_units_are_named_in_the_language_asked_for():
    with_units = next(entry for entry in rows.entries() if ("answers", "answers") in entry.values)
    told_of = {language: dict(with_units.in_language(language)[1])["answers"] for language in LANGUAGES}
    assert told_of["en"] == "answers"
    assert len(set(told_of.values())) == 3


def test_meanings_are_said_in_the_language_asked_for():
    entry = named("received_at", "Appeal")
    assert {entry.in_language(language)[0] for language in LANGUAGES} == {
        "When the appeal came in; its terms run from here.",
        "Өтініш қашан түсті; мерзімдер осыдан басталады.",
        "Когда поступило обращение; отсюда идут сроки.",
    }


@pytest.mark.parametrize(
    ("name", "place", "kind", "standard"),
    [
        ("received_at", "Appeal", "string", "ISO 8601 / RFC 3339"),
        ("done_on", "Draft", "string or null", "ISO 8601"),
        ("phone", "ApplicantRequest", "string", "E.164"),
        ("location", "Case", "object or null", "GeoJSON (RFC 7946)"),
        ("answer_language", "FilingRequest", "string", "ISO 639-1"),
        ("executor", "Case", "Person or null", ""),
        ("replies", "Story", "array of Reply", ""),
    ],
)
def test_types_and_standards_are_named(name, place, kind, standard):
    entry = named(name, place)
    assert (entry.kind, entry.standard) == (kind, standard)


def test_allowed_values_come_from_the_lists_of_the_field():
    assert dict(named("status", "Case").values)["in_progress"] == "In progress"
    assert dict(named("verdict", "JudgementRequest").values) == {
        "solved": "Solved",
        "partly": "Partly solved",
        "not_solved": "Not solved",
    }
    assert ("incomplete", "Incomplete answer") in named("reasons", "JudgementRequest").values


@pytest.mark.parametrize(("language", "word"), [("kk", "Өтініш"), ("ru", "обращен"), ("en", "appeal")])
def test_page_and_downloads_hold_the_same(client, language, word):
    client.cookies["django_language"] = language
    page = client.get("/developers/dictionary/").content.decode()
    data = client.get("/developers/dictionary.json").json()["fields"]
    table = list(csv.DictReader(io.StringIO(client.get("/developers/dictionary.csv").content.decode("utf-8-sig"))))
    assert len(data) == len(table) == len(rows.entries()) == page.count('class="api-field"')
    assert word in page
    for row, line in zip(data, table, strict=True):
        assert row["meaning"][language] == line[f"meaning_{language}"]
        assert set(row["meaning"]) == set(LANGUAGES)


def named(name: str, place: str) -> Entry:
    return next(entry for entry in rows.entries() if entry.name == name and place in entry.places)


def test_no_meaning_is_kept_that_nothing_needs():
    fields = list(fields_of(documents.load()))
    used = {name for _, name, _ in fields} | {f"{component}.{name}" for component, name, _ in fields}
    assert set(MEANINGS) - used == set()


@pytest.mark.parametrize(
    ("word", "found", "not_found"),
    [("мерзімдер", "received_at", "phone"), ("E.164", "phone", "received_at"), ("in_progress", "status", "phone")],
)
def test_words_values_and_standards_are_found(client, word, found, not_found):
    client.cookies["django_language"] = "kk"
    page = client.get("/developers/dictionary/", {"q": word}).content.decode()
    assert f"<code>{found}</code>" in page
    assert f"<code>{not_found}</code>" not in page


def test_word_that_stands_nowhere_leads_back_to_all(client):
    page = client.get("/developers/dictionary/", {"q": "<q9>"}).content.decode()
    assert 'class="api-field"' not in page
    assert "&lt;q9&gt;" in page
    assert 'href="?"' in page
