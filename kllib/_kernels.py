"""Row sums of one block: each kernel takes a workspace and blocks of equal shape.

A fast kernel sums the definition as it stands, in buffers of the workspace, and leaves blocks
with zeros, infinities or overflowing ratios to SciPy's elementwise functions. An accurate kernel
sums non-negative terms p (t - log1p(t)), t = q/p - 1: they keep their digits where p and q agree.
"""

import math

import numpy as np
from scipy.special import entr, rel_entr, xlogy

from kllib._special import NEAR, excess

__all__ = [
    "NARROW",
    "WIDTH",
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

WIDTH = 4096  # longer rows are cut: short sums round less, and BLAS stays in one thread
NARROW = 64
ONES = {np.dtype(kind): np.ones(WIDTH, kind) for kind in (np.float32, np.float64)}


def row_dot(x, y, out=None):
    # vecdot makes a call a row, dear where rows are short
    if x.shape[-1] > NARROW:
        return np.vecdot(x, y)
    return np.multiply(x, y, out=out) @ ONES[x.dtype][: x.shape[-1]]


def row_sum(x):
    ones = ONES[x.dtype][: x.shape[-1]]
    return np.vecdot(x, ones) if x.shape[-1] > NARROW else x @ ones


def checked_sum(x):
    # NaN marks the rows of a block with a negative entry for a closer look
    total = row_sum(x)
    return total * math.nan if x.min(initial=0.0) < 0 else total


def checked(work, p):
    """Return the sum of p."""
    return (checked_sum(p),)


def entropy(work, p):
    """Return the sums of p and of -p log p."""
    value = -row_dot(p, np.log(p, out=work[0]), work[0])
    if not np.isfinite(value).all():
        value = entr(p).sum(axis=-1)
    return checked_sum(p), value


def cross_entropy(work, p, q):
    """Return the sums of p, of q and of -p log q."""
    value = row_dot(p, np.log(q, out=work[0]), work[0])
    if not np.isfinite(value).all():
        value = xlogy(p, q).sum(axis=-1)
    return checked_sum(p), checked_sum(q), -value


def kl(work, p, q):
    """Return the sums of p, of q and of p log(p/q)."""
    ratio = np.divide(p, q, out=work[0])
    value = row_dot(p, np.log(ratio, out=ratio), ratio)
    q_sum = row_sum(q)
    if not np.isfinite(value).all():  # else q is positive, provided that p is not negative
        value, q_sum = rel_entr(p, q).sum(axis=-1), checked_sum(q)
    return checked_sum(p), q_sum, value


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


def total(work, p):
    """Return the sum of p as high and low parts."""
    return exact_sum(p)


def within(work, p, total):
    """Return the sum of p log(total/p)."""
    return (-row_sum(rel_entr(p, total)),)


def gap(work, p, q):
    """Return the sums of p - q as high and low parts."""
    return exact_sum(p - q)


def kl_excess_term(p, q):
    # not SciPy's kl_div, which is infinite where p / q overflows
    return rel_entr(p, q) + (q - p)


def kl_excess(work, p, q):
    """Return the sum of p log(p/q) - p + q."""
    return (row_sum(_excess_terms(p, (q - p) / p, kl_excess_term, p, q)),)


def kl_excess_normalized(work, p, q, p_sum, q_sum, difference):
    """Return the sum of a log(a/b), a = p / p_sum, b = q / q_sum; difference is p_sum - q_sum."""
    close = np.abs(difference) < 0.5 * q_sum  # where totals differ much, differences do not help
    rise = np.where(close, (q - p) * p_sum + p * difference, q * p_sum - p * q_sum)
    t = rise / (p * q_sum)
    a, b = p / p_sum, q / q_sum
    return (row_sum(_excess_terms(a, t, kl_excess_term, a, b)),)


def js(work, p, q):
    """Return the sums of p, of q and of the Jensen-Shannon terms, whose linear parts cancel."""

    def far(p, q):
        return kl_excess_term(2 * p, p + q) / 2  # p + q: half of it may round to 0

    step = (q - p) / 2
    terms = _excess_terms(p, step / p, far, p, q) + _excess_terms(q, -step / q, far, q, p)
    return checked_sum(p), checked_sum(q), row_sum(terms) / 2


def js_normalized(work, p, q, p_sum, q_sum):
    return js(work, p / p_sum, q / q_sum)[2:]


def logits(work, a, b, a_max, b_max):
    """Return the sums of e^x, of e^y and of e^x (x - y) for the centred logits x and y."""
    x = np.subtract(a, a_max.astype(a.dtype), out=work[0])
    y = np.subtract(b, b_max.astype(b.dtype), out=work[1])
    weight = np.exp(x, out=work[2])
    a_sum = row_sum(weight)
    x -= y
    value = row_dot(weight, x, x)
    if not np.isfinite(value).all():
        value = np.where(a == -math.inf, 0.0, np.where(b == -math.inf, math.inf, weight * x)).sum(
            axis=-1
        )
    return a_sum, row_sum(np.exp(y, out=y)), value


def logits_excess(work, a, b, a_max, b_max, a_sum, mean):
    """Return the sum of p (e^-c - 1 + c), where p is the softmax of a and c = x - y - mean."""
    x, y = a - a_max, b - b_max  # double, whatever a and b are
    p = np.exp(x) / a_sum
    c = x - y - mean
    t = np.expm1(-c)
    if a.dtype == np.float64:
        terms = p * excess(t)
        far = ~(np.abs(t) < NEAR)
    else:  # logits in single precision differ too coarsely for t + c to cancel
        terms = p * (t + c)
        far = ~np.isfinite(terms)
    if far.any():
        p, c = p[far], c[far]
        q = (np.exp(y + mean) / a_sum)[far]
        terms[far] = (q - p) + np.where(p > 0, p * c, 0.0)
    return (row_sum(terms),)
