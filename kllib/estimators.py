"""Estimators of D(p‖q) from samples x ~ p, in nats, with r = q(x)/p(x) and log_ratio = log r.

Schulman (2020, "Approximating KL divergence") samples from his q and writes r = p/q: his q is
this p, his p this q, his r this r. In reinforcement learning p is the policy, q the reference.
The mean of an estimator's gradient is in general not the gradient of the divergence.
"""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from kllib import _convex
from kllib._validate import (
    Numbers,
    as_distribution,
    as_finite,
    as_integer,
    as_positive,
    as_real,
    as_scalar,
    log_of_base,
    require,
    require_same_labels,
    shown,
)
from kllib.discrete import generalized_kl
from kllib.families import kl_normal

__all__ = [
    "Estimate",
    "Moments",
    "NormalRatio",
    "bregman_estimate",
    "exact_moments",
    "k1",
    "k2",
    "k3",
    "kl_control_variate",
    "kl_estimate",
    "kl_knn",
    "normal_crossing",
    "normal_ratio",
    "normal_variances",
    "optimal_lambda",
]


def _as_log_ratio(log_ratio):
    """Return `log_ratio` as a float array below inf."""
    log_ratio = as_real("log_ratio", log_ratio)
    require("log_ratio", log_ratio, np.isposinf(log_ratio), "be below inf: p(x) > 0 at its samples")
    return log_ratio


@np.errstate(all="ignore")
def k1(log_ratio: ArrayLike) -> Numbers:
    """Return ``-log r``: unbiased, and negative wherever q(x) > p(x).

    Parameters
    ----------
    log_ratio : array_like
        Logarithms of r at samples of p, below inf.

    Returns
    -------
    float or ndarray
        One value for each sample, in nats.

    Raises
    ------
    ValueError
        If a log ratio is not a real number below inf.

    Examples
    --------
    >>> k1([-0.5, 0.5])
    array([ 0.5, -0.5])
    """
    return 0.0 - _as_log_ratio(log_ratio)[()]


@np.errstate(all="ignore")
def k2(log_ratio: ArrayLike) -> Numbers:
    """Return ``(log r)²/2``: never negative, but biased.

    Parameters
    ----------
    log_ratio : array_like
        Logarithms of r at samples of p, below inf.

    Returns
    -------
    float or ndarray
        One value for each sample, in nats.

    Raises
    ------
    ValueError
        If a log ratio is not a real number below inf.

    Examples
    --------
    >>> k2([-0.5, 0.5])
    array([0.125, 0.125])
    """
    with np.errstate(over="ignore"):
        return _as_log_ratio(log_ratio)[()] ** 2 / 2


@np.errstate(all="ignore")
def k3(log_ratio: ArrayLike) -> Numbers:
    """Return ``r - 1 - log r``: never negative; low by the mass that q has where p has none.

    Its variance is infinite where E[r²] is: where q's tail is much heavier than p's.

    Parameters
    ----------
    log_ratio : array_like
        Logarithms of r at samples of p, below inf.

    Returns
    -------
    float or ndarray
        One value for each sample, in nats.

    Raises
    ------
    ValueError
        If a log ratio is not a real number below inf.

    Examples
    --------
    >>> k3([-0.5, 0.5, 1e-9])
    array([1.06530660e-01, 1.48721271e-01, 5.00000000e-19])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _convex.expm1_excess(-_as_log_ratio(log_ratio))[()]


Kind: TypeAlias = Literal["k1", "k2", "k3"]


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
    log_ratio = _as_log_ratio(log_ratio).astype(np.float64).ravel()
    if log_ratio.size == 0:
        raise ValueError(f"log_ratio must hold a sample; got shape {log_ratio.shape}")
    return log_ratio


def _kind(kind):
    if kind not in ("k1", "k2", "k3"):
        raise ValueError(f"kind must be 'k1', 'k2' or 'k3'; got {shown(kind)}")
    return {"k1": k1, "k2": k2, "k3": k3}[kind]


def _log_ratio(logp, logq):
    require_same_labels(logp=logp, logq=logq)
    logp, logq = as_finite("logp", logp), as_real("logq", logq)
    require("logq", logq, np.isposinf(logq), "be below inf")
    if logp.shape != logq.shape or logp.size == 0:
        raise ValueError(f"logq must have logp's shape, not empty; got {logq.shape}, {logp.shape}")
    return np.subtract(logq, logp, dtype=np.float64).ravel()


def _estimate(values, fitted=1, base=None):
    values = values / log_of_base(base)
    with np.errstate(over="ignore", invalid="ignore"):  # inf has no standard error
        value = values.mean()
        off, spare = values - value, values.size - fitted
        stderr = np.sqrt(off @ off / spare / values.size) if spare > 0 else np.float64(np.nan)
    return Estimate(value, stderr, values.size)


@np.errstate(all="ignore")
def kl_estimate(
    logp: ArrayLike, logq: ArrayLike, kind: Kind = "k3", *, base: float | None = None
) -> Estimate:
    """Return the mean of `k1`, `k2` or `k3` over samples of p, with its standard error.

    Where rare samples carry the variance the standard error is far too small until they turn up.

    Parameters
    ----------
    logp, logq : array_like
        Log densities, of equal shape, at the same samples of p.
    kind : {"k1", "k2", "k3"}
        Which estimator.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    Estimate
        Mean and standard error; inf where q excludes a sample.

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
    return _estimate(_kind(kind)(_log_ratio(logp, logq)), base=base)


@np.errstate(all="ignore")
def optimal_lambda(log_ratio: ArrayLike, weights: ArrayLike | None = None) -> np.float64:
    """Return ``λ* = Cov(log r, r) / Var(r)``, which gives -log r + λ(r - 1) its least variance.

    Parameters
    ----------
    log_ratio : array_like, shape (n,)
        Logarithms of r, below inf.
    weights : array_like, shape (n,), optional
        Probabilities of the ratios: p itself for the exact λ*; 1/n each by default.

    Returns
    -------
    float
        The λ*: 1 where r is constant (the limit as q → p), 0 where some r is 0 (k1 is inf).

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
    if np.isnan(u).any() or np.isnan(w).any():
        return np.float64(np.nan)
    u, w = u[w > 0], w[w > 0]
    if np.isneginf(u).any():
        return np.float64(0.0)
    if np.abs(u).max() < 1:
        return np.float64(1.0 + _lam_minus_1(u, w))
    factor, top = _scaled_lambda(u, w)
    if math.isnan(factor):  # r is constant
        return np.float64(1.0)
    return np.float64(factor * np.exp(-top))


def _lam_minus_1(u, w):
    # λ* - 1 = -Cov(k3, r) / Var(r), which keeps its digits where r is near 1
    off = np.expm1(u) - w @ np.expm1(u)
    variance = w @ off**2
    return -(w @ (off * (k3(u) - w @ k3(u)))) / variance if variance != 0 else np.float64(0.0)


def _scaled_lambda(u, w):
    # λ* = e^-top Cov(u, ρ) / Var(ρ) for ρ = e^(u - top): the second factor, finite for any u
    top = u.max()
    off = np.exp(u - top) - w @ np.exp(u - top)
    return (w @ (off * (u - w @ u))) / (w @ off**2), top


@np.errstate(all="ignore")
def kl_control_variate(
    logp: ArrayLike, logq: ArrayLike, lam: float | None = None, *, base: float | None = None
) -> Estimate:
    """Return the mean of ``-log r + λ(r - 1)``: `k1` is λ = 0, `k3` is λ = 1.

    Unbiased for a λ fixed beforehand, if q has no mass where p has none. Fitted to the same
    samples, λ brings a bias of order 1/n, and costs the standard error a degree of freedom.

    Parameters
    ----------
    logp, logq : array_like
        Log densities, of equal shape, at the same samples of p.
    lam : float, optional
        The λ; by default the `optimal_lambda` of these samples.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    Estimate
        Mean and standard error; inf where q excludes a sample.

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
    u, fitted = _log_ratio(logp, logq), lam is None
    w = np.full(u.size, 1 / u.size)
    if fitted and np.isfinite(u).all() and not np.abs(u).max() < 1 and np.ptp(u) > 0:
        factor, top = _scaled_lambda(u, w)
        return _estimate(k1(u) + factor * (np.exp(u - top) - np.exp(-top)), fitted=2, base=base)
    if fitted:
        lam_minus_1 = -1.0 if np.isneginf(u).any() else _lam_minus_1(u, w)
    else:
        lam_minus_1 = as_scalar("lam", lam) - 1
    if abs(lam_minus_1) < 0.5:  # near k3; else near k1: neither sum cancels
        values = k3(u) + lam_minus_1 * np.expm1(u)
    else:
        values = k1(u) + (1 + lam_minus_1) * np.expm1(u)
    return _estimate(values, fitted=1 + fitted, base=base)


@np.errstate(all="ignore")
def bregman_estimate(
    f: Callable[[np.ndarray], np.ndarray], fprime_1: float, log_ratio: ArrayLike
) -> Estimate:
    """Return the mean of ``f(r) - f'(1)(r - 1)``, never negative: the f-divergence E_p[f(q/p)].

    f = -log gives D(p‖q) by `k3`; f(r) = r log r gives D(q‖p) from the same samples of p.

    Parameters
    ----------
    f : callable
        Function of the array of r, convex, with f(1) = 0.
    fprime_1 : float
        The derivative of f at 1.
    log_ratio : array_like
        Logarithms of r at samples of p, below inf.

    Returns
    -------
    Estimate
        Mean and standard error, in nats if f is in nats.

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
    u, fprime_1 = _as_sample(log_ratio), as_scalar("fprime_1", fprime_1)
    require("f(1)", f(np.ones(1)), np.abs(f(np.ones(1))) > 1e-12, "be 0")
    with np.errstate(over="ignore"):
        r = np.exp(u)
        values = f(r) - fprime_1 * np.expm1(u)
    below = values < -1e-9 * (1 + np.abs(fprime_1 * r))
    require("f(r) - fprime_1 (r - 1)", values, below, "be non-negative: f convex, fprime_1 = f'(1)")
    return _estimate(values)


@np.errstate(all="ignore")
def exact_moments(p: ArrayLike, q: ArrayLike, kind: Kind) -> Moments:
    """Return mean and standard deviation of `k1`, `k2` or `k3` at one sample of a discrete p.

    Parameters
    ----------
    p, q : array_like, shape (n,)
        Probabilities.
    kind : {"k1", "k2", "k3"}
        Which estimator.

    Returns
    -------
    Moments
        Both in nats, and inf where q excludes an outcome of p.

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution, the shapes differ, or `kind` is unknown.

    Examples
    --------
    >>> exact_moments([0.7, 0.3, 0.0], [0.6, 0.3, 0.1], "k3").mean.round(6)  # 0.1 below the KL
    np.float64(0.007905)
    """
    require_same_labels(p=p, q=q)
    p, q, values = as_distribution("p", p), as_distribution("q", q), _kind(kind)
    if p.shape != q.shape:
        raise ValueError(f"q must have the shape of p, {p.shape}; got {q.shape}")
    if np.isnan(p).any() or np.isnan(q).any():
        return Moments(np.float64(np.nan), np.float64(np.nan))
    divergence = generalized_kl(p, q) - math.fsum(q - p)  # on sums as they are
    p, q = p[p != 0], q[p != 0]
    with np.errstate(divide="ignore"):
        # q - p is exact where the logarithms would cancel.
        close = np.abs(q - p) < p / 2
        values = values(np.where(close, np.log1p((q - p) / p * close), np.log(q) - np.log(p)))
    # The terms of k1 cancel in its mean; r, in k3, may overflow where p r = q does not.
    means = {"k1": divergence, "k2": np.float64(math.fsum(p * values))}
    mean = means[kind] if kind in means else generalized_kl(p, q)
    std = mean if np.isinf(mean) else np.sqrt(math.fsum((np.sqrt(p) * (values - mean)) ** 2))
    return Moments(np.float64(mean), np.float64(std))


def _as_points(name, points, least):
    points = as_finite(name, points).astype(np.float64)
    points = points[:, None] if points.ndim == 1 else points
    if points.ndim != 2 or len(points) < least or points.shape[1] == 0:
        raise ValueError(
            f"{name} must hold at least {shown(least)} samples; got shape {points.shape}"
        )
    return points


@np.errstate(all="ignore")
def kl_knn(x: ArrayLike, y: ArrayLike, k: int = 5, *, base: float | None = None) -> np.float64:
    """Return the k-nearest-neighbour estimate of D(p‖q) from samples x ~ p and y ~ q alone.

    ``d/n Σ log(ν/ρ) + log(m/(n - 1))``, ρ and ν the distances from each of the n points of x to
    its k-th neighbour among the others and among the m points of y (Wang, Kulkarni and Verdú
    2009). Consistent for densities, but biased, slow in many dimensions, at times negative.

    Parameters
    ----------
    x, y : array_like, shapes (n,) and (m,), or (n, d) and (m, d)
        Samples of p and of q.
    k : int, optional
        Which neighbour, at most n - 1 and m.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float
        The estimate. It is no divergence of the samples: `kl_knn(x, x)` is below 0, since a point
        is its own nearest neighbour in the second sample only.

    Raises
    ------
    ValueError
        If samples are too few, of different dimensions, infinite, or so often equal that a
        distance is 0.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> kl_knn(rng.normal(size=5_000), rng.normal(1.0, size=5_000)).round(2)  # exactly 0.5
    np.float64(0.51)
    """
    from scipy.spatial import cKDTree  # dear to import

    k = as_integer("k", k, least=1)
    x, y = _as_points("x", x, k + 1), _as_points("y", y, k)
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"y must have the dimension of x, {x.shape[1]}; got {y.shape[1]}")
    if np.isnan(x).any() or np.isnan(y).any():
        return np.float64(np.nan)
    # squares of distances must not leave the range; powers of two change no digits
    far = np.frexp(max(np.abs(x).max(), np.abs(y).max()))[1]
    if abs(far) > 400:
        x, y = np.ldexp(x, -far), np.ldexp(y, -far)
    own, other = cKDTree(x).query(x, [k + 1])[0][:, 0], cKDTree(y).query(x, [k])[0][:, 0]
    for name, distance in [("x", own), ("y", other)]:
        require(f"distance of x to neighbour {k} in {name}", distance, distance == 0, "be positive")
    value = x.shape[1] * np.log(other / own).mean() + math.log(len(y) / (len(x) - 1))
    return np.float64(value / log_of_base(base))


class NormalRatio(NamedTuple):
    """What log r = a x² + b x + c has for x ~ N(0, 1), r the ratio of a normal to N(0, 1), in nats.

    kl is -E log r, jeffreys is D(p‖q) + D(q‖p) = -Cov(k1, r), and chi2 is Var r.
    """

    a: np.float64
    b: np.float64
    c: np.float64
    kl: np.float64
    jeffreys: np.float64
    chi2: np.float64

    @property
    def best_lam(self) -> float:
        """λ* = jeffreys/chi2, and its limit 1 where q = p."""
        return self.jeffreys / self.chi2 if self.chi2 != 0 else 1.0


@np.errstate(all="ignore")
def normal_ratio(shift: float, spread: float) -> NormalRatio:
    """Return what the log ratio of q = N(shift, spread²) to p = N(0, 1) has under p.

    Parameters
    ----------
    shift : float
        Mean of q.
    spread : float
        Standard deviation of q, positive.

    Returns
    -------
    NormalRatio
        Coefficients of log r and divergences in nats; chi2 is infinite where spread² >= 2.

    Raises
    ------
    ValueError
        If the shift is not finite, or the spread not positive.

    Examples
    --------
    >>> found = normal_ratio(1, 1)
    >>> found.kl, found.chi2.round(6), found.best_lam.round(6)
    (np.float64(0.5), np.float64(1.718282), np.float64(0.581977))
    """
    shift = np.float64(as_scalar("shift", shift))
    spread = np.float64(as_scalar("spread", spread, as_positive))
    square = spread * spread
    rise = (spread - 1) * (spread + 1)  # of the variance, with all its digits
    a = rise / (2 * square)
    b = shift / square
    c = -np.log(spread) - b * shift / 2
    jeffreys = ((rise / spread) ** 2 + shift * shift * (1 + 1 / square)) / 2
    chi2 = np.float64(np.inf)
    if not square >= 2:
        with np.errstate(over="ignore"):  # finite, but above every float
            rest = square * (2 - square)
            log_peak = -(np.log1p(-rise * rise) if rest > 0.5 else np.log(rest)) / 2
            chi2 = np.expm1(shift * shift / (2 - square) + log_peak)
    kl = np.float64(kl_normal(0.0, 1.0, shift, spread))
    return NormalRatio(a, b, c, kl, jeffreys, chi2)


@np.errstate(all="ignore")
def normal_variances(found: NormalRatio, lam: float) -> list[np.float64]:
    """Return the variances of k1, k2, k3 and -log r + lam (r - 1) at one sample of N(0, 1).

    Parameters
    ----------
    found : NormalRatio
        What `normal_ratio` returns.
    lam : float
        The λ of the control variate: 0 is k1, 1 is k3.

    Returns
    -------
    list of float
        Four variances, in nats squared.

    Raises
    ------
    ValueError
        If `found` is no NormalRatio, or λ not finite.

    Examples
    --------
    >>> [round(float(v), 4) for v in normal_variances(normal_ratio(1, 1), 0.5)]
    [1.0, 0.75, 0.7183, 0.4296]
    """
    if not isinstance(found, NormalRatio):
        raise ValueError(f"found must be a NormalRatio; got {shown(found)}")
    a, b, kl, lam = found.a, found.b, found.kl, as_scalar("lam", lam)
    square = 2 * a * a + b * b  # with v = log r + kl: E v², E v³, E v⁴
    cube = 8 * a**3 + 6 * a * b * b
    fourth = 60 * a**4 + 60 * a * a * b * b + 3 * b**4
    second = (fourth - 4 * kl * cube + 4 * kl * kl * square - square * square) / 4
    # Near q = p three terms cancel, and k3 is k2 to the digits shown.
    near = square < 1e-8
    third = second if near else square - 2 * found.jeffreys + found.chi2
    joint = -cube / 2 if near else square - found.jeffreys
    mixed = (1 - lam) ** 2 * square + 2 * lam * (1 - lam) * joint
    mixed += lam * lam * third if lam else 0.0
    return [v if np.isnan(v) else max(np.float64(0.0), v) for v in (square, second, third, mixed)]


@np.errstate(all="ignore")
def normal_crossing(spread: float) -> float:
    """Return the shift of q from which k3 is noisier than k1; 0 if it always is.

    Var k3 - Var k1 = chi2 - 2 jeffreys, so that there λ* = 1/2.

    Parameters
    ----------
    spread : float
        Standard deviation of q, positive; the samples are of N(0, 1).

    Returns
    -------
    float
        The shift, in standard deviations of p.

    Raises
    ------
    ValueError
        If the spread is not positive.

    Examples
    --------
    >>> round(normal_crossing(1), 4)
    1.1209
    """

    def excess(shift):
        found = normal_ratio(shift, spread)
        return found.chi2 - 2 * found.jeffreys

    # At spread 1 both vanish with the shift, and k3 is better just above 0.
    low = 1e-3
    if math.isnan(excess(low)):
        return math.nan
    if not excess(low) < 0:
        return 0.0
    high = 2 * low
    while excess(high) < 0:
        high *= 1.25
    return brentq(excess, low, high, xtol=1e-14)
