"""Entropies and divergences of finite distributions.

Each function follows its definition on the floats given. Sums within the square root of the
precision of 1 are accepted and never adjusted, hence the divergence of two nearly equal tables
may be as low as the difference of their sums, about -1e-16.
"""

import math

import numpy as np
from scipy.special import rel_entr

from kllib import _kernels
from kllib._counts import additive_smoothing, generalized_kl
from kllib._joint import conditional_entropy, mutual_information
from kllib._logits import kl_from_log_probs, kl_from_logits
from kllib._rows import AREA, SMALL, Rows, doubtful
from kllib._validate import as_real, log_of_base

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


LEAST = 1e-5  # below, terms of either sign have cancelled digits


def entropy(p, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the Shannon entropy H(p) = -Σ p log p.

    Parameters
    ----------
    p : array_like, shape (..., n)
        Probabilities along `axis`; their sum must be 1.
    axis : int or tuple of int, optional
        Axis, or axes, of the categories. (`scipy.stats.entropy` takes the first.)
    base : float, optional
        Unit of the result, e.g. 2 for bits; nats by default.
    keepdims : bool, optional
        Whether to keep the summed axes, with length 1.
    normalize : bool, optional
        Whether to divide p by its sum. (`scipy.stats.entropy` always does.)

    Returns
    -------
    float or ndarray
        The entropy, between 0 and log n; float32 for float32 input.

    Raises
    ------
    ValueError
        If an entry is negative or not a real number, or a sum is not 1.

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.25], base=2)
    np.float64(1.5)
    """
    rows = Rows(axis, p=p)
    if normalize:
        rows.check(rows.sums(_kernels.checked), normalize)
        total, value = rows.within()
        return rows.result(value / total, base, keepdims)
    p_sum, value = rows.sums(_kernels.entropy, area=AREA)
    rows.check([p_sum])
    return rows.result(value, base, keepdims)


def cross_entropy(p, q, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the cross-entropy H(p, q) = -Σ p log q = H(p) + D(p‖q).

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, base, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The cross-entropy, infinite exactly where q = 0 < p for a category.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    Examples
    --------
    >>> cross_entropy([0.5, 0.5], [0.25, 0.75], base=2).round(6)
    np.float64(1.207519)
    """
    rows = Rows(axis, p=p, q=q)
    p_sum, q_sum, value = rows.sums(_kernels.cross_entropy, area=AREA)
    rows.check([p_sum, q_sum], normalize)
    if normalize:
        value = value / p_sum + np.log(q_sum)
    return rows.result(value, base, keepdims)


def _pair_of_vectors(p, q):
    # the quick route for short vectors; None where anything calls for a closer look
    if p.ndim != 1 or p.shape != q.shape or not 0 < p.size < 1000:
        return None
    if not p.dtype == q.dtype == np.float64:
        return None
    with np.errstate(all="ignore"):
        value = p.dot(np.log(p / q))
        fine = abs(p.sum() - 1.0) < 1e-9 and abs(q.sum() - 1.0) < 1e-9 and p.min() >= 0
    return value if fine and SMALL < value < math.inf else None


def kl_divergence(p, q, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the Kullback-Leibler divergence D(p‖q) = Σ p log(p/q).

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; the expectation is under p. Batch axes broadcast, categories never do.
    axis, base, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The divergence, infinite exactly where q = 0 < p for a category.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    Notes
    -----
    Divergences below 0.01 are summed from differences q - p instead of rounded ratios, the least
    from the non-negative p log(p/q) - p + q and the exact sum of p - q, so that they agree with
    the definition on the given floats to about 13 digits.

    References
    ----------
    Kullback and Leibler (1951), "On information and sufficiency", equation (2.4).

    Examples
    --------
    >>> kl_divergence([0.5, 0.5], [0.9, 0.1]).round(6)
    np.float64(0.510826)
    >>> kl_divergence([[0.5, 0.5], [1, 0]], [0, 1])
    array([inf, inf])
    """
    p, q = as_real("p", p), as_real("q", q)
    if axis == -1 and not (keepdims or normalize):
        value = _pair_of_vectors(p, q)
        if value is not None:
            return value / log_of_base(base)
    rows = Rows(axis, p=p, q=q)
    p_sum, q_sum, value = rows.sums(_kernels.kl, area=AREA)
    rows.check([p_sum, q_sum], normalize)
    if normalize:
        value = value / p_sum + np.log(q_sum / p_sum)
    small = np.flatnonzero(value < SMALL)
    if small.size and normalize:
        few = rows.select(small)
        (value[small],) = few.sums(_kernels.kl_excess_normalized, *few.scales())
    elif small.size:
        (value[small],) = rows.select(small).sums(_kernels.kl_close, area=AREA)
        least = np.flatnonzero(value < LEAST)
        if least.size:
            terms, high, low = rows.select(least).sums(_kernels.kl_excess)
            value[least] = terms - (high + low)
    return rows.result(value, base, keepdims)


def kl_contributions(p, q, *, axis=-1, base=None, normalize=False):
    """Return the terms p log(p/q) of the divergence, unsummed; each is at least -q/e nats.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, base, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    ndarray, shape (..., n)
        The terms: 0 where p = 0, infinite where q = 0 < p.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    Examples
    --------
    >>> kl_contributions([0.5, 0.5, 0], [0.25, 0.5, 0.25], base=2)
    array([0.5, 0. , 0. ])
    """
    rows = Rows(axis, p=p, q=q)
    rows.check(rows.sums(_kernels.kl, area=AREA)[:2], normalize)
    p, q = (a.astype(np.float64, copy=False) for a in rows.given.values())
    if normalize:
        p, q = (a / a.sum(axis=rows.axes, keepdims=True) for a in (p, q))
    return (rel_entr(p, q) / log_of_base(base)).astype(rows.dtype)


def js_divergence(p, q, *, axis=-1, base=None, keepdims=False, normalize=False):
    """Return the Jensen-Shannon divergence (D(p‖m) + D(q‖m)) / 2, where m = (p + q) / 2.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, base, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The divergence, between 0 and log 2. Its root is a metric
        (`scipy.spatial.distance.jensenshannon` returns the root).

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    References
    ----------
    Lin (1991), "Divergence measures based on the Shannon entropy", section IV.

    Examples
    --------
    >>> js_divergence([1, 0], [0, 1], base=2)
    np.float64(1.0)
    """
    rows = Rows(axis, p=p, q=q)
    p_sum, q_sum, value = rows.sums(_kernels.js, area=AREA)
    rows.check([p_sum, q_sum], normalize)
    small = np.flatnonzero(doubtful(value) | normalize)
    if small.size:
        few = rows.select(small)
        scales = few.scales() if normalize else (*np.ones((2, small.size)), np.zeros(small.size))
        (value[small],) = few.sums(_kernels.js_excess, *scales)
    return rows.result(value, base, keepdims)
