"""Closed forms for normal distributions."""

import math

import numpy as np

from kllib._special import log_excess, log_ratio, ratio_excess
from kllib._validate import (
    as_finite,
    as_parameters,
    as_positive,
    check_broadcast,
    event_last,
    in_unit,
    require,
)

__all__ = ["kl_mvn", "kl_normal", "kl_normal_standard"]


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
    *parameters, dtype = as_parameters(mean_p=mean_p, std_p=std_p, mean_q=mean_q, std_q=std_q)
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
    mean, std, dtype = as_parameters(mean=mean, std=std)
    return in_unit(_normal(mean, std, 0.0, 1.0).sum(axis=-1), base, dtype)


def _factor(name, cov, d):
    # NaN entries leave with an identity in their place, and a mask
    cov = as_finite(name, cov)
    if cov.shape[-2:] != (d, d):
        raise ValueError(f"{name} must have shape (..., {d}, {d}), as the means; got {cov.shape}")
    skew = np.abs(cov - np.swapaxes(cov, -1, -2))
    tolerance = math.sqrt(np.finfo(cov.dtype).eps) * np.abs(cov).max(axis=(-2, -1), keepdims=True)
    require(name, cov, skew > tolerance, "be symmetric")
    nan = np.isnan(cov).any(axis=(-2, -1))
    cov = np.where(nan[..., None, None], np.eye(d, dtype=cov.dtype), cov)
    try:
        return cov, np.linalg.cholesky(cov.astype(np.float64)), nan
    except np.linalg.LinAlgError:
        raise ValueError(f"{name} must be positive definite; got {cov.tolist()}") from None


def kl_mvn(mean_p, cov_p, mean_q, cov_q, *, base=None):
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
    check_broadcast(
        mean_p=mean_p.shape[:-1],
        mean_q=mean_q.shape[:-1],
        cov_p=cov_p.shape[:-2],
        cov_q=cov_q.shape[:-2],
    )
    dtype = np.result_type(mean_p, cov_p, mean_q, cov_q)
    half = np.linalg.solve(root_q, np.subtract(cov_p, cov_q, dtype=np.float64))
    t = np.linalg.eigvalsh(np.linalg.solve(root_q, np.swapaxes(half, -1, -2)))
    shift = np.linalg.solve(root_q, np.subtract(mean_p, mean_q, dtype=np.float64)[..., None])
    log_p, log_q = (np.log(np.diagonal(root, axis1=-2, axis2=-1)) for root in (root_p, root_q))
    with np.errstate(all="ignore"):
        near, far = log_excess(t).sum(axis=-1), (t - 2 * (log_p - log_q)).sum(axis=-1)
        value = np.square(shift[..., 0]).sum(axis=-1)
    value = value + np.where(np.abs(t).max(axis=-1) < 0.5, near, far)
    return in_unit(np.where(nan_p | nan_q, math.nan, value / 2), base, dtype)
