"""Chances of counts: tails and quantiles of the negative binomial distribution, and control of many tests at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key")
MOST = 10_000_000  # no count of a week comes near it


@dataclass(frozen=True)
class Counts:
    """How a count is spread: its mean, and the size of the negative binomial (None = Poisson).

    The variance is mean + mean² / size.
    """

    mean: float
    size: float | None = None

    @classmethod
    def spread(cls, mean: float, overdispersion: float, uncertainty: float = 0.0) -> Counts:
        """The negative binomial with variance `overdispersion · mean + uncertainty · mean²`.

        Noufaily et al. (2013), "An improved algorithm for outbreak detection in multiple surveillance systems",
        Statistics in Medicine 32, section 3.5, gives the first part; the second is the variance of the estimate of
        the (logarithm of the) mean, as in Farrington et al. (1996), equation 3.
        """
        extra = max(overdispersion - 1.0, 0.0) + mean * uncertainty
        return cls(mean, mean / extra if extra > 1e-9 and mean > 0 else None)

    def times(self, factor: float) -> Counts:
        """The same spread around a mean so many times as large."""
        return Counts(self.mean * factor, self.size)

    def chance(self, count: int) -> float:
        """P(count), by logarithms: the counts of a whole city are too large for factorials."""
        if self.mean <= 0:
            return float(count == 0)
        log_factorial = math.lgamma(count + 1)
        if self.size is None:
            return math.exp(count * math.log(self.mean) - self.mean - log_factorial)
        share = self.mean / (self.size + self.mean)
        ways = math.lgamma(count + self.size) - math.lgamma(self.size) - log_factorial
        return math.exp(ways + count * math.log(share) + self.size * math.log1p(-share))

    def chances(self, first: int) -> Iterator[float]:
        """P(first), P(first + 1), … by the recurrences of the two distributions."""
        share = None if self.size is None else self.mean / (self.size + self.mean)
        size = self.size or 0.0
        chance = self.chance(first)
        for count in range(first, first + MOST):
            yield chance
            chance *= self.mean / (count + 1) if share is None else share * (size + count) / (count + 1)

    def at_least(self, observed: int) -> float:
        """The chance of so many or more: the p-value of an observation."""
        if observed <= 0:
            return 1.0
        total = 0.0
        for count, chance in enumerate(self.chances(observed), start=observed):
            total += chance
            if count > self.mean and chance < total * 1e-12:
                break
        return min(total, 1.0)

    def quantile(self, level: float) -> int:
        """The smallest count that is not exceeded with this chance."""
        first = max(0, int(self.mean - 12 * self._deviation()))
        total = 0.0
        for count, chance in enumerate(self.chances(first), start=first):
            total += chance
            if total >= level or (count > self.mean and chance < 1e-15):
                return count
        return first

    def _deviation(self) -> float:
        return math.sqrt(self.mean + (self.mean**2 / self.size if self.size else 0.0))


def chi_square_tail(statistic: float) -> float:
    """P-value of a chi-square with one degree of freedom."""
    return math.erfc(math.sqrt(max(statistic, 0.0) / 2))


def discoveries(p_values: Mapping[Key, float], rate: float, tests: int = 0) -> dict[Key, float]:
    """What stands out among many tests when at most the share `rate` of it may be chance; with adjusted p-values.

    Benjamini & Hochberg (1995), "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57.
    It holds for tests that depend on each other positively, as a topic of a city sector and the same topic of the
    whole city do (Benjamini & Yekutieli 2001, theorem 1.2). `tests`: how many there were, if most were not worth a
    number of their own.
    """
    tests = max(tests, len(p_values))
    ranked = sorted(p_values.items(), key=lambda item: item[1], reverse=True)
    found: dict[Key, float] = {}
    smallest = 1.0
    for place, (key, p_value) in enumerate(ranked):
        smallest = min(smallest, p_value * tests / (len(ranked) - place))
        if smallest <= rate:
            found[key] = smallest
    return found
