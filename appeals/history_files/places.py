"""Names of the source become rows of ours: mapped, made, or left out, as the mapping says."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from appeals.history import places
from appeals.history_files.fields import UnusableError
from appeals.history_files.mapping import IGNORE, MAKE, Mapping
from appeals.models import Topic
from organizations.models import Area, Department


class Places:
    """Looks each name up once."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._areas: dict[str, int | None] = {}
        self._departments: dict[str, int | None] = {}
        self._topics = {topic.slug: topic for topic in Topic.objects.all()}

    def topic(self, slug: str) -> Topic | None:
        if slug and slug not in self._topics:
            raise UnusableError(f"the mapping names a topic that does not exist: {slug}")
        return self._topics.get(slug)

    def area(self, name: str) -> int | None:
        if name not in self._areas:
            self._areas[name] = self._find_area(name)
        return self._areas[name]

    def department(self, name: str) -> int | None:
        if name not in self._departments:
            self._departments[name] = self._find_department(name)
        return self._departments[name]

    def _find_area(self, name: str) -> int | None:
        wanted = self._wanted(name, self._mapping.districts)
        if wanted == MAKE:
            return places.ensure_area(self._mapping.source, name)
        return self._id_of(Area, wanted, "city sector") if wanted else None

    def _find_department(self, name: str) -> int | None:
        wanted = self._wanted(name, self._mapping.organisations)
        if wanted == MAKE:
            names = {f"name_{language}": text for language, text in self._mapping.names.items()}
            return places.ensure_department(self._mapping.source, name, organization_names=names)
        return self._id_of(Department, wanted, "unit") if wanted else None

    @staticmethod
    def _wanted(name: str, known: AnyMapping[str, str]) -> str:
        wanted = known.get(name, known.get("*", IGNORE)) if name else IGNORE
        return "" if wanted == IGNORE else wanted

    @staticmethod
    def _id_of(model: type[Area] | type[Department], slug: str, what: str) -> int:
        found = model._default_manager.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            raise UnusableError(f"the mapping names a {what} that does not exist: {slug}")
        return int(found)
