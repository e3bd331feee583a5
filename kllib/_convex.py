"""Functions behind the closed forms: convex functions less their tangents.

They are non-negative, and computed from differences of arguments, so that near-equal arguments
keep their digits. Callers hold np.errstate: branches that np.where discards may overflow.
"""

import numpy as np
from scipy.special import rel_entr

SERIES_BELOW = (
    0.03  # below it t - log1p(t) comes from its series; above, cancellation costs < 70 eps
)
TINY = np.finfo(float).tiny
SHIFT = 12  # from here on six terms of Stirling's series suffice
STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360]


def excess(t, size=SERIES_BELOW):
    """Return t - log1p(t) to full relative precision where |t| <= size and |t| < SERIES_BELOW.

    With s = t / (2 + t), log1p(t) = 2 atanh(s) = 2 s (1 + s²/3 + s⁴/5 + ...) and t - 2 s = s t.
    """
    bound = 0.51 * min(SERIES_BELOW, size)  # of s; the first term left out is below eps / 10 of s t
    terms = next(k for k in range(1, 6) if bound ** (2 * k + 1) / (2 * k + 3) < 2e-17)
    s = t / (2.0 + t)
    square = s * s
    series = square / (2 * terms + 1)
    for k in range(2 * terms - 1, 1, -2):
        series += 1 / k
        series *= square
    series *= -2.0
    series += t
    series *= s
    return series


def _mended(values, t, near, function):
    # the values, replaced by function(t) where they have lost digits
    values, t = np.asarray(values), np.asarray(t)
    if np.any(near):
        values[near] = function(t[near])
    return values


def log_excess(t):
    """Return t - log1p(t)."""
    return _mended(t - np.log1p(t), t, np.abs(t) < SERIES_BELOW, excess)


def expm1_excess(d):
    """Return e^-d - 1 + d."""
    t = np.expm1(-d)
    return _mended(t + d, t, np.abs(t) < SERIES_BELOW, excess)


def log_ratio(a, b):
    """Return log(a/b), also where the ratio leaves the range of normal floats."""
    ratio = a / b
    normal = (ratio > TINY) & (ratio < np.inf)
    log = np.log(ratio)
    return log if np.all(normal) else np.where(normal, log, np.log(a) - np.log(b))


def distance(a, b, scale):
    """Return (a - b) / scale, also where a - b overflows."""
    gap = (a - b) / scale
    lost = np.isinf(gap)
    return np.where(lost, 2 * ((a / 2 - b / 2) / scale), gap) if np.any(lost) else gap


def ratio_excess(t, log):
    """Return t - log(1 + t), where `log` is that logarithm by another way, for t far from 0."""
    return _mended(t - log, t, np.abs(t) < 0.5, log_excess)


def xlogx_excess(p, q, rise):
    """Return p log(p/q) - p + q, where rise = q - p."""
    t = rise / p
    return np.where(np.abs(t) < 0.5, p * log_excess(t), rel_entr(p, q) + rise)


def _stirling_excess(c, a, rise):
    # -log(x)/2 + 1/(12 x) - ... less its tangent; the tangent error of x^-m at c from a is
    # (c - a)^2 / (a c) times the sum of k a^-k c^(k-m) for k = 1 .. m: no term is negative
    u, v = 1.0 / a, 1.0 / c
    series = 0.0
    for m, coefficient in zip(range(1, 12, 2), STIRLING, strict=True):
        series = series + coefficient * sum(k * u**k * v ** (m - k) for k in range(1, m + 1))
    return 0.5 * ratio_excess(rise * u, log_ratio(c, a)) + (rise * u) * (rise * v) * series


def lgamma_excess(c, a, rise):
    """Return h(c) - h(a) - h'(a) rise, rise = c - a, for h(x) = log Γ(x) - x log x + x.

    Small arguments are raised by log Γ(x) = log Γ(x + n) - Σ log(x + i), term by term.
    """
    n = SHIFT
    total = _stirling_excess(np.maximum(c, n), np.maximum(a, n), rise)
    low = np.minimum(a, c) < n
    if np.any(low):
        raised = _stirling_excess(c + n, a + n, rise)
        once = max(1, 20_000 // np.size(raised))  # steps in one call, dear where numbers are few
        for first in range(0, n, once):
            i = np.arange(first, min(first + once, n)).reshape(-1, *[1] * np.ndim(raised))
            for term in ratio_excess(rise / (a + i), log_ratio(c + i, a + i)):
                raised = raised + term  # in this order for arrays of every shape
        near = xlogx_excess(c + n, a + n, -rise) - xlogx_excess(c, a, -rise)
        steps = np.log1p(n / np.maximum(c, TINY)) - np.log1p(n / np.maximum(a, TINY))
        far = n * log_ratio(c + n, a + n) + c * steps  # the same, where both terms are large
        total = np.where(low, raised + np.where(np.abs(rise) < a / 2, near, far), total)
    return total
