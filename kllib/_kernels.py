"""Row sums of one block: each kernel takes float64 blocks of equal shape, one row an event.

A fast kernel sums the definition as it stands and leaves blocks with zeros, infinities or
overflowing ratios to SciPy's elementwise functions. An accurate kernel sums non-negative terms
p (t - log1p(t)), t = q/p - 1, which keep their digits where p and q nearly agree.
"""

import math

import numpy as np
from scipy.special import entr, rel_entr, xlogy

__all__ = [
    "BLOCK",
    "checked",
    "cross_entropy",
    "entropy",
    "gap",
    "js",
    "js_normalized",
    "kl",
    "kl_excess",
    "kl_excess_normalized",
    "logits",
    "logits_excess",
    "total",
    "within",
]

BLOCK = 16384  # doubles; three such blocks take 384 kB of second-level cache
NEAR = 0.1  # below it t - log1p(t) comes from its series; above, cancellation costs < 20 eps
SERIES = [1 / k for k in range(17, 1, -2)]  # of atanh: the next term is below eps / 100
ONES = np.ones(BLOCK)


def row_sum(x):
    return x @ ONES[: x.shape[-1]]


def checked_sum(x):
    # NaN marks the rows of a block with a negative entry for a closer look
    return row_sum(x) * (math.nan if x.min(initial=0.0) < 0 else 1.0)


def row_dot(x, y):
    # vecdot makes a call a row, dear for short rows; the product needs a temporary
    return np.vecdot(x, y) if x.shape[-1] > 64 else row_sum(x * y)


def _finite(total, reference, *blocks):
    return total if np.isfinite(total).all() else reference(*blocks).sum(axis=-1)


def checked(p):
    """Return the sum of p."""
    return (checked_sum(p),)


def entropy(p):
    """Return the sums of p and of -p log p."""
    return checked_sum(p), _finite(-row_dot(p, np.log(p)), entr, p)


def cross_entropy(p, q):
    """Return the sums of p, of q and of -p log q."""
    total = _finite(row_dot(p, np.log(q)), xlogy, p, q)
    return checked_sum(p), checked_sum(q), -total


def kl(p, q):
    """Return the sums of p, of q and of p log(p/q)."""
    ratio = p / q
    total = _finite(row_dot(p, np.log(ratio, out=ratio)), rel_entr, p, q)
    return checked_sum(p), checked_sum(q), total


def excess(t):
    """Return t - log1p(t) for |t| < NEAR to full relative precision.

    With s = t / (2 + t), log1p(t) = 2 atanh(s) and t - 2 s = s t.
    """
    s = t / (2.0 + t)
    square = s * s
    series = np.full_like(s, SERIES[0])
    for coefficient in SERIES[1:]:
        series *= square
        series += coefficient
    series *= square
    series *= s
    return s * t - 2.0 * series


def _excess_terms(weight, t, reference, *blocks):
    terms = weight * excess(t)
    far = ~(np.abs(t) < NEAR)
    if far.any():
        terms[far] = reference(*(b[far] for b in blocks))
    return terms


def exact_sum(x):
    """Return high and low parts of the row sums: high is exact, low far below its last digit.

    Adding and subtracting a large power of two leaves multiples of one unit, and these add
    without rounding: Rump, Ogita and Oishi (2008), "Accurate floating-point summation part I",
    algorithm ExtractVector.
    """
    _, exponent = np.frexp(np.abs(x).max(axis=-1, keepdims=True))
    anchor = np.ldexp(1.0, exponent + x.shape[-1].bit_length())
    high = (x + anchor) - anchor
    return row_sum(high), row_sum(x - high)


def total(p):
    """Return the sum of p as high and low parts."""
    return exact_sum(p)


def within(p, total):
    """Return the sum of p log(total/p)."""
    return (-row_sum(rel_entr(p, total)),)


def gap(p, q):
    """Return the sums of p - q as high and low parts."""
    return exact_sum(p - q)


def kl_excess_term(p, q):
    # not SciPy's kl_div, which is infinite where p / q overflows
    return rel_entr(p, q) + (q - p)


def kl_excess(p, q):
    """Return the sum of p log(p/q) - p + q."""
    return (row_sum(_excess_terms(p, (q - p) / p, kl_excess_term, p, q)),)


def kl_excess_normalized(p, q, p_sum, q_sum, difference):
    """Return the sum of a log(a/b), a = p / p_sum, b = q / q_sum; difference is p_sum - q_sum."""
    t = ((q - p) * p_sum + p * difference) / (p * q_sum)
    a, b = p / p_sum, q / q_sum
    return (row_sum(_excess_terms(a, t, kl_excess_term, a, b)),)


def js(p, q):
    """Return the sums of p, of q and of the Jensen-Shannon terms, whose linear parts cancel."""

    def far(p, q):
        return kl_excess_term(2 * p, p + q) / 2  # p + q: half of it may round to 0

    step = (q - p) / 2
    terms = _excess_terms(p, step / p, far, p, q) + _excess_terms(q, -step / q, far, q, p)
    return checked_sum(p), checked_sum(q), row_sum(terms) / 2


def js_normalized(p, q, p_sum, q_sum):
    return js(p / p_sum, q / q_sum)[2:]


def logits(a, b, a_max, b_max):
    """Return the sums of e^x, of e^y and of e^x (x - y) for the centred logits x and y."""
    x, y = a - a_max, b - b_max
    weight = np.exp(x)
    total = row_dot(weight, x - y)
    if not np.isfinite(total).all():
        terms = np.where(y == -math.inf, math.inf, weight * (x - y))
        total = row_sum(np.where(x == -math.inf, 0.0, terms))
    return row_sum(weight), row_sum(np.exp(y)), total


def logits_excess(a, b, a_max, b_max, a_sum, mean):
    """Return the sum of p (e^-c - 1 + c), where p is the softmax of a and c = x - y - mean."""
    x, y = a - a_max, b - b_max
    p, c = np.exp(x) / a_sum, x - y - mean

    q = np.exp(y + mean) / a_sum

    def far(p, q, c):
        return (q - p) + np.where(p > 0, p * c, 0.0)

    return (row_sum(_excess_terms(p, np.expm1(-c), far, p, q, c)),)
