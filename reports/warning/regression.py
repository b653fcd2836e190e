"""The regression of Farrington's method: weeks with a level, a trend and a known exposure, outbreaks apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

OUTBREAK = 2.58  # Anscombe residual beyond which a past week counts less; Noufaily et al. (2013), section 3.3
ROUNDS = 12
SMALLEST = 1e-6
# Half an appeal more than was told: a topic that nobody named yet has an expectation, too (Jeffreys' prior).
PRIOR = 0.5
LEAST_FOR_TREND = 20  # appeals in the past; fewer say nothing about a direction
SIGNIFICANT = 1.96


@dataclass(frozen=True)
class Fit:
    """log(expected) = log(exposure) + level + slope · time; with what the estimate is worth."""

    level: float
    slope: float
    overdispersion: float
    variances: tuple[float, float, float]  # of the level, of both, of the slope

    def rate(self, time: float) -> float:
        return math.exp(min(self.level + self.slope * time, 30.0))

    def uncertainty(self, time: float) -> float:
        """Variance of the logarithm of the expected count."""
        level, both, slope = self.variances
        return max(level + 2 * both * time + slope * time * time, 0.0)


@dataclass
class _Sums:
    """Weighted sums of the normal equations; without a trend the second row stays empty."""

    one: float = 0.0
    time: float = 0.0
    square: float = 0.0


def fit(counts: Sequence[float], exposures: Sequence[float], times: Sequence[float]) -> Fit:
    """Quasi-Poisson regression that past outbreaks do not lift; a trend only where it is significant.

    Farrington et al. (1996), "A statistical algorithm for the early detection of outbreaks of infectious disease",
    Journal of the Royal Statistical Society A 159, with the weights of Noufaily et al. (2013): a week with a
    standardised Anscombe residual s above 2.58 gets the weight 1/s².
    """
    total = sum(counts)
    with_trend = total >= LEAST_FOR_TREND
    found = _reweighted(counts, exposures, times, with_trend)
    if with_trend and abs(found.slope) < SIGNIFICANT * math.sqrt(found.variances[2]):
        found = _reweighted(counts, exposures, times, False)
    return found


def _reweighted(counts: Sequence[float], exposures: Sequence[float], times: Sequence[float], with_trend: bool) -> Fit:
    weights = [1.0] * len(counts)
    found = _weighted(counts, exposures, times, weights, with_trend)
    for _pass in range(2):
        scores = _anscombe(counts, exposures, times, found)
        raw = [1.0 if score <= OUTBREAK else score**-2 for score in scores]
        if min(raw) == 1.0 and min(weights) == 1.0:
            break
        scale = len(raw) / sum(raw)
        weights = [weight * scale for weight in raw]
        found = _weighted(counts, exposures, times, weights, with_trend)
    return found


def _weighted(
    counts: Sequence[float],
    exposures: Sequence[float],
    times: Sequence[float],
    weights: Sequence[float],
    with_trend: bool,
) -> Fit:
    """Fisher scoring for two coefficients."""
    exposure = sum(weight * part for weight, part in zip(weights, exposures, strict=True))
    seen = sum(weight * count for weight, count in zip(weights, counts, strict=True))
    level, slope = math.log((seen + PRIOR) / max(exposure, SMALLEST)), 0.0
    if with_trend:
        level, slope = _climb(counts, exposures, times, weights, level)
    expected = [
        max(part * math.exp(level + slope * time), SMALLEST) for part, time in zip(exposures, times, strict=True)
    ]
    spread = _overdispersion(counts, expected, weights, 2 if with_trend else 1)
    sums = _information(expected, times, weights)
    if not with_trend:
        return Fit(level, 0.0, spread, (spread / (sums.one + PRIOR), 0.0, 0.0))
    ground = max(sums.one * sums.square - sums.time**2, SMALLEST)
    return Fit(
        level,
        slope,
        spread,
        (spread * sums.square / ground, -spread * sums.time / ground, spread * sums.one / ground),
    )


def _climb(
    counts: Sequence[float],
    exposures: Sequence[float],
    times: Sequence[float],
    weights: Sequence[float],
    level: float,
) -> tuple[float, float]:
    slope = 0.0
    for _round in range(ROUNDS):
        expected = [part * math.exp(level + slope * time) for part, time in zip(exposures, times, strict=True)]
        sums = _information(expected, times, weights)
        first = second = 0.0
        for weight, count, mean, time in zip(weights, counts, expected, times, strict=True):
            first += weight * (count - mean)
            second += weight * (count - mean) * time
        ground = max(sums.one * sums.square - sums.time**2, SMALLEST)
        step = (sums.square * first - sums.time * second) / ground
        tilt = (sums.one * second - sums.time * first) / ground
        step, tilt = max(-2.0, min(2.0, step)), max(-0.5, min(0.5, tilt))
        level, slope = level + step, slope + tilt
        if abs(step) + abs(tilt) < 1e-7:
            break
    return level, slope


def _information(expected: Sequence[float], times: Sequence[float], weights: Sequence[float]) -> _Sums:
    sums = _Sums()
    for mean, time, weight in zip(expected, times, weights, strict=True):
        part = mean * weight
        sums.one += part
        sums.time += part * time
        sums.square += part * time * time
    return sums


def _overdispersion(counts: Sequence[float], expected: Sequence[float], weights: Sequence[float], used: int) -> float:
    """Pearson's statistic over the degrees of freedom, never below that of a Poisson count."""
    total = sum(
        weight * (count - mean) ** 2 / mean for count, mean, weight in zip(counts, expected, weights, strict=True)
    )
    return max(1.0, total / max(len(counts) - used, 1))


def _anscombe(counts: Sequence[float], exposures: Sequence[float], times: Sequence[float], found: Fit) -> list[float]:
    """Standardised Anscombe residuals of Poisson counts: how far each week lies above what was expected."""
    scores = []
    for count, part, time in zip(counts, exposures, times, strict=True):
        mean = max(part * found.rate(time), SMALLEST)
        lever = min(mean * found.uncertainty(time) / found.overdispersion, 0.9)
        ground = mean ** (1 / 6) * math.sqrt(found.overdispersion * (1 - lever))
        # A single appeal of a rare topic is no outbreak, however rare the topic is.
        scores.append(1.5 * (count ** (2 / 3) - mean ** (2 / 3)) / ground if count > 2 else 0.0)
    return scores
