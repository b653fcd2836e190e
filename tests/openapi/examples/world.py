"""A city in which the examples are true: the units, people, terms and keys that they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from appeals import routing
from appeals.models import Appeal, Message, Topic
from catalogue import seeding
from catalogue.models import Platform
from openapi.examples.appeals import FILING, REPLY
from tests.appeals.cases import Unit, make_unit
from tests.factories import make_area, make_department, make_organization, make_reference, make_sector
from tests.openapi.api import Program, make_program

WATER = {
    "name_kk": "Сумен жабдықтау бөлімі",
    "name_ru": "Отдел водоснабжения",
    "name_en": "Water supply unit",
}
UTILITIES = {"name_kk": "Коммуналдық қызметтер", "name_ru": "Коммунальные услуги", "name_en": "Utilities"}
POLICE = {"name_kk": "Полиция басқармасы", "name_ru": "Управление полиции", "name_en": "Police department"}
NO_WATER = {"name_kk": "Су жоқ", "name_ru": "Нет воды", "name_en": "No water"}
STATUTORY = {
    "regime": "appeal",
    "kind": "complaint",
    "applicant": FILING["applicant"]
    | {"identifier": "000101300019", "postal_address": "Түркістан қаласы, Тәуке хан даңғылы, 24"},
}


@dataclass
class World:
    """Steps forward only as far as an example needs; each step is a call of the API where there is one."""

    unit: Unit
    portal: Program

    @cached_property
    def inspector(self) -> Program:
        return make_program(self.unit.inspector)

    @cached_property
    def executor(self) -> Program:
        return make_program(self.unit.executor)

    @cached_property
    def head(self) -> Program:
        return make_program(self.unit.head)

    def filed(self, **values: Any) -> str:
        """The number of a new appeal of the portal."""
        answer = self.portal.post("appeals", FILING | values)
        assert answer.status_code == 201, answer.json()
        number: str = answer.json()["number"]
        return number

    def statutory(self) -> str:
        """Filed and registered by the inspector."""
        number = self.filed(**STATUTORY)
        self.done(self.inspector, f"cases/{number}/registration", {"reason": "Жеке куәлігімен өзі келді"})
        return number

    def with_unit(self, number: str = "") -> str:
        number = number or self.filed()
        routing.assign_unit(self.row(number).pk, department=self.unit.department, actor=self.unit.inspector)
        return number

    def claimed(self, number: str = "") -> str:
        number = self.with_unit(number)
        self.done(self.executor, f"cases/{number}/claim")
        return number

    def answered(self) -> str:
        number = self.claimed()
        body = REPLY | {"ground": "Өтініш иесімен телефон арқылы келісілді"}
        self.done(self.executor, f"cases/{number}/replies", body, If_Match="*")
        return number

    def message(self, number: str) -> Message:
        self.done(self.portal, f"appeals/{number}/messages", {"text": "Көшедегі шамдар да екі аптадан бері жанбайды."})
        return Message.objects.get(appeal__number=number, direction="in")

    def row(self, number: str) -> Appeal:
        return Appeal.objects.get(number=number)

    @staticmethod
    def done(program: Program, path: str, body: Any = None, **headers: Any) -> Any:
        answer = program.post(path, body, **headers)
        assert answer.status_code in (200, 201), answer.json()
        return answer.json()


def make_world() -> World:
    make_reference()
    seeding.load()
    Platform.objects.exclude(key__in=("halyq-uni", "smsc")).delete()
    Topic.objects.create(slug="water-outage", sector=make_sector("utilities", **UTILITIES), **NO_WATER)
    make_area("yassy")
    police = make_organization("police", kind="external", **POLICE)
    make_department("police", organization=police, is_external=True, **POLICE)
    unit = make_unit("water-supply", **WATER)
    return World(unit, make_program())
