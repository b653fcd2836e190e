"""An example of every operation, by its `operation_id`: one file per tag, each joined here."""

from __future__ import annotations

from openapi.examples import (
    appeals,
    cases,
    casework,
    datasets,
    deciding,
    events,
    own,
    papers,
    queue,
    ranking,
    ratings,
    reference,
    reports,
    routing,
    sandbox,
    statistics,
    study,
    team,
    warnings,
)
from openapi.examples.base import Example

EXAMPLES: dict[str, Example] = {
    **appeals.EXAMPLES,
    **cases.EXAMPLES,
    **routing.EXAMPLES,
    **deciding.EXAMPLES,
    **events.EXAMPLES,
    **papers.EXAMPLES,
    **casework.EXAMPLES,
    **queue.EXAMPLES,
    **own.EXAMPLES,
    **team.EXAMPLES,
    **reference.EXAMPLES,
    **sandbox.EXAMPLES,
    **statistics.EXAMPLES,
    **study.EXAMPLES,
    **ranking.EXAMPLES,
    **datasets.EXAMPLES,
    **warnings.EXAMPLES,
    **reports.EXAMPLES,
    **ratings.EXAMPLES,
}
