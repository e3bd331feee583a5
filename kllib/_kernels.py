"""Row sums of one block: each kernel takes a workspace and blocks of equal shape.

A fast kernel sums the definition as it stands, in buffers of the workspace, and leaves blocks
with infinities or overflowing ratios to SciPy. An accurate kernel sums non-negative terms
p (t - log1p(t)), t = q/p - 1: they keep their digits where p and q nearly agree.
"""

import math

import numpy as np
from scipy.special import rel_entr

from kllib._convex import SERIES_BELOW, excess

BUFFERS = 3
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
    if x.shape[-1] <= NARROW:
        return x @ ones
    return np.vecdot(x, ones)


def _least(x):
    return x.min(initial=math.inf)


def sum_or_nan(x, least=None):
    # NaN marks the rows of a block with a negative entry for a closer look
    negative = (_least(x) if least is None else least) < 0
    return row_sum(x) * math.nan if negative else row_sum(x)


def mass(work, p):
    """Return the sum of p."""
    return (sum_or_nan(p),)


def _finite(sums):
    return math.isfinite(sums.dot(sums))


def _expected_log(work, p, values):
    # the sums of p log(values), leaving out where p = 0, and whether they are finite
    if _least(p[:1]) == 0:  # a sample: logarithms of 0 and NaN are slow, and so is looking first
        np.copyto(work[0], values)
        np.copyto(work[0], 1.0, where=p == 0)
        values = work[0]
    logs = np.log(values, out=work[0])
    value = row_dot(p, logs, work[1])
    if _finite(value):
        return value, True
    logs[p == 0] = 0.0
    value = row_dot(p, logs, work[1])
    return value, _finite(value)


def entropy(work, p):
    """Return the sums of p and of -p log p."""
    value, _ = _expected_log(work, p, p)
    return sum_or_nan(p), -value


def cross_entropy(work, p, q):
    """Return the sums of p, of q and of -p log q."""
    value, _ = _expected_log(work, p, q)
    return sum_or_nan(p), sum_or_nan(q), -value


def kl(work, p, q):
    """Return the sums of p, of q and of p log(p/q)."""
    value, finite = _expected_log(work, p, np.divide(p, q, out=work[0]))
    if not finite:
        value = rel_entr(p, q).sum(axis=-1)
    least = _least(p)
    # finite terms with positive p come from positive q
    q_sum = row_sum(q) if finite and least > 0 else sum_or_nan(q)
    return sum_or_nan(p, least), q_sum, value


def kl_close(work, p, q):
    """Return the sum of p log(p/q) for valid p and q: of differences, not of rounded ratios."""
    rise = np.subtract(q, p, out=work[0])
    rise /= p
    logs = np.log1p(rise, out=work[1])
    if not _least(rise) > -0.5:
        far = ~(rise > -0.5)
        logs[far] = np.log(q[far] / p[far])
    value = row_dot(p, logs, work[2])
    if not _finite(value):
        logs[p == 0] = 0.0
        value = row_dot(p, logs, work[2])
    return (-value if _finite(value) else rel_entr(p, q).sum(axis=-1),)


def js(work, p, q):
    """Return the sums of p, of q and of p log(p/m) + q log(q/m), halved, for their mean m."""
    mean = np.add(p, q, out=work[2])
    mean *= 0.5
    value, _ = _expected_log(work, p, np.divide(p, mean, out=work[0]))
    other, _ = _expected_log(work, q, np.divide(q, mean, out=work[0]))
    return sum_or_nan(p), sum_or_nan(q), (value + other) / 2


def dependence(work, p, q, scale):
    """Return the sum of p log(p / (q scale))."""
    ratio = np.divide(p, np.multiply(q, scale, out=work[0]), out=work[0])
    return (_expected_log(work, p, ratio)[0],)


def _excess_sum(weight, t, reference, *blocks):
    # of weight (t - log1p(t)), and of the reference where t is far from 0
    size = np.abs(t)
    near = size < SERIES_BELOW
    terms = excess(t, size.max(initial=0.0))
    terms *= weight
    if not near.all():
        far = ~near
        terms[far] = reference(*(b[far] for b in blocks))
    return row_sum(terms)


def exact_sum(x):
    """Return high and low parts of the row sums: high is exact, low far below its last digit.

    Adding and subtracting a large power of two leaves multiples of one unit, and these add
    without rounding: Rump, Ogita and Oishi (2008), "Accurate floating-point summation part I",
    algorithm ExtractVector.
    """
    _, exponent = np.frexp(np.abs(x).max(axis=-1, keepdims=True))
    anchor = np.ldexp(1.0, np.minimum(exponent + x.shape[-1].bit_length(), 1023))
    high = x + anchor
    high -= anchor
    return row_sum(high), row_sum(x - high)


def total(work, *blocks):
    """Return the sum of each block, its high part before its low part."""
    return [part for block in blocks for part in exact_sum(block)]


def within(work, p, total):
    """Return the sum of p log(total/p)."""
    return (-row_sum(rel_entr(p, total)),)


def _kl_term(p, q):
    # not SciPy's kl_div, which is infinite where p / q overflows
    return rel_entr(p, q) + (q - p)


def kl_excess(work, p, q):
    """Return the sum of p log(p/q) - p + q, and that of q - p in high and low parts."""
    rise = q - p
    return _excess_sum(p, rise / p, _kl_term, p, q), *exact_sum(rise)


def _product(a, b):
    # a b as its rounded value and the rounding error: Dekker (1971), "A floating-point technique
    # for extending the available precision"
    def halves(x):
        high = x * 134217729.0 - (x * 134217729.0 - x)
        return high, x - high

    value, (a_high, a_low), (b_high, b_low) = a * b, halves(a), halves(b)
    return value, a_low * b_low - (((value - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _relative_gap(p, q, p_sum, q_sum, rest):
    # b/a - 1 for a = p / p_sum and b = q / q_sum, between whose sums rounding has left the
    # relative difference `rest`
    (high, low), (base, base_low) = _product(q, p_sum), _product(p, q_sum)
    t = ((high - base) + (low - base_low)) / base
    return t + rest * (1.0 + t)


def kl_excess_normalized(work, p, q, p_sum, q_sum, rest):
    """Return the sum of a log(a/b) for a = p / p_sum and b = q / q_sum, of equal sums."""
    t = _relative_gap(p, q, p_sum, q_sum, rest)
    a, b = p / p_sum, q / q_sum
    return (_excess_sum(a, t, _kl_term, a, b),)


def js_excess(work, p, q, p_sum, q_sum, rest):
    """Return the Jensen-Shannon sum of p / p_sum and q / q_sum; linear parts cancel."""

    def far(p, q):
        return _kl_term(2 * p, p + q) / 2  # p + q: half of it may round to 0

    a, b = p / p_sum, q / q_sum
    value = _excess_sum(a, _relative_gap(p, q, p_sum, q_sum, rest) / 2, far, a, b)
    other = _excess_sum(b, _relative_gap(q, p, q_sum, p_sum, -rest) / 2, far, b, a)
    return ((value + other) / 2,)


def js_weighted(work, p, q, p_sum, q_sum, w):
    """Return w D(a‖m) + (1-w) D(b‖m) for a = p / p_sum, b = q / q_sum and m = w a + (1-w) b."""
    a, b = p / p_sum, q / q_sum
    gap = b - a

    def far(x, t):
        return rel_entr(x, x * (1 + t)) + x * t

    def part(x, rise):  # Σ x (t - log1p(t)), t = rise / x; over both the linear terms cancel
        t = rise / x
        value = _excess_sum(x, np.where(x > 0, t, 0.0), far, x, t)
        return value + row_sum(np.where(x > 0, 0.0, rise))

    return (w * part(a, (1 - w) * gap) + (1 - w) * part(b, -w * gap),)


def logits(work, a, b, a_max, b_max):
    """Return the sums of e^x, of e^y and of e^x (x - y) for the centred logits x and y."""
    x = np.subtract(a, a_max.astype(a.dtype), out=work[0])
    y = np.subtract(b, b_max.astype(b.dtype), out=work[1])
    weight = np.exp(x, out=work[2])
    a_sum = row_sum(weight)
    x -= y
    value = row_dot(weight, x, x)
    if not _finite(value):
        terms = np.where(weight > 0, weight * ((a - a_max) - y), 0.0)
        terms = np.where(b == -math.inf, math.inf, np.where(np.isnan(a + b), math.nan, terms))
        value = np.where(a == -math.inf, 0.0, terms).sum(axis=-1)
    return a_sum, row_sum(np.exp(y, out=y)), value


def logits_excess(work, a, b, a_max, b_max, mean):
    """Return the sum of e^x (e^-c - 1 + c) for centred logits x, y and c = x - y - mean."""
    weight, gap = np.exp(a - a_max), a - b
    back = gap - a
    rounding = (a - (gap - back)) - (b + back)
    c = (gap - (a_max - b_max)) + (rounding - mean)
    t = np.expm1(-c)

    def far(weight, t, c, y):
        return np.where((weight > 0) & (t < math.inf), weight * (t + c), np.exp(y))

    return (_excess_sum(weight, t, far, weight, t, c, b - b_max + mean),)


def logits_excess_single(work, a, b, a_max, b_max, mean):
    """Return the same for single precision, where differences are too coarse to cancel."""
    x = np.subtract(a, a_max, out=work[0])
    c = np.subtract(b, b_max - mean, out=work[1])
    c -= x
    weight = np.exp(x, out=work[0])
    terms = np.expm1(c, out=work[2])
    terms -= c
    value = row_dot(weight, terms, terms)
    return (value,) if _finite(value) else logits_excess(work, a, b, a_max, b_max, mean)
