"""Closed-form divergences of univariate families; and the rules for their parameters."""

import numpy as np

from kllib._special import expm1_excess, lgamma_excess, log_ratio, ratio_excess, xlogx_excess
from kllib._validate import as_finite, as_positive, as_probability, event_last, log_of_base

__all__ = [
    "check_broadcast",
    "checked",
    "in_unit",
    "kl_bernoulli",
    "kl_exponential",
    "kl_gamma",
    "kl_laplace",
    "kl_normal",
    "kl_normal_standard",
    "kl_poisson",
]

RULES = {"p": as_probability, "q": as_probability, "mean": as_finite, "loc": as_finite}


def check_broadcast(**shapes):
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        got = " and ".join(f"{name} with {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"{', '.join(shapes)} must have shapes that broadcast; got {got}"
        ) from None


def checked(**values):
    # the first word of a parameter's name decides on its rule
    arrays = [RULES.get(n.partition("_")[0], as_positive)(n, v) for n, v in values.items()]
    check_broadcast(**{n: a.shape for n, a in zip(values, arrays, strict=True)})
    return *(a.astype(np.float64) for a in arrays), np.result_type(*arrays)


def in_unit(value, base, dtype):
    return (np.asarray(value) / log_of_base(base)).astype(dtype)[()]


def kl_bernoulli(p, q, *, base=None):
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
    p, q, dtype = checked(p=p, q=q)
    with np.errstate(all="ignore"):
        value = xlogx_excess(p, q, q - p) + xlogx_excess(1 - p, 1 - q, p - q)
    return in_unit(value, base, dtype)


def _normal(mean_p, std_p, mean_q, std_q):
    with np.errstate(all="ignore"):
        t = (std_p - std_q) / std_q * ((std_p + std_q) / std_q)
        scales = ratio_excess(t, 2 * log_ratio(std_p, std_q))
        return 0.5 * (scales + np.square((mean_p - mean_q) / std_q))


def kl_normal(mean_p, std_p, mean_q, std_q, *, base=None):
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
    *parameters, dtype = checked(mean_p=mean_p, std_p=std_p, mean_q=mean_q, std_q=std_q)
    return in_unit(_normal(*parameters), base, dtype)


def kl_normal_standard(mean, std, *, base=None):
    """Return Σ (mean² + std² - 1 - log std²) / 2 over the last axis: an autoencoder's penalty.

    Parameters
    ----------
    mean, std : array_like, shape (..., d)
        Means and standard deviations of independent normal coordinates.
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
    event_last(-1, mean=as_finite("mean", mean), std=as_positive("std", std))
    mean, std, dtype = checked(mean=mean, std=std)
    return in_unit(_normal(mean, std, 0.0, 1.0).sum(axis=-1), base, dtype)


def kl_laplace(loc_p, scale_p, loc_q, scale_q, *, base=None):
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
    loc_p, scale_p, loc_q, scale_q, dtype = checked(
        loc_p=loc_p, scale_p=scale_p, loc_q=loc_q, scale_q=scale_q
    )
    with np.errstate(all="ignore"):
        scales = ratio_excess((scale_p - scale_q) / scale_q, log_ratio(scale_p, scale_q))
        distance = np.abs(loc_p - loc_q)
        d = distance / scale_p
        near = scale_p / scale_q * expm1_excess(d)
        far = distance / scale_q + scale_p / scale_q * np.expm1(-d)
    return in_unit(scales + np.where(d < 1, near, far), base, dtype)


def kl_exponential(rate_p, rate_q, *, base=None):
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
    rate_p, rate_q, dtype = checked(rate_p=rate_p, rate_q=rate_q)
    with np.errstate(all="ignore"):
        value = ratio_excess((rate_q - rate_p) / rate_p, log_ratio(rate_q, rate_p))
    return in_unit(value, base, dtype)


def kl_poisson(rate_p, rate_q, *, base=None):
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
    rate_p, rate_q, dtype = checked(rate_p=rate_p, rate_q=rate_q)
    with np.errstate(all="ignore"):
        value = xlogx_excess(rate_p, rate_q, rate_q - rate_p)
    return in_unit(value, base, dtype)


def kl_gamma(shape_p, rate_p, shape_q, rate_q, *, base=None):
    """Return log(Γ(c)/Γ(a)) + (a-c) ψ(a) + c log(b/d) + a (d/b - 1), for shapes a, c, rates b, d.

    Parameters
    ----------
    shape_p, rate_p, shape_q, rate_q : array_like
        a, b, c and d; the means are a/b and c/d.
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
    a, b, c, d, dtype = checked(shape_p=shape_p, rate_p=rate_p, shape_q=shape_q, rate_q=rate_q)
    with np.errstate(all="ignore"):
        shapes, rates = (a - c) / c, (d - b) / b
        means = ratio_excess(shapes + rates * (a / c), log_ratio(a, c) + log_ratio(d, b))
        value = c * means + lgamma_excess(c, a, c - a)
    return in_unit(value, base, dtype)
