"""What tables 32 to 41 print of descriptive statistics, tests and models and plain arithmetic can check."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from statistics import correlation, fmean, stdev, variance

from reports.study.checks.correlations import of_rows
from reports.study.checks.counts import Results
from reports.study.contents import ROW, table

CANDIDATES = {"x1": 4, "x2": 4, "x3": 4, "x4": 4, "x5": 4, "x6": 4, "x7": 4, "x8": 4, "x9": 3, "x10": 3, "x11": 3}
RUNS = (("x1", "x2", "x3", "x4"), ("x5", "x6", "x7", "x8"), ("x9", "x10", "x11"))


def results() -> Results:
    lines = of_rows(table("table-32"))
    yield from _described(lines)
    yield from _breusch_pagan(lines)
    yield from _model_probabilities()
    yield from _state_space(lines["X10"])
    yield from _forecasts()
    yield from _effects()


def _described(lines: dict[str, list[float]]) -> Results:
    for name, line in lines.items():
        yield "table-33", f"n {name}", float(len(line))
        yield "table-33", f"mean {name}", fmean(line)
        yield "table-33", f"sd {name}", stdev(line)
        yield "table-33", f"minimum {name}", min(line)
        yield "table-33", f"maximum {name}", max(line)


def _breusch_pagan(lines: dict[str, list[float]]) -> Results:
    for name, line in lines.items():
        if name != "Y":
            squares = [residual**2 for residual in _residuals(line, lines["Y"])]
            yield "table-34", f"R2 auxiliary, Y on {name}", correlation(line, squares) ** 2
    source = table("table-34")
    statistic = float(source.printed("n", "value") * source.printed("r2_auxiliary", "value"))
    yield "table-34", "BP = N x R2", statistic
    yield "table-34", "p for BP = 0.46", math.erfc(math.sqrt(statistic / 2))  # chi-square with one degree of freedom


def _residuals(x: Sequence[float], y: Sequence[float]) -> list[float]:
    slope = correlation(x, y) * stdev(y) / stdev(x)
    middle_x, middle_y = fmean(x), fmean(y)
    return [b - middle_y - slope * (a - middle_x) for a, b in zip(x, y, strict=True)]


def _model_probabilities() -> Results:
    """Prior of a model by its size, and posterior and odds from the printed Bayes factors of the same run."""
    source = table("table-35")
    for run in RUNS:
        rows = [row for row in source.rows if set(row.split("-")) <= set(run)]
        first = rows[0]
        prior, factor = _prior(first), float(source.printed(first, "bf_10"))
        odds = float(source.printed(first, "bf_m")) * prior / (1 - prior)
        constant = odds / (1 + odds) / (prior * factor)
        for row in rows:
            name, prior = _name(source.label(ROW, row).en), _prior(row)
            posterior = prior * float(source.printed(row, "bf_10")) * constant
            yield "table-35", f"P(M) {name}", prior
            yield "table-35", f"P(M|data) {name} from printed BF", posterior
            yield "table-35", f"BFM {name} from printed BF", posterior / (1 - posterior) / (prior / (1 - prior))


def _name(label: str) -> str:
    return re.sub(r"\(= (.*)\)", r"(= \1 of table 32)", label)


def _prior(row: str) -> float:
    """Beta-binomial(1, 1): every number of variables is as likely as any other."""
    names = row.split("-")
    candidates = CANDIDATES[names[0]]
    return 1 / ((candidates + 1) * math.comb(candidates, len(names)))


def _state_space(line: list[float]) -> Results:
    source = table("table-36")
    residual, ahead = (float(source.printed(row, "value")) for row in ("residual_sd", "prediction_sd"))
    yield "table-36", "R2", 1 - residual**2 / variance(line)
    steps = [after - before for before, after in itertools.pairwise(line)]
    middle = fmean(steps)
    spread = sum((step - middle) ** 2 for step in steps)
    yield "table-36", "Harvey's goodness of fit", 1 - len(steps) * ahead**2 / spread
    half = _student_of_four(0.975) * stdev(line) / math.sqrt(len(line))
    yield "text-figures", "lower bound of the 95% interval", fmean(line) - half
    yield "text-figures", "upper bound of the 95% interval", fmean(line) + half
    yield "text-figures", "centre", fmean(line)


def _student_of_four(p: float) -> float:
    """The quantile of Student's distribution with four degrees of freedom, which has a closed form."""
    alpha = 4 * p * (1 - p)
    q = math.cos(math.acos(math.sqrt(alpha)) / 3) / math.sqrt(alpha)
    return 2 * math.sqrt(q - 1)


def _forecasts() -> Results:
    source = table("table-37")
    for row in source.rows:
        name = source.label(ROW, row).en
        yield "table-37", f"bias {name}", 1 - 2 * float(source.printed(row, "pit"))
        small = source.printed(row, "mae") <= source.printed(row, "rmse")
        yield "table-37", f"MAE <= RMSE {name}", "yes" if small else "no"


def _effects() -> Results:
    source = table("table-41")
    parts = [source.number(row, "coefficient") for row in ("direct", "indirect")]
    yield "table-41", "total effect", sum(parts)
    for row in source.rows:
        p = _two_sided(float(source.number(row, "t")))
        yield "table-41", f"significance of the {row} effect", _significance(p)
    yield "table-41", "p for t > 2.57", f"p={_two_sided(2.57):.3f}"


def _two_sided(t: float) -> float:
    """The normal distribution: there were 720 respondents."""
    return math.erfc(abs(t) / math.sqrt(2))


def _significance(p: float) -> str:
    for level in (0.001, 0.01, 0.05, 0.1):
        if p < level:
            return f"p<{level:g}"
    return "not significant"
