"""Reference data: the keys that stand in appeals, with their names."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example


def _entry(key: str, names: tuple[str, str, str], parent_key: str | None = None) -> list[dict[str, Any]]:
    named = dict(zip(("kk", "ru", "en"), names, strict=True))
    return [{"key": key, "names": named, "parent_key": parent_key, "is_active": True}]


EXAMPLES = {
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
