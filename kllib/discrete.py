"""Entropies and divergences of finite distributions.

Each function follows its definition on the floats given: sums within rounding of 1 are accepted,
never adjusted, so the divergence of two nearly equal tables may be as low as the difference of
their sums, about -1e-16.
"""

import math
import operator

import numpy as np
from scipy.special import rel_entr

from kllib import _kernels
from kllib._rows import Rows
from kllib._validate import as_counts, as_real, event_last, log_of_base, require

__all__ = [
    "additive_smoothing",
    "conditional_entropy",
    "cross_entropy",
    "entropy",
    "generalized_kl",
    "js_divergence",
    "kl_contributions",
    "kl_divergence",
    "kl_from_log_probs",
    "kl_from_logits",
    "mutual_information",
]

AREA = 65536  # doubles in a block: 512 kB of buffer, and few enough calls
SHORT, TIGHT = 1000, 1e-9
SMALL = 1e-2  # below it the rounding of a plain sum, some eps, costs digits: sum accurately


def _within(rows):
    # r log(r/p) summed over rows; what rounding took from the sums r is given back first order
    high, low = rows.sums(_kernels.total)
    total = high + low
    (value,) = rows.sums(_kernels.within, total)
    return total, value + ((high - total) + low)


def entropy(p, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the Shannon entropy -Σ p log p."""
    rows = Rows(axis, p=p)
    if normalize:
        rows.check(rows.sums(_kernels.checked), normalize)
        total, value = _within(rows)
        return rows.result(value / total, base, keepdims)
    p_sum, value = rows.sums(_kernels.entropy, area=AREA)
    rows.check([p_sum])
    return rows.result(value, base, keepdims)


def cross_entropy(p, q, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the cross-entropy -Σ p log q."""
    rows = Rows(axis, p=p, q=q)
    p_sum, q_sum, value = rows.sums(_kernels.cross_entropy, area=AREA)
    rows.check([p_sum, q_sum], normalize)
    if normalize:
        value = value / p_sum + np.log(q_sum)
    return rows.result(value, base, keepdims)


def _short_kl(p, q):
    # the route for two short vectors; None where anything calls for a closer look
    if (
        p.ndim != 1
        or p.shape != q.shape
        or not 0 < p.size <= SHORT
        or not p.dtype == q.dtype == np.float64
    ):
        return None
    with np.errstate(all="ignore"):
        value = p.dot(np.log(p / q))
        fit = abs(p.sum() - 1.0) < TIGHT and abs(q.sum() - 1.0) < TIGHT and p.min() >= 0
    return value if fit and SMALL <= value < math.inf else None


def kl_divergence(p, q, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the Kullback-Leibler divergence D(p‖q) = Σ p log(p/q)."""
    p, q = as_real("p", p), as_real("q", q)
    if axis == -1 and not keepdims and not normalize:
        value = _short_kl(p, q)
        if value is not None:
            return value / log_of_base(base)
    rows = Rows(axis, p=p, q=q)
    p_sum, q_sum, value = rows.sums(_kernels.kl, area=AREA)
    rows.check([p_sum, q_sum], normalize)
    if normalize:
        value = value / p_sum + np.log(q_sum / p_sum)
    small = np.flatnonzero(value < SMALL)
    if small.size:
        few = rows.select(small)
        high, low = few.sums(_kernels.gap)
        if normalize:
            scales = p_sum[small], q_sum[small], high + low
            value[small] = few.sums(_kernels.kl_excess_normalized, *scales)[0]
        else:
            value[small] = few.sums(_kernels.kl_excess)[-1] + (high + low)
    return rows.result(value, base, keepdims)


def kl_contributions(p, q, *, axis=-1, base=None, normalize=False):
    """Return the terms p log(p/q) of the divergence, unsummed; each is at least -q/e."""
    rows = Rows(axis, p=p, q=q)
    arrays = [a.astype(np.float64, copy=False) for a in rows.given.values()]
    with np.errstate(over="ignore", invalid="ignore"):
        sums = [a.sum(axis=rows.axes, keepdims=True) for a in arrays]
    negative = [np.where(a < 0, np.nan, 0.0).sum() for a in arrays]
    rows.check([s + n for s, n in zip(sums, negative, strict=True)], normalize)
    if normalize:
        arrays = [a / s for a, s in zip(arrays, sums, strict=True)]
    return (rel_entr(*arrays) / log_of_base(base)).astype(rows.dtype)


def generalized_kl(p, q, *, axis=-1, base=None, keepdims=False):
    """Return the divergence Σ p log(p/q) - p + q of non-negative tables that need not sum to 1."""
    rows = Rows(axis, p=as_counts("p", p), q=as_counts("q", q))
    return rows.result(rows.sums(_kernels.kl_excess)[-1], base, keepdims)


def js_divergence(p, q, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the Jensen-Shannon divergence ½ D(p‖m) + ½ D(q‖m), m = (p + q)/2."""
    rows = Rows(axis, p=p, q=q)
    p_sum, q_sum, value = rows.sums(_kernels.js)
    rows.check([p_sum, q_sum], normalize)
    if normalize:
        value = rows.sums(_kernels.js_normalized, p_sum, q_sum)[0]
    return rows.result(value, base, keepdims)


def kl_from_logits(p_logits, q_logits, *, axis=-1, base=None, keepdims=False):
    """Return D(p‖q) of p = softmax(p_logits) and q = softmax(q_logits)."""
    rows = Rows(axis, p_logits=p_logits, q_logits=q_logits)
    return rows.result(_logits(rows)[0], base, keepdims)


def _logits(rows):
    tops = rows.tops()
    a_sum, b_sum, total = rows.sums(_kernels.logits, *tops, area=AREA, dtype=rows.dtype)
    mean = total / a_sum
    value = mean + np.log(b_sum) - np.log(a_sum)
    small = np.flatnonzero(value < (SMALL if rows.dtype == np.float64 else 0.1))
    if small.size:
        params = (x[small] for x in (*tops, a_sum, mean))
        (terms,) = rows.select(small).sums(_kernels.logits_excess, *params, dtype=rows.dtype)
        value[small] = np.log1p(terms)
    return value, (tops[0] + np.log(a_sum), tops[1] + np.log(b_sum))


def kl_from_log_probs(logp, logq, *, axis=-1, base=None, keepdims=False):
    """Return D(p‖q) of p = exp(logp) and q = exp(logq)."""
    rows = Rows(axis, logp=logp, logq=logq)
    value, normalizers = _logits(rows)
    for (name, a), log_sum in zip(rows.given.items(), normalizers, strict=True):
        broken = np.abs(np.expm1(log_sum)) > math.sqrt(np.finfo(a.dtype).eps)
        require(f"sum of exp({name})", np.exp(log_sum), broken, "be 1")
    return rows.result(value, base, keepdims)


def _joint(joint, normalize):
    table = as_real("joint", joint)
    if table.ndim < 2:
        raise ValueError(f"joint must have two axes of categories; got shape {table.shape}")
    rows = Rows((-2, -1), joint=table)
    rows.check(rows.sums(_kernels.checked), normalize)
    return rows, table.astype(np.float64, copy=False)


def mutual_information(joint, *, base=None, normalize=False):
    """Return the mutual information Σ p(x,y) log(p(x,y) / p(x) p(y)) over the last two axes."""
    rows, table = _joint(joint, normalize)
    x, y = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    total = x.sum(axis=-2, keepdims=True)
    pair = Rows((-2, -1), joint=table, product=x / total * y)
    value = pair.sums(_kernels.kl_excess)[-1]
    return rows.result(value / total.ravel() if normalize else value, base, False)


def conditional_entropy(joint, given, *, base=None, normalize=False):
    """Return the conditional entropy H(joint) - H(given), over the last two axes."""
    try:
        axis = operator.index(given)
    except TypeError:
        axis = None
    if axis not in (0, 1, -1, -2):
        raise ValueError(f"given must be 0 or -2 (rows), 1 or -1 (columns); got {given!r}")
    rows, table = _joint(joint, normalize)
    _, value = _within(Rows(-1 if axis in (0, -2) else -2, joint=table))
    value = value.reshape(rows.count, -1).sum(axis=-1)
    if normalize:
        value /= table.sum(axis=(-2, -1)).ravel()
    return rows.result(value, base, False)


def additive_smoothing(counts, alpha=1.0, *, axis=-1):
    """Return the probabilities (n + alpha) / Σ (n + alpha)."""
    n, pseudo = as_counts("counts", counts), as_counts("alpha", alpha)
    if pseudo.ndim:
        raise ValueError(f"alpha must be a number; got shape {pseudo.shape}")
    event_last(axis, counts=n)
    with np.errstate(over="ignore"):
        raised = n + pseudo.astype(n.dtype)
        total = raised.sum(axis=axis, keepdims=True, dtype=np.float64)
    require(
        "sum of counts + alpha", total, (total <= 0) | np.isinf(total), "be positive and finite"
    )
    return (raised / total).astype(n.dtype)
