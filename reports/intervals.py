"""How sure a share or an average is: intervals and comparisons, as pure functions of counts.

Sources: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212;
R. Bhatia and C. Davis, A better bound on the variance, American Mathematical Monthly 107 (2000) 353-357;
R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods,
Statistics in Medicine 17 (1998) 873-890, method 10;
J. Przyborowski and H. Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31 (1940)
313-323: of two Poisson counts the first is binomial given their sum;
G. Berry and P. Armitage, Mid-P confidence intervals: a brief review, The Statistician 44 (1995) 417-423;
S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65-70.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
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
    return _wilson(part, whole, quantile(level))


def _wilson(part: float, whole: int, z: float) -> Interval:
    if whole <= 0:
        return Interval(0.0, 1.0)
    share = min(max(part / whole, 0.0), 1.0)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    middle, scale = share + z * z / (2 * whole), 1 + z * z / whole
    return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


@dataclass(frozen=True)
class Counts:
    """So many of so many."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    @property
    def published(self) -> Decimal | None:
        """The share as the dictionary publishes it: rounded half up to a tenth of a per cent."""
        if not self.whole:
            return None
        return (Decimal(self.part) / self.whole).quantize(Decimal("0.001"), ROUND_HALF_UP)

    def plus(self, other: Counts) -> Counts:
        return Counts(self.part + other.part, self.whole + other.whole)


def of_difference(one: Counts, other: Counts, level: float = LEVEL) -> Interval:
    """Newcombe's interval of the difference of two independent shares, put together from their Wilson intervals."""
    return _newcombe(one, other, quantile(level))


def _newcombe(one: Counts, other: Counts, z: float) -> Interval:
    first, second = _wilson(one.part, one.whole, z), _wilson(other.part, other.whole, z)
    difference = one.share - other.share
    below = math.hypot(one.share - first.low, second.high - other.share)
    above = math.hypot(first.high - one.share, other.share - second.low)
    return Interval(difference - below, difference + above)


FARTHEST = 12.0  # standard deviations; a probability beyond it is nothing


def probability(one: Counts, other: Counts, expected: float = 0.0) -> float:
    """How often chance alone brings the difference that far from the expected one, to either side.

    It is one less the level at which Newcombe's interval just reaches the expected difference, so that the interval
    and the test never contradict each other.
    """
    difference = one.share - other.share
    if difference < expected:
        return probability(other, one, -expected)
    if _newcombe(one, other, FARTHEST).low > expected:
        return 0.0
    return 2 * (1 - NormalDist().cdf(_where_zero(lambda z: _newcombe(one, other, z).low - expected, FARTHEST)))


NEAR_ENOUGH, STEPS = 1e-12, 60


def _where_zero(falls: Callable[[float], float], far: float) -> float:
    """Where a function that falls from above zero at 0 to below it at `far` is zero.

    Regula falsi in the Illinois form (M. Dowell and P. Jarratt, BIT 11 (1971) 168-174): a fifth of the steps that
    halving takes; a ranking of a hundred bodies has five thousand pairs.
    """
    near, above, below = 0.0, falls(0.0), falls(far)
    middle, side = near, 0
    for _step in range(STEPS):
        if above <= NEAR_ENOUGH:
            return near
        middle = (near * -below + far * above) / (above - below)
        value = falls(middle)
        if abs(value) <= NEAR_ENOUGH:
            return middle
        if value > 0:
            near, above = middle, value
            below = below / 2 if side > 0 else below
            side = 1
        else:
            far, below = middle, value
            above = above / 2 if side < 0 else above
            side = -1
    return middle


def holm(probabilities: Sequence[float]) -> list[float]:
    """Holm's adjustment for many comparisons at once: the chance of even one false difference stays below the level."""
    order = sorted(range(len(probabilities)), key=lambda place: probabilities[place])
    adjusted, highest = [0.0] * len(order), 0.0
    for done, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - done) * probabilities[place]))
        adjusted[place] = highest
    return adjusted


def of_average(total: float, count: int, *, lowest: float, highest: float, level: float = LEVEL) -> Interval:
    """An interval of an average of values between two bounds, for any distribution of them.

    The average is brought to 0..1 and given Wilson's interval. A variable between 0 and 1 with average m varies by
    m(1 - m) at most (Bhatia and Davis), so the interval is wider than it had to be rather than narrower.
    """
    span = highest - lowest
    scaled = wilson((total - count * lowest) / span, count, level)
    return Interval(lowest + span * scaled.low, lowest + span * scaled.high)


# Counts that grow


@dataclass(frozen=True)
class Ratio:
    """How many times as much; `high` is infinite where there was nothing before."""

    value: float
    low: float
    high: float

    @property
    def is_different(self) -> bool:
        """Whether the interval leaves out that nothing changed."""
        return self.low > 1 or self.high < 1


def rate_ratio(now: int, earlier: int, longer: float = 1.0, level: float = LEVEL) -> Ratio | None:
    """The ratio of two Poisson rates with its exact interval, mid-P; `longer` is how many times as long the first is.

    Given the sum of both counts the first is binomial (Przyborowski and Wilenski); the limits of its share are those
    that leave half of the rest on either side, half of the probability of the count itself among it (mid-P). None where
    nothing was counted at all.
    """
    if not now and not earlier:
        return None
    below = _share_limit(now, earlier, (1 - level) / 2) if now else 0.0
    above = 1 - _share_limit(earlier, now, (1 - level) / 2) if earlier else 1.0
    value = now / earlier / longer if earlier else math.inf
    return Ratio(value, _odds(below) / longer, _odds(above) / longer)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf


def _share_limit(part: int, rest: int, tail: float) -> float:
    """The smallest share with which `part` or more of the sum is not rarer than `tail`, by mid-P."""
    whole = part + rest

    def rarity(z: float) -> float:
        return _mid_tail(part, whole, _wilson(part, whole, z).low) - tail

    return _wilson(part, whole, _where_zero(rarity, FARTHEST)).low


def _mid_tail(part: int, whole: int, share: float) -> float:
    """How often more than `part` of the whole come with this share, and half of how often just so many."""
    at_least = _beta(part, whole - part + 1, share)
    more = _beta(part + 1, whole - part, share) if part < whole else 0.0
    return (at_least + more) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function by its continued fraction (Lentz's method; NIST DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(b, a, 1 - x) / b
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    tiny, c = 1e-300, 1.0
    d = 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    found = d
    for step in range(1, 10_000):
        place = a + 2 * step
        even = step * (b - step) * x / ((place - 1) * place)
        odd = -(a + step) * (a + b + step) * x / (place * (place + 1))
        for term in (even, odd):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            found *= c * d
        if abs(c * d - 1) < 1e-13:
            return found
    raise ArithmeticError("the continued fraction does not end")
