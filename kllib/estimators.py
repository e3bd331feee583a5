"""Estimators of D(p‖q) from samples x ~ p, in nats, with r = q(x)/p(x) and log_ratio = log r.

Schulman (2020, "Approximating KL divergence") samples from his q and writes r = p/q: his q is
this p, his p this q, his r this r. In reinforcement learning p is the policy, q the reference.
The mean of an estimator's gradient is in general not the gradient of the divergence.
"""

import math
from typing import NamedTuple

import numpy as np

from kllib._neighbors import kl_knn
from kllib._terms import as_log_ratio, k1, k2, k3
from kllib._validate import as_distribution, as_finite, as_real, as_scalar, require
from kllib.discrete import generalized_kl, kl_divergence

__all__ = [
    "Estimate",
    "Moments",
    "bregman_estimate",
    "exact_moments",
    "k1",
    "k2",
    "k3",
    "kl_control_variate",
    "kl_estimate",
    "kl_knn",
    "optimal_lambda",
]


class Estimate(NamedTuple):
    """Estimate in nats, its standard error (NaN where undefined), and the number of samples."""

    value: np.float64
    stderr: np.float64
    n: int


class Moments(NamedTuple):
    """Mean and standard deviation of an estimate from one sample, in nats."""

    mean: np.float64
    std: np.float64


def _as_sample(log_ratio):
    log_ratio = as_log_ratio(log_ratio).astype(np.float64).ravel()
    if log_ratio.size == 0:
        raise ValueError(f"log_ratio must hold a sample; got shape {log_ratio.shape}")
    return log_ratio


def _kind(kind):
    if kind not in ("k1", "k2", "k3"):
        raise ValueError(f"kind must be 'k1', 'k2' or 'k3'; got {kind!r}")
    return {"k1": k1, "k2": k2, "k3": k3}[kind]


def _log_ratio(logp, logq):
    logp, logq = as_finite("logp", logp), as_real("logq", logq)
    require("logq", logq, np.isposinf(logq), "be below inf")
    if logp.shape != logq.shape or logp.size == 0:
        raise ValueError(f"logq must have logp's shape, not empty; got {logq.shape}, {logp.shape}")
    return np.subtract(logq, logp, dtype=np.float64).ravel()


def _estimate(values, fitted=1):
    with np.errstate(over="ignore", invalid="ignore"):  # inf has no standard error
        value = values.mean()
        off, spare = values - value, values.size - fitted
        stderr = np.sqrt(off @ off / spare / values.size) if spare > 0 else np.float64(np.nan)
    return Estimate(value, stderr, values.size)


def kl_estimate(logp, logq, kind="k3"):
    """Mean of `k1`, `k2` or `k3` over samples of p, with its standard error.

    Where rare samples carry the variance the standard error is far too small until they turn up.

    Parameters
    ----------
    logp, logq : array_like of equal shape, log densities at the same samples of p
    kind : {"k1", "k2", "k3"}

    Returns
    -------
    Estimate, in nats; inf where q excludes a sample

    Raises
    ------
    ValueError
        If there is no sample, the shapes differ, p excludes a sample, or `kind` is unknown.

    Examples
    --------
    >>> found = kl_estimate(np.log([0.5, 0.5, 0.25]), np.log([0.4, 0.4, 0.5]))
    >>> print(f"{found.value:.3f} ± {found.stderr:.3f}")
    0.118 ± 0.095
    """
    return _estimate(_kind(kind)(_log_ratio(logp, logq)))


def optimal_lambda(log_ratio, weights=None):
    """``λ* = Cov(log r, r) / Var(r)``, which gives -log r + λ(r - 1) its least variance.

    Parameters
    ----------
    log_ratio : array_like below inf, shape (n,)
    weights : array_like of probabilities, shape (n,); p itself for the exact λ*, None for 1/n

    Returns
    -------
    np.float64; 1 where r is constant (the limit as q → p), 0 where some r is 0 (k1 is inf)

    Raises
    ------
    ValueError
        If a log ratio is not a number below inf, or the weights are no distribution of n.

    Examples
    --------
    >>> optimal_lambda(np.log([0.4, 5 / 3, 1.5]), [0.5, 0.3, 0.2]).round(6)
    np.float64(1.149355)
    """
    u = _as_sample(log_ratio)
    w = np.full(u.size, 1 / u.size) if weights is None else as_distribution("weights", weights)
    if w.shape != u.shape:
        raise ValueError(f"weights must have the shape of log_ratio, {u.shape}; got {w.shape}")
    return 1.0 + _above_one(u[w > 0], w[w > 0])


def _above_one(u, w):
    # λ* - 1 = -Cov(k3, r) / Var(r), which keeps its digits where r is near 1
    if np.isneginf(u).any():
        return np.float64(-1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        off = np.expm1(u) - w @ np.expm1(u)
        variance = w @ off**2
        return -(w @ (off * (k3(u) - w @ k3(u)))) / variance if variance != 0 else np.float64(0.0)


def kl_control_variate(logp, logq, lam=None):
    """Mean of ``-log r + λ(r - 1)``: `k1` is λ = 0, `k3` is λ = 1.

    Unbiased for a λ fixed beforehand, if q has no mass where p has none. Fitted to the same
    samples, λ brings a bias of order 1/n, and costs the standard error a degree of freedom.

    Parameters
    ----------
    logp, logq : array_like of equal shape, log densities at the same samples of p
    lam : float λ, or None for the `optimal_lambda` of these samples

    Returns
    -------
    Estimate, in nats; inf where q excludes a sample

    Raises
    ------
    ValueError
        If there is no sample, the shapes differ, p excludes a sample, or λ is not finite.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=10_000)
    >>> found = kl_control_variate(-(x**2) / 2, -((x - 2) ** 2) / 2)  # exactly 2
    >>> print(f"{found.value:.2f} ± {found.stderr:.2f}")
    1.97 ± 0.02
    """
    u = _log_ratio(logp, logq)
    more = _above_one(u, np.full(u.size, 1 / u.size)) if lam is None else as_scalar("lam", lam) - 1
    with np.errstate(over="ignore"):
        near = abs(more) < 0.5  # of k3; else of k1: neither sum cancels
        values = k3(u) + more * np.expm1(u) if near else k1(u) + (1 + more) * np.expm1(u)
        return _estimate(values, fitted=1 + (lam is None))


def bregman_estimate(f, fprime_1, log_ratio):
    """Mean of ``f(r) - f'(1)(r - 1)``, never negative: the f-divergence E_p[f(q/p)].

    f = -log gives D(p‖q) by `k3`; f(r) = r log r gives D(q‖p) from the same samples of p.

    Parameters
    ----------
    f : callable on the array of r, convex, with f(1) = 0
    fprime_1 : float, the derivative of f at 1
    log_ratio : array_like below inf, at samples of p

    Returns
    -------
    Estimate, in nats

    Raises
    ------
    ValueError
        If there is no sample, f(1) is not 0, or f falls below its tangent at 1.

    Examples
    --------
    >>> found = bregman_estimate(lambda r: r * np.log(r), 1, np.log([0.8, 0.8, 2.0]))
    >>> print(f"{found.value:.3f} ± {found.stderr:.3f}")
    0.143 ± 0.122
    """
    u, slope = _as_sample(log_ratio), as_scalar("fprime_1", fprime_1)
    require("f(1)", f(np.ones(1)), np.abs(f(np.ones(1))) > 1e-12, "be 0")
    with np.errstate(over="ignore"):
        r = np.exp(u)
        values = f(r) - slope * np.expm1(u)
    below = values < -1e-9 * (1 + np.abs(slope * r))
    require("f(r) - fprime_1 (r - 1)", values, below, "be non-negative: f convex, fprime_1 = f'(1)")
    return _estimate(values)


def exact_moments(p, q, kind):
    """Mean and standard deviation of `k1`, `k2` or `k3` at one sample of p, for discrete p, q.

    Parameters
    ----------
    p, q : array_like of probabilities, shape (n,)
    kind : {"k1", "k2", "k3"}

    Returns
    -------
    Moments, in nats; both inf where q excludes an outcome of p

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution, the shapes differ, or `kind` is unknown.

    Examples
    --------
    >>> exact_moments([0.7, 0.3, 0.0], [0.6, 0.3, 0.1], "k3").mean.round(6)  # 0.1 below the KL
    np.float64(0.007905)
    """
    p, q, values = as_distribution("p", p), as_distribution("q", q), _kind(kind)
    if p.shape != q.shape:
        raise ValueError(f"q must have the shape of p, {p.shape}; got {q.shape}")
    divergence = kl_divergence(p, q)
    p, q = p[p != 0], q[p != 0]
    with np.errstate(divide="ignore"):
        # q - p is exact where the logarithms would cancel.
        close = np.abs(q - p) < p / 2
        values = values(np.where(close, np.log1p((q - p) / p * close), np.log(q) - np.log(p)))
    # The terms of k1 cancel in its mean; r, in k3, may overflow where p r = q does not.
    means = {"k1": divergence, "k2": np.float64(math.fsum(p * values))}
    mean = means[kind] if kind in means else generalized_kl(p, q)
    std = mean if np.isinf(mean) else np.sqrt(math.fsum((np.sqrt(p) * (values - mean)) ** 2))
    return Moments(mean, std)
