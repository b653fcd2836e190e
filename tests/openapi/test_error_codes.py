"""The page of errors knows every code that a caller can get."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from rest_framework import exceptions

from openapi.error_codes import CODES, GROUPS

ROOT = Path(__file__).resolve().parents[2]
# Pages, and steps that only pages call; what these refuse no program sees.
ELSEWHERE = (
    "appeals/views/", "appeals/forms/", "openapi/applications.py", "openapi/keys.py",
    "openapi/forms.py", "platform/common/passwords.py", "platform/common/breached_passwords.py",
)  # fmt: skip


def sources() -> Iterator[Path]:
    team = [ROOT / "platform/accounts" / name for name in ("substitutions.py", "shifts.py", "contact_codes.py")]
    for top in ("openapi", "appeals", "platform/common"):
        for path in [*sorted((ROOT / top).rglob("*.py")), *team]:
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and not name.startswith(ELSEWHERE):
                yield path


def codes_in(path: Path) -> Iterator[str]:
    """`code="..."` of a call, `code = "..."` of a class."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            values = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        elif isinstance(node, ast.ClassDef):
            values = [
                row.value
                for row in node.body
                if isinstance(row, ast.Assign) and getattr(row.targets[0], "id", "") in ("code", "default_code")
            ]
        else:
            continue
        yield from (value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str))


def test_every_code_of_the_steps_is_explained():
    found = {code: path.name for path in sources() for code in codes_in(path)}
    assert len(found) > 60
    assert {code: name for code, name in found.items() if code not in CODES} == {}


def test_every_code_of_the_framework_is_explained():
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type)]
    codes = {kind.default_code for kind in kinds if issubclass(kind, exceptions.APIException)}
    assert codes - {"authentication_failed"} <= CODES.keys()  # each refusal of a key has a code of its own


def test_no_code_stands_twice():
    assert len(CODES) == sum(len(rows) for _title, rows in GROUPS)


@pytest.mark.django_db
def test_type_of_an_error_leads_to_its_place():
    answer = Client().get("/api/v1/appeals").json()
    address, _hash, code = answer["type"].partition("#")
    assert address.endswith("/developers/errors/")
    assert f'id="{code}"' in Client().get("/developers/errors/").content.decode()
