"""What an error comes to in the unit of the values: SEM, smallest real change, variation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from collector.reliability.icc import MeanSquares
from collector.reliability.ratings import Floats
from schemas.progress import Z90, Z95, smallest_change


@dataclass(frozen=True, slots=True)
class Sem:
    """Standard error of measurement with its 95 % interval, and the changes that are not error."""

    value: float
    low: float
    high: float

    @property
    def mdc90(self) -> float:
        """Smallest detectable change between two measurements, at 90 %."""
        return smallest_change(self.value, Z90)

    @property
    def mdc95(self) -> float:
        """Smallest detectable change between two measurements, at 95 %."""
        return smallest_change(self.value, Z95)


@dataclass(frozen=True, slots=True)
class Variation:
    """Spread against the mean, in percent: of all values, and within people."""

    total_pct: float
    within_pct: float


def sem_consistency(ms: MeanSquares) -> Sem:
    """Return the error that is left once constant differences between the repeats are taken off."""
    return _sem(ms.residual, (ms.n - 1) * (ms.k - 1))


def sem_agreement(ms: MeanSquares) -> Sem:
    """Return the error with the differences between the repeats in it (de Vet 2006).

    Its interval takes the degrees of freedom of Satterthwaite 1946.
    """
    residual, repeats = ms.residual * (1 - 1 / ms.n), ms.repeats / ms.n
    spread = residual**2 / ((ms.n - 1) * (ms.k - 1)) + repeats**2 / (ms.k - 1)
    variance = residual + repeats
    return _sem(variance, variance**2 / spread)


def variation(values: Floats) -> Variation | None:
    """Return the coefficients of variation; None unless every value is above zero.

    Where values reach zero or below, zero is no bottom of the scale, and a ratio says nothing.
    """
    if not (values > 0).all():
        return None
    within = values.std(axis=1, ddof=1) / values.mean(axis=1)
    return Variation(
        total_pct=100 * float(values.std(ddof=1) / values.mean()),
        within_pct=100 * math.sqrt(float((within**2).mean())),
    )


def _sem(variance: float, df: float) -> Sem:
    from scipy.stats import chi2

    low, high = np.sqrt(df * variance / chi2.ppf([0.975, 0.025], df))
    return Sem(math.sqrt(variance), float(low), float(high))
