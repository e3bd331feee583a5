"""Closed-form divergences of multivariate families; beta is Dirichlet with two categories."""

import math

import numpy as np

from kllib._special import lgamma_excess, log_excess
from kllib._univariate import check_broadcast, checked, in_unit
from kllib._validate import as_finite, as_positive, event_last, require
from kllib.discrete import kl_divergence

__all__ = ["kl_beta", "kl_dirichlet", "kl_mvn"]


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
    """Return (tr S - d - log det S + |L⁻¹ (mean_p - mean_q)|²) / 2, S = L⁻¹ cov_p L⁻ᵀ.

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


def _dirichlet(p, q):
    rise = q - p
    means = q.sum(axis=-1) * kl_divergence(q, p, normalize=True)
    with np.errstate(all="ignore"):
        parts = lgamma_excess(q, p, rise).sum(axis=-1)
        return means + parts - lgamma_excess(q.sum(axis=-1), p.sum(axis=-1), rise.sum(axis=-1))


def kl_dirichlet(alpha_p, alpha_q, *, base=None):
    """Return log(Γ(A)/Γ(B)) + Σ log(Γ(b)/Γ(a)) + Σ (a-b) (ψ(a) - ψ(A)), A = Σ a, B = Σ b.

    Parameters
    ----------
    alpha_p, alpha_q : array_like, shape (..., k)
        The concentrations a and b; the last axis is the event and never broadcasts.
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
    alphas = {
        "alpha_p": as_positive("alpha_p", alpha_p),
        "alpha_q": as_positive("alpha_q", alpha_q),
    }
    event_last(-1, **alphas)
    *alphas, dtype = checked(**alphas)
    return in_unit(_dirichlet(*alphas), base, dtype)


def kl_beta(a_p, b_p, a_q, b_q, *, base=None):
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
    *shapes, dtype = checked(a_p=a_p, b_p=b_p, a_q=a_q, b_q=b_q)
    a_p, b_p, a_q, b_q = np.broadcast_arrays(*shapes)
    value = _dirichlet(np.stack([a_p, b_p], axis=-1), np.stack([a_q, b_q], axis=-1))
    return in_unit(value, base, dtype)
