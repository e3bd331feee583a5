"""Small steps, straight lines and shadows: the geometry that a divergence gives to distributions.

Distributions are one-dimensional here. θ are natural parameters, η = E T mean parameters, and F is
the Fisher information, the covariance of T.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import linprog
from scipy.special import expit, logit

from kllib._validate import (
    Numbers,
    as_counts,
    as_distribution,
    as_finite,
    as_integer,
    as_parameters,
    as_positive,
    as_probability,
    as_scalar,
    in_unit,
    require,
)
from kllib.discrete import kl_divergence
from kllib.divergences import squared_hellinger

__all__ = [
    "ExponentialFamily",
    "IProjection",
    "fisher_rao",
    "fisher_rao_normal",
    "geodesic",
    "i_projection",
    "natural_gradient",
    "proportional_fit",
]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2  # on [0, 1]
_CANCELLED = 1e-2  # a difference so much smaller than its terms comes from an integral


def _everywhere(theta):
    return np.ones(theta.shape[:-1], dtype=bool)


@dataclass(frozen=True)
class ExponentialFamily:
    """Distributions with densities h(x) exp(θ·T(x) - A(θ)).

    Each function takes parameters along the last axis of an array; one parameter may be a number.

    Parameters
    ----------
    log_partition : callable
        A, of shape (..., d) to shape (...).
    mean : callable
        The gradient of A: η = E T, of the shape of θ.
    natural : callable
        The inverse of `mean`.
    fisher : callable
        The Hessian of A: F, of shape (..., d) to (..., d, d).
    inside : callable, optional
        Whether a finite θ is a parameter; all are, if not given.
    domain : str, optional
        The rule that `inside` holds, for messages.

    Examples
    --------
    >>> from kllib.geometry import BERNOULLI
    >>> BERNOULLI.kl(BERNOULLI.natural(0.5), BERNOULLI.natural(0.9)).round(6)
    np.float64(0.510826)
    """

    log_partition: Callable[[np.ndarray], np.ndarray]
    mean: Callable[[Any], np.ndarray]
    natural: Callable[[Any], np.ndarray]
    fisher: Callable[[np.ndarray], np.ndarray]
    inside: Callable[[np.ndarray], Any] = _everywhere
    domain: str = "be finite"

    def _theta(self, name, value):
        theta = np.atleast_1d(as_finite(name, value)).astype(np.float64)
        broken = ~np.asarray(self.inside(theta) | np.isnan(theta).any(axis=-1))
        if broken.any():
            found = theta[broken][0] if theta.ndim > 1 else theta
            raise ValueError(f"{name} must {self.domain}; got {found}")
        return theta

    def _pair(self, theta_p, theta_q):
        p, q = self._theta("theta_p", theta_p), self._theta("theta_q", theta_q)
        if p.shape[-1] != q.shape[-1]:
            shapes = f"{p.shape} and {q.shape}"
            raise ValueError(f"theta_p, theta_q must have equally many parameters; got {shapes}")
        return p, q

    def _kl(self, p, q):
        step = q - p
        with np.errstate(all="ignore"):
            tops = self.log_partition(q), self.log_partition(p)
            tangent = (self.mean(p) * step).sum(axis=-1)
            value = tops[0] - tops[1] - tangent
            # the remainder of Taylor's theorem is a sum of what is never negative
            on_way = p[..., None, :] + _NODES[:, None] * step[..., None, :]
            bends = np.einsum("...i,...kij,...j->...k", step, self.fisher(on_way), step)
            exact = (bends * (_WEIGHTS * (1 - _NODES))).sum(axis=-1)
            size = abs(tops[0]) + abs(tops[1]) + abs(tangent)
        return np.where(np.abs(value) < _CANCELLED * size, exact, value)

    def kl(self, theta_p: ArrayLike, theta_q: ArrayLike) -> Numbers:
        """Return D(p‖q) = A(θ_q) - A(θ_p) - η_p·(θ_q - θ_p), in nats.

        Parameters
        ----------
        theta_p, theta_q : array_like, shape (..., d)
            Natural parameters; other axes broadcast.

        Returns
        -------
        float or ndarray
            The divergence: A's Bregman divergence, with the arguments exchanged.

        Raises
        ------
        ValueError
            If a parameter lies outside of the domain, or they differ in number.
        """
        return self._kl(*self._pair(theta_p, theta_q))[()]

    def renyi(self, theta_p: ArrayLike, theta_q: ArrayLike, alpha: float) -> Numbers:
        """Return Rényi's divergence (A(α θ_p + (1 - α) θ_q) - α A(θ_p) - (1 - α) A(θ_q))/(α - 1).

        Parameters
        ----------
        theta_p, theta_q : array_like, shape (..., d)
            Natural parameters; other axes broadcast.
        alpha : float
            The order, not negative and finite; 1 is the Kullback-Leibler divergence.

        Returns
        -------
        float or ndarray
            The divergence in nats; infinite where α θ_p + (1 - α) θ_q is no parameter.

        Raises
        ------
        ValueError
            If a parameter lies outside of the domain, they differ in number, or α is negative or
            infinite.
        """
        alpha = np.float64(as_scalar("alpha", alpha, as_counts))
        p, q = self._pair(theta_p, theta_q)
        if alpha == 1:
            return self._kl(p, q)[()]
        between = alpha * p + (1 - alpha) * q
        known = np.asarray(self.inside(between))
        middle = np.where(known[..., None], between, p)
        own, other = self._kl(middle, p), self._kl(middle, q)
        with np.errstate(all="ignore"):
            values = np.where(known, other + alpha / (1 - alpha) * own, np.inf)
        return values[()]


def _outer(p):
    return p[..., :, None] * p[..., None, :]


def _diagonal(values):
    return values[..., None] * np.eye(values.shape[-1])


def _normal_mean(theta):
    theta = np.asarray(theta, dtype=np.float64)
    variance = -0.5 / theta[..., 1]
    mean = theta[..., 0] * variance
    return np.stack([mean, mean**2 + variance], axis=-1)


def _normal_natural(eta):
    eta = np.asarray(eta, dtype=np.float64)
    variance = eta[..., 1] - eta[..., 0] ** 2
    return np.stack([eta[..., 0] / variance, -0.5 / variance], axis=-1)


def _normal_fisher(theta):
    variance = -0.5 / theta[..., 1]
    mean = theta[..., 0] * variance
    rows = [
        [variance, 2 * mean * variance],
        [2 * mean * variance, 4 * mean**2 * variance + 2 * variance**2],
    ]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def _shares(theta):
    theta = np.asarray(theta, dtype=np.float64)
    top = np.maximum(theta.max(axis=-1, keepdims=True), 0.0)
    weights = np.exp(theta - top)
    return weights / (weights.sum(axis=-1, keepdims=True) + np.exp(-top))


def _shares_log(theta):
    top = np.maximum(theta.max(axis=-1), 0.0)
    return top + np.log(np.exp(theta - top[..., None]).sum(axis=-1) + np.exp(-top))


def _shares_natural(eta):
    eta = np.asarray(eta, dtype=np.float64)
    return np.log(eta) - np.log1p(-eta.sum(axis=-1, keepdims=True))


BERNOULLI = ExponentialFamily(
    lambda theta: np.logaddexp(0, theta).sum(axis=-1),
    expit,
    logit,
    lambda theta: _diagonal(expit(theta) * expit(-theta)),
)
POISSON = ExponentialFamily(
    lambda theta: np.exp(theta).sum(axis=-1),
    np.exp,
    np.log,
    lambda theta: _diagonal(np.exp(theta)),
)
EXPONENTIAL = ExponentialFamily(
    lambda theta: -np.log(-theta).sum(axis=-1),
    lambda theta: -1 / np.asarray(theta, dtype=np.float64),
    lambda eta: -1 / np.asarray(eta, dtype=np.float64),
    lambda theta: _diagonal(theta**-2.0),
    lambda theta: (theta < 0).all(axis=-1),
    "be negative: θ is minus the rate",
)
NORMAL = ExponentialFamily(
    lambda theta: -(theta[..., 0] ** 2) / (4 * theta[..., 1]) - np.log(-2 * theta[..., 1]) / 2,
    _normal_mean,
    _normal_natural,
    _normal_fisher,
    lambda theta: theta[..., -1] < 0 if theta.shape[-1] == 2 else np.zeros(theta.shape[:-1], bool),
    "be (μ/σ², -1/(2σ²)), the second negative",
)
CATEGORICAL = ExponentialFamily(  # θ and η leave the last category out
    _shares_log, _shares, _shares_natural, lambda t: _diagonal(_shares(t)) - _outer(_shares(t))
)


def _two(p, q):
    p, q = as_distribution("p", p), as_distribution("q", q)
    if p.size != q.size:
        shapes = f"{p.shape} and {q.shape}"
        raise ValueError(f"p, q must have equally many categories; got {shapes}")
    return p, q


def fisher_rao(p: ArrayLike, q: ArrayLike) -> Numbers:
    """Return the Fisher-Rao distance 2 arccos Σ √(p q) of two distributions.

    Parameters
    ----------
    p, q : array_like, shape (n,)
        Probabilities.

    Returns
    -------
    float
        The length of the shortest way, between 0 and π; half its square is the divergence to
        second order only.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    References
    ----------
    Rao (1945), "Information and the accuracy attainable in the estimation of parameters".

    Examples
    --------
    >>> fisher_rao([0.5, 0.5], [0.9, 0.1]).round(6)
    np.float64(0.927295)
    """
    half_chord = np.sqrt(squared_hellinger(*_two(p, q)) / 2)
    return 4 * np.arcsin(half_chord)


def fisher_rao_normal(
    mean_p: ArrayLike, std_p: ArrayLike, mean_q: ArrayLike, std_q: ArrayLike
) -> Numbers:
    """Return the Fisher-Rao distance √2 arccosh(1 + (Δμ²/2 + Δσ²)/(2 σ_p σ_q)) of two normals.

    Parameters
    ----------
    mean_p, std_p : array_like
        Mean and standard deviation of p; the deviation is positive.
    mean_q, std_q : array_like
        Those of q; all four broadcast.

    Returns
    -------
    float or ndarray
        The length of the shortest way among normals.

    Raises
    ------
    ValueError
        If a mean is not finite or a standard deviation not positive.

    References
    ----------
    Atkinson and Mitchell (1981), "Rao's distance measure".

    Examples
    --------
    >>> fisher_rao_normal(0, 1, 2, 1).round(6)
    np.float64(1.86246)
    """
    mean_p, std_p, mean_q, std_q, dtype = as_parameters(
        mean_p=(as_finite, mean_p),
        std_p=(as_positive, std_p),
        mean_q=(as_finite, mean_q),
        std_q=(as_positive, std_q),
    )
    scale = 2 * np.sqrt(std_p) * np.sqrt(std_q)
    half = np.hypot((mean_p - mean_q) / np.sqrt(2) / scale, (std_p - std_q) / scale)
    return in_unit(2 * np.sqrt(2) * np.arcsinh(half), None, dtype)


def geodesic(p: ArrayLike, q: ArrayLike, t: ArrayLike, kind: str = "mixture") -> np.ndarray:
    """Return the distribution, or distributions, a share t of the way from p to q.

    Parameters
    ----------
    p, q : array_like, shape (n,)
        Probabilities.
    t : array_like
        Shares in [0, 1]; an array gives a row for each.
    kind : {"mixture", "exponential", "fisher"}
        The straight line (1 - t) p + t q, the line p^(1 - t) q^t/Z, or the shortest way.

    Returns
    -------
    ndarray, shape (..., n)
        Probabilities, with the shape of t before.

    Raises
    ------
    ValueError
        If p or q is no distribution, their categories differ in number, t lies outside [0, 1],
        the kind is unknown, or the exponential line's ends differ in support.

    Examples
    --------
    >>> geodesic([0.1, 0.3, 0.6], [0.7, 0.2, 0.1], 0.5, "fisher").round(6)
    array([0.378789, 0.282107, 0.339104])
    """
    p, q = _two(p, q)
    share = as_probability("t", t).astype(np.float64)[..., None]
    if kind == "mixture":
        return (1 - share) * p + share * q
    if kind == "exponential":
        if ((p == 0) != (q == 0)).any():
            raise ValueError(f"p, q must have one support on an exponential line; got {p} and {q}")
        held = p != 0
        logs = (1 - share) * np.log(p[held]) + share * np.log(q[held])
        weights = np.zeros((*share.shape[:-1], p.size))
        weights[..., held] = np.exp(logs - logs.max(axis=-1, keepdims=True))
    elif kind == "fisher":
        angle = fisher_rao(p, q) / 2
        if angle == 0:
            return np.broadcast_to(p, (*share.shape[:-1], p.size)).copy()
        roots = np.sin((1 - share) * angle) * np.sqrt(p) + np.sin(share * angle) * np.sqrt(q)
        weights = roots**2
    else:
        raise ValueError(f"kind must be 'mixture', 'exponential' or 'fisher'; got {kind!r}")
    return weights / weights.sum(axis=-1, keepdims=True)


def natural_gradient(gradient: ArrayLike, fisher: ArrayLike, damping: float = 0.0) -> np.ndarray:
    """Return F⁻¹ g, the steepest ascent by the divergence's own measure of length.

    Parameters
    ----------
    gradient : array_like, shape (d,)
        The plain gradient g.
    fisher : array_like, shape (d, d)
        Fisher information F, symmetric.
    damping : float, optional
        Added to F's diagonal; not negative.

    Returns
    -------
    ndarray, shape (d,)
        The direction (F + damping·I)⁻¹ g.

    Raises
    ------
    ValueError
        If the shapes do not fit, F is not symmetric, or not positive definite with the damping.

    References
    ----------
    Amari (1998), "Natural gradient works efficiently in learning".

    Examples
    --------
    >>> natural_gradient([1.0, 1.0], [[4.0, 0.0], [0.0, 0.25]])
    array([0.25, 4.  ])
    """
    gradient, fisher = as_finite("gradient", gradient), as_finite("fisher", fisher)
    damping = as_scalar("damping", damping, as_counts)
    if gradient.ndim != 1 or fisher.shape != (gradient.size, gradient.size):
        shapes = f"{gradient.shape} and {fisher.shape}"
        raise ValueError(f"gradient, fisher must have shapes (d,) and (d, d); got {shapes}")
    require("fisher", fisher, abs(fisher - fisher.T) > 1e-8 * abs(fisher).max(), "be symmetric")
    if np.isnan(fisher).any() or np.isnan(gradient).any():
        return np.full(gradient.size, np.nan)
    try:
        factor = cho_factor(fisher + damping * np.eye(gradient.size))
    except np.linalg.LinAlgError:
        least = np.linalg.eigvalsh(fisher).min()
        raise ValueError(
            f"fisher must be positive definite with damping={damping}; its least eigenvalue is "
            f"{least}"
        ) from None
    return cho_solve(factor, gradient)


class IProjection(NamedTuple):
    """The distribution nearest to q among those with given means, in nats.

    p ∝ q exp(natural·T), and kl is D(p‖q).
    """

    p: np.ndarray
    natural: np.ndarray
    kl: Numbers


def i_projection(q: ArrayLike, features: ArrayLike, means: ArrayLike) -> IProjection:
    """Return the distribution p of least D(p‖q) with E_p T = means: q, tilted.

    Parameters
    ----------
    q : array_like, shape (n,)
        Probabilities.
    features : array_like, shape (k, n)
        T: a row for each feature; one feature may be a list.
    means : array_like, shape (k,)
        What the features' means shall be.

    Returns
    -------
    IProjection
        The distribution, the natural parameters of its tilt, and the divergence.

    Raises
    ------
    ValueError
        If q is no distribution, the shapes do not fit, or no tilt of q has these means: they lie
        outside of what the features can have on q's support, or on its rim.

    References
    ----------
    Csiszár (1975), "I-divergence geometry of probability distributions and minimization problems".

    Examples
    --------
    >>> found = i_projection([1 / 6] * 6, [1, 2, 3, 4, 5, 6], 4.5)
    >>> found.p.round(4), found.kl.round(6)
    (array([0.0544, 0.0788, 0.1142, 0.1654, 0.2398, 0.3475]), np.float64(0.178178))
    """
    q = as_distribution("q", q)
    table = np.atleast_2d(as_finite("features", features)).astype(np.float64)
    wanted = np.atleast_1d(as_finite("means", means)).astype(np.float64)
    if table.ndim != 2 or table.shape[1] != q.size or wanted.shape != table.shape[:1]:
        shapes = f"{table.shape}, {wanted.shape} and {q.shape}"
        raise ValueError(f"features, means, q must have shapes (k, n), (k,), (n,); got {shapes}")
    held = q != 0
    size = np.maximum(np.ptp(table[:, held], axis=1), np.finfo(float).tiny)
    moved = ((table - wanted[:, None]) / size[:, None])[:, held]
    if not _has_inner_point(moved):
        raise ValueError(f"means must be those of a tilt of q; no tilt has these means, {wanted}")
    natural, weights = _tilt_to_zero(np.log(q[held]), moved)
    p = np.zeros(q.size)
    p[held] = weights
    return IProjection(p, natural / size, kl_divergence(p, q, normalize=True))


def _has_inner_point(features):
    """Whether weights, all positive, give every feature the mean 0."""
    n = features.shape[1]
    equal = np.vstack([np.c_[features, np.zeros(len(features))], np.r_[np.ones(n), 0.0]])
    lower = np.c_[-np.eye(n), np.ones(n)]  # least - weight <= 0
    found = linprog(
        np.r_[np.zeros(n), -1.0],
        A_ub=lower,
        b_ub=np.zeros(n),
        A_eq=equal,
        b_eq=np.r_[np.zeros(len(features)), 1.0],
        bounds=[(0, None)] * (n + 1),
    )
    return found.status == 0 and -found.fun > 1e-10


def _tilt_to_zero(logs, features):
    """Newton's method on log Σ exp(logs + λ·T), whose minimum is the tilt of mean 0."""

    def at(natural):
        heights = logs + natural @ features
        top = heights.max()
        weights = np.exp(heights - top)
        return top + np.log(weights.sum()), weights / weights.sum()

    natural = np.zeros(len(features))
    value, weights = at(natural)
    for _ in range(200):
        gradient = features @ weights
        if np.abs(gradient).max() < 1e-15:
            break
        off = features - gradient[:, None]
        step = -np.linalg.lstsq((off * weights) @ off.T, gradient, rcond=None)[0]
        for _ in range(60):
            ahead, found = at(natural + step)
            if ahead <= value + 1e-4 * gradient @ step + 1e-15 * abs(value):
                break
            step = step / 2
        if np.abs(step).max() <= 1e-15 * (1 + np.abs(natural).max()):
            break
        natural, value, weights = natural + step, ahead, found
    return natural, weights


def proportional_fit(
    table: ArrayLike,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    tol: float = 1e-12,
    steps: int = 10_000,
) -> np.ndarray:
    """Return the table with these margins that is nearest to the one given: rows, columns, again.

    Parameters
    ----------
    table : array_like, shape (r, c)
        Non-negative entries; zeros stay.
    rows, columns : array_like, shapes (r,) and (c,)
        The margins, non-negative and of one sum.
    tol : float, optional
        Largest error of a margin, relative to that sum.
    steps : int, optional
        How often to scale rows and columns at most.

    Returns
    -------
    ndarray, shape (r, c)
        The entry x of the table times one factor for its row and one for its column.

    Raises
    ------
    ValueError
        If the shapes do not fit, an entry is negative or infinite, the margins differ in sum, or
        they are not reached: the zeros may forbid them.

    References
    ----------
    Deming and Stephan (1940), "On a least squares adjustment of a sampled frequency table".

    Examples
    --------
    >>> proportional_fit([[1, 2], [3, 4]], [0.5, 0.5], [0.5, 0.5]).round(4)
    array([[0.2247, 0.2753],
           [0.2753, 0.2247]])
    """
    table = as_counts("table", table).astype(np.float64)
    rows, columns = (as_counts(k, v) for k, v in (("rows", rows), ("columns", columns)))
    tol, steps = as_scalar("tol", tol, as_positive), as_integer("steps", steps, least=1)
    if table.ndim != 2 or rows.shape != table.shape[:1] or columns.shape != table.shape[1:]:
        shapes = f"{table.shape}, {rows.shape} and {columns.shape}"
        raise ValueError(f"table, rows, columns must have shapes (r, c), (r,), (c,); got {shapes}")
    total = rows.sum()
    if not total > 0 or not abs(columns.sum() - total) <= 1e-9 * total:
        sums = f"{total} and {columns.sum()}"
        raise ValueError(f"rows, columns must have one positive sum; got {sums}")
    fitted = table
    for _ in range(steps):
        for axis, margin in ((1, rows), (0, columns)):
            sums = fitted.sum(axis=axis)
            factors = np.divide(margin, sums, out=np.zeros_like(sums), where=sums > 0)
            fitted = fitted * np.expand_dims(factors, axis)
        errors = abs(fitted.sum(axis=1) - rows).max(), abs(fitted.sum(axis=0) - columns).max()
        if max(errors) <= tol * total:
            return fitted
    raise ValueError(
        f"rows, columns must be margins that the table's zeros allow; after {steps} steps they "
        f"are off by {max(errors)}"
    )
