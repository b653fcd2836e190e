"""How sure a share or an average is: intervals and comparisons, as pure functions of counts.

Sources: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212;
R. Bhatia and C. Davis, A better bound on the variance, American Mathematical Monthly 107 (2000) 353-357.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95


def quantile(level: float = LEVEL) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 95 %."""
    return NormalDist().inv_cdf((1 + level) / 2)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high


def wilson(part: float, whole: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a share: stays between 0 and 1 and is honest with few counts and at both ends."""
    if whole <= 0:
        return Interval(0.0, 1.0)
    z, share = quantile(level), part / whole
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    middle, scale = share + z * z / (2 * whole), 1 + z * z / whole
    return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def of_average(total: float, count: int, *, lowest: float, highest: float, level: float = LEVEL) -> Interval:
    """An interval of an average of values between two bounds, for any distribution of them.

    The average is brought to 0..1 and given Wilson's interval. A variable between 0 and 1 with average m varies by
    m(1 - m) at most (Bhatia and Davis), so the interval is wider than it had to be rather than narrower.
    """
    span = highest - lowest
    scaled = wilson((total - count * lowest) / span, count, level)
    return Interval(lowest + span * scaled.low, lowest + span * scaled.high)
