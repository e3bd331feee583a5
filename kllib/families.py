"""Closed-form divergences between members of one family.

Parameters broadcast, scales are standard deviations, and ``base=None`` means nats. Differences
of parameters are taken first, so that near-equal parameters keep their digits.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, expit, gammaln

from kllib._convex import (
    distance,
    expm1_excess,
    lgamma_excess,
    log_excess,
    log_ratio,
    ratio_excess,
    xlogx_excess,
)
from kllib._validate import (
    Numbers,
    as_finite,
    as_parameters,
    as_positive,
    as_probability,
    as_real,
    event_last,
    in_unit,
    require,
    require_broadcast,
    require_same_labels,
    shown,
)
from kllib.discrete import kl_divergence

__all__ = [
    "kl_bernoulli",
    "kl_bernoulli_logits",
    "kl_beta",
    "kl_dirichlet",
    "kl_exponential",
    "kl_gamma",
    "kl_laplace",
    "kl_mvn",
    "kl_normal",
    "kl_normal_standard",
    "kl_normal_standard_logvar",
    "kl_poisson",
]


@np.errstate(all="ignore")
def kl_bernoulli(p: ArrayLike, q: ArrayLike, *, base: float | None = None) -> Numbers:
    """Return p log(p/q) + (1-p) log((1-p)/(1-q)), for coins with the chances p and q of heads.

    Parameters
    ----------
    p, q : array_like
        Probabilities; they broadcast.
    base : float, optional
        Unit of the result, e.g. 2 for bits; nats by default.

    Returns
    -------
    float or ndarray
        The divergence D(p‖q); infinite where q excludes an outcome that p allows.

    Raises
    ------
    ValueError
        If a probability lies outside [0, 1].

    Examples
    --------
    >>> kl_bernoulli([0.99, 0.5], [0.5, 0.99], base=2).round(4)
    array([0.9192, 2.3292])
    """
    p, q, dtype = as_parameters(p=(as_probability, p), q=(as_probability, q))
    with np.errstate(all="ignore"):
        value = xlogx_excess(p, q, q - p) + xlogx_excess(1 - p, 1 - q, p - q)
    return in_unit(value, base, dtype)


@np.errstate(all="ignore")
def kl_bernoulli_logits(
    p_logit: ArrayLike, q_logit: ArrayLike, *, base: float | None = None
) -> Numbers:
    """Return the divergence of coins whose chances of heads are given by their logits.

    Parameters
    ----------
    p_logit, q_logit : array_like
        Logits log(p/(1-p)), infinite for 0 and 1; they broadcast.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence D(p‖q), also where a chance rounds to 0 or 1.

    Raises
    ------
    ValueError
        If a logit is no real number.

    Examples
    --------
    >>> kl_bernoulli_logits([0, 800], [1000, 0]).round(6)
    array([499.306853,   0.693147])
    """
    a, b, dtype = as_parameters(p_logit=(as_real, p_logit), q_logit=(as_real, q_logit))
    a, b = np.broadcast_arrays(a, b)
    rise = np.abs(b - a)
    # log of the likelihood ratio for heads and tails: differences of softplus
    heads, tails = _softplus_gap(-b, -a), _softplus_gap(b, a)
    p, rest = expit(a), expit(-a)
    far = np.where(p > 0, p * heads, 0.0) + np.where(rest > 0, rest * tails, 0.0)
    q, other = expit(b), expit(-b)
    rises = p * other * np.expm1(b - a)  # q - p, without a difference
    close = xlogx_excess(p, q, rises) + xlogx_excess(rest, other, -rises)
    value = np.where((rise < 1) & (p > 0) & (rest > 0), close, far)
    value = np.where(a == b, 0.0, value)
    return in_unit(np.where(np.isnan(a) | np.isnan(b), math.nan, value), base, dtype)


def _softplus_gap(b, a):
    # log(1 + e^b) - log(1 + e^a), also for far-out arguments
    return np.where(np.isinf(b) & (b == a), 0.0, np.logaddexp(0, b) - np.logaddexp(0, a))


@np.errstate(all="ignore")
def kl_exponential(rate_p: ArrayLike, rate_q: ArrayLike, *, base: float | None = None) -> Numbers:
    """Return log(rate_p/rate_q) + rate_q/rate_p - 1.

    Parameters
    ----------
    rate_p, rate_q : array_like
        Rates: inverse means, not the scales of SciPy.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of exponential distributions.

    Raises
    ------
    ValueError
        If a rate is not positive and finite.

    Examples
    --------
    >>> kl_exponential(1, 2).round(6)
    np.float64(0.306853)
    """
    rate_p, rate_q, dtype = as_parameters(
        rate_p=(as_positive, rate_p), rate_q=(as_positive, rate_q)
    )
    with np.errstate(all="ignore"):
        value = ratio_excess((rate_q - rate_p) / rate_p, log_ratio(rate_q, rate_p))
    return in_unit(value, base, dtype)


@np.errstate(all="ignore")
def kl_poisson(rate_p: ArrayLike, rate_q: ArrayLike, *, base: float | None = None) -> Numbers:
    """Return rate_p log(rate_p/rate_q) - rate_p + rate_q.

    Parameters
    ----------
    rate_p, rate_q : array_like
        Means of the counts.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of Poisson distributions.

    Raises
    ------
    ValueError
        If a rate is not positive and finite.

    Examples
    --------
    >>> kl_poisson(3, [3, 4]).round(6)
    array([0.      , 0.136954])
    """
    rate_p, rate_q, dtype = as_parameters(
        rate_p=(as_positive, rate_p), rate_q=(as_positive, rate_q)
    )
    with np.errstate(all="ignore"):
        value = xlogx_excess(rate_p, rate_q, rate_q - rate_p)
    return in_unit(value, base, dtype)


@np.errstate(all="ignore")
def kl_laplace(
    loc_p: ArrayLike,
    scale_p: ArrayLike,
    loc_q: ArrayLike,
    scale_q: ArrayLike,
    *,
    base: float | None = None,
) -> Numbers:
    """Return log(scale_q/scale_p) + (d + scale_p exp(-d/scale_p)) / scale_q - 1.

    Parameters
    ----------
    loc_p, loc_q : array_like
        Finite medians; d is their distance.
    scale_p, scale_q : array_like
        Mean absolute deviations.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of Laplace distributions.

    Raises
    ------
    ValueError
        If a scale is not positive, or a parameter is infinite.

    Examples
    --------
    >>> kl_laplace(0, 1, [1, 1e-4], 1)
    array([3.67879441e-01, 4.99983334e-09])
    """
    loc_p, scale_p, loc_q, scale_q, dtype = as_parameters(
        loc_p=(as_finite, loc_p),
        scale_p=(as_positive, scale_p),
        loc_q=(as_finite, loc_q),
        scale_q=(as_positive, scale_q),
    )
    with np.errstate(all="ignore"):
        scales = ratio_excess((scale_p - scale_q) / scale_q, log_ratio(scale_p, scale_q))
        d = np.abs(distance(loc_p, loc_q, scale_p))
        ratio = scale_p / scale_q
        bend = expm1_excess(d)
        near = np.where(bend == 0, 0.0, ratio * bend)
        far = np.abs(distance(loc_p, loc_q, scale_q)) + ratio * np.expm1(-d)
    return in_unit(scales + np.where((d < 1) | np.isinf(ratio), near, far), base, dtype)


def _normal(mean_p, std_p, mean_q, std_q):
    with np.errstate(all="ignore"):
        t = (std_p - std_q) / std_q * (std_p / std_q + 1)
        scales = ratio_excess(t, 2 * log_ratio(std_p, std_q))
        return 0.5 * (scales + np.square(distance(mean_p, mean_q, std_q)))


@np.errstate(all="ignore")
def kl_normal(
    mean_p: ArrayLike,
    std_p: ArrayLike,
    mean_q: ArrayLike,
    std_q: ArrayLike,
    *,
    base: float | None = None,
) -> Numbers:
    """Return log(std_q/std_p) + (std_p² + (mean_p - mean_q)²) / (2 std_q²) - 1/2.

    Parameters
    ----------
    mean_p, mean_q : array_like
        Finite means.
    std_p, std_q : array_like
        Standard deviations (not variances).
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of N(mean_p, std_p²) from N(mean_q, std_q²).

    Raises
    ------
    ValueError
        If a standard deviation is not positive, or a parameter is infinite.

    Examples
    --------
    >>> kl_normal(0, 1, [1, 1e-4], 1)
    array([5.e-01, 5.e-09])
    """
    *parameters, dtype = as_parameters(
        mean_p=(as_finite, mean_p),
        std_p=(as_positive, std_p),
        mean_q=(as_finite, mean_q),
        std_q=(as_positive, std_q),
    )
    return in_unit(_normal(*parameters), base, dtype)


@np.errstate(all="ignore")
def kl_normal_standard(
    mean: ArrayLike,
    std: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
) -> Numbers:
    """Return Σ (mean² + std² - 1 - log std²) / 2 over the last axis: an autoencoder's penalty.

    Parameters
    ----------
    mean, std : array_like, shape (..., d)
        Means and standard deviations of independent normal coordinates.
    axis : int or tuple of int or None, optional
        Axis, or axes, of the coordinates, the last by default; all of them if None.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray, shape (...)
        The divergence of N(mean, diag std²) from N(0, I).

    Raises
    ------
    ValueError
        If a standard deviation is not positive, or the last axes differ (they never broadcast).

    Examples
    --------
    >>> kl_normal_standard([1, -0.5], [0.5, 1.5]).round(6)
    np.float64(1.162682)
    """
    require_same_labels(mean=mean, std=std)
    mean, std = as_finite("mean", mean), as_positive("std", std)
    mean, std = event_last(axis, mean=mean, std=std)[0]
    mean, std, dtype = as_parameters(mean=(as_finite, mean), std=(as_positive, std))
    return in_unit(_normal(mean, std, 0.0, 1.0).sum(axis=-1), base, dtype)


def _culprit(cov):
    # the first matrix that Cholesky refuses
    for place in np.ndindex(cov.shape[:-2]):
        try:
            np.linalg.cholesky(cov[place].astype(np.float64))
        except np.linalg.LinAlgError:
            return f"{shown(cov[place].tolist())}" + (f" at {place}" if place else "")
    return shown(cov.tolist())


def _factor(name, cov, d):
    # NaN entries leave with an identity in their place, and a mask
    cov = as_finite(name, cov)
    if cov.shape[-2:] != (d, d):
        raise ValueError(f"{name} must have shape (..., {d}, {d}), as the means; got {cov.shape}")
    spread = np.sqrt(np.abs(np.diagonal(cov, axis1=-2, axis2=-1)).astype(np.float64))
    allowed = math.sqrt(np.finfo(cov.dtype).eps) * spread[..., :, None] * spread[..., None, :]
    require(name, cov, np.abs(cov - np.swapaxes(cov, -1, -2)) > allowed, "be symmetric")
    nan = np.isnan(cov).any(axis=(-2, -1))
    cov = np.where(nan[..., None, None], np.eye(d, dtype=cov.dtype), cov)
    try:
        return cov, np.linalg.cholesky(cov.astype(np.float64)), nan
    except np.linalg.LinAlgError:
        raise ValueError(f"{name} must be positive definite; got {_culprit(cov)}") from None


@np.errstate(all="ignore")
def kl_normal_standard_logvar(
    mean: ArrayLike,
    logvar: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
) -> Numbers:
    """Return `kl_normal_standard` for log variances, as encoders put out: Σ (m² + e^v - 1 - v)/2.

    Parameters
    ----------
    mean, logvar : array_like, shape (..., d)
        Means m and logarithms v of the variances of independent normal coordinates.
    axis : int or tuple of int or None, optional
        Axis, or axes, of the coordinates, the last by default; all of them if None.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray, shape (...)
        The divergence of N(mean, diag e^logvar) from N(0, I).

    Raises
    ------
    ValueError
        If an argument is infinite, or the axes differ (they never broadcast).

    Examples
    --------
    >>> kl_normal_standard_logvar([1, -0.5], [0.0, 1e-8]).round(6)
    np.float64(0.625)
    """
    require_same_labels(mean=mean, logvar=logvar)
    mean, logvar = as_finite("mean", mean), as_finite("logvar", logvar)
    mean, logvar = event_last(axis, mean=mean, logvar=logvar)[0]
    mean, logvar, dtype = as_parameters(mean=(as_finite, mean), logvar=(as_finite, logvar))
    value = (expm1_excess(-logvar) + np.square(mean)).sum(axis=-1) / 2
    return in_unit(value, base, dtype)


@np.errstate(all="ignore")
def kl_mvn(
    mean_p: ArrayLike,
    cov_p: ArrayLike,
    mean_q: ArrayLike,
    cov_q: ArrayLike,
    *,
    base: float | None = None,
) -> Numbers:
    """Return (tr S - d - log det S + ‖L⁻¹ (mean_p - mean_q)‖²) / 2, S = L⁻¹ cov_p L⁻ᵀ.

    Parameters
    ----------
    mean_p, mean_q : array_like, shape (..., d)
        Finite means.
    cov_p, cov_q : array_like, shape (..., d, d)
        Covariance matrices; cov_q = L Lᵀ.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray, shape (...)
        The divergence of multivariate normal distributions.

    Raises
    ------
    ValueError
        If a covariance is not symmetric, positive definite and of the means' size.

    Notes
    -----
    Digits are lost in proportion to the condition number of cov_q.

    Examples
    --------
    >>> kl_mvn([0, 0], [[1, 0.9], [0.9, 1]], [0, 0], [[1, 0], [0, 1]]).round(6)
    np.float64(0.830366)
    """
    mean_p, mean_q = as_finite("mean_p", mean_p), as_finite("mean_q", mean_q)
    event_last(-1, mean_p=mean_p, mean_q=mean_q)
    d = mean_p.shape[-1]
    cov_p, root_p, nan_p = _factor("cov_p", cov_p, d)
    cov_q, root_q, nan_q = _factor("cov_q", cov_q, d)
    require_broadcast(
        mean_p=mean_p.shape[:-1],
        mean_q=mean_q.shape[:-1],
        cov_p=cov_p.shape[:-2],
        cov_q=cov_q.shape[:-2],
    )
    dtype = np.result_type(mean_p, cov_p, mean_q, cov_q)
    half = np.linalg.solve(root_q, np.subtract(cov_p, cov_q, dtype=np.float64))
    gap = np.linalg.solve(root_q, np.swapaxes(half, -1, -2))
    # out of range: there the trace decides
    lost = np.asarray(~np.isfinite(gap).all(axis=(-2, -1)))
    t = np.linalg.eigvalsh(np.where(lost[..., None, None], 0.0, gap))
    shift = np.linalg.solve(root_q, np.subtract(mean_p, mean_q, dtype=np.float64)[..., None])
    log_p, log_q = (np.log(np.diagonal(root, axis1=-2, axis2=-1)) for root in (root_p, root_q))
    with np.errstate(all="ignore"):
        near, far = log_excess(t).sum(axis=-1), (t - 2 * (log_p - log_q)).sum(axis=-1)
        value = np.square(shift[..., 0]).sum(axis=-1)
        if lost.any():
            trace = np.square(np.linalg.solve(root_q, root_p)).sum(axis=(-2, -1))
            far = np.where(lost, trace - d - 2 * (log_p - log_q).sum(axis=-1), far)
        value = value + np.where(lost | ~(np.abs(t).max(axis=-1) < 0.5), far, near)
    return in_unit(np.where(nan_p | nan_q, math.nan, value / 2), base, dtype)


@np.errstate(all="ignore")
def kl_gamma(
    shape_p: ArrayLike,
    rate_p: ArrayLike,
    shape_q: ArrayLike,
    rate_q: ArrayLike,
    *,
    base: float | None = None,
) -> Numbers:
    """Return log(Γ(c)/Γ(a)) + (a-c) ψ(a) + c log(b/d) + a (d/b - 1), for shapes a, c, rates b, d.

    Parameters
    ----------
    shape_p, rate_p, shape_q, rate_q : array_like
        Positive a, b, c and d; the means are a/b and c/d.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of gamma distributions.

    Raises
    ------
    ValueError
        If a shape or rate is not positive and finite.

    Notes
    -----
    The terms above cancel; computed are c (r - 1 - log r), r = (a/c) (d/b) the ratio of means,
    plus the tangent error of log Γ(x) - x log x + x, both non-negative.

    Examples
    --------
    >>> kl_gamma(2, 1, [3, 2.0001], 1)
    array([2.70362845e-01, 3.22460298e-09])
    """
    a, b, c, d, dtype = as_parameters(
        shape_p=(as_positive, shape_p),
        rate_p=(as_positive, rate_p),
        shape_q=(as_positive, shape_q),
        rate_q=(as_positive, rate_q),
    )
    with np.errstate(all="ignore"):
        shapes, rates = (a - c) / c, (d - b) / b
        means = ratio_excess(shapes + rates * (a / c), log_ratio(a, c) + log_ratio(d, b))
        value = c * means + lgamma_excess(c, a, c - a)
        if not np.isfinite(value).all():  # parts left the range; these do not cancel there
            plain = gammaln(c) - gammaln(a) + (a - c) * digamma(a) + c * log_ratio(b, d)
            grown = np.where(np.isinf(rates), (a / b) * (d - b), a * rates)
            value = np.where(np.isfinite(value), value, plain + grown)
    return in_unit(value, base, dtype)


@np.errstate(all="ignore")
def kl_beta(
    a_p: ArrayLike, b_p: ArrayLike, a_q: ArrayLike, b_q: ArrayLike, *, base: float | None = None
) -> Numbers:
    """Return the divergence of beta distributions: the Dirichlet one with two categories.

    Parameters
    ----------
    a_p, b_p, a_q, b_q : array_like
        Positive shapes; the means are a/(a + b).
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of Beta(a_p, b_p) from Beta(a_q, b_q).

    Raises
    ------
    ValueError
        If a shape is not positive and finite.

    Examples
    --------
    >>> kl_beta(0.1, 0.2, 1, 1).round(4)
    np.float64(4.9773)
    """
    *shapes, dtype = as_parameters(
        a_p=(as_positive, a_p),
        b_p=(as_positive, b_p),
        a_q=(as_positive, a_q),
        b_q=(as_positive, b_q),
    )
    a_p, b_p, a_q, b_q = np.broadcast_arrays(*shapes)
    value = _dirichlet(np.stack([a_p, b_p], axis=-1), np.stack([a_q, b_q], axis=-1))
    return in_unit(value, base, dtype)


@np.errstate(all="ignore")
def kl_dirichlet(
    alpha_p: ArrayLike,
    alpha_q: ArrayLike,
    *,
    axis: int | tuple[int, ...] | None = -1,
    base: float | None = None,
) -> Numbers:
    """Return log(Γ(A)/Γ(B)) + Σ log(Γ(b)/Γ(a)) + Σ (a-b) (ψ(a) - ψ(A)), A = Σ a, B = Σ b.

    Parameters
    ----------
    alpha_p, alpha_q : array_like, shape (..., k)
        The concentrations a and b; the event, along `axis`, never broadcasts.
    axis : int or tuple of int or None, optional
        Axis, or axes, of the categories, the last by default; all of them if None.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray, shape (...)
        The divergence of Dirichlet distributions.

    Raises
    ------
    ValueError
        If a concentration is not positive and finite, or the last axes differ.

    Notes
    -----
    The terms cancel; computed are B D(b/B‖a/A) and the tangent errors that `kl_gamma` uses.

    Examples
    --------
    >>> kl_dirichlet([1, 1, 1], [2, 1, 1]).round(6)
    np.float64(0.401388)
    """
    require_same_labels(alpha_p=alpha_p, alpha_q=alpha_q)
    alphas = {
        "alpha_p": as_positive("alpha_p", alpha_p),
        "alpha_q": as_positive("alpha_q", alpha_q),
    }
    moved = dict(zip(alphas, event_last(axis, **alphas)[0], strict=True))
    *moved, dtype = as_parameters(**{name: (as_positive, a) for name, a in moved.items()})
    return in_unit(_dirichlet(*moved), base, dtype)


def _dirichlet(p, q):
    rise = q - p
    means = q.sum(axis=-1) * kl_divergence(q, p, normalize=True)
    with np.errstate(all="ignore"):
        parts = lgamma_excess(q, p, rise).sum(axis=-1)
        whole = p.sum(axis=-1), q.sum(axis=-1)
        value = means + parts - lgamma_excess(whole[1], whole[0], rise.sum(axis=-1))
        if np.isnan(value).any():  # parts left the range; these do not cancel there
            plain = gammaln(whole[0]) - gammaln(whole[1]) + (gammaln(q) - gammaln(p)).sum(axis=-1)
            slopes = (-rise * (digamma(p) - digamma(whole[0])[..., None])).sum(axis=-1)
            value = np.where(np.isnan(value), plain + slopes, value)
        return value
