"""Connectors from outside: the example of the documentation works, and a broken one stops nobody."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from catalogue import plugins, running
from common.connectors import Connector, connectors
from tests.catalogue.conftest import Example
from tests.factories import make_user

DOCS = Path(__file__).resolve().parents[2] / "docs" / "catalogue.md"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, example: Example) -> ModuleType:
    """The module of the documentation, as if a package had brought it."""
    module = ModuleType("city_lamps")
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert code, "docs/catalogue.md has no example"
    exec(code.group(1), module.__dict__)
    monkeypatch.setitem(sys.modules, "city_lamps", module)
    monkeypatch.setattr(plugins, "broken", [])
    return module


def load(monkeypatch: pytest.MonkeyPatch, settings: Any, *lines: str) -> None:
    settings.CONNECTOR_PLUGINS = list(lines)
    monkeypatch.setattr(plugins, "entry_points", lambda group: ())
    plugins.load()


@pytest.mark.django_db
def test_the_example_of_the_documentation_is_run(
    installed: ModuleType, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(monkeypatch, settings, "city-lamps=city_lamps:CityLamps")
    assert plugins.broken == []
    made = connectors.get("city-lamps")
    assert isinstance(made, Connector)
    assert not made.is_configured(), "without an address nothing is called"
    installed.ADDRESS = "https://lamps.example.kz"
    monkeypatch.setattr(installed, "read", lambda path: {"up": True} if path == "health" else [{"id": 1}, {"id": 2}])
    running.due(running.timezone.now())
    checked, ran = running.perform("city-lamps", "check"), running.perform("city-lamps", "run")
    assert checked is not None and checked.outcome == "succeeded"
    assert ran is not None and ran.count == 2


def test_a_package_announces_itself_by_an_entry_point(
    installed: ModuleType, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = plugins.EntryPoint(name="city-lamps", value="city_lamps:CityLamps", group=plugins.GROUP)
    asked: list[str] = []
    settings.CONNECTOR_PLUGINS = []
    monkeypatch.setattr(plugins, "entry_points", lambda group: asked.append(group) or (entry,))
    plugins.load()
    assert asked == ["halyq_uni.connectors"]
    assert "city-lamps" in connectors


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("missing=no_such_module:Thing", "ModuleNotFoundError"),
        ("missing=city_lamps:Nothing", "AttributeError"),
        ("missing=city_lamps:read", "TypeError"),
        ("Wrong Name=city_lamps:CityLamps", "ValueError"),
        ("example=city_lamps:CityLamps", "ValueError"),
        ("nonsense", ""),
    ],
)
def test_a_broken_one_is_said_and_the_others_are_loaded(
    installed: ModuleType, settings: Any, monkeypatch: pytest.MonkeyPatch, line: str, why: str
) -> None:
    load(monkeypatch, settings, line, "city-lamps=city_lamps:CityLamps")
    [broken] = plugins.broken
    assert broken.why.startswith(why)
    assert "city-lamps" in connectors
    assert isinstance(connectors.get("example"), Example), "a name of our own cannot be taken"


@pytest.mark.django_db
def test_the_page_of_the_connections_names_the_broken_ones(
    installed: ModuleType, settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    load(monkeypatch, settings, "missing=no_such_module:Thing")
    client.force_login(make_user(Role.ADMINISTRATOR, language="en"))
    page = client.get(reverse("catalogue:connections")).content.decode()
    assert "missing" in page
    assert "ModuleNotFoundError" in page
