"""A row of the public list with the names of what it refers to, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from appeals import terms
from appeals.models import Outcome, Regime, Status
from appeals.selectors.public import PublicRow


class ShownRow(PublicRow):
    """The names come from the tables kept in memory, so a page of rows costs no further query."""

    @property
    def topic(self) -> str:
        row = terms.topics().get(self.topic_id) if self.topic_id else None
        return row.name if row else ""

    @property
    def area(self) -> str:
        row = terms.areas().get(self.area_id) if self.area_id else None
        return row.name if row else ""

    @property
    def unit(self) -> str:
        row = terms.departments().get(self.department_id) if self.department_id else None
        return row.name if row else ""

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    @property
    def regime_label(self) -> str:
        return str(Regime(self.regime).label)

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label) if self.outcome else ""


def shown(rows: Iterable[PublicRow]) -> Iterator[ShownRow]:
    return (ShownRow(**vars(row)) for row in rows)
