"""The sentences of the ranking: when two bodies differ, and when nobody can tell."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.ranking.reading import Answer
from reports.ranking.rules import Pair, Standing
from ui.dates import number


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    rounded = round(share * 100, 1) + 0.0  # no minus before a nought
    return ("+" if rounded > 0 else "−" if rounded < 0 else "") + number(abs(rounded), 1)


def verdict(found: Answer, pair: Pair) -> str:
    """What may be said of two bodies, from the strongest to the weakest statement."""
    if pair.difference != 0 and pair.is_different:
        return _both(
            _(
                "%(better)s does better than %(worse)s: by %(points)s percentage points (95 %% range %(low)s to"
                " %(high)s). Chance makes such a difference less than once in twenty, even with all %(pairs)s pairs"
                " compared at once."
            ),
            found, pair,
        )  # fmt: skip
    if pair.is_different_alone:
        return _both(
            _(
                "%(better)s and %(worse)s are statistically not different. Alone, a difference of %(points)s percentage"
                " points (95 %% range %(low)s to %(high)s) would stand out, but with %(pairs)s pairs compared at once"
                " chance brings one that large."
            ),
            found, pair,
        )  # fmt: skip
    return _both(
        _(
            "%(better)s and %(worse)s are statistically not different: a difference of %(points)s percentage points"
            " lies within what chance brings (95 %% range %(low)s to %(high)s)."
        ),
        found, pair,
    )  # fmt: skip


def _both(words: str, found: Answer, pair: Pair) -> str:
    more = found.asked.measure.more_is_better
    one_is_better = pair.difference > 0 if more else pair.difference < 0
    low, high = pair.interval.low, pair.interval.high
    if pair.difference < 0:
        low, high = -high, -low
    better, worse = (pair.one, pair.other) if one_is_better else (pair.other, pair.one)
    return words % {
        "better": found.names[better],
        "worse": found.names[worse],
        "points": number(abs(round(pair.difference * 100, 1)), 1),
        "low": points(low),
        "high": points(high),
        "pairs": number(len(found.ranking.pairs)),
    }


def summary(found: Answer) -> str:
    """What the ranking as a whole says."""
    pairs = found.ranking.pairs.values()
    different = sum(pair.is_different for pair in pairs)
    if not pairs:
        return _("There are not two bodies with enough cases to compare.")
    if not different:
        return _("No two of these %(bodies)s bodies are statistically different: their order may be chance.") % {
            "bodies": number(len(found.ranking.placed))
        }
    return _(
        "Of %(pairs)s pairs %(different)s are statistically different; the order within the others may be chance."
    ) % {"pairs": number(len(pairs)), "different": number(different)}


def places(row: Standing) -> str:
    return number(row.best) if row.best == row.worst else f"{number(row.best)}–{number(row.worst)}"
