"""The survey and the interviews: shares of 720, answers that add up to 100, acceptance by item, words of experts."""

from __future__ import annotations

import math
from decimal import Decimal

from reports.study.checks.counts import Results
from reports.study.checks.shares import percent
from reports.study.contents import ROW, Table, table, tables

RESPONDENTS = Decimal(720)
POSITIVE = {  # which answers count as agreement, by the number of answers
    2: ("1",),
    3: ("2", "3"),
    5: ("1", "2"),
}
NEGATIVE = {2: ("2",), 3: ("1",), 5: ("4", "5")}
OTHER_CHANNELS = ("1", "3", "4")  # of the question on sources of information; 2 is the social networks


def results() -> Results:
    yield from _respondents()
    yield from _answers()
    yield from _acceptance()
    yield from _experts()


def _respondents() -> Results:
    source = table("table-38")
    for section in source.sections:
        rows = source.in_section(section)
        for row in rows:
            share = percent(source.number(row, "count"), RESPONDENTS)
            yield "table-38", f"{section} {source.label(ROW, row).en} %", share
        yield "table-38", f"sum of counts {section}", sum((source.number(row, "count") for row in rows), Decimal())
    yield "table-38", "monthly wage 100-200 thousand %", percent(source.number("monthly_wage/4", "count"), RESPONDENTS)
    named = ("occupation/1", "occupation/2", "occupation/5")
    together = sum((source.number(row, "count") for row in named), Decimal())
    yield "table-38", "state + budget employees + entrepreneurs %", percent(together, RESPONDENTS)
    yield "table-38", "sampling error at 95% (n=720)", _sampling_error(720, 228030)


def _sampling_error(sample: int, population: int) -> float:
    """Of a share of one half, with the correction for a finite population; 1.959964 is the normal quantile of 97.5%."""
    correction = (population - sample) / (population - 1)
    return 100 * 1.959963984540054 * math.sqrt(0.25 / sample * correction)


def _answers() -> Results:
    for source in _figures():
        for section in source.sections:
            if section.startswith("q"):
                shares = [source.number(row, "share") for row in source.in_section(section)]
                yield source.key, f"sum of answers {section.replace('-', '_')}", sum(shares, Decimal())


def _figures() -> list[Table]:
    """Figures 22 to 31: the answers to the questions."""
    return [table(f"figure-{number}") for number in range(22, 32) if f"figure-{number}" in tables()]


ITEMS = [
    "q08",
    "q09",
    "q10",
    "q11",
    "q12",
    "q15",
    "q14",
    "q13",
    "q16",
    "q17",
    "q18",
    "q19",
    "q20",
    "q21",
    "q25",
    "q24",
    "q23",
    "q22",
    "q26_medical",
    "q26_transport",
    "q26_infrastructure",
    "q26_housing",
    "q26_education",
    "q26_culture_tourism",
    "q26_employment",
    "q27_open_akimat",
    "q27_open_government",
    "q27_turkistan_109",
    "q27_turkistan_1310",
    "q27_eotinish",
    "q27_bots",
    "q27_online_petition",
]


def _acceptance() -> Results:
    """The items of table 39, numbered in its order, from the answers in the figures."""
    for number, item in enumerate(ITEMS, 1):
        answers = _answers_to(item)
        positive, negative = POSITIVE.get(len(answers), OTHER_CHANNELS), NEGATIVE.get(len(answers), ("2",))
        yield "table-39", f"positive % item {number} ({item})", sum((answers[key] for key in positive), Decimal())
        yield "table-39", f"negative % item {number} ({item})", sum((answers[key] for key in negative), Decimal())
    source = table("table-39")
    for side in ("negative", "positive"):
        numbers = [value.number or Decimal() for value in source.column_of(side).values()]
        yield "figure-32", f"{side} share", sum(numbers, Decimal()) / len(numbers)
    verdicts = [value.word for value in source.column_of("verdict").values()]
    counted = " / ".join(str(verdicts.count(word)) for word in ("positive", "negative", "equal"))
    yield "table-39", "verdicts positive / negative / equal", counted


def _answers_to(item: str) -> dict[str, Decimal]:
    section = item.replace("_", "-")
    for source in _figures():
        rows = source.in_section(section)
        if rows:
            return {row.split("/")[1]: source.number(row, "share") for row in rows}
    raise KeyError(item)


AGES = {"age 30-40 %": (30, 40), "age 40-50 %": (40, 50), "age 50-60 %": (50, 60), "age over 60 %": (60, 200)}
# Ten years belong to the first group and thirty to the last: only so do the printed shares come out.
EXPERIENCE = {
    "experience 5-10 %": (5, 11),
    "experience 10-20 %": (11, 20),
    "experience 20-30 %": (20, 30),
    "experience 30 and over %": (30, 200),
}


def _experts() -> Results:
    source = table("table-42")
    men = [row for row in source.rows if source.cells[row, "gender"].word == "male"]
    yield "figure-33", "male %", percent(Decimal(len(men)), Decimal(len(source.rows)))
    for column, groups in (("age", AGES), ("experience", EXPERIENCE)):
        numbers = [source.number(row, column) for row in source.rows]
        for name, (low, high) in groups.items():
            inside = sum(low <= number < high for number in numbers)
            yield "figure-33", name, percent(Decimal(inside), Decimal(len(numbers)))
    in_chart = table("figure-34").cells["compliance-with-principle/accountability", "share"].recomputed
    yield "figure-34", "accountability", in_chart or Decimal()
    for figure, words in (("figure-35", "table-44"), ("figure-36", "table-45")):
        counted = table(words)
        for row in table(figure).rows:
            rows = counted.in_section(row.replace("_", "-"))
            yield figure, row, sum((counted.number(one, "frequency") for one in rows), Decimal())
