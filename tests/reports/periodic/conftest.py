"""The form of the tests, there for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.periodic.form import forms
from tests.reports.periodic import worlds


@pytest.fixture
def on_disk(settings: Any) -> Path:
    """Files lie on the disk as they do in the hub; other tests keep them in memory."""
    disk = {"BACKEND": "common.realm_storage.RealmStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def counted() -> Iterator[worlds.Counted]:
    build = worlds.Counted()
    worlds.with_form(build)
    yield build
    forms._entries.pop(worlds.FORM, None)
