"""95 % intervals of shares (metrics.md, section 6). Roots with 50 digits, everything else exact."""

from dataclasses import dataclass
from fractions import Fraction

from .base import Interval
from .exact import Z, clamp, root


@dataclass(frozen=True)
class Balance:
    """Promoters minus detractors with the adjusted-Wald prior of 3/4 promoter, 3/2 passives, 3/4 detractor."""

    delta: Fraction
    variance: Fraction  # of delta: V ÷ n'

    @classmethod
    def of(cls, promoters: int, passives: int, detractors: int) -> "Balance":
        size = promoters + passives + detractors + 3
        p, d = (Fraction(4 * count + 3, 4 * size) for count in (promoters, detractors))
        delta = p - d
        return cls(delta, (p + d - delta**2) / size)

    def interval(self) -> Interval:
        """In percent-points, cut to [-100, 100]."""
        return _around(self.delta, self.variance, 100)

    def change_interval(self, before: "Balance") -> Interval:
        """Of the change since ``before``, in percent-points, cut to [-200, 200]."""
        return _around(self.delta - before.delta, self.variance + before.variance, 200)

    def change_z(self, before: "Balance") -> Fraction:
        return (self.delta - before.delta) / root(self.variance + before.variance)


def _around(delta: Fraction, variance: Fraction, limit: int) -> Interval:
    reach = Z * root(variance)
    return clamp(100 * (delta - reach), -limit, limit), clamp(100 * (delta + reach), -limit, limit)


def wilson(successes: int, n: int) -> Interval:
    """For a share of n > 0 independent trials, cut to [0, 1]."""
    p = Fraction(successes, n)
    centre = p + Z**2 / (2 * n)
    reach = Z * root(p * (1 - p) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    low, high = clamp((centre - reach) / scale, 0, 1), clamp((centre + reach) / scale, 0, 1)
    return (low if successes else Fraction(0)), (high if successes < n else Fraction(1))  # exact there, roots are not
