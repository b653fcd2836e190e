"""Reference data: the keys that stand in appeals, with their names."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example


def _entry(key: str, names: tuple[str, str, str], parent_key: str | None = None) -> list[dict[str, Any]]:
    named = dict(zip(("kk", "ru", "en"), names, strict=True))
    return [{"key": key, "names": named, "parent_key": parent_key, "is_active": True}]


_SEEN: dict[str, Any] = {"source_title": None, "checked_on": None}
_OWN: dict[str, Any] = {"certainty": "confirmed", "source_kind": "hub", **_SEEN}
_GATEWAY: dict[str, Any] = {
    "key": "smsc",
    "name": "SMS gateway SMSC.kz",
    "names": {"kk": "SMSC.kz SMS шлюзі", "ru": "SMS-шлюз SMSC.kz", "en": "SMS gateway SMSC.kz"},
    "kind": "gateway",
    "state": "in_test",
    "website": "https://smsc.kz",
    "health": None,
    "updated_at": "2026-11-27T08:00:00.000000+00:00",
    "facts": [
        {"aspect": "data", "text": "Phone number and text of the message.", **_OWN},
        {
            "aspect": "interfaces",
            "text": "HTTP API over HTTPS: sending, status, balance.",
            "certainty": "reported",
            "source_kind": "page",
            **_SEEN,
            "source_title": "smsc.kz/api/http/",
        },
        {"aspect": "purpose", "text": "Sends confirmation codes and short notices.", **_OWN},
    ],
    "flows": [
        {
            "origin": "halyq-uni",
            "target": "smsc",
            "content": "Phone, text, state of delivery",
            "personal_data": "yes",
            "direction": "both",
            "protocol": "HTTPS",
            "encryption": "tls",
            "state": "in_test",
            **_OWN,
        }
    ],
}

EXAMPLES = {
    "list_platforms": Example("Systems in test", [_GATEWAY], query={"state": "in_test"}),
    "read_platform": Example("A gateway", _GATEWAY, path={"platform_key": "smsc"}),
    "list_topics": Example("A topic and its sector", _entry("water", ("Су жоқ", "Нет воды", "No water"), "utilities")),
    "list_sectors": Example(
        "A sector", _entry("utilities", ("Коммуналдық қызметтер", "Коммунальные услуги", "Utilities"))
    ),
    "list_areas": Example("A part of the city", _entry("yassy", ("Яссы", "Яссы", "Yassy"))),
    "list_departments": Example(
        "A body outside the hub, and a unit",
        _entry("police", ("Полиция басқармасы", "Управление полиции", "Police department"))
        + _entry("water-supply", ("Сумен жабдықтау бөлімі", "Отдел водоснабжения", "Water supply unit")),
    ),
}
