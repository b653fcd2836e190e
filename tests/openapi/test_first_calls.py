"""What is printed to be typed works when it is typed: the call beside a new key, the addresses of the cookbook."""

from __future__ import annotations

import re

import pytest

from accounts.models import Role
from openapi import cookbook, documents, first_calls
from openapi.models.applications import Environment
from openapi.scopes import NEEDS, Scope
from tests.factories import make_department, make_reference, make_user
from tests.openapi.api import make_application, make_program
from tests.openapi.test_pages import key_on, make_key, signed_in

LIVE = [scope for scope in first_calls.READING if scope != Scope.SANDBOX]


@pytest.mark.django_db
@pytest.mark.parametrize("scope", LIVE)
def test_call_beside_a_new_key_works_with_the_one_scope_it_needs(scope):
    make_reference()
    owner = make_user(Role.HEAD, department=make_department()) if scope in NEEDS else make_user()
    if scope == Scope.RATINGS_REVIEW:  # of the whole hub, so no head has it
        owner = make_user(Role.MODERATOR)
    path = first_calls.reading([scope.value])
    answer = make_program(owner, scope).get(path)
    assert answer.status_code == 200, answer.content


def test_key_that_only_writes_is_shown_no_reading():
    assert first_calls.reading(["appeals:file", "cases:reply"]) == ""
    assert first_calls.may_file(["appeals:file"]) and not first_calls.may_file(["appeals:read"])


@pytest.mark.django_db
@pytest.mark.parametrize("environment", [Environment.SANDBOX, Environment.LIVE])
def test_page_of_a_new_key_shows_filing_in_the_sandbox_alone(environment):
    make_reference()
    owner = make_user(password="x", email="owner@example.kz")
    application = make_application(owner, Scope.APPEALS_FILE, Scope.APPEALS_READ, environment=environment)
    page = make_key(signed_in(owner), application)
    text = page.content.decode()
    assert key_on(page)
    assert "/reference/topics" not in text  # its scopes do not allow it
    assert '/api/v1/appeals"' in text
    assert ("Idempotency-Key" in text) == (environment == Environment.SANDBOX)


def test_every_address_in_the_cookbook_is_in_the_document():
    text = cookbook.FILE.read_text(encoding="utf-8")
    patterns = [re.compile(re.sub(r"\{\w+\}", r"[^/]+", path)) for path in documents.load()["paths"]]
    written = {f"/api/v1/{path}" for path in re.findall(r'call\("[A-Z]+", "([^"]+)"', text)}
    written |= set(re.findall(r"/api/v1/[\w/{}-]+\w", text))
    assert len(written) >= 8
    assert [path for path in written if not any(one.fullmatch(path) for one in patterns)] == []


def test_cookbook_is_taken_apart_into_headings_text_tables_and_code():
    found = cookbook.parts()
    assert {part.kind for part in found} == {"heading", "text", "table", "code"}
    codes = [part.text for part in found if part.kind == "code"]
    assert len(codes) == cookbook.FILE.read_text(encoding="utf-8").count("```") / 2
    assert not [part.text for part in found if part.kind != "code" and ("`" in part.text or "](" in part.text)]
    table = next(part for part in found if part.kind == "table")
    assert {len(row) for row in table.rows} == {2}
    for code in codes:
        if code.startswith(("import os", "import uuid", "from hub_call", "import sqlite3")):
            compile(code, "cookbook", "exec")
