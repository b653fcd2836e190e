"""The datasets of the hub, one in each file; a new one is a file and a name in the line below."""

from reports.opendata.datasets import (  # noqa: F401
    appeals,
    calendar,
    lists,
    metrics,
    monthly_figures,
    study,
    terms,
    texts,
)
