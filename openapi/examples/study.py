"""The years before the hub: tables of the study, what of them holds, figures over the years."""

from __future__ import annotations

from typing import Any

from openapi.examples.base import Example

TABLES: list[dict[str, Any]] = [
    {
        "table": "table-23",
        "group": "akimat",
        "group_title": "Appeals to the akimat",
        "title": "Appeals received by the Turkistan city akimat",
        "period": "2020–2024",
        "unit_name": "number",
        "source": {"kind": "table", "number": "23"},
        "values": 30,
    },
    {
        "table": "text-meetings",
        "group": "akimat",
        "group_title": "Appeals to the akimat",
        "title": "Meetings of local authorities with residents of Turkistan city",
        "period": "2019–2024",
        "unit_name": "number",
        "source": {"kind": "text", "number": ""},
        "values": 6,
    },
]
MEETINGS: dict[str, Any] = {
    "table": "text-meetings",
    "group": "akimat",
    "source": {"kind": "text", "number": ""},
    "title": {
        "kk": "Түркістан қаласында билік өкілдерінің халықпен кездесулері",
        "ru": "Встречи местной власти с населением города Туркестан",
        "en": "Meetings of local authorities with residents of Turkistan city",
    },
    "period": {"kk": "2019–2024", "ru": "2019–2024", "en": "2019–2024"},
    "taken_as_published": True,
    "checked_against_original_sources": False,
    "sha256_of_data_file": "1a6b231af233babcb8758878cd9792e50b2729f1b7910774ed546484fb07839d",
    "units": {"count": {"kk": "саны", "ru": "количество", "en": "number"}},
    "notes": {
        "n004": {
            "kk": "Көбіне онлайн (COVID-19).",
            "ru": "Преимущественно онлайн (COVID-19).",
            "en": "Mostly online (COVID-19).",
        },
        "n005": {
            "kk": "75 + 82 + 90 + 85 + 96 = 428, басылған жиыны 426.",
            "ru": "75 + 82 + 90 + 85 + 96 = 428, напечатанный итог 426.",
            "en": "75 + 82 + 90 + 85 + 96 = 428, the printed total is 426.",
        },
    },
    "table_notes": [],
    "rows": [
        {"key": "2019", "name": {"kk": "2019", "ru": "2019", "en": "2019"}},
        {"key": "2020-2021", "name": {"kk": "2020–2021", "ru": "2020–2021", "en": "2020-2021"}},
        {"key": "2022", "name": {"kk": "2022", "ru": "2022", "en": "2022"}},
        {"key": "2023", "name": {"kk": "2023", "ru": "2023", "en": "2023"}},
        {"key": "2024", "name": {"kk": "2024", "ru": "2024", "en": "2024"}},
        {
            "key": "2019-2024-total",
            "name": {"kk": "2019–2024, барлығы", "ru": "2019–2024, всего", "en": "2019-2024 total"},
        },
    ],
    "columns": [{"key": "meetings", "name": {"kk": "Кездесулер", "ru": "Встречи", "en": "Meetings"}}],
    "values": [
        {
            "row": "2019",
            "column": "meetings",
            "unit": "count",
            "printed": 75,
            "corrected": 75,
            "recomputed": None,
            "status": "ok",
            "notes": [],
        },
        {
            "row": "2020-2021",
            "column": "meetings",
            "unit": "count",
            "printed": 82,
            "corrected": 82,
            "recomputed": None,
            "status": "ok",
            "notes": ["n004"],
        },
        {
            "row": "2022",
            "column": "meetings",
            "unit": "count",
            "printed": 90,
            "corrected": 90,
            "recomputed": None,
            "status": "ok",
            "notes": [],
        },
        {
            "row": "2023",
            "column": "meetings",
            "unit": "count",
            "printed": 85,
            "corrected": 85,
            "recomputed": None,
            "status": "ok",
            "notes": [],
        },
        {
            "row": "2024",
            "column": "meetings",
            "unit": "count",
            "printed": 96,
            "corrected": 96,
            "recomputed": None,
            "status": "ok",
            "notes": [],
        },
        {
            "row": "2019-2024-total",
            "column": "meetings",
            "unit": "count",
            "printed": 426,
            "corrected": 428,
            "recomputed": None,
            "status": "recomputed",
            "notes": ["n005"],
        },
    ],
}
CHECKS: list[dict[str, Any]] = [
    {
        "table": "table-09",
        "quantity": "Kazakhstan overall score = mean of five categories",
        "printed": "3.1",
        "recomputed": "2.68",
        "method": "mean of printed scores",
        "verdict": "no",
        "reason": "",
        "note": "The printed overall score is in table 15. "
        "Political participation would have to be about 5.00 instead of 3.00.",
    }
]
OVER_THE_YEARS: list[dict[str, Any]] = [
    {
        "series": "open_akimat",
        "by": "",
        "part": "",
        "name": "Appeals to the Open Akimat office",
        "unit": "count",
        "table": "figure-18",
        "key_in_hub": "",
        "is_exact": True,
        "points": [
            {"year": 2020, "printed": 651, "value": 651, "status": "ok", "part_of_year": "from 10 November"},
            {"year": 2021, "printed": 3500, "value": 3500, "status": "ok", "part_of_year": ""},
            {"year": 2022, "printed": 4220, "value": 4220, "status": "ok", "part_of_year": ""},
            {"year": 2023, "printed": 5815, "value": 5815, "status": "ok", "part_of_year": ""},
            {"year": 2024, "printed": 6201, "value": 6201, "status": "ok", "part_of_year": ""},
        ],
    }
]

EXAMPLES: dict[str, Example] = {
    "list_study_tables": Example("Of the akimat", TABLES, query={"group": "akimat"}),
    "get_study_table": Example("Meetings with residents", MEETINGS, path={"study_table": "text-meetings"}),
    "list_study_checks": Example("Of one table", CHECKS, query={"table": "table-09"}),
    "list_study_series": Example("Appeals to Open Akimat", OVER_THE_YEARS, query={"series": "open_akimat"}),
}
