"""The dictionary of figures, figures of a period, and how they change over time."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example

COUNTED_AT = "2026-11-27T10:15:00+05:00"
KEPT_SHARE = {
    "key": "kept_share",
    "name": "Terms kept",
    "definition": "How many of the terms that ended were kept. Late and not done together make up the rest.",
    "kind": "share",
    "unit": "percent",
    "unit_name": "per cent",
    "basis": "term",
    "basis_name": "day on which the term ended",
    "numerator": "terms that ended in the period and were kept",
    "denominator": "terms that ended in the period",
    "decimals": 1,
    "percentile": None,
    "better": "more",
    "law": "",
    "source": "Events and clocks of the appeals in the hub",
    "owner": "Methodologist of the hub",
    "version": 1,
    "since": "2026-11-27",
    "operation": "get_figures",
}


def _figure(metric: str, unit: str, value: str, numerator: int, denominator: int | None = None) -> dict[str, Any]:
    counts = {"value": value, "numerator": numerator, "denominator": denominator, "hidden": False}
    return {"metric": metric, "version": 1, "unit": unit, **counts}


def _days(since: str, until: str) -> dict[str, Any]:
    days = {"since": since, "until": until}
    return {"counted_at": COUNTED_AT, "asked": days, "counted": days, "by_months": False}


def _month(start: str, received: int) -> dict[str, Any]:
    counts = (_figure("received", "appeals", str(received), received), _figure("in_work", "appeals", "0", 0))
    return {"start": start, "figures": [*counts]}


EXAMPLES: dict[str, Example] = {
    "list_metrics": Example("One of them", [KEPT_SHARE], query={"metrics": "kept_share"}),
    "get_metric": Example("Terms that were kept", KEPT_SHARE, path={"metric": "kept_share"}),
    "get_figures": Example(
        "November in a part of the city, by the way in",
        {
            **_days("2026-11-01", "2026-11-30"),
            "filters": [{"dimension": "area", "key": "yassy", "name": "Yassy"}],
            "by": ["channel"],
            "rows": [
                {
                    "keys": [{"dimension": "channel", "key": "mobile", "name": "Mobile application"}],
                    "figures": [
                        _figure("received", "appeals", "1", 1),
                        _figure("answered", "answers", "1", 1),
                        _figure("disputed_share", "percent", "0.0", 0, 1),
                    ],
                }
            ],
        },
        query={
            "metrics": "received,answered,disputed_share",
            "since": "2026-11-01",
            "until": "2026-11-30",
            "area": "yassy",
            "by": "channel",
        },
    ),
    "get_series": Example(
        "Two months",
        {
            **_days("2026-10-01", "2026-11-30"),
            "filters": [],
            "grain": "month",
            "points": [_month("2026-10-01", 0), _month("2026-11-01", 1)],
        },
        query={"metrics": "received,in_work", "since": "2026-10-01", "until": "2026-11-30", "grain": "month"},
    ),
}
