"""Files of a form that was not accepted yet: kept under the form's token, so that nobody attaches them twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common.files import CheckedFile
from common.malware import Verdict

FOLDER = "pending"
TOKEN = re.compile(r"[0-9a-f]{32}")
KEY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class PendingFile:
    """What the form shows of a file it kept."""

    key: str
    name: str
    size: int
    content_type: str


def keep(token: str, files: Iterable[CheckedFile]) -> list[PendingFile]:
    """Store checked files under the token; the same content is stored once."""
    kept = []
    for file in files:
        key = file.sha256[:16]
        facts = {"name": file.name, "size": file.size, "content_type": file.content_type, "place": file.place}
        facts["scan"] = file.scan.value
        if not default_storage.exists(_path(token, key)):
            default_storage.save(_path(token, key), ContentFile(file.content))
            default_storage.save(_path(token, key) + ".json", ContentFile(json.dumps(facts).encode()))
        kept.append(PendingFile(key, file.name, file.size, file.content_type))
    return kept


def take(token: str, keys: Iterable[str]) -> list[CheckedFile]:
    """The kept files of these keys, in order; a key of a file that is gone is passed over."""
    return [
        CheckedFile(
            facts["name"],
            _read(_path(token, key)),
            facts["content_type"],
            _place(facts),
            Verdict(facts.get("scan", "")),
        )
        for key, facts in _facts(token, keys)
    ]


def look(token: str, keys: Iterable[str]) -> list[PendingFile]:
    """The same without reading the contents."""
    return [PendingFile(key, facts["name"], facts["size"], facts["content_type"]) for key, facts in _facts(token, keys)]


def forget(token: str) -> None:
    """Delete everything that was kept under a token."""
    folder = f"{FOLDER}/{_checked(token)}"
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def forget_older_than(instant: datetime) -> int:
    """Delete the files of forms that nobody came back to; the number of forms cleaned."""
    if not default_storage.exists(FOLDER):
        return 0
    cleaned = 0
    for token in default_storage.listdir(FOLDER)[0]:
        folder = f"{FOLDER}/{token}"
        times = [default_storage.get_modified_time(f"{folder}/{name}") for name in default_storage.listdir(folder)[1]]
        if TOKEN.fullmatch(token) and max(times, default=instant) <= instant:
            forget(token)
            cleaned += 1
    return cleaned


def _facts(token: str, keys: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in keys:
        path = _path(token, key) + ".json"
        if default_storage.exists(path):
            yield key, json.loads(_read(path))


def _place(facts: dict[str, Any]) -> tuple[float, float] | None:
    place = facts.get("place")
    return (float(place[0]), float(place[1])) if isinstance(place, list) and len(place) == 2 else None


def _read(path: str) -> bytes:
    with default_storage.open(path) as file:
        return bytes(file.read())


def _path(token: str, key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("not a key of a kept file")
    return f"{FOLDER}/{_checked(token)}/{key}"


def _checked(token: str) -> str:
    if not TOKEN.fullmatch(token):
        raise ValueError("not a token of a form")
    return token
