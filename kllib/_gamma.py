"""Closed forms for gamma, beta and Dirichlet distributions."""

import numpy as np

from kllib._special import lgamma_excess, log_ratio, ratio_excess
from kllib._validate import as_parameters, as_positive, event_last, in_unit
from kllib.discrete import kl_divergence

__all__ = ["kl_beta", "kl_dirichlet", "kl_gamma"]


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
    a, b, c, d, dtype = as_parameters(
        shape_p=shape_p, rate_p=rate_p, shape_q=shape_q, rate_q=rate_q
    )
    with np.errstate(all="ignore"):
        shapes, rates = (a - c) / c, (d - b) / b
        means = ratio_excess(shapes + rates * (a / c), log_ratio(a, c) + log_ratio(d, b))
        value = c * means + lgamma_excess(c, a, c - a)
    return in_unit(value, base, dtype)


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
    *shapes, dtype = as_parameters(a_p=a_p, b_p=b_p, a_q=a_q, b_q=b_q)
    a_p, b_p, a_q, b_q = np.broadcast_arrays(*shapes)
    value = _dirichlet(np.stack([a_p, b_p], axis=-1), np.stack([a_q, b_q], axis=-1))
    return in_unit(value, base, dtype)


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
    *alphas, dtype = as_parameters(**alphas)
    return in_unit(_dirichlet(*alphas), base, dtype)


def _dirichlet(p, q):
    rise = q - p
    means = q.sum(axis=-1) * kl_divergence(q, p, normalize=True)
    with np.errstate(all="ignore"):
        parts = lgamma_excess(q, p, rise).sum(axis=-1)
        return means + parts - lgamma_excess(q.sum(axis=-1), p.sum(axis=-1), rise.sum(axis=-1))
