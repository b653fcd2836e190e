"""What may be asked beside the fields of Open311 itself: the attributes of a service, by its topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appeals.models import Kind, Regime, Topic
from appeals.selectors import names

LIST, STRING, TEXT = "singlevaluelist", "string", "text"
YES, NO = "yes", "no"
ANSWER_LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"))
KINDS = (Kind.APPLICATION, Kind.COMPLAINT, Kind.PROPOSAL, Kind.RESPONSE, Kind.INQUIRY, Kind.MESSAGE)


@dataclass(frozen=True)
class Attribute:
    """One question. What is not `variable` is only said, and nothing is sent back."""

    code: str
    datatype: str
    description: str
    hint: str = ""
    values: tuple[tuple[str, str], ...] = ()
    variable: bool = True
    longest: int = 300

    def as_data(self, order: int) -> dict[str, Any]:
        return {
            "variable": self.variable,
            "code": self.code,
            "datatype": self.datatype,
            "required": False,
            "datatype_description": self.hint or None,
            "order": order,
            "description": self.description,
            "values": [{"key": key, "name": name} for key, name in self.values],
        }


def attributes_of(topic: Topic) -> list[Attribute]:
    """In the order in which they are asked, in the language of the request."""
    return [*_told(topic), *_asked_of_everybody(), *_asked_for_statutory(topic)]


def _told(topic: Topic) -> Iterator[Attribute]:
    if topic.hand_over_to:
        yield Attribute("emergency", STRING, call_first(topic), variable=False)


def call_first(topic: Topic) -> str:
    """What somebody in danger must do before anything else."""
    return _("Danger to life? Call %(numbers)s first.") % {"numbers": topic.hand_over_to}


def _asked_of_everybody() -> Iterator[Attribute]:
    areas = _by_name((row.key, row.name) for row in names.areas().values() if row.is_active)
    yield Attribute("area", LIST, _("City sector"), values=areas)
    yield Attribute("answer_language", LIST, _("Language of the answer"), values=ANSWER_LANGUAGES)
    yield Attribute(
        "confidential", LIST, _("Keep the appeal confidential"),
        hint=_("A confidential appeal is not in the public list."), values=((YES, _("Yes")), (NO, _("No"))),
    )  # fmt: skip


def _asked_for_statutory(topic: Topic) -> Iterator[Attribute]:
    if topic.default_regime != Regime.APPEAL:
        return
    needed = _("Needed for an official appeal.")
    yield Attribute(
        "regime", LIST, _("How should it be considered?"),
        values=((Regime.REQUEST, _("As a service request")), (Regime.APPEAL, _("As an official appeal"))),
    )  # fmt: skip
    yield Attribute("kind", LIST, _("Kind of appeal"), values=tuple((kind.value, str(kind.label)) for kind in KINDS))
    yield Attribute("identifier", STRING, _("IIN"), hint=needed, longest=12)
    yield Attribute("postal_address", TEXT, _("Postal address"), hint=needed)


def _by_name(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))
