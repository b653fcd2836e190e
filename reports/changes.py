"""How a figure differs from an earlier one, in words; whether a difference of shares is more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from reports.dictionary import Kind, Tendency
from reports.figures import Figure
from reports.intervals import LEVEL, Counts, Ratio, of_difference, rate_ratio
from ui import dates

SAME, MORE, LESS, UNSURE, UNKNOWN = "same", "more", "less", "unsure", "unknown"


@dataclass(frozen=True)
class Change:
    """`way` is one of the words above; `is_better` is known only where the dictionary says which way is."""

    way: str
    words: str
    is_better: bool | None = None

    @property
    def tone(self) -> str:
        return {True: "good", False: "bad", None: ""}[self.is_better]

    @property
    def icon(self) -> str:
        return {MORE: "up", LESS: "down"}.get(self.way, "")


def change(now: Figure, earlier: Figure) -> Change:
    """Shares are compared by Newcombe's interval: where it covers zero they are said not to differ."""
    if now.value is None or earlier.value is None:
        return Change(UNKNOWN, _("nothing to compare with"))
    if now.value == earlier.value:
        return Change(SAME, _("the same"))
    if now.metric.kind == Kind.SHARE and not differ(now, earlier):
        return Change(UNSURE, _("not different: the difference may be chance"))
    return _proven(now, earlier)


def _proven(now: Figure, earlier: Figure) -> Change:
    assert now.value is not None and earlier.value is not None
    difference = Decimal(now.value) - Decimal(earlier.value)
    parts = {"difference": dates.number(abs(difference), now.metric.decimals or None)}
    way = MORE if difference > 0 else LESS
    if now.metric.kind == Kind.SHARE:
        words = _("%(difference)s points more") if way == MORE else _("%(difference)s points less")
    else:
        words = _("%(difference)s more") if way == MORE else _("%(difference)s less")
    better = None
    if now.metric.kind == Kind.SHARE and now.metric.better != Tendency.NEITHER:
        better = (now.metric.better == Tendency.MORE) == (way == MORE)
    return Change(way, words % parts, better)


LEAST = 10  # cases on either side; below, the interval is too narrow: 2 of 2 and 0 of 2 may well be chance


def differ(one: Figure, other: Figure, level: float = LEVEL) -> bool:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10: the interval of a difference of shares."""
    whole, other_whole = one.denominator or 0, other.denominator or 0
    if min(whole, other_whole) < LEAST:
        return False
    interval = of_difference(Counts(one.numerator, whole), Counts(other.numerator, other_whole), level)
    return interval.low > 0 or interval.high < 0


CHANCE = 3.0  # standard deviations; of three hundred pairs less than one passes by chance


def growth(now: int, earlier: int, longer: float = 1.0) -> float:
    """By how many standard deviations a count grew; `longer` is how many times as long its period is.

    Square roots of counts vary alike whatever the count (F. J. Anscombe, Biometrika 35 (1948) 246-254).
    """
    expected = math.sqrt((earlier + 0.375) * longer)
    return 2 * (math.sqrt(now + 0.375) - expected) / math.sqrt(1 + longer)


def against(now: Figure, earlier: Figure | None, longer: float = 1.0) -> str:
    """How a count grew against an earlier one, in words: by the interval of the ratio of two Poisson rates.

    None is a period in which nothing was counted yet: it is no nought to compare with.
    """
    if now.is_hidden or (earlier is not None and earlier.is_hidden):
        return _("too few to be told")
    ratio = rate_ratio(now.numerator, earlier.numerator, longer) if earlier is not None else None
    if ratio is None:
        return _("nothing to compare with")
    if not ratio.is_different:
        return _("not different: the difference may be chance")
    return _times(ratio)


def _times(ratio: Ratio) -> str:
    if math.isinf(ratio.value):
        return _("so many do not come by chance where there were none")
    sizes = {"times": ratio.value, "low": ratio.low, "high": ratio.high}
    words = {name: dates.number(_tenths(size), 1) for name, size in sizes.items()}
    return _("%(times)s times as many (95 %% range %(low)s to %(high)s)") % words


def _tenths(size: float) -> Decimal:
    return Decimal(str(round(size, 6))).quantize(Decimal("0.1"), ROUND_HALF_UP)
