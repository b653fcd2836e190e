"""Shares and ratios: answered of received, categories of all years, channels, followers of the population, costs."""

from __future__ import annotations

from decimal import Decimal

from reports.study.checks.counts import BY_CATEGORY, BY_OUTCOME, Results, parts, printed_sum, total, years
from reports.study.contents import ROW, Table, table

HUNDRED = Decimal(100)


def results() -> Results:
    yield from _regions()
    yield from _categories()
    yield from _not_executed()
    yield from _text()
    yield from _channels()
    yield from _followers()
    yield from _costs()
    yield from _ranks()


def percent(part: Decimal, whole: Decimal) -> Decimal:
    return HUNDRED * part / whole


def _regions() -> Results:
    source = table("table-19")
    for row in source.rows:
        name = source.label(ROW, row).en
        yield "table-19", f"answered % {name}", percent(source.number(row, "answered"), source.number(row, "received"))
        yield (
            "table-19",
            f"unsatisfied % {name}",
            percent(source.number(row, "unsatisfied"), source.number(row, "rated")),
        )
    row = "west-kazakhstan-region"
    as_printed = percent(source.printed(row, "answered"), source.number(row, "received"))
    yield "table-19", "answered % West Kazakhstan, count as printed", as_printed
    text = table("text-figures")
    answered = text.number("appeals_leb_answered", "value")
    yield "table-19", "share answered", percent(answered, text.number("appeals_leb_received", "value"))


def _categories() -> Results:
    for key in BY_CATEGORY:
        source = table(key)
        whole = sum((parts(source, year) for year in years(source)), Decimal())
        for row in source.rows:
            if row != "total":
                counts = (value.number for year, value in source.row_of(row).items() if year in years(source))
                of_all_years = sum((count for count in counts if count is not None), Decimal())
                yield key, f"share {row}", percent(of_all_years, whole)


def _not_executed() -> Results:
    for key in BY_OUTCOME:
        source = table(key)
        for year in source.rows:
            share = percent(source.number(year, "not_executed"), source.number(year, "total"))
            if source.cells[year, "not_executed_pct"].printed is not None:
                yield key, f"not executed % {year}", share
    source = table("table-27")
    printed = [source.printed(year, "not_executed_pct") for year in years(source)]
    yield "table-27", "not executed % total as mean of years", sum(printed, Decimal()) / len(printed)


def _text() -> Results:
    source = table("table-25")
    yield "table-25", "1310 not executed %", percent(parts(source, "not_executed"), parts(source, "total"))
    source = table("table-27")
    in_time = percent(source.number("total", "executed"), source.number("total", "total"))
    yield "table-27", "109 in time %", in_time
    yield "figure-15", "sum of shares", printed_sum(table("figure-15"), "share")
    yield "text-ngo", "sum of NGO shares", printed_sum(table("text-ngo"), "share")
    source = table("text-channel-shares")
    for centre in source.sections:
        shares = [source.printed(row, "share") for row in source.in_section(centre)]
        yield "text-channel-shares", f"sum of shares {centre}", sum(shares, Decimal())


def _channels() -> Results:
    """The totals of the channels in their tables; printed shares have another basis, which nobody found."""
    akimat = table("table-23")
    totals = {
        "1310": sum((parts(table("table-24"), year) for year in ("2023", "2024")), Decimal()),
        "109": table("table-27").number("total", "total"),
        "eotinish": table("table-29").number("total", "total"),
        "open_akimat": parts(table("figure-18"), "appeals"),
        "akim_meetings": total_of_row(akimat, "face_to_face"),
    }
    for channel, count in totals.items():
        yield "figure-19", f"share {channel}", round(percent(count, sum(totals.values(), Decimal())), 2)


def total_of_row(source: Table, row: str) -> Decimal:
    return total(source, row, tuple(source.row_of(row)))


def _followers() -> Results:
    population = table("text-figures").number("population_turkistan_text", "value")
    source = table("table-30")
    followers = {
        "akimat page": source.number("followers", "akimat_page"),
        "akim page": source.number("followers", "akim_page"),
        "deputy page low": source.number("followers", "deputy_page-1"),
        "deputy page high": Decimal(5459),  # the upper end of the range that the text gives
    }
    for page, count in followers.items():
        yield "table-30", f"followers as % of population, {page}", percent(count, population)
    shares = source.row_of("share_of_city_population_pct").values()
    yield "table-30", '"average engagement"', sum((value.printed or Decimal() for value in shares), Decimal())


def _costs() -> Results:
    """The listed items; the digital part of training stands below training and is no item of its own."""
    for key in ("table-21", "table-31"):
        source = table(key)
        items = [row for row in source.rows if row not in {"total", "digital_skills_training"}]
        for year in source.columns:
            numbers = [value.number for row in items if (value := source.get(row, year))]
            listed = sum((number for number in numbers if number is not None), Decimal())
            yield key, f"listed items as % of total {year}", percent(listed, source.number("total", year))


def _ranks() -> Results:
    yield "table-10", "Kazakhstan rank 2024 against figure 12", table("table-10").number("kazakhstan", "2024")
    scores = [value.number for column, value in table("table-09").row_of("kazakhstan").items() if column != "rank"]
    known = [score for score in scores if score is not None]
    yield "table-09", "Kazakhstan overall score = mean of five categories", sum(known, Decimal()) / len(known)
    for row in table("table-12").rows:
        yield "table-07", f"Kazakhstan {row} 2024", table("table-12").number(row, "2024")
    yield "table-12", "trend signs of the six dimensions", _trends("table-12", better_is_more=True)
    yield "table-13", "trend signs of the 13 categories", _trends("table-13", better_is_more=False)


def _trends(key: str, *, better_is_more: bool) -> str:
    """How many printed signs agree with the first and the last year."""
    source = table(key)
    right = 0
    for row in source.rows:
        improves = (source.number(row, "2024") > source.number(row, "2019")) == better_is_more
        right += source.cells[row, "trend"].word == ("up" if improves else "down")
    return f"{right} of {len(source.rows)}"
