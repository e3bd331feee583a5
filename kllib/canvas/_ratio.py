"""Moments of estimators for x ~ N(0, 1) and q = N(shift, spread²): the twin of static/ratio.js."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from kllib.families import kl_normal

__all__ = ["Ratio", "crossing", "ratio", "variances"]


class Ratio(NamedTuple):
    """log r = a x² + b x + c, with E log r = -kl, and what λ* is made of, in nats.

    jeffreys is D(p‖q) + D(q‖p) = -Cov(k1, r); chi2 is Var r, infinite where spread² >= 2.
    """

    a: float
    b: float
    c: float
    kl: float
    jeffreys: float
    chi2: float

    @property
    def best_lam(self):
        """λ*, and its limit 1 where q = p."""
        return self.jeffreys / self.chi2 if self.chi2 != 0 else 1.0


def ratio(shift, spread):
    """The `Ratio` of N(shift, spread²) to N(0, 1)."""
    square = spread * spread
    a = (spread - 1) * (spread + 1) / (2 * square)
    b = shift / square
    c = -np.log(spread) - b * shift / 2
    jeffreys = ((spread - 1 / spread) ** 2 + shift * shift * (1 + 1 / square)) / 2
    chi2 = np.inf
    if square < 2:
        with np.errstate(over="ignore"):  # finite, but above every float
            excess = -np.log1p(-((1 - square) ** 2)) / 2
            chi2 = np.expm1(shift * shift / (2 - square) + excess)
    kl = kl_normal(0.0, 1.0, shift, spread)
    return Ratio(a, b, float(c), float(kl), jeffreys, float(chi2))


def variances(found, lam):
    """Variances of k1, k2, k3 and -log r + lam (r - 1) at one sample."""
    a, b, kl = found.a, found.b, found.kl
    square = 2 * a * a + b * b  # with v = log r + kl: E v², E v³, E v⁴
    cube = 8 * a**3 + 6 * a * b * b
    fourth = 60 * a**4 + 60 * a * a * b * b + 3 * b**4
    second = (fourth - 4 * kl * cube + 4 * kl * kl * square - square * square) / 4
    # Near q = p three terms cancel, and k3 is k2 to the digits shown.
    near = square < 1e-8
    third = second if near else square - 2 * found.jeffreys + found.chi2
    joint = -cube / 2 if near else square - found.jeffreys
    mixed = (1 - lam) ** 2 * square + 2 * lam * (1 - lam) * joint
    mixed += lam * lam * third if lam else 0.0
    return [max(0.0, v) for v in (square, second, third, mixed)]


def crossing(spread, top=4.0):
    """The shift in [0, top] from which k3's spread exceeds k1's; 0 if it always does.

    Var k3 - Var k1 = chi2 - 2 jeffreys, so that there λ* = 1/2.
    """

    def more(shift):
        found = ratio(shift, spread)
        return found.chi2 - 2 * found.jeffreys

    # At spread 1 both vanish with the shift, and k3 is better just above 0.
    if not more(1e-3) < 0:
        return 0.0
    return brentq(more, 1e-3, top, xtol=1e-14)
