"""Entropies and divergences of finite distributions.

Each function follows its definition on the floats given. Sums within 1e-5 of 1 are accepted
(3e-4 in single precision) and never adjusted: so much a softmax in single precision leaves, also
if cast since. Hence the divergence of two nearly equal tables may be as low as the difference of
their sums: about -1e-16 if they were normalised in double precision, down to -1e-5, or -3e-4, if
they were not. `normalize=True`, or logits, have no such term.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, rel_entr

from kllib import _kernels
from kllib._convex import SERIES_BELOW, excess
from kllib._rows import AREA, SMALL, Table, lost_digits
from kllib._validate import (
    Numbers,
    as_counts,
    as_index,
    as_probability,
    as_real,
    as_scalar,
    event_last,
    log_of_base,
    require,
    require_same_labels,
    shown,
    tolerance,
)

__all__ = [
    "additive_smoothing",
    "conditional_entropy",
    "cross_entropy",
    "entropy",
    "entropy_from_counts",
    "generalized_kl",
    "js_distance",
    "js_divergence",
    "kl_contributions",
    "kl_divergence",
    "kl_from_log_probs",
    "kl_from_logits",
    "mutual_information",
]

LEAST = 1e-5  # below, terms of either sign have cancelled digits


def _tabulated(axis, normalize, **arrays):
    """Return the table; to normalize, with events at the ends of the range brought to its middle.

    Powers of two change no digits. Around 2^490 products of two entries are finite, and entries
    down to 2^-1074 keep their place below.
    """
    table = Table(axis, **arrays)
    if not normalize:
        return table
    scaled = {}
    for name, a in table.inputs.items():
        with np.errstate(all="ignore"):
            top = np.max(np.abs(a), axis=table.axes, keepdims=True, initial=0.0).astype(np.float64)
            shift = 490 - np.frexp(top)[1]
            far = ~((top > 1e-100) & (top < 1e100)) & np.isfinite(top) & (top > 0)
            if far.any():
                a = np.ldexp(a.astype(np.float64), np.where(far, shift, 0))
        scaled[name] = a
    found = Table(axis, **scaled)
    found.dtype = table.dtype
    return found


@np.errstate(all="ignore")
def entropy(
    p: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return the Shannon entropy H(p) = -Σ p log p.

    Parameters
    ----------
    p : array_like, shape (..., n)
        Probabilities along `axis`; their sum must be 1.
    axis : int or tuple of int or None, optional
        Axis, or axes, of the categories; all of them if None. `scipy.stats.entropy` takes the
        first.
    base : float, optional
        Unit of the result, e.g. 2 for bits; nats by default.
    keepdims : bool, optional
        Whether to keep the summed axes, with length 1.
    normalize : bool, optional
        Whether to divide p by its sum. `scipy.stats.entropy` always does.

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
    table = _tabulated(axis, normalize, p=p)
    if normalize:
        table.require_distributions(table.rows.sums(_kernels.mass), normalize)
        total, value = table.rows.within()
        return table.result(value / total, base, keepdims)
    p_sum, value = table.rows.sums(_kernels.entropy, area=AREA)
    table.require_distributions([p_sum])
    return table.result(value, base, keepdims)


@np.errstate(all="ignore")
def cross_entropy(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
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
    table = _tabulated(axis, normalize, p=p, q=q)
    p_sum, q_sum, value = table.rows.sums(_kernels.cross_entropy, area=AREA)
    table.require_distributions([p_sum, q_sum], normalize)
    value[np.isnan(q_sum)] = math.nan  # also beside p = 0
    if normalize:
        value = value / p_sum + np.log(q_sum)
    return table.result(value, base, keepdims)


def _pair_of_vectors(p, q):
    # the quick route for short vectors; None where anything calls for a closer look
    if p.ndim != 1 or p.shape != q.shape or not 0 < p.size < 1000:
        return None
    if not p.dtype == q.dtype == np.float64:
        return None
    with np.errstate(all="ignore"):
        value = p.dot(np.log(p / q))
        fine = abs(p.sum() - 1.0) < 1e-9 and abs(q.sum() - 1.0) < 1e-9 and p.min() >= 0
        if not fine or not value < math.inf:
            return None
        if value > SMALL:
            return value
        rise = q - p  # exact where q/p is near 1
        t = rise / p
        if not np.abs(t).max() < SERIES_BELOW:
            return None
        return np.float64(p.dot(excess(t)) - math.fsum(rise.tolist()))


def kl_divergence(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
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
    if not (type(p) is type(q) is np.ndarray):
        require_same_labels(p=p, q=q)
    p, q = as_real("p", p), as_real("q", q)
    if axis == -1 and not (keepdims or normalize):
        value = _pair_of_vectors(p, q)
        if value is not None:
            return value / log_of_base(base)
    table = _tabulated(axis, normalize, p=p, q=q)
    p_sum, q_sum, value = table.rows.sums(_kernels.kl, area=AREA)
    table.require_distributions([p_sum, q_sum], normalize)
    value[np.isnan(q_sum)] = math.nan  # also beside p = 0
    if normalize:
        value = value / p_sum + np.log(q_sum / p_sum)
    small = np.flatnonzero(value < SMALL)
    if small.size and normalize:
        few = table.rows.select(small)
        (value[small],) = few.sums(_kernels.kl_excess_normalized, *few.scales())
    elif small.size:
        (value[small],) = table.rows.select(small).sums(_kernels.kl_close, area=AREA)
        least = np.flatnonzero(value < LEAST)
        if least.size:
            terms, high, low = table.rows.select(least).sums(_kernels.kl_excess)
            value[least] = terms - (high + low)
    return table.result(value, base, keepdims)


@np.errstate(all="ignore")
def kl_contributions(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    normalize: bool = False,
) -> np.ndarray:
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
    table = _tabulated(axis, normalize, p=p, q=q)
    table.require_distributions(table.rows.sums(_kernels.kl, area=AREA)[:2], normalize)
    p, q = (a.astype(np.float64, copy=False) for a in table.inputs.values())
    if normalize:
        p, q = (a / a.sum(axis=table.axes, keepdims=True) for a in (p, q))
    return (rel_entr(p, q) / log_of_base(base)).astype(table.dtype)


@np.errstate(all="ignore")
def js_divergence(
    p: ArrayLike,
    q: ArrayLike,
    *,
    weight: float = 0.5,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return the Jensen-Shannon divergence w D(p‖m) + (1-w) D(q‖m), where m = w p + (1-w) q.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    weight : float, optional
        The w of p, between 0 and 1; a half by default.
    axis, base, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The divergence, between 0 and the entropy of (w, 1-w), log 2 for a half. Its root is
        `js_distance`.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number, or w is not in [0, 1].

    References
    ----------
    Lin (1991), "Divergence measures based on the Shannon entropy", section IV.

    Examples
    --------
    >>> js_divergence([1, 0], [0, 1], base=2)
    np.float64(1.0)
    >>> js_divergence([1, 0], [0, 1], weight=0.25, base=2).round(6)
    np.float64(0.811278)
    """
    w = float(as_scalar("weight", weight, as_probability))
    table = _tabulated(axis, normalize, p=p, q=q)
    p_sum, q_sum, value = table.rows.sums(_kernels.js, area=AREA)
    table.require_distributions([p_sum, q_sum], normalize)
    if w != 0.5:
        return table.result(_weighted_js(table, w, normalize), base, keepdims)
    small = np.flatnonzero(lost_digits(value) | normalize)
    if small.size:
        few = table.rows.select(small)
        scales = few.scales() if normalize else (*np.ones((2, small.size)), np.zeros(small.size))
        (value[small],) = few.sums(_kernels.js_excess, *scales)
    return table.result(value, base, keepdims)


def _weighted_js(table, w, normalize):
    p_sum, q_sum = (x if normalize else np.ones_like(x) for x in table.rows.scales()[:2])
    with np.errstate(all="ignore"):
        return table.rows.sums(_kernels.js_weighted, p_sum, q_sum, np.full(p_sum.shape, w))[0]


@np.errstate(all="ignore")
def js_distance(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return the root of the Jensen-Shannon divergence, a metric.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, base, keepdims, normalize : optional
        As for `entropy`; the divergence is taken in the unit of `base`, then its root.

    Returns
    -------
    float or ndarray
        The distance, between 0 and the root of log 2: `scipy.spatial.distance.jensenshannon` of
        distributions.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    References
    ----------
    Endres and Schindelin (2003), "A new metric for probability distributions".

    Examples
    --------
    >>> js_distance([0.5, 0.5], [0.9, 0.1]).round(6)
    np.float64(0.318982)
    """
    value = js_divergence(p, q, axis=axis, base=base, keepdims=keepdims, normalize=normalize)
    return np.sqrt(value)


@np.errstate(all="ignore")
def entropy_from_counts(
    counts: ArrayLike, *, axis: int | tuple[int, ...] | None = -1, base: float | None = None
) -> Numbers:
    """Return an estimate of the entropy behind counts: Grassberger's, nearly without bias.

    The plug-in estimate of n draws from k categories is low by about (k - 1)/(2n) nats.

    Parameters
    ----------
    counts : array_like, shape (..., k)
        How often each category was drawn: whole numbers.
    axis : int or tuple of int or None, optional
        Axis, or axes, of the categories, the last by default; all of them if None.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The estimate log N - (1/N) Σ n G(n), G(n) = ψ(n) + (-1)ⁿ (ψ((n+1)/2) - ψ(n/2))/2.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or all are 0.

    References
    ----------
    Grassberger (2003), "Entropy estimates from insufficient samplings", equations (29) and (35).

    Examples
    --------
    >>> entropy_from_counts([4, 2, 3, 0, 2, 4, 0, 0, 2]).round(6)
    np.float64(1.789851)
    """
    table = Table(axis, counts=as_counts("counts", counts))
    n = table.rows.arrays[0].astype(np.float64)
    given = table.inputs["counts"]
    require("counts", given, given != np.floor(given), "be whole numbers")
    total = n.sum(axis=-1)
    require("sum of counts", total, total == 0, "be positive")
    sign = np.where(n % 2 == 0, 1.0, -1.0)
    shape = digamma(n) + sign * (digamma((n + 1) / 2) - digamma(n / 2)) / 2
    terms = np.where(n > 0, n * shape, np.where(n == 0, 0.0, n))
    return table.result(np.log(total) - terms.sum(axis=-1) / total, base, False)


SMALL_SINGLE = 0.1  # in single precision, plain sums have lost digits below


def _softmax_kl(table):
    """Return the divergences of softmaxes, and the logarithms of the softmaxes' denominators."""
    found = table.rows.sums(_kernels.logits, area=AREA, dtype=table.dtype, maxima=True)
    maxima, (a_sum, b_sum, value) = found[:2], found[2:]
    table.require_maxima(maxima)
    mean = value / a_sum
    value = mean + np.log(b_sum) - np.log(a_sum)
    single = table.dtype == np.float32
    small = np.flatnonzero(value < (SMALL_SINGLE if single else SMALL))
    if small.size:
        few, params = table.rows.select(small), [x[small] for x in (*maxima, mean)]
        if single:
            (terms,) = few.sums(_kernels.logits_excess_single, *params, area=AREA)
        else:
            (terms,) = few.sums(_kernels.logits_excess, *params)
        value[small] = np.log1p(terms / a_sum[small])
    return value, (maxima[0] + np.log(a_sum), maxima[1] + np.log(b_sum))


@np.errstate(all="ignore")
def kl_from_logits(
    p_logits: ArrayLike,
    q_logits: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
) -> Numbers:
    """Return D(p‖q) for p = softmax(p_logits) and q = softmax(q_logits).

    Parameters
    ----------
    p_logits, q_logits : array_like, shape (..., n)
        Logits, finite or -inf (probability 0); constants added to a row do not matter.
    axis, base, keepdims : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray
        The divergence; float32 logits give float32, from sums of doubles.

    Raises
    ------
    ValueError
        If a logit is +inf, all logits of an event are -inf, or the categories differ in number.

    Notes
    -----
    With d = p_logits - q_logits and c = d - E_p d, the divergence is log E_p e^-c; small ones
    are log1p of the expectation of e^-c - 1 + c, which has no negative terms.

    Examples
    --------
    >>> kl_from_logits([0, 0], [0, 1000])
    np.float64(499.30685281944005)
    """
    table = Table(axis, p_logits=p_logits, q_logits=q_logits)
    return table.result(_softmax_kl(table)[0], base, keepdims)


@np.errstate(all="ignore")
def kl_from_log_probs(
    logp: ArrayLike,
    logq: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
) -> Numbers:
    """Return D(p‖q) for p = exp(logp) and q = exp(logq).

    Parameters
    ----------
    logp, logq : array_like, shape (..., n)
        Logarithms of probabilities, in nats whatever `base` says; -inf for 0.
    axis, base, keepdims : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray
        The divergence.

    Raises
    ------
    ValueError
        If the probabilities do not sum to 1, or the categories differ in number.

    Notes
    -----
    Computed as from logits: what rounding of the logarithms adds to the sums cancels.

    Examples
    --------
    >>> import numpy as np
    >>> kl_from_log_probs(np.log([0.5, 0.5]), np.log([0.9, 0.1])).round(6)
    np.float64(0.510826)
    """
    table = Table(axis, logp=logp, logq=logq)
    value, denominators = _softmax_kl(table)
    for (name, a), log_sum in zip(table.inputs.items(), denominators, strict=True):
        with np.errstate(over="ignore"):
            total = np.exp(log_sum)
        broken = np.abs(total - 1.0) > tolerance(a.dtype)
        require(
            f"sum of exp({name})",
            total.reshape(table.batch),
            broken.reshape(table.batch),
            "be 1 (of logits, use kl_from_logits)",
        )
    return table.result(value, base, keepdims)


@np.errstate(all="ignore")
def generalized_kl(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
    keepdims: bool = False,
) -> Numbers:
    """Return Σ p log(p/q) - p + q, the divergence of tables that need not sum to 1.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Non-negative and finite; batch axes broadcast, categories never do.
    axis, base, keepdims : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray
        The divergence, never negative; infinite where q = 0 < p for a category.

    Raises
    ------
    ValueError
        If an entry is negative or infinite, or the categories differ in number.

    Examples
    --------
    >>> generalized_kl([1, 2], [2, 2]).round(6)
    np.float64(0.306853)
    """
    require_same_labels(p=p, q=q)
    table = Table(axis, p=as_counts("p", p), q=as_counts("q", q))
    return table.result(table.rows.sums(_kernels.kl_excess)[0], base, keepdims)


@np.errstate(all="ignore")
def additive_smoothing(
    counts: ArrayLike, alpha: float = 1.0, *, axis: int | tuple[int, ...] | None = -1
) -> np.ndarray:
    """Return the probabilities (n + alpha) / Σ (n + alpha), positive for a positive alpha.

    Parameters
    ----------
    counts : array_like, shape (..., k)
        Counts n, non-negative; they need not be whole.
    alpha : float, optional
        Pseudo-count of each category: 1 is Laplace's rule, 1/2 Krichevsky and Trofimov's.
    axis : int or tuple of int, optional
        Axis, or axes, of the categories.

    Returns
    -------
    ndarray, shape (..., k)
        The mean of the posterior under a symmetric Dirichlet(alpha) prior.

    Raises
    ------
    ValueError
        If a count or alpha is negative or infinite, or all are 0.

    Examples
    --------
    >>> additive_smoothing([3, 1, 0])
    array([0.57142857, 0.28571429, 0.14285714])
    """
    n, pseudo = as_counts("counts", counts), as_scalar("alpha", alpha, as_counts)
    event_last(axis, counts=n)
    with np.errstate(over="ignore"):
        raised = n + pseudo.astype(np.float64)
        total = raised.sum(axis=axis, keepdims=True)
    require(
        "sum of counts + alpha", total, (total <= 0) | np.isinf(total), "be positive and finite"
    )
    return (raised / total).astype(n.dtype)


def _joint(joint, axis, normalize):
    joint = as_real("joint", joint)
    if joint.ndim < 2:
        raise ValueError(f"joint must have two axes of categories; got shape {joint.shape}")
    if joint.ndim > 2 or axis not in ((-2, -1), (0, 1)):
        first, second = _two_axes(axis, joint.ndim)
        joint = np.moveaxis(joint, (first, second), (-2, -1))
    table = _tabulated((-2, -1), normalize, joint=joint)
    table.require_distributions(table.rows.sums(_kernels.mass), normalize)
    return table, table.inputs["joint"].astype(np.float64, copy=False)


def _two_axes(axis, ndim):
    try:
        found = [as_index(a) % ndim for a in axis if -ndim <= as_index(a) < ndim]
    except TypeError:
        found = []
    if len(set(found)) != 2 or len(axis) != 2:
        raise ValueError(
            f"axis must name two axes of an array with {ndim} dimensions; got {shown(axis)}"
        )
    return found


@np.errstate(all="ignore")
def mutual_information(
    joint: ArrayLike,
    *,
    axis: tuple[int, int] = (-2, -1),
    base: float | None = None,
    normalize: bool = False,
) -> Numbers:
    """Return the mutual information Σ p(x, y) log(p(x, y) / (p(x) p(y))).

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Joint probabilities over two axes, the last ones by default.
    axis : pair of int, optional
        The two axes of the categories, rows and columns.
    base, normalize : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray, shape (...)
        The mutual information, never negative.

    Raises
    ------
    ValueError
        If joint is no distribution over two axes.

    Notes
    -----
    The product of the marginals is taken over the total, whose rounding does not count as
    dependence.

    Examples
    --------
    >>> mutual_information([[0.5, 0], [0, 0.5]], base=2)
    np.float64(1.0)
    """
    table, joint = _joint(joint, axis, normalize)
    x, y = joint.sum(axis=-1), joint.sum(axis=-2, keepdims=True)
    total = x.sum(axis=-1)
    lines, width = Table(-1, joint=joint, y=y).rows, x.shape[-1]
    weight, whole = x.ravel(), np.repeat(total, width)
    with np.errstate(all="ignore"):
        (terms,) = lines.sums(_kernels.dependence, weight / whole, area=AREA)
        small = lost_digits(terms.reshape(x.shape).sum(axis=-1))
        small = np.flatnonzero(np.repeat(small, width))
        if small.size:
            few, scales = lines.select(small), (weight[small], whole[small])
            (parts,) = few.sums(_kernels.kl_excess_normalized, *scales, np.zeros(small.size))
            terms[small] = np.where(scales[0] == 0, 0.0, scales[0] * parts)
    value = terms.reshape(x.shape).sum(axis=-1).ravel()
    return table.result(value / total.ravel() if normalize else value, base, False)


@np.errstate(all="ignore")
def conditional_entropy(
    joint: ArrayLike,
    given: int,
    *,
    axis: tuple[int, int] = (-2, -1),
    base: float | None = None,
    normalize: bool = False,
) -> Numbers:
    """Return the conditional entropy H(joint) - H(given) over the last two axes.

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Joint probabilities over two axes, the last ones by default.
    given : {0, -2, 1, -1}
        What is known: the row (0 or -2) or the column (1 or -1).
    axis : pair of int, optional
        The two axes of the categories, rows and columns.
    base, normalize : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray, shape (...)
        The mean entropy of the other variable, once the given one is known.

    Raises
    ------
    ValueError
        If joint is no distribution over two axes, or `given` is not one of them.

    Examples
    --------
    >>> conditional_entropy([[0.25, 0.25], [0, 0.5]], given=0, base=2)
    np.float64(0.5)
    """
    try:
        other = {0: -1, -2: -1, 1: -2, -1: -2}[as_index(given)]
    except (KeyError, TypeError):
        raise ValueError(
            f"given must be 0 or -2 (rows), 1 or -1 (columns); got {shown(given)}"
        ) from None
    table, joint = _joint(joint, axis, normalize)
    lines = Table(other, joint=joint)
    total, value = (x.reshape(lines.batch).sum(axis=-1).ravel() for x in lines.rows.within())
    return table.result(value / total if normalize else value, base, False)
