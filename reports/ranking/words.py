"""The sentences of the ranking: when two bodies differ, and when nobody can tell."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import wording
from reports.ranking.reading import Answer
from reports.ranking.rules import Pair
from ui.dates import number


def percent(share: float) -> Decimal:
    """As every share is published: rounded half up to a tenth of a per cent. Noise of floats is taken off before."""
    exact = Decimal(str(round(share * 100, 9)))
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP) + 0  # no minus before a nought


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return wording.signed(percent(share))


def verdict(found: Answer, pair: Pair) -> str:
    """What may be said of two bodies, from the strongest to the weakest statement."""
    count = len(found.ranking.pairs)
    if pair.difference != 0 and pair.is_different:
        return _both(_better(count), found, pair)
    if pair.is_different_alone:
        return _both(
            ngettext(
                "%(better)s and %(worse)s are statistically not different. Alone, a difference of %(points)s percentage"
                " points (95 %% range %(low)s to %(high)s) would stand out, but with %(pairs)s pair compared chance"
                " brings one that large.",
                "%(better)s and %(worse)s are statistically not different. Alone, a difference of %(points)s percentage"
                " points (95 %% range %(low)s to %(high)s) would stand out, but with %(pairs)s pairs compared at once"
                " chance brings one that large.",
                count,
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


def _better(count: int) -> str:
    """Of a single pair nothing is said about pairs."""
    if count == 1:
        return _(
            "%(better)s does better than %(worse)s: by %(points)s percentage points (95 %% range %(low)s to %(high)s)."
            " Chance makes such a difference less than once in twenty."
        )
    return ngettext(
        "%(better)s does better than %(worse)s: by %(points)s percentage points (95 %% range %(low)s to %(high)s)."
        " Chance makes such a difference less than once in twenty, even with %(pairs)s pair compared at once.",
        "%(better)s does better than %(worse)s: by %(points)s percentage points (95 %% range %(low)s to %(high)s)."
        " Chance makes such a difference less than once in twenty, even with all %(pairs)s pairs compared at once.",
        count,
    )


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
    if len(pairs) == 1:
        return (
            _("The two bodies are statistically different.")
            if different
            else _("The two bodies are statistically not different: their order may be chance.")
        )
    if not different:
        bodies = len(found.ranking.placed)
        return ngettext(
            "No two of this %(bodies)s body are statistically different: their order may be chance.",
            "No two of these %(bodies)s bodies are statistically different: their order may be chance.",
            bodies,
        ) % {"bodies": number(bodies)}
    return ngettext(
        "Of %(pairs)s pair %(different)s are statistically different; the order within the others may be chance.",
        "Of %(pairs)s pairs %(different)s are statistically different; the order within the others may be chance.",
        len(pairs),
    ) % {"pairs": number(len(pairs)), "different": number(different)}
